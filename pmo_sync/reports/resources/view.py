"""What the resources report says: its view-model, in reading order."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from pmo_sync.reports.base import Figure, ItemList, Page, Quality, Term

Standing = Literal["over", "within", "free", "off", "no_data", "unknown"]
"""Of a week: over capacity, within it, no work, no working day; ``no_data`` where too little of
the work is estimated and dated to say that it is within, ``unknown`` where no capacity is."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week, by the day on which it ``begins``: a Monday, but in the week of as-of, of which
    ``days`` are left."""

    begins: datetime.date
    days: int


@dataclass(frozen=True, slots=True)
class Cell:
    """The load of a week: hours of work, hours of capacity, and their ratio."""

    load: float
    capacity: float | None
    ratio: float | None
    standing: Standing
    text: str


@dataclass(frozen=True, slots=True)
class Work:
    """What a person, a team or nobody has: open items, and hours of those that are estimated.

    ``placed`` is the share of open items that are estimated and dated: what the load tells of.
    """

    open: Figure
    remaining: Figure
    overdue: Figure
    undated: Figure
    unestimated: Figure
    placed: Figure
    later: float
    """Hours planned for after the weeks shown; with the weeks and what is undated, all of them."""
    undated_hours: float


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person; ``peak`` is the highest load of the next four weeks, in the week ``peak_week``,
    and ``standing`` that week's."""

    id: str
    name: str
    team: str
    hours: str
    cells: tuple[Cell, ...]
    work: Work
    overdue: float
    """Hours that were planned for before the report's day."""
    standing: Standing
    peak: Figure
    peak_week: datetime.date


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team with its people; without a known capacity of everybody it has none itself."""

    id: str
    name: str
    people: int
    cells: tuple[Cell, ...]
    work: Work
    overdue: float
    """Hours that were planned for before the report's day."""
    standing: Standing
    peak: Figure
    peak_week: datetime.date
    members: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True)
class Loading:
    """An item that loads somebody in their peak week, by ``hours`` of it."""

    key: str
    url: str
    title: str
    hours: float
    planned: datetime.date
    planned_by: str


@dataclass(frozen=True, slots=True)
class Overload:
    """Somebody who is over capacity in one of the next four weeks, and what loads that week most;
    ``weeks`` are all of those weeks in which they are."""

    id: str
    name: str
    team: str
    week: datetime.date
    peak: Figure
    load: float
    capacity: float
    ahead: Figure
    """The load of the next four weeks as a whole: what is too much for a week may fit into them."""
    overdue: float
    """Hours of the load that were planned for before the report's day."""
    weeks: tuple[datetime.date, ...]
    items: tuple[Loading, ...]
    items_total: int


@dataclass(frozen=True, slots=True)
class CarrierRow:
    """A part of the work that one person carries alone."""

    kind: str
    name: str
    who: str
    done: Figure
    open: Figure


@dataclass(frozen=True, slots=True)
class Holidays:
    """The public holidays of a place within the weeks shown."""

    place: str
    days: tuple[tuple[datetime.date, str], ...]


@dataclass(frozen=True, slots=True)
class ResourcesReport(Page):
    """The whole page, in reading order."""

    totals: tuple[tuple[str, Figure], ...]
    weeks: tuple[Week, ...]
    near: int
    """How many of the weeks are near: over capacity there asks for somebody to act."""
    people: str
    """The policy's word for how people are spoken of."""
    overloads: tuple[Overload, ...]
    teams: tuple[TeamRow, ...]
    nobody: Work
    nobody_weeks: tuple[float, ...]
    carriers: tuple[CarrierRow, ...]
    holidays: tuple[Holidays, ...]
    quality: tuple[Quality, ...]
    policy: tuple[tuple[str, str], ...]
    glossary: tuple[Term, ...]
    lists: tuple[ItemList, ...]
