"""The items of a source's sync in progress: lines of JSON in files, which DuckDB reads in parts.

A file has items as they are now, the one beside it the past of each, in as many lines: both in one
would be parsed twice. A line has the number of its batch. Only what differs from the snapshot is
ever unpacked. What counts of the files is what the journal says was written: the rest is from a
batch that was not committed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from itertools import islice, takewhile
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

from pmo_sync.model import ItemRecord, Origin
from pmo_sync.store.database import quoted

ENCODER = msgspec.json.Encoder()
A_FILE = 8_000_000
"""Bytes from which on a file and the one beside it are full: histories are unpacked a file at a
time, as all at once would fill the memory."""
AT_ONCE = 2047
"""Bytes of which a digest is made without letting another thread have the interpreter: with
thousands of items it would be handed over and back for each."""
LEAST = 1_000_000
"""Bytes that DuckDB is to expect of a line at least."""


class Written(Struct, frozen=True):
    """How far the files were written: the number of the last, its bytes, those of the past beside
    it, those of the longest line of all, and how many items there are."""

    file: int = 1
    size: int = 0
    past: int = 0
    longest: int = 0
    items: int = 0


class _Marked(Struct):
    """What each line has, whatever else."""

    batch: int


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


class _Past(Struct, gc=False):
    """The history of an item: its rows as columns, which is what DuckDB unpacks with the least
    effort. Columns that end early lack what the item itself says of the others."""

    item_id: str
    created: datetime
    creator: str | None
    field: list[str]
    value: list[str | None]
    since: list[datetime]
    until: list[datetime | None]
    actor: list[str | None]
    origin: list[Origin] | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class Page:
    """The items of a batch as lines, their past as as many, the bytes of the longest, and for each
    item in its order a digest of all that is said of it."""

    items: bytearray
    past: bytearray
    longest: int
    digests: list[str]


def page(items: Collection[ItemRecord], batch: int) -> Page:
    """Return the items of a batch as they are written."""
    now, past, longest, digests = bytearray(), bytearray(), 0, []
    end = b',"batch":%d' % batch
    for record in items:
        start, begun = len(now), len(past)
        ENCODER.encode_into(record.item, now, start)
        ENCODER.encode_into(_past(record), past, begun)
        digest = sha256(_beside(record))
        _digest(now, start, digest.update)
        _digest(past, begun, digest.update)
        digests.append(digest.hexdigest()[:32])
        now[-1:] = b'%s,"digest":"%s"}\n' % (end, digests[-1].encode())
        past[-1:] = end + b"}\n"
        longest = max(longest, len(now) - start, len(past) - begun)
    return Page(now, past, longest, digests)


def _digest(text: bytearray, start: int, update: Callable[[bytearray], None]) -> None:
    for place in range(start, len(text), AT_ONCE):
        update(text[place : place + AT_ONCE])


def _past(record: ItemRecord) -> _Past:
    # One loop: it is most of what a batch costs.
    item = record.item
    past = _Past(item.item_id, item.created, record.creator, [], [], [], [], [])
    field, value, since, until, actor = past.field, past.value, past.since, past.until, past.actor
    usual = True
    for row in record.history:
        field.append(row.field)
        value.append(row.value)
        since.append(row.valid_from)
        until.append(row.valid_to)
        actor.append(row.actor)
        usual = usual and row.origin == "changelog"
    if not usual:
        past.origin = [row.origin for row in record.history]
    for name, held in record.held:
        field.append(name)
        value.append(held)
    return past


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
        for last, size in zip(self.pair(written.file), (written.size, written.past), strict=True):
            for path in self.folder.glob(f"{last.name.partition('-')[0]}-*"):
                if path.name > last.name:
                    path.unlink()
            with last.open("ab") as file:
                file.truncate(size)

    def add(self, written: Written, page: Page) -> Written:
        """Write the items of a batch; return how far that goes."""
        if not page.digests:
            return written
        number = written.file + (written.size + written.past >= A_FILE)
        items, past = self.pair(number)
        sizes = _append(items, page.items), _append(past, page.past)
        count = written.items + len(page.digests)
        return Written(number, *sizes, max(written.longest, page.longest), count)

    def has(self, written: Written) -> bool:
        """Say whether all that was committed is there, undamaged: the machine itself may have
        stopped before its disk had it."""
        return all(_whole(files, written.items) for files in zip(*self.files(written), strict=True))

    def files(self, written: Written) -> list[tuple[Path, Path]]:
        """List the files in their order, each with the one beside it."""
        return [self.pair(number) for number in range(1, written.file + 1)]

    def pair(self, number: int) -> tuple[Path, Path]:
        """Return the file with so many before it, and the one that has the past of its items."""
        name = f"{number:06d}.jsonl"
        return self.folder / f"items-{name}", self.folder / f"past-{name}"


def _append(path: Path, text: bytearray) -> int:
    """Write at the end of a file; return how long it is then."""
    with path.open("ab") as file:
        file.write(text)
        return file.tell()


def _whole(files: Sequence[Path], count: int) -> bool:
    """Say whether files begin with so many lines that are whole."""
    lines = takewhile(_is_marked, islice(_lines(files), count))
    return sum(1 for _ in lines) == count


def _is_marked(line: bytes) -> bool:
    return decoded(line, MARKED) is not None


def _lines(files: Sequence[Path]) -> Iterator[bytes]:
    for path in files:
        if path.exists():
            with path.open("rb") as file:
                yield from file
