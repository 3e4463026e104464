"""What is wrong in a configuration, and where: collected, then shown all at once."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pmo_sync.config.locate import KeyPath, line_of, lines


@dataclass(frozen=True, slots=True)
class Problem:
    """``text`` says what is wrong with ``where``; ``at`` is the path whose line is shown."""

    where: KeyPath
    text: str
    at: KeyPath


class Problems:
    """The errors and warnings found so far in one parsed document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    def error(self, where: KeyPath, text: str, key: str | None = None) -> None:
        """Note what must be mended; ``key`` is the key of ``where`` that the line is of."""
        self.errors.append(Problem(where, text, where if key is None else (*where, key)))

    def warning(self, where: KeyPath, text: str) -> None:
        """Note what can be used but should be mended."""
        self.warnings.append(Problem(where, text, where))

    def spoilt(self, where: KeyPath) -> bool:
        """Tell whether ``where`` itself has an error, so that what refers to it is not judged."""
        return any(problem.where == where for problem in self.errors)

    def label(self, where: KeyPath) -> str:
        """Name a path for people, counting from 1: ``projects[2] 'Payments': select[1].label``."""
        if not where:
            return ""
        indexed = len(where) > 1 and isinstance(where[1], int)
        head, rest = (where[:2], where[2:]) if indexed else (where[:1], where[1:])
        parts = [_dotted(head) + self._name_of(head), _dotted(rest)]
        return ": ".join(part for part in parts if part)

    def _name_of(self, head: KeyPath) -> str:
        node: Any = self._document
        for key in head:
            node = node[key]
        name = node.get("name") if len(head) > 1 and isinstance(node, dict) else None
        return f" {name!r}" if isinstance(name, str) else ""


def render(problems: Problems, found: Iterable[Problem], file: str, text: str) -> list[str]:
    """Return one line a problem, ``file:line: where: what``, in the order of the file."""
    positions = lines(text)
    placed = sorted(
        ((line_of(problem.at, positions) or 0, problem) for problem in found),
        key=lambda pair: pair[0],
    )
    shown = []
    for line, problem in placed:
        place = f"{file}:{line}" if line else file
        shown.append(": ".join(filter(None, (place, problems.label(problem.where), problem.text))))
    return shown


def hint(name: str, known: Collection[str]) -> str:
    """Return the known name that is nearest to a wrong one, or all the known names."""
    return nearest(name, known) or f" (known: {', '.join(known) or 'none'})"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is nearest to a wrong one; nothing where none is near."""
    by_folded = {other.casefold(): other for other in sorted(known)}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1)
    return f" (did you mean {by_folded[close[0]]!r}?)" if close else ""


def _dotted(path: KeyPath) -> str:
    """Write a path as ``a.b[1]``, quoting what is not a bare key."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key + 1}]"
        else:
            bare = key.replace("-", "").replace("_", "").isalnum()
            text += ("." if text else "") + (key if bare else repr(key))
    return text
