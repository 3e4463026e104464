"""The items of a source's sync in progress: lines of JSON in files, which DuckDB reads in parts.

A line has an item with its history and the number of its batch. Only what differs from the snapshot
is ever unpacked. What counts of the files is what the journal says was written: the rest is from a
batch that was not committed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

from pmo_sync.model import ItemRecord, Origin, WorkItem
from pmo_sync.store.database import quoted

ENCODER = msgspec.json.Encoder()
A_FILE = 8_000_000
"""Bytes from which on a file is full: histories are unpacked a file at a time, as all at once
would fill the memory."""
LEAST = 1_000_000
"""Bytes that DuckDB is to expect of a line at least."""


class Written(Struct, frozen=True):
    """How far the files were written: the number of the last, its bytes, those of the longest line
    of all, and how many lines there are."""

    file: int = 1
    size: int = 0
    longest: int = 0
    items: int = 0


class _Marked(Struct):
    """What each line has, whatever else."""

    batch: int


AT_ONCE = 2047
"""Bytes of which a digest is made without letting another thread have the interpreter: with
thousands of items it would be handed over and back for each."""
MARKED = msgspec.json.Decoder(_Marked)
Line = TypeVar("Line")


def decoded(line: bytes, decoder: msgspec.json.Decoder[Line]) -> Line | None:
    """Return what a line says, or None of one that is not whole."""
    # Where a disk had not got to when its power went there may be zeros.
    if not line.endswith(b"\n") or b"\0" in line:
        return None
    try:
        return decoder.decode(line)
    except msgspec.DecodeError:
        return None


def reading(files: Sequence[Path], longest: int, shape: Mapping[str, str]) -> str:
    """Return what DuckDB reads files by whose longest line has so many bytes, their lines unpacked
    to columns of types."""
    paths = ", ".join(quoted(str(path)) for path in files)
    columns = ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in shape.items())
    return (
        f"read_json([{paths}], format = 'newline_delimited', records = true,"
        f" columns = {{{columns}}}, maximum_object_size = {max(LEAST, longest + 1)})"
    )


class _Line(Struct, gc=False):
    """An item with its history: the rows as columns, which is what DuckDB unpacks with the least
    effort. Columns that end early lack what the item itself says of the others."""

    item: WorkItem
    creator: str | None
    field: list[str]
    value: list[str | None]
    since: list[datetime]
    until: list[datetime | None]
    actor: list[str | None]
    origin: list[Origin] | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class Page:
    """The items of a batch as lines, the bytes of the longest, and for each item in its order a
    digest of all that is said of it."""

    text: bytearray
    longest: int
    digests: list[str]


def page(items: Collection[ItemRecord], batch: int) -> Page:
    """Return the items of a batch as they are written."""
    text, longest, digests = bytearray(), 0, []
    for record in items:
        start = len(text)
        ENCODER.encode_into(_line(record), text, start)
        digest = sha256(_beside(record))
        for place in range(start, len(text), AT_ONCE):
            digest.update(text[place : place + AT_ONCE])
        digests.append(digest.hexdigest()[:32])
        text[-1:] = b',"batch":%d,"digest":"%s"}\n' % (batch, digests[-1].encode())
        longest = max(longest, len(text) - start)
    return Page(text, longest, digests)


def _line(record: ItemRecord) -> _Line:
    # One loop: it is most of what a batch costs.
    line = _Line(record.item, record.creator, [], [], [], [], [])
    field, value, since, until, actor = line.field, line.value, line.since, line.until, line.actor
    usual = True
    for row in record.history:
        field.append(row.field)
        value.append(row.value)
        since.append(row.valid_from)
        until.append(row.valid_to)
        actor.append(row.actor)
        usual = usual and row.origin == "changelog"
    if not usual:
        line.origin = [row.origin for row in record.history]
    for name, held in record.held:
        field.append(name)
        value.append(held)
    return line


def _beside(record: ItemRecord) -> bytes:
    """What is said of an item beside its line, as bytes."""
    if record.observations or record.links:
        return ENCODER.encode((record.observations, record.empty, record.links))
    return _empty(record.empty)


@lru_cache
def _empty(fields: tuple[str, ...]) -> bytes:
    return ENCODER.encode(fields) if fields else b""


class Records:
    """The files of one source's sync, in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def cut(self, written: Written) -> None:
        """Forget what was written beyond what was committed."""
        last = self._path(written.file)
        for path in self.folder.glob("items-*"):
            if path.name > last.name:
                path.unlink()
        with last.open("ab") as file:
            file.truncate(written.size)

    def add(self, written: Written, page: Page) -> Written:
        """Write the items of a batch; return how far that goes."""
        if not page.text:
            return written
        file = written.file + (written.size >= A_FILE)
        with self._path(file).open("ab") as last:
            last.write(page.text)
            size = last.tell()
        items = written.items + len(page.digests)
        return Written(file, size, max(written.longest, page.longest), items)

    def has(self, written: Written) -> bool:
        """Say whether all that was committed is there, undamaged: the machine itself may have
        stopped before its disk had it."""
        there = 0
        for line in islice(self._lines(written), written.items):
            if decoded(line, MARKED) is None:
                return False
            there += 1
        return there == written.items

    def files(self, written: Written) -> list[Path]:
        """List the files in their order."""
        return [self._path(number) for number in range(1, written.file + 1)]

    def _lines(self, written: Written) -> Iterator[bytes]:
        for path in self.files(written):
            if path.exists():
                with path.open("rb") as file:
                    yield from file

    def _path(self, file: int) -> Path:
        return self.folder / f"items-{file:06d}.jsonl"
