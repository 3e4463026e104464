"""How much each person has to do, week by week, against what they can.

Effort is counted in whole seconds until it is divided among those who share an item, so that sums
are the same in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import numpy as np

from pmo_sync.config import Config
from pmo_sync.frames.tables import Frame, records
from pmo_sync.rollups.people import Human
from pmo_sync.rollups.resources.calendars import ONE, Calendar, calendar_of, nobodys
from pmo_sync.rollups.resources.plan import HOUR
from pmo_sync.rollups.resources.spread import Weeks, shares, weeks_from
from pmo_sync.rollups.scope import FINISHED, Scope

NEAR = 4
"""The weeks in which being over capacity asks for somebody to act."""
EXACT = 1e-9
"""A load of exactly the capacity is none above it, whatever the last bit of a sum says."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Open items of one person (``human`` "" is nobody) that are planned by one day."""

    human: str
    planned: date | None
    seconds: float
    """The person's share of what is left."""
    items: int
    estimated: int


@dataclass(frozen=True, slots=True)
class Load:
    """Hours left: by week, ``later`` than these weeks and ``undated``, which is spread nowhere.

    ``overdue`` hours are part of the first week. ``items`` are open items, of which ``estimated``
    have an effort, and ``placed`` a date as well.
    """

    weeks: tuple[float, ...]
    later: float
    undated: float
    overdue: float
    items: int
    estimated: int
    placed: int

    @property
    def total(self) -> float:
        """All that is left, in hours."""
        return sum(self.weeks) + self.later + self.undated


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """One person's load; ``capacity`` is hours by week, None where nobody knows it.

    ``ahead`` and ``room`` are load and capacity of the ``NEAR`` weeks from the day after as-of as
    a whole: work that is too much for a week may still fit into them.
    """

    human: Human
    hours_a_week: float | None
    capacity: tuple[float, ...] | None
    load: Load
    portions: tuple[Portion, ...]
    ahead: float
    room: float | None

    def ratio(self, week: int) -> float | None:
        """Return load / capacity; None where there is no capacity to divide by."""
        return ratio(self.load.weeks[week], self.capacity[week] if self.capacity else None)

    def is_over(self, week: int) -> bool:
        """Say whether a week holds more work than the person has hours."""
        return self.capacity is not None and is_over(self.load.weeks[week], self.capacity[week])


@dataclass(frozen=True, slots=True)
class Resources:
    """All open work: what each person has, by name, and what nobody has."""

    weeks: Weeks
    persons: tuple[PersonLoad, ...]
    nobody: Load


def ratio(load: float, capacity: float | None) -> float | None:
    """Return load / capacity; None where there is no capacity to divide by."""
    return load / capacity if capacity else None


def is_over(load: float, capacity: float) -> bool:
    """Say whether a load is above a capacity."""
    return load > capacity * (1 + EXACT) + EXACT


def resources(scope: Scope, held: Frame, config: Config) -> Resources:
    """Return the load of everybody; ``scope`` is one with a plan, ``held`` its holders."""
    plain = nobodys(config, scope.day)
    weeks = weeks_from(scope.day, plain)
    found: dict[str, list[Portion]] = {}
    for portion in _portions(scope, held):
        found.setdefault(portion.human, []).append(portion)
    persons = [
        _person(human, found.get(human.name, []), plain, weeks, config)
        for human in scope.people.humans
        if human.name in found or _works(human, weeks)
    ]
    return Resources(weeks, tuple(persons), load_of(found.get("", []), plain, plain, weeks))


def load_of(portions: Sequence[Portion], own: Calendar, plain: Calendar, weeks: Weeks) -> Load:
    """Spread portions of work over the weeks by the days that ``own`` works."""
    dated = [p for p in portions if p.planned]
    hours = np.array([p.seconds / HOUR for p in dated])
    spread = shares([p.planned for p in dated if p.planned], own, plain, weeks) * hours[:, None]
    *by_week, later = (float(value) for value in spread.sum(axis=0))
    return Load(
        weeks=tuple(by_week),
        later=later,
        undated=sum(p.seconds / HOUR for p in portions if not p.planned),
        overdue=sum(p.seconds / HOUR for p in dated if p.planned and p.planned < weeks.day),
        items=sum(p.items for p in portions),
        estimated=sum(p.estimated for p in portions),
        placed=sum(p.estimated for p in dated),
    )


def added(loads: Iterable[Load], weeks: Weeks) -> Load:
    """Add loads up; an item that several share counts once for each of them."""
    each = [_nothing(weeks), *loads]
    return Load(
        weeks=tuple(sum(hours) for hours in zip(*(load.weeks for load in each), strict=True)),
        later=sum(load.later for load in each),
        undated=sum(load.undated for load in each),
        overdue=sum(load.overdue for load in each),
        items=sum(load.items for load in each),
        estimated=sum(load.estimated for load in each),
        placed=sum(load.placed for load in each),
    )


def _nothing(weeks: Weeks) -> Load:
    return Load((0.0,) * (len(weeks.bounds) - 1), 0.0, 0.0, 0.0, 0, 0, 0)


def _portions(scope: Scope, held: Frame) -> list[Portion]:
    """Gather open items by person, number of sharers and day: few rows, however many items."""
    open_items = scope.items.filter(~nw.col("category").is_in(FINISHED)).select(
        "item_id", "planned", "effort_seconds"
    )
    rows: list[dict[str, Any]] = records(
        open_items.join(held, on="item_id", how="left")
        .with_columns(
            nw.col("human").fill_null(nw.lit("")),
            nw.col("sharers").fill_null(1),
            nw.when(nw.col("effort_seconds").is_null()).then(0).otherwise(1).alias("estimated"),
            nw.col("effort_seconds").fill_null(0.0),
        )
        .group_by("human", "sharers", "planned")
        .agg(
            nw.col("effort_seconds").sum().alias("seconds"),
            nw.len().alias("items"),
            nw.col("estimated").sum(),
        )
    )
    found = [
        Portion(
            row["human"],
            row["planned"].date() if row["planned"] else None,
            row["seconds"] / row["sharers"],
            int(row["items"]),
            int(row["estimated"]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda p: (p.human, p.planned or date.max, p.seconds, p.items))


def _person(
    human: Human, portions: Sequence[Portion], plain: Calendar, weeks: Weeks, config: Config
) -> PersonLoad:
    own = calendar_of(config, human.known, weeks.day)
    whole = Weeks(weeks.day, (weeks.day + ONE, weeks.day + (7 * NEAR + 1) * ONE))
    room = own.capacity(whole.bounds)
    return PersonLoad(
        human=human,
        hours_a_week=own.hours and own.hours * len(config.portfolio.working_days),
        capacity=own.capacity(weeks.bounds),
        load=load_of(portions, own, plain, weeks),
        portions=tuple(portions),
        ahead=load_of(portions, own, plain, whole).weeks[0],
        room=room[0] if room else None,
    )


def _works(human: Human, weeks: Weeks) -> bool:
    """Say whether somebody without work is there to take some within the weeks."""
    known = human.known
    if known is None:
        return False
    return (known.end is None or known.end >= weeks.bounds[0]) and (
        known.start is None or known.start < weeks.bounds[-1]
    )
