"""Where frames come from: the one place that knows an engine.

pandas is imported only where frames are its own: it costs as much as a command over the store.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import narwhals as nw

from pmo_sync.frames.aside import Aside, aside, in_place, is_large

if TYPE_CHECKING:
    import numpy.typing as npt

Frame = nw.LazyFrame[Any]
T = TypeVar("T")

NAMES = (
    "work_item", "history", "presence", "link", "milestone", "iteration", "person", "term",
    "site", "rejected", "sync_run", "pull_request", "delivery", "status_update", "baseline",
    "baseline_item",
)  # fmt: skip

Rows = Callable[[Mapping[str, str], Sequence[Sequence[object]]], Frame]

_NUMBERS = itertools.count()
_TYPES = {
    "str": "VARCHAR", "int64": "BIGINT", "float64": "DOUBLE", "bool": "BOOLEAN",
    "datetime64[us]": "TIMESTAMP",
}  # fmt: skip


@dataclass(frozen=True)
class Tables:
    """The store's tables, lazily; ``rows`` brings a few rows of ours (columns: name -> pandas
    type) to the same engine, ``hold`` computes a frame once where it will be read often, ``aside``
    does some work meanwhile (see ``frames.aside``), ``once`` keeps what several readers of these
    tables need. ``large``: one frame is work enough for all processors, so that less work is better
    than work side by side."""

    frames: Mapping[str, Frame]
    rows: Rows
    hold: Callable[[Frame], Frame]
    aside: Aside
    large: bool = False
    kept: dict[Hashable, tuple[object, Any]] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> Frame:
        return self.frames[name]

    def once(self, key: Hashable, config: object, make: Callable[[], T]) -> T:
        """Return what ``make`` made when it was first asked for by this key and configuration."""
        known = (key, id(config))  # kept with it: no other object can have its id meanwhile
        if known not in self.kept:
            self.kept[known] = config, make()
        made: T = self.kept[known][1]
        return made


def from_store(con: duckdb.DuckDBPyConnection) -> Tables:
    """Read a snapshot through DuckDB; frames die with the connection."""
    con.execute("SET TimeZone = 'UTC'")

    def rows(columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> Frame:
        name = f"small_{next(_NUMBERS)}"
        lists = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in columns]
        each = ", ".join(f'unnest(?::{_TYPES[kind]}[]) AS "{c}"' for c, kind in columns.items())
        con.execute(f"CREATE TEMP TABLE {name} AS SELECT {each}", lists)
        return nw.from_native(con.table(name))

    def hold(frame: Frame) -> Frame:
        name = f"held_{next(_NUMBERS)}"
        query = frame.to_native().sql_query()
        con.execute(f"CREATE TEMP TABLE {name} AS {query}")
        return nw.from_native(con.table(name))

    frames = {name: nw.from_native(con.table(name)) for name in NAMES}
    return Tables(frames, rows, hold, partial(aside, con), is_large(con))


def from_frames(frames: Mapping[str, Any]) -> Tables:
    """Use pandas frames as the tables: for tests, and for data that is already in memory."""
    import pandas as pd

    def lazy(data: Any) -> Frame:
        frame: Frame = nw.from_native(data.convert_dtypes(dtype_backend="numpy_nullable")).lazy()
        return frame

    def rows(columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> Frame:
        data = pd.DataFrame([tuple(row) for row in rows], columns=list(columns))
        return lazy(data.astype(dict(columns)))

    held = {name: lazy(data) for name, data in frames.items()}
    return Tables(held, rows, lambda frame: frame, in_place)


def distinct(frame: Frame, *columns: str) -> Frame:
    """Return each row of some columns once, in any order: by groups, as ``unique`` numbers all rows
    of a DuckDB frame, which takes several times as long."""
    return frame.group_by(*columns).agg(nw.len().alias("times")).select(*columns)


def first_rows(frame: Frame, by: Sequence[str], order: str, limit: int) -> Frame:
    """Return of each group of ``by`` the ``limit`` rows that are first in ``order``, of which none
    is missing: in DuckDB's own words, which keeps no more of each; a rank numbers all rows."""
    native, names = frame.to_native(), frame.collect_schema().names()
    if not isinstance(native, duckdb.DuckDBPyRelation):
        return frame.filter(nw.col(order).rank("ordinal").over(*by) <= limit)
    groups = ", ".join(f'"{name}"' for name in by)
    nth = f'row_number() OVER (PARTITION BY {groups} ORDER BY "{order}") AS nth'
    first = native.project(f"*, {nth}").filter(f"nth <= {limit}")
    return nw.from_native(first).select(names)


def records(frame: Frame) -> list[dict[str, Any]]:
    """Compute a frame and return its rows as plain Python: None for what is missing, a datetime
    for a day."""
    native = frame.to_native()
    if isinstance(native, duckdb.DuckDBPyRelation):
        names = native.columns
        return [dict(zip(names, row, strict=True)) for row in _fetched(native)]
    data = frame.collect("pandas").to_native().astype(object)
    plain = data.where(data.notna(), None)
    return [
        {
            str(name): value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
            for name, value in row.items()
        }
        for row in plain.to_dict("records")
    ]


def tuples(frame: Frame) -> list[tuple[Any, ...]]:
    """Return what ``records`` does, as values in the order of the columns: where rows are many."""
    native = frame.to_native()
    if isinstance(native, duckdb.DuckDBPyRelation):
        return _fetched(native)
    return [tuple(row.values()) for row in records(frame)]


def arrays(frame: Frame) -> list[npt.NDArray[Any]]:
    """Return the columns as arrays, in their order: where rows are very many and no value is
    missing."""
    native = frame.to_native()
    if isinstance(native, duckdb.DuckDBPyRelation):
        return list(native.fetchnumpy().values())
    data = frame.collect("pandas").to_native()
    return [data[name].to_numpy() for name in data.columns]


def _fetched(relation: duckdb.DuckDBPyRelation) -> list[tuple[Any, ...]]:
    found = relation.fetchall()
    for place, kind in enumerate(relation.types):
        if str(kind) == "DATE":
            found = [(*row[:place], _midnight(row[place]), *row[place + 1 :]) for row in found]
    return found


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time()) if day else None
