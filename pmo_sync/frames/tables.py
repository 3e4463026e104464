"""Where frames come from: the one place that knows an engine."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd

Frame = nw.LazyFrame[Any]

NAMES = (
    "work_item", "history", "presence", "link", "milestone", "iteration", "person", "term",
    "site", "rejected", "sync_run",
)  # fmt: skip


_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Tables:
    """The store's tables, lazily; ``small`` brings rows of ours to the same engine, ``hold``
    computes a frame once where it will be read often."""

    frames: Mapping[str, Frame]
    small: Callable[[pd.DataFrame], Frame]
    hold: Callable[[Frame], Frame]

    def __getitem__(self, name: str) -> Frame:
        return self.frames[name]

    def rows(self, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> Frame:
        """Make a frame of a few rows of ours; ``columns`` is name -> pandas type."""
        data = pd.DataFrame([tuple(row) for row in rows], columns=list(columns))
        return self.small(data.astype(dict(columns)))


def from_store(con: duckdb.DuckDBPyConnection) -> Tables:
    """Read a snapshot through DuckDB; frames die with the connection."""
    con.execute("SET TimeZone = 'UTC'")

    def small(data: pd.DataFrame) -> Frame:
        name = f"small_{next(_NUMBERS)}"
        con.register("incoming", data)
        con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM incoming")  # noqa: S608
        con.unregister("incoming")
        return nw.from_native(con.table(name))

    def hold(frame: Frame) -> Frame:
        name = f"held_{next(_NUMBERS)}"
        query = frame.to_native().sql_query()
        con.execute(f"CREATE TEMP TABLE {name} AS {query}")
        return nw.from_native(con.table(name))

    return Tables({name: nw.from_native(con.table(name)) for name in NAMES}, small, hold)


def from_frames(frames: Mapping[str, pd.DataFrame]) -> Tables:
    """Use pandas frames as the tables: for tests, and for data that is already in memory."""

    def lazy(data: pd.DataFrame) -> Frame:
        return nw.from_native(data.convert_dtypes(dtype_backend="numpy_nullable")).lazy()

    return Tables({name: lazy(data) for name, data in frames.items()}, lazy, lambda frame: frame)


def records(frame: Frame) -> list[dict[str, Any]]:
    """Compute a frame and return its rows as plain Python: None for what is missing."""
    data = frame.collect("pandas").to_native().astype(object)
    plain = data.where(data.notna(), None)
    return [
        {
            str(name): value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
            for name, value in row.items()
        }
        for row in plain.to_dict("records")
    ]
