"""Small frames of items and members on each engine that a filter must run on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import narwhals as nw
import pandas as pd

from pmo_sync.rollups.where.apply import compile
from pmo_sync.rollups.where.parse import parse

Row = dict[str, Any]
Member = tuple[str, str, str | None]
Frames = tuple[nw.LazyFrame[Any], nw.LazyFrame[Any]]

CONNECTION = duckdb.connect()
"""Held here: a lazy frame does not keep its connection open."""
NUMBERS = count()

MEMBERS = {"item_id": "str", "field": "str", "value": "str"}
ITEMS = {
    **dict.fromkeys(("item_id", "site", "source", "container", "key", "title", "type", "status",
                     "category", "priority", "parent", "response", "risk_owner",
                     "proximity", "tracker_team"), "str"),
    **dict.fromkeys(("created", "updated", "started", "finished", "due", "planned",
                     "target_start", "target_end"), "datetime64[us]"),
    "age": "Int64", "rank": "Int64", "points": "float64", "estimate_hours": "float64",
    "remaining_hours": "float64", "spent_hours": "float64", "effort": "float64",
    "blocked": "bool", "overdue": "bool", "risk_jql": "bool",
    **dict.fromkeys(("probability", "impact", "score"), "float64"),
}  # fmt: skip
SQL_TYPES = {
    "str": "VARCHAR", "datetime64[us]": "TIMESTAMP", "Int64": "INTEGER", "float64": "DOUBLE",
    "bool": "BOOLEAN",
}  # fmt: skip
EMPTY: Row = {
    **dict.fromkeys(ITEMS), "site": "s", "source": "jira", "container": "PAY", "title": "",
    "type": "Task", "status": "To Do", "category": "todo", "created": datetime(2026, 1, 1),
    "updated": datetime(2026, 1, 1), "blocked": False, "overdue": False,
    "risk_jql": False,
}  # fmt: skip


def item(key: str, **values: Any) -> Row:
    """Make a row of items with what is given; its id is its key."""
    return {**EMPTY, "item_id": key, "key": key, **values}


def on_pandas(items: Sequence[Row], members: Sequence[Member]) -> Frames:
    def frame(types: dict[str, str], rows: Sequence[Sequence[Any]]) -> nw.LazyFrame[Any]:
        columns = {
            name: pd.Series([row[at] for row in rows], dtype=types[name])
            for at, name in enumerate(types)
        }
        return nw.from_native(pd.DataFrame(columns)).lazy()

    return frame(ITEMS, [tuple(row.values()) for row in items]), frame(MEMBERS, members)


def on_duckdb(items: Sequence[Row], members: Sequence[Member]) -> Frames:
    number = next(NUMBERS)

    def frame(name: str, types: dict[str, str], rows: Sequence[Sequence[Any]]) -> Any:
        columns = ", ".join(f"{column} {SQL_TYPES[kind]}" for column, kind in types.items())
        table = f"{name}_{number}"
        CONNECTION.execute(f"CREATE TABLE {table} ({columns})")
        if rows:
            row = f"({', '.join('?' * len(types))})"
            values = [value for row in rows for value in row]
            CONNECTION.execute(f"INSERT INTO {table} VALUES {', '.join([row] * len(rows))}", values)
        return nw.from_native(CONNECTION.table(table))

    return (
        frame("items", ITEMS, [tuple(row.values()) for row in items]),
        frame("members", MEMBERS, members),
    )


ENGINES: dict[str, Callable[[Sequence[Row], Sequence[Member]], Frames]] = {
    "pandas": on_pandas,
    "duckdb": on_duckdb,
}


def matching(frames: Frames, text: str, as_of: datetime, timezone: ZoneInfo) -> list[str]:
    """Filter and list the keys, sorted."""
    found = compile(parse(text), as_of=as_of, timezone=timezone)(*frames)
    return sorted(found.collect("pandas").get_column("key").to_list())
