"""Which items load somebody most in the week in which they have most to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, records
from pmo_sync.rollups.resources.calendars import calendar_of, nobodys
from pmo_sync.rollups.resources.load import NEAR, PersonLoad, Resources
from pmo_sync.rollups.resources.plan import HOUR
from pmo_sync.rollups.resources.spread import shares
from pmo_sync.rollups.scope import FINISHED, Scope

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Contribution:
    """An item's hours in somebody's peak week; ``of`` items load that week."""

    key: str
    url: str
    title: str
    planned: date
    planned_by: str
    hours: float
    of: int


def peak(weeks: Sequence[float], capacity: Sequence[float] | None) -> int:
    """Return the number of the near week with the highest ratio of load to capacity: without any
    capacity, work at all is the highest; where no capacity is known, that with most hours."""
    near = range(min(NEAR, len(weeks)))

    def height(week: int) -> tuple[bool, float]:
        hours = weeks[week]
        room = capacity[week] if capacity else 1.0
        return (hours > 0, hours) if not room else (False, hours / room)

    return max(near, key=lambda week: (*height(week), -week))


def is_overloaded(load: PersonLoad) -> bool:
    """Say whether a near week holds more work than the person has hours."""
    return any(load.is_over(week) for week in range(NEAR))


def contributions(
    tables: Tables, scope: Scope, held: Frame, resources: Resources, config: Config
) -> dict[str, tuple[Contribution, ...]]:
    """Return for each overloaded person (``Human.name``) the items that load their peak week most,
    the most hours first."""
    factors = [
        row
        for load in resources.persons
        if is_overloaded(load)
        for row in _factors(load, resources, config)
    ]
    rows = tables.rows({"human": "str", "planned": "datetime64[us]", "factor": "float64"}, factors)
    loading = (
        scope.items.filter(~nw.col("category").is_in(FINISHED), nw.col("effort_seconds") > 0)
        .select("item_id", "key", "url", "title", "planned", "planned_by", "effort_seconds")
        .join(held, on="item_id", how="inner")
        .join(rows, on=["human", "planned"], how="inner")
        .with_columns(
            (nw.col("effort_seconds") / nw.col("sharers") * nw.col("factor") / HOUR).alias("hours")
        )
        .with_columns((-nw.col("hours")).alias("least"))
    )
    return _told(tables.hold(loading))


def _factors(
    load: PersonLoad, resources: Resources, config: Config
) -> list[tuple[str, datetime, float]]:
    """Return which share of what is planned for a day falls into the peak week."""
    week = peak(load.load.weeks, load.capacity)
    planned = sorted({p.planned for p in load.portions if p.planned})
    own = calendar_of(config, load.human.known, resources.weeks.day)
    spread = shares(planned, own, nobodys(config, resources.weeks.day), resources.weeks)
    return [
        (load.human.name, datetime(day.year, day.month, day.day), float(row[week]))
        for day, row in zip(planned, spread, strict=True)
        if row[week] > 0
    ]


def _told(loading: Frame) -> dict[str, tuple[Contribution, ...]]:
    order = ["least", "key", "item_id"]
    numbered = loading.with_columns(
        nw.col("item_id").cum_count().over("human", order_by=order).alias("place"),
        nw.len().over("human").alias("of"),
    )
    found: dict[str, list[Contribution]] = {}
    for row in records(numbered.filter(nw.col("place") <= SHOWN).sort("human", *order)):
        found.setdefault(row["human"], []).append(
            Contribution(
                row["key"], row["url"] or "", row["title"], row["planned"].date(),
                row["planned_by"], row["hours"], int(row["of"]),
            )
        )  # fmt: skip
    return {human: tuple(rows) for human, rows in found.items()}
