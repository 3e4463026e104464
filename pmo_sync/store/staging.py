"""The working file of one source: batches are committed with the connector's resume state.

It is what a killed sync resumes from. One connection writes it; readers never open it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from pmo_sync.model import Batch, ItemRecord
from pmo_sync.store.database import WRITING, connect, sql, translated

Row = tuple[Any, ...]
HEADERS = 3 * 4096
"""Bytes of the smallest database: a smaller file is one that was being made when all stopped."""


class Staging:
    """A source's sync in progress, kept in ``path`` until it is merged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size < HEADERS:
                path.unlink()
        self._con = connect(path, memory=WRITING)
        with translated(path):
            self._con.execute(sql("staging.sql"))
            row = self._con.execute("SELECT coalesce(max(batch), 0) FROM resume").fetchone()
        self._batch: int = row[0] if row else 0

    def close(self) -> None:
        """Close the file; what was committed stays."""
        self._con.close()

    def begin(self, now: datetime, fingerprint: str, *, full: bool) -> Mapping[str, str]:
        """Return the resume state of an unfinished sync that asked for the same, and go on with
        it; else forget what is here, begin anew, and return no state."""
        with translated(self.path):
            row = self._con.execute("SELECT fingerprint, full_cycle FROM run").fetchone()
            if row == (fingerprint, full):
                self._con.execute("UPDATE run SET complete = false")
                return self._state()
            self._con.begin()
            for (table,) in self._con.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                self._con.execute(f'DELETE FROM "{table}"')  # noqa: S608 (our own names)
            self._con.execute(
                "INSERT INTO run VALUES (?, ?, ?, false)", [_naive(now), fingerprint, full]
            )
            self._con.commit()
        return {}

    def append(self, batch: Batch) -> None:
        """Commit a batch and its resume state together: both or neither. Of an item that is in
        it twice the last counts: a tracker may list one twice in a page."""
        self._batch += 1
        batch = replace(batch, items=_each_once(batch.items))
        with translated(self.path):
            self._con.begin()
            for table, columns, rows in _tables(batch):
                self._insert(table, columns, rows)
            self._con.commit()

    def complete(self) -> None:
        """Mark the sync as whole: from now on it may be merged."""
        with translated(self.path):
            self._con.execute("UPDATE run SET complete = true")

    def fetched(self) -> int:
        """Count the items that arrived in this sync."""
        with translated(self.path):
            row = self._con.execute("SELECT count(DISTINCT item_id) FROM work_item").fetchone()
        return int(row[0]) if row else 0

    def _state(self) -> dict[str, str]:
        rows = self._con.execute(
            "SELECT scope, max_by(state, batch) FROM resume GROUP BY scope"
        ).fetchall()
        return dict(rows)

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if not rows:
            return
        import pandas as pd  # half a second, which only a sync need spend

        frame = pd.DataFrame(
            {
                name: pd.Series(list(values), dtype=object)
                for name, values in zip(columns, zip(*rows, strict=True), strict=True)
            }
        )
        frame["batch"] = self._batch
        self._con.register("incoming", frame)
        self._con.execute(f'INSERT INTO "{table}" BY NAME SELECT * FROM incoming')  # noqa: S608
        self._con.unregister("incoming")


def _each_once(records: Iterable[ItemRecord]) -> tuple[ItemRecord, ...]:
    return tuple({record.item.item_id: record for record in records}.values())


def _tables(batch: Batch) -> Iterable[tuple[str, Sequence[str], list[Row]]]:
    yield _items(batch.items)
    yield _plain("history", [row for record in batch.items for row in record.history])
    observations = [o for record in batch.items for o in record.observations]
    yield _plain("observation", [*batch.observations, *observations])
    yield _links(batch.items)
    yield _plain("site", batch.sites)
    yield _plain("person", batch.persons)
    yield _plain("milestone", batch.milestones)
    yield _plain("iteration", batch.iterations)
    yield _plain("term", batch.terms)
    yield _plain("rejected", batch.rejected)
    sweeps = batch.sweeps
    yield "sweep", ("site", "container"), [(s.site, s.container) for s in sweeps]
    members = [(s.site, s.container, item) for s in sweeps for item in s.item_ids]
    yield "sweep_member", ("site", "container", "item_id"), members
    yield "resume", ("scope", "state"), list(batch.state.items())


def _plain(table: str, records: Sequence[Any]) -> tuple[str, Sequence[str], list[Row]]:
    if not records:
        return table, (), []
    return table, [f.name for f in fields(records[0])], [_row(record) for record in records]


def _items(records: Sequence[ItemRecord]) -> tuple[str, Sequence[str], list[Row]]:
    if not records:
        return "work_item", (), []
    columns = [*(f.name for f in fields(records[0].item)), "digest"]
    return "work_item", columns, [(*_row(r.item), _digest(r)) for r in records]


def _links(records: Sequence[ItemRecord]) -> tuple[str, Sequence[str], list[Row]]:
    rows = [(record.item.item_id, *_row(link)) for record in records for link in record.links]
    link = next((link for record in records for link in record.links), None)
    return "link", ["owner", *(f.name for f in fields(link))] if link else (), rows


def _row(record: Any) -> Row:
    # astuple() copies deeply and is ten times slower; records hold only plain values.
    values = _reader(record.__class__)(record)
    return tuple([_naive(v) if type(v) is datetime else v for v in values])


@cache
def _reader(kind: type[Any]) -> Callable[[Any], Row]:
    """Return what reads all fields of a kind of record."""
    read: Callable[[Any], Row] = attrgetter(*(field.name for field in fields(kind)))
    return read


def _naive(value: datetime) -> datetime:
    at = value if value.tzinfo is UTC else value.astimezone(UTC)
    return at.replace(tzinfo=None)


def _digest(record: ItemRecord) -> str:
    encoded = msgspec.msgpack.encode(record)
    return hashlib.blake2b(encoded, digest_size=16).hexdigest()
