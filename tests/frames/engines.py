"""The store's tables on either engine, from a few rows: rollups must not tell them apart."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal

import duckdb
import pandas as pd

from pmo_sync.frames import Tables, from_frames, from_store
from pmo_sync.frames.tables import NAMES
from pmo_sync.model import (
    HistoryRow,
    Iteration,
    Link,
    Milestone,
    Person,
    StatusUpdate,
    Term,
    WorkItem,
)
from pmo_sync.store.database import SCHEMA, sql

Engine = Literal["duckdb", "pandas"]
ENGINES: tuple[Engine, ...] = ("duckdb", "pandas")


class World:
    """Collects records, then offers them as tables of one engine."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        for script in SCHEMA:
            self.con.execute(sql(script))

    def add(self, *records: object) -> World:
        """Put records into the tables of their kind."""
        for record in records:
            self._insert(record)
        return self

    def present(self, item: WorkItem, until: datetime | None = None, source: str = "jira") -> World:
        """Let an item be there from its creation until a day."""
        self._row("presence", ("item_id", "source", "valid_from", "valid_to"),
                  (item.item_id, source, item.created, until))  # fmt: skip
        return self

    def synced(self, source: str, site: str, at: datetime) -> World:
        """Let a source have been read from a site."""
        self._row("sync_run", ("sync_id", "source", "site", "started", "outcome"),
                  (1, source, site, at, "complete"))  # fmt: skip
        return self

    def tables(self, engine: Engine) -> Tables:
        """Return the tables on one of the engines."""
        if engine == "duckdb":
            return from_store(self.con)
        frames = {name: self.con.table(name).df() for name in NAMES}
        return from_frames(frames)

    def _insert(self, record: object) -> None:
        names = {
            WorkItem: "work_item", HistoryRow: "history", Link: "link", Term: "term",
            Milestone: "milestone", Iteration: "iteration", Person: "person",
            StatusUpdate: "status_update",
        }  # fmt: skip
        table = names[type(record)]
        columns = inspect.signature(type(record)).parameters
        values: list[Any] = [getattr(record, name) for name in columns]
        extras: dict[str, dict[str, Any]] = {
            "work_item": {"digest": ""},
            "history": {"sync_id": 1},
            "link": {"owner": getattr(record, "from_id", "")},
        }
        extra = extras.get(table, {})
        self._row(table, [*columns, *extra], [*values, *extra.values()])

    def _row(self, table: str, columns: Iterable[str], values: Iterable[Any]) -> None:
        plain = [
            value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
            for value in values
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(plain))
        self.con.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", plain)


def rows(frame: Any) -> pd.DataFrame:
    """Compute a frame."""
    data: pd.DataFrame = frame.collect("pandas").to_native()
    return data
