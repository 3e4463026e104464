"""The list of work items that ``pmo-sync items`` shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from typing import Any

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, records
from pmo_sync.model import TARGET_FIELDS
from pmo_sync.rollups.asked import with_asked
from pmo_sync.rollups.calendar import local_day, period_before
from pmo_sync.rollups.measures import member_names, select
from pmo_sync.rollups.scope import scope_at
from pmo_sync.rollups.wanted import HOURS, wanted_by
from pmo_sync.rollups.where.fields import FIELDS
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import fields_of

SEVERAL = (
    "project", "program", "assignee", "team", "label", "component", "milestone", "iteration",
)  # fmt: skip
COLUMNS = (
    "tracker", "container", "key", "title", "type", "status", "category", "priority", "assignee",
    "team", "project", "program", "label", "component", "milestone", "iteration", "parent",
    "created", "updated", "started", "finished", "due", *TARGET_FIELDS, "tracker_team",
    "age", "points", "estimate", "remaining", "spent", "blocked", "overdue", "probability",
    "impact", "score", "response", "risk_owner", "proximity", "url",
)  # fmt: skip
"""Every column that can be asked for, in order."""
DEFAULT_COLUMNS = ("key", "title", "project", "status", "assignee", "due", "age")
_CALLED = {"tracker": "source", **{name: f"{name}_hours" for name in HOURS}}
_ORDER = ("tracker", "container", "age", "key")
_MOMENTS = ("created", "updated", "started", "finished")
_DAYS = ("due", *TARGET_FIELDS)
_WHOLE = ("age", "probability", "impact", "score")

Row = Mapping[str, Any]
Names = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class Listed:
    """Rows of work items: the first of ``total`` that were asked for."""

    rows: list[Mapping[str, object]]
    total: int


def item_rows(
    tables: Tables,
    config: Config,
    where: str | None,
    day: date,
    since: date | None,
    columns: Sequence[str] = COLUMNS,
    limit: int | None = None,
) -> Listed:
    """Return a row of ``columns`` for each item that ``where`` selects (None: all), at most
    ``limit``, by tracker, container and age, the oldest first. Effort is in hours, times are
    days."""
    expression = parse(where) if where else None
    wanted = wanted_by(expression, [*_ORDER, *(name for name in columns if name in FIELDS)])
    if "url" in columns:
        wanted = replace(wanted, columns=wanted.columns | {"url"})
    scope = scope_at(tables, config, day, wanted)
    if expression:
        earlier = since or period_before(day, config.portfolio.period)
        scope = with_asked(tables, config, scope, fields_of(expression), earlier)
    chosen = select(scope, where) if where else scope.items
    found, total = _all(chosen) if limit is None else _first(tables, chosen, limit)
    ids = {row["item_id"] for row in found}
    several = member_names(tables, scope, ids, [name for name in SEVERAL if name in columns])
    found.sort(key=_place)
    cells = [(name, _cell(name, several, config.portfolio.timezone)) for name in columns]
    return Listed([{name: cell(row) for name, cell in cells} for row in found], total)


def _place(row: Row) -> tuple[object, ...]:
    age = -(row["age"] or -1)
    return row["source"] or "", row["container"], age, row["key"], row["item_id"]


def _all(items: Frame) -> tuple[list[dict[str, Any]], int]:
    found = records(items)
    return found, len(found)


def _first(tables: Tables, items: Frame, limit: int) -> tuple[list[dict[str, Any]], int]:
    """Return the first of the items in the order of ``_place``, and how many there are: the
    others never become Python's."""
    held = tables.hold(items)
    total = records(held.select(nw.len().alias("n")))[0]["n"]
    age = nw.col("age").fill_null(0)
    placed = held.with_columns(
        nw.col("source").fill_null("").alias("by_source"),
        nw.when(age == 0).then(nw.lit(1.0)).otherwise(age * -1).alias("by_age"),
    )
    first = placed.sort("by_source", "container", "by_age", "key", "item_id").head(limit)
    return records(first), int(total)


def _cell(name: str, several: Names, timezone: str) -> Callable[[Row], object]:
    """Return what tells a column's value from an item's row."""
    if name in SEVERAL:
        held = several[name]
        return lambda row: tuple(held.get(row["item_id"], ()))
    if name in _MOMENTS:
        return lambda row: local_day(row[name], timezone) if row[name] else None
    if name in _DAYS:
        return lambda row: row[name].date() if row[name] else None
    if name in _WHOLE:
        return lambda row: int(row[name]) if row[name] is not None else None
    return itemgetter(_CALLED.get(name, name))
