"""The working file of one source: batches are committed with the connector's resume state.

It is what a killed sync resumes from. One connection writes it; readers never open it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from pmo_sync.model import Batch, ItemRecord
from pmo_sync.store.database import WRITING, connect, sql, translated

Columns = Mapping[str, Sequence[Any]]
"""A table's values by column, all equally many."""
TIMES = "datetime64[us, UTC]"
"""As exact as the store is; by default pandas 2 is more exact, and ends in the year 2262."""
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
            for table, columns in _tables(batch):
                if any(map(len, columns.values())):
                    self._insert(table, columns)
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

    def _insert(self, table: str, columns: Columns) -> None:
        # Read by its name in the query: to make a frame, or a view of one, takes longer than the
        # few rows of a page.
        incoming = {name: _array(values) for name, values in columns.items()}  # noqa: F841
        self._con.execute(
            f'INSERT INTO "{table}" BY NAME SELECT {self._batch} AS batch, * FROM incoming'  # noqa: S608
        )


def _each_once(records: Iterable[ItemRecord]) -> tuple[ItemRecord, ...]:
    return tuple({record.item.item_id: record for record in records}.values())


def _tables(batch: Batch) -> Iterable[tuple[str, Columns]]:
    records = batch.items
    yield "work_item", _items(records)
    yield "history", _columns([row for record in records for row in record.history])
    observations = [o for record in records for o in record.observations]
    yield "observation", _columns([*batch.observations, *observations])
    yield "link", _links(batch)
    yield "site", _columns(batch.sites)
    yield "person", _columns(batch.persons)
    yield "milestone", _columns(batch.milestones)
    yield "iteration", _columns(batch.iterations)
    yield "term", _columns(batch.terms)
    yield "pull_request", _columns([one.pull for one in batch.pulls])
    yield "delivery", _columns(batch.deliveries)
    yield "status_update", _columns(batch.status_updates)
    yield "rejected", _columns(batch.rejected)
    yield "sweep", _named(("site", "container"), [(s.site, s.container) for s in batch.sweeps])
    yield "departed", _columns(batch.departed)
    members = [(s.site, s.container, item) for s in batch.sweeps for item in s.item_ids]
    yield "sweep_member", _named(("site", "container", "item_id"), members)
    yield "resume", _named(("scope", "state"), list(batch.state.items()))


def _columns(records: Sequence[Any]) -> dict[str, Sequence[Any]]:
    """Return what records of one kind hold, by field."""
    names = [field.name for field in fields(records[0])] if records else []
    return {name: list(map(attrgetter(name), records)) for name in names}


def _named(names: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Columns:
    return dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}


def _items(records: Sequence[ItemRecord]) -> Columns:
    if not records:
        return {}
    return _columns([one.item for one in records]) | {"digest": list(map(_digest, records))}


def _links(batch: Batch) -> Columns:
    told = [(record.item.item_id, record.links) for record in batch.items]
    told += [(record.pull.pull_id, record.links) for record in batch.pulls]
    columns = _columns([link for _, links in told for link in links])
    owners = [owner for owner, links in told for _ in links]
    return {"owner": owners, **columns} if columns else {}


def _array(values: Sequence[Any]) -> Any:
    """Return a column as an array of numpy, its times in UTC: all or none of its values are."""
    import pandas as pd  # half a second, which only a sync need spend

    if isinstance(next((one for one in values if one is not None), None), datetime):
        return pd.DatetimeIndex(list(values), dtype=TIMES).tz_localize(None).to_numpy()
    return pd.Series(values, dtype=object).to_numpy()


def _naive(value: datetime) -> datetime:
    at = value if value.tzinfo is UTC else value.astimezone(UTC)
    return at.replace(tzinfo=None)


def _digest(record: ItemRecord) -> str:
    encoded = msgspec.msgpack.encode(record)
    return hashlib.blake2b(encoded, digest_size=16).hexdigest()
