"""What a sync in progress was told beside its items: lines of JSON that are only ever added to.

A line has a row, under the name of its table, and the number of its batch, which ends with a line
that commits it. What follows the last of these is from a batch that was not committed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BufferedWriter
from pathlib import Path

import msgspec
from msgspec import Struct

from pmo_sync.store.records import Written, decoded

ENCODE = msgspec.json.Encoder().encode
NAME = "journal-3.jsonl"
"""Its number is raised when its lines change: what an older version left there begins anew."""


class Asked(Struct, frozen=True):
    """What the sync asks its source for; one that asks for the same may go on with it."""

    fingerprint: str
    full: bool


class Place(Struct, frozen=True):
    """Where the connector goes on in one of its scopes."""

    scope: str
    state: str


class _Line(Struct, frozen=True, gc=False):
    """What of a line tells how far the sync has come; the rows are for the store."""

    batch: int = 0
    asked: Asked | None = None
    resume: Place | None = None
    commit: Written | None = None
    complete: bool = False


LINE = msgspec.json.Decoder(_Line)


class Told(Struct):
    """What the committed lines tell: which tables have rows, where each scope goes on, how far the
    items' files count; the journal's own bytes and those of its longest line."""

    asked: Asked | None = None
    batch: int = 0
    written: Written = Written()
    state: dict[str, str] = {}
    tables: set[str] = set()
    size: int = 0
    longest: int = 0
    complete: bool = False

    def commit(self, line: _Line, size: int, state: dict[str, str], tables: set[str]) -> None:
        """Let what came since the last such line count."""
        self.asked = line.asked or self.asked
        self.batch, self.written = line.batch or self.batch, line.commit or self.written
        self.complete, self.size = line.complete, size
        self.state.update(state)
        self.tables |= tables


class Journal:
    """The file, in the folder of a sync; it is open for writing from ``cut`` to ``close``."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._file: BufferedWriter | None = None

    def read(self) -> Told:
        """Tell what was committed; what is damaged, and all that follows it, was not."""
        told, size = Told(), 0
        state: dict[str, str] = {}
        tables: set[str] = set()
        for raw in self._lines():
            line = decoded(raw, LINE)
            if line is None:
                break
            size += len(raw)
            told.longest = max(told.longest, len(raw))
            if line.commit or line.asked or line.complete:
                told.commit(line, size, state, tables)
                state, tables = {}, set()
            else:
                tables.add(_table(raw))
            if line.resume:
                state[line.resume.scope] = line.resume.state
        return told

    def cut(self, size: int) -> None:
        """Forget what is beyond so many bytes, and write from there on."""
        self._file = self._file or self.path.open("ab")
        self._file.truncate(size)

    def close(self) -> None:
        """Write no more."""
        if self._file:
            self._file.close()
        self._file = None

    def begin(self, asked: Asked, now: datetime) -> None:
        """Write what is asked for and when, before all batches."""
        self._add(b'{"asked":%s,"started":%s}\n' % (ENCODE(asked), ENCODE(now)))

    def add(self, batch: int, rows: Iterable[tuple[str, object]], written: Written) -> None:
        """Commit the rows of a batch, each with the name of its table: all or none."""
        end = b',"batch":%d}\n' % batch
        lines = [b'{"%s":%s%s' % (table.encode(), ENCODE(row), end) for table, row in rows]
        self._add(b"".join((*lines, b'{"commit":%s%s' % (ENCODE(written), end))))

    def complete(self) -> None:
        """Write that the sync is whole."""
        self._add(b'{"complete":true}\n')

    def _add(self, text: bytes) -> None:
        if self._file is None:
            raise ValueError(f"{self.path}: the journal is closed")
        self._file.write(text)
        self._file.flush()

    def _lines(self) -> Iterable[bytes]:
        if self.path.exists():
            with self.path.open("rb") as file:
                yield from file


def _table(raw: bytes) -> str:
    return raw[2 : raw.index(b'"', 2)].decode()
