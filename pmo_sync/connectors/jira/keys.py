"""Which id an issue's key stands for: eight bytes an issue, of which a site may have a million."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping

GAP = 10_000
"""A number so far beyond all that were seen is kept by itself: it may be anything."""
DIGITS = 18
"""So many fit into eight bytes."""


class Keys(Mapping[str, str]):
    """The ids of issues by their keys, as far as they were seen."""

    def __init__(self) -> None:
        self._ids: dict[str, array[int]] = {}
        """By project, at the place of the number in the key; 0 where none was seen."""
        self._others: dict[str, str] = {}

    def __getitem__(self, key: str) -> str:
        if key in self._others:
            return self._others[key]
        project, _, number = key.rpartition("-")
        ids = self._ids.get(project, ())
        place = int(number) if _is_number(number) else len(ids)
        if place >= len(ids) or not ids[place]:
            raise KeyError(key)
        return str(ids[place])

    def note(self, key: str, native: str) -> None:
        """Take note of a key's id."""
        project, _, number = key.rpartition("-")
        ids = self._ids.setdefault(project, array("q"))
        place = int(number) if _is_number(number) else -1
        if not _is_number(native) or not 0 <= place < len(ids) + GAP:
            self._others[key] = native
            return
        self._others.pop(key, None)
        if place >= len(ids):
            ids.frombytes(bytes(ids.itemsize * (place + 1 - len(ids))))
        ids[place] = int(native)

    def __iter__(self) -> Iterator[str]:
        for project, ids in self._ids.items():
            every = (f"{project}-{number}" for number, native in enumerate(ids) if native)
            yield from (key for key in every if key not in self._others)
        yield from self._others

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _is_number(text: str) -> bool:
    """Say whether a text is a number as it is written, so that it comes back as it was."""
    return text.isascii() and text.isdigit() and text[0] != "0" and len(text) <= DIGITS
