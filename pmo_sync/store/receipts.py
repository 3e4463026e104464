"""Receipts of publishing: what was published where. Nobody else knows it, so exports hold it too.

They lie beside the snapshots: publishing must not copy the whole store for a line of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import msgspec

from pmo_sync.errors import StoreError
from pmo_sync.store.database import translated

NAME = "receipts.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Receipt:
    """An edition that was published: ``parts`` are its reports with the digests of what they
    say, ``published`` when, in UTC."""

    publisher: str
    place: str
    day: date
    snapshot: int
    parts: dict[str, str]
    published: datetime

    @property
    def key(self) -> tuple[str, str, date]:
        """What a newer receipt takes the place of."""
        return self.publisher, self.place, self.day


@dataclass(frozen=True, slots=True)
class _Document:
    schema: int
    receipts: tuple[Receipt, ...]


class Receipts:
    """The receipts of a store, one for each place and day; written only inside ``running``."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def find(self, publisher: str, place: str, day: date) -> Receipt | None:
        """Return the receipt of what a place shows of a day."""
        key = (publisher, place, day)
        return next((each for each in self.all() if each.key == key), None)

    def all(self) -> tuple[Receipt, ...]:
        """Return all receipts, the oldest day first."""
        return parse(self._path.read_bytes(), self._path) if self._path.exists() else ()

    def add(self, receipt: Receipt) -> None:
        """Keep a receipt, at once and durably."""
        others = [each for each in self.all() if each.key != receipt.key]
        self.replace([*others, receipt])

    def replace(self, receipts: Iterable[Receipt]) -> None:
        """Let these be all."""
        document = _Document(VERSION, tuple(sorted(receipts, key=lambda each: each.key[::-1])))
        draft = self._path.with_suffix(".making")
        with translated(self._path):
            with draft.open("wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)


def parse(data: bytes, where: Path) -> tuple[Receipt, ...]:
    """Read receipts; raise StoreError where they are none of ours."""
    try:
        document = msgspec.json.decode(data, type=_Document)
    except msgspec.MsgspecError as error:
        raise StoreError(
            f"{where}: cannot be read ({error}); without it, what is published is published again"
        ) from None
    if document.schema > VERSION:
        raise StoreError(f"{where}: was written by a newer pmo-sync: upgrade pmo-sync")
    return document.receipts
