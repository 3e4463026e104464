"""What work items can be grouped by: each dimension is a field of the filter language, so a group
is what ``pmo-sync items`` lists for its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import narwhals as nw

from pmo_sync.frames.tables import Frame, distinct, records
from pmo_sync.rollups.calendar import local_day, start_of_day
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.where.apply import folded

NONE = ""
"""The key of the group of items without a value."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """``field`` is the field of the filter language that it groups by, ``column`` its column."""

    name: str
    kind: Literal["one", "several", "month"]
    field: str
    column: str = ""

    @property
    def several(self) -> bool:
        """Whether an item can be in more than one group."""
        return self.kind == "several"


DIMENSIONS: Mapping[str, Dimension] = {
    each.name: each
    for each in (
        Dimension("project", "several", "project"),
        Dimension("program", "several", "program"),
        Dimension("team", "several", "team"),
        Dimension("assignee", "several", "assignee"),
        Dimension("type", "one", "type", "type"),
        Dimension("priority", "one", "priority", "priority"),
        Dimension("label", "several", "label"),
        Dimension("component", "several", "component"),
        Dimension("tracker", "one", "tracker", "source"),
        Dimension("container", "one", "container", "container"),
        Dimension("milestone", "several", "milestone"),
        Dimension("iteration", "several", "iteration"),
        Dimension("category", "one", "category", "category"),
        Dimension("created", "month", "created", "created"),
        Dimension("finished", "month", "finished", "finished"),
    )
}
"""Every dimension by its name; ``created`` and ``finished`` are months, ``team`` is that of the
assignees in the configuration."""


@dataclass(frozen=True)
class Keyed:
    """Items with the ``key`` of their group in a column: a row for each group that an item is in;
    ``names`` says how a key is written."""

    items: Frame
    names: Mapping[str, str]


def keyed(scope: Scope, items: Frame, dimension: Dimension, key: str) -> Keyed:
    """Add the column ``key`` to items. Texts are one group whatever their case, as in filters."""
    if dimension.kind == "month":
        return _by_month(items, dimension.column, key, scope.timezone)
    if dimension.kind == "one":
        values = items.select(nw.col(dimension.column).alias("value"))
        grouped = items.with_columns(folded(nw.col(dimension.column)).alias(key))
        return Keyed(grouped, _names(values))
    held = scope.members.filter(nw.col("field") == dimension.field)
    members = held.filter(nw.col("value").fill_null("") != "").select("item_id", "value")
    keys = distinct(members.select("item_id", folded(nw.col("value")).alias(key)), "item_id", key)
    grouped = items.join(keys, on="item_id", how="left").with_columns(nw.col(key).fill_null(NONE))
    return Keyed(grouped, _names(members))


def _names(values: Frame) -> Mapping[str, str]:
    """Return key -> its first spelling."""
    spelt = values.select(folded(nw.col("value")).alias("key"), "value")
    rows = records(spelt.group_by("key").agg(nw.col("value").min()))
    return {row["key"]: row["value"] for row in rows if row["key"] != NONE}


def _by_month(items: Frame, column: str, key: str, zone: ZoneInfo) -> Keyed:
    ends = records(items.select(nw.col(column).min().alias("a"), nw.col(column).max().alias("z")))
    if not ends or ends[0]["a"] is None:
        return Keyed(items.with_columns(nw.lit(NONE).alias(key)), {})
    first, last = (local_day(ends[0][name], zone.key) for name in ("a", "z"))
    months = [date(n // 12, n % 12 + 1, 1) for n in range(_number(first), _number(last) + 1)]
    starts = [(start_of_day(month, zone.key), f"{month:%Y-%m}") for month in months]
    label = _label(nw.col(column), starts)
    grouped = items.with_columns(
        nw.when(nw.col(column).is_null()).then(nw.lit(NONE)).otherwise(label).alias(key)
    )
    return Keyed(grouped, {name: name for _, name in starts})


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _label(moment: nw.Expr, starts: Sequence[tuple[datetime, str]]) -> nw.Expr:
    """Say which of the spans that begin at ``starts`` a moment is in, by halves: engines limit how
    deep an expression may nest."""
    if len(starts) == 1:
        return nw.lit(starts[0][1])
    middle = len(starts) // 2
    return (
        nw.when(moment < starts[middle][0])
        .then(_label(moment, starts[:middle]))
        .otherwise(_label(moment, starts[middle:]))
    )
