"""The items of a source's sync in progress: lines of JSON in files, which DuckDB reads in parts.

A line has an item with its history and the number of its batch. Only what differs from the snapshot
is ever unpacked. What counts of the files is what the journal says was written: the rest is from a
batch that was not committed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import astuple

from pmo_sync.model import HistoryRow, ItemRecord
from pmo_sync.store.database import quoted

ENCODE = msgspec.json.Encoder().encode
A_FILE = 8_000_000
"""Bytes from which on a file is full: histories are unpacked a file at a time, as all at once
would fill the memory."""
NO_COLUMNS: list[tuple[()]] = [()] * len(HistoryRow.__struct_fields__)
LEAST = 1_000_000
"""Bytes that DuckDB is to expect of a line at least."""


class Written(Struct, frozen=True):
    """How far the files were written: the number of the last, its bytes, and those of the longest
    line of all."""

    file: int = 1
    size: int = 0
    longest: int = 0


def reading(files: Sequence[Path], longest: int, shape: Mapping[str, str]) -> str:
    """Return what DuckDB reads files by whose longest line has so many bytes, their lines unpacked
    to columns of types."""
    paths = ", ".join(quoted(str(path)) for path in files)
    columns = ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in shape.items())
    return (
        f"read_json([{paths}], format = 'newline_delimited', records = true,"
        f" columns = {{{columns}}}, maximum_object_size = {max(LEAST, longest + 1)})"
    )


def encoded(record: ItemRecord) -> bytes:
    """Return an item with its history as JSON: the rows as columns, which is what DuckDB unpacks
    with the least effort. Columns that end early lack what the item itself says of the others."""
    columns = [*zip(*map(astuple, record.history), strict=True)] or NO_COLUMNS
    _, _, field, value, since, until, actor, origin = columns
    said: dict[str, object] = {
        "item": record.item,
        "creator": record.creator,
        "field": field,
        "value": value,
        "since": since,
        "until": until,
        "actor": actor,
    }
    if origin.count("changelog") < len(origin):
        said["origin"] = origin
    if record.held:
        names, values = zip(*record.held, strict=True)
        said |= {"field": field + names, "value": value + values}
    return ENCODE(said)


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

    def add(self, written: Written, batch: int, items: Sequence[tuple[str, bytes]]) -> Written:
        """Write the encoded items of a batch with their digests, durably; return how far that
        goes."""
        if not items:
            return written
        begin = b'{"batch":%d,"digest":"' % batch
        lines = [b'%s%s",%s\n' % (begin, digest.encode(), item[1:]) for digest, item in items]
        file = written.file + (written.size >= A_FILE)
        with self._path(file).open("ab") as last:
            last.write(b"".join(lines))
            last.flush()
            os.fsync(last.fileno())
            size = last.tell()
        return Written(file, size, max(written.longest, *map(len, lines)))

    def files(self, written: Written) -> list[Path]:
        """List the files in their order."""
        return [self._path(number) for number in range(1, written.file + 1)]

    def _path(self, file: int) -> Path:
        return self.folder / f"items-{file:06d}.jsonl"
