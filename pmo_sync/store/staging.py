"""The working file of one source: batches are committed with the connector's resume state.

It is what a killed sync resumes from. One connection writes it; readers never open it. Items, which
are most of all, lie in files beside it (``records.py``): it says how far those count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pmo_sync.model import Batch, ItemRecord, PullRecord
from pmo_sync.store.database import STAGING, connect, shape, sql, translated
from pmo_sync.store.records import ENCODE, Records, Written

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
        self._shapes: dict[str, str] = {}
        self._records = Records(records_of(path))
        self._con = connect(path, memory=STAGING)
        with translated(path):
            if _is_older(self._con):
                self._con.close()
                path.unlink()
                self._con = connect(path, memory=STAGING)
            self._con.execute(sql("staging.sql"))
            row = self._con.execute(
                "SELECT coalesce(max(batch), 0) FROM ("
                "SELECT batch FROM resume UNION ALL SELECT batch FROM written)"
            ).fetchone()
            self._written = written(self._con)
            self._records.cut(self._written)
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
            self._written = Written()
            self._records.cut(self._written)
        return {}

    def append(self, batch: Batch) -> None:
        """Commit a batch and its resume state together: both or neither. Of an item that is in
        it twice the last counts: a tracker may list one twice in a page."""
        self._batch += 1
        with translated(self.path):
            items = _each_once(batch.items)
            self._written = self._records.add(self._written, self._batch, items)
            self._con.begin()
            if items:
                at = self._written
                self._con.execute(
                    "INSERT INTO written VALUES (?, ?, ?, ?)",
                    [self._batch, at.file, at.size, at.longest],
                )
            for table, rows in _tables(batch):
                if rows:
                    self._insert(table, rows)
            self._con.commit()

    def complete(self) -> None:
        """Mark the sync as whole: from now on it may be merged."""
        with translated(self.path):
            self._con.execute("UPDATE run SET complete = true")

    def _state(self) -> dict[str, str]:
        rows = self._con.execute(
            "SELECT scope, max_by(state, batch) FROM resume GROUP BY scope"
        ).fetchall()
        return dict(rows)

    def _insert(self, table: str, rows: Sequence[object]) -> None:
        lines = [_text(row) for row in rows]
        self._con.execute(
            f'INSERT INTO "{table}" BY NAME SELECT ? AS batch, row.*'  # noqa: S608 (our own names)
            f" FROM (SELECT from_json_strict(unnest(?), '{self._shape(table)}') AS row)",
            [self._batch, lines],
        )

    def _shape(self, table: str) -> str:
        """Return the columns of a table as ``from_json`` wants them."""
        if table not in self._shapes:
            self._shapes[table] = shape(self._con, table)
        return self._shapes[table]


def records_of(path: Path) -> Path:
    """Return the folder of the items that belong to a working file."""
    return path.with_suffix(".records")


def written(con: duckdb.DuckDBPyConnection, schema: str = "main") -> Written:
    """Read how far the items of a working file were committed."""
    row = con.execute(
        f"SELECT file, size, longest FROM {schema}.written ORDER BY batch DESC LIMIT 1"  # noqa: S608
    ).fetchone()
    return Written(*row) if row else Written()


def _is_older(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether a version wrote the file that kept items inside of it: it is begun anew."""
    return bool(con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'record'").fetchall())


def _each_once(records: Iterable[ItemRecord]) -> list[ItemRecord]:
    return list({record.item.item_id: record for record in records}.values())


def _tables(batch: Batch) -> Iterable[tuple[str, Sequence[object]]]:
    observed = [seen for record in batch.items for seen in record.observations]
    yield "observation", [*batch.observations, *observed]
    yield "site", batch.sites
    yield "person", batch.persons
    yield "milestone", batch.milestones
    yield "iteration", batch.iterations
    yield "term", batch.terms
    yield "pull_record", [_packed(record) for record in batch.pulls]
    yield "delivery", batch.deliveries
    yield "status_update", batch.status_updates
    yield "worklog", batch.worklogs
    yield "removed_worklog", [{"worklog_id": one} for one in batch.removed_worklogs]
    yield "rejected", batch.rejected
    yield "sweep", batch.sweeps
    yield "departed", batch.departed
    yield "marking", batch.markings
    yield "resume", [{"scope": scope, "state": state} for scope, state in batch.state.items()]


def _packed(record: PullRecord) -> dict[str, str]:
    """Return a pull request and its links as texts."""
    pull = record.pull
    return {"pull_id": pull.pull_id, "pull": _text(pull), "links": _text(record.links)}


def _text(row: object) -> str:
    return ENCODE(row).decode()


def _naive(value: datetime) -> datetime:
    at = value if value.tzinfo is UTC else value.astimezone(UTC)
    return at.replace(tzinfo=None)
