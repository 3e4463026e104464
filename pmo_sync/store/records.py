"""The items of a source's sync in progress: lines of JSON in files, which DuckDB reads in parts.

A line has an item with its history and links, the number of its batch, and a digest of all that was
said of it. Only what differs from the snapshot is ever unpacked. What counts of the files is what
the working file says was written: the rest is from a batch that was not committed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from pmo_sync.model import HistoryRow, ItemRecord
from pmo_sync.store.database import quoted

ENCODE = msgspec.json.Encoder().encode
A_FILE = 8_000_000
"""Bytes from which on a file is full: histories are unpacked a file at a time, as all at once
would fill the memory."""
LEAST = 1_000_000
"""Bytes that DuckDB is to expect of a line at least."""


class Written(Struct, frozen=True):
    """How far the files were written: the number of the last, its bytes, and those of the longest
    line of all."""

    file: int = 1
    size: int = 0
    longest: int = 0


def reading(files: Sequence[Path], written: Written, shape: Mapping[str, str]) -> str:
    """Return what DuckDB reads files by, their lines unpacked to columns of types."""
    paths = ", ".join(quoted(str(path)) for path in files)
    columns = ", ".join(f"{name}: {quoted(kind)}" for name, kind in shape.items())
    longest = max(LEAST, written.longest + 1)
    return (
        f"read_json([{paths}], format = 'newline_delimited', records = true,"
        f" columns = {{{columns}}}, maximum_object_size = {longest})"
    )


class Records:
    """The files of one source's sync, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def cut(self, written: Written) -> None:
        """Forget what was written beyond what was committed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self.folder.iterdir():
            if path.name > self._path(written.file).name:
                path.unlink()
        with self._path(written.file).open("ab") as last:
            last.truncate(written.size)

    def add(self, written: Written, batch: int, records: Iterable[ItemRecord]) -> Written:
        """Write the items of a batch, durably; return how far that goes."""
        lines = [_line(record, batch) for record in records]
        if not lines:
            return written
        file = written.file + (written.size >= A_FILE)
        with self._path(file).open("ab") as last:
            last.write(b"".join(lines))
            last.flush()
            os.fsync(last.fileno())
            size = last.tell()
        return Written(file, size, max(written.longest, *map(len, lines)))

    def remove(self) -> None:
        """Drop all files."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def files(self, written: Written) -> list[Path]:
        """List the files in their order."""
        return [self._path(number) for number in range(1, written.file + 1)]

    def _path(self, file: int) -> Path:
        return self.folder / f"{file:06d}.jsonl"


def _line(record: ItemRecord, batch: int) -> bytes:
    history = [*record.held, *map(_row, record.history)]
    said = ENCODE({"item": record.item, "creator": record.creator, "history": history,
                   "links": record.links})  # fmt: skip
    every = said + ENCODE(record.observations) if record.observations else said
    digest = hashlib.blake2b(every, digest_size=16).hexdigest()
    return b'{"batch":%d,"digest":"%s",%s\n' % (batch, digest.encode(), said[1:])


def _row(row: HistoryRow) -> tuple[object, ...]:
    """Return a row without what the item says already; those that were held are shorter still."""
    return (row.field, row.value, row.valid_from, row.valid_to, row.actor, row.origin)
