"""What the risk report says: its view-model, in reading order."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from pmo_sync.reports.base import Figure, ItemList, Page, Quality, Reason, Term

RiskLevel = Literal["high", "medium", "low", "not_assessed"]


@dataclass(frozen=True, slots=True)
class RiskRow:
    """An open risk. ``score`` is probability x impact, None while either is not assessed.

    ``previous`` is the score at the previous report, ``movement`` what became of it in words and
    ``better`` whether that is good news. ``owners`` are the risk's owner, else its assignees.
    """

    key: str
    url: str
    title: str
    project: str
    type: str
    status: str
    probability: int | None
    impact: int | None
    said: str
    """The tracker's own words for probability and impact."""
    score: int | None
    level: RiskLevel
    previous: int | None
    movement: str
    better: bool | None
    owners: tuple[str, ...]
    response: str
    proximity: str
    due: datetime.date | None
    overdue: bool
    blocked: bool
    age: int | None
    updated: datetime.date | None
    reasons: tuple[Reason, ...]
    """Why somebody must look at it; empty where nobody must."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix."""

    probability: int
    impact: int
    score: int
    level: RiskLevel
    count: Figure


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A project's risks and its work at risk; ``id`` is its anchor."""

    id: str
    name: str
    owner: str | None
    risks: tuple[tuple[str, Figure], ...]
    work: tuple[tuple[str, Figure], ...]


@dataclass(frozen=True, slots=True)
class EndRow:
    """One end of a dependency; outside the scope only its key is known."""

    key: str
    url: str
    title: str
    place: str
    """Its projects, else where it lives."""
    status: str
    people: tuple[str, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class DependencyRow:
    """A blocking link between teams, projects, containers or trackers."""

    blocker: EndRow
    blocked: EndRow
    state: Literal["open", "unknown", "over"]
    days: int | None
    """For how long it blocks, None where the tracker does not date it."""
    crosses: tuple[str, ...]
    trouble: tuple[str, ...]
    """What keeps the blocker itself from being done."""


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A chain of open links, from what must be done first; a circle ends where it began."""

    ends: tuple[EndRow, ...]
    circle: bool
    text: str


@dataclass(frozen=True, slots=True)
class RiskReport(Page):
    """The whole page, in reading order."""

    totals: tuple[tuple[str, Figure], ...]
    attention: tuple[RiskRow, ...]
    matrix: tuple[tuple[Cell, ...], ...]
    """A row for each probability, 5 first; a cell for each impact, 1 first."""
    unassessed: Figure
    register: tuple[RiskRow, ...]
    register_total: Figure
    closed: Figure
    """Risks that are done or dropped: no longer risks, but part of the register."""
    work: tuple[WorkRow, ...]
    """A row for each project, and one for the whole portfolio, in which an item counts once."""
    dependencies: tuple[DependencyRow, ...]
    dependencies_total: tuple[tuple[str, int], ...]
    chains: tuple[ChainRow, ...]
    chains_total: int
    quality: tuple[Quality, ...]
    policy: tuple[tuple[str, str], ...]
    glossary: tuple[Term, ...]
    lists: tuple[ItemList, ...]
