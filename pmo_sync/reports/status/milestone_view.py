"""What the status report says of milestones: how they were dated, and when they will be reached."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from pmo_sync.reports.base import Figure


@dataclass(frozen=True, slots=True)
class TargetOdds:
    """The odds that the open work is done by a date, as a number and in words: a past one has
    none left."""

    probability: float
    text: str


@dataclass(frozen=True, slots=True)
class MoveView:
    """A re-dating on the day ``since``; where it lies somewhere between two syncs, the earlier one
    was on ``seen_before``. ``days`` are later days, negative earlier ones; None where a date was
    given or taken away."""

    since: datetime.date
    seen_before: datetime.date | None
    before: datetime.date | None
    due: datetime.date | None
    days: int | None
    by: str | None
    reason: str | None
    text: str


@dataclass(frozen=True, slots=True)
class MilestoneForecast:
    """Days by which a project's work in a milestone is done with 50, 85 and 95 %, None where that
    is more than two years away; ``probability`` is that of the milestone's day, ``odds`` the same
    in words. ``reason`` says why nothing can be forecast."""

    p50: datetime.date | None
    p85: datetime.date | None
    p95: datetime.date | None
    probability: float | None
    odds: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """A milestone or version with a project's items in it; ``overdue`` is in working days.

    ``first`` is the date that was said first, as far as is on record; ``moved`` says in words how
    it was moved since, and ``moves`` are all its re-datings. There is no ``forecast`` of one that
    is closed, past its day for 90 days and more, or without open work.
    """

    name: str
    due: datetime.date | None
    closed: bool
    open: int
    done: int
    overdue: int
    first: datetime.date | None = None
    moved: str = ""
    moves: tuple[MoveView, ...] = ()
    forecast: MilestoneForecast | None = None


@dataclass(frozen=True, slots=True)
class PartView:
    """What of a milestone is in one Jira project or repository; a ``reason`` is why there is no
    forecast of it."""

    name: str
    open: int
    done: int
    p50: datetime.date | None
    p85: datetime.date | None
    p95: datetime.date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class PortfolioMilestoneView:
    """A milestone of the portfolio. ``p50``, ``p85`` and ``p95`` are days by which the last of its
    parts is done with these odds; with a ``reason`` for which there is no forecast all of them are
    None. ``overdue`` and ``distance`` are in working days."""

    id: str
    name: str
    program: str | None
    project: str | None
    target: datetime.date | None
    distance: int | None
    overdue: int
    text: str
    first: datetime.date | None
    moved: str
    moves: tuple[MoveView, ...]
    open: Figure
    done: Figure
    p50: datetime.date | None
    p85: datetime.date | None
    p95: datetime.date | None
    probability: float | None
    odds_first: TargetOdds | None
    """Of the date that was said first."""
    method: str
    reason: str | None
    figures: tuple[tuple[str, Figure], ...]
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class TrendLine:
    """The dates of one milestone as they were believed on each report day, None where none was;
    ``text`` says what became of it."""

    name: str
    dates: tuple[datetime.date | None, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Trend:
    """A milestone trend chart: the report days ``x``, and what was believed on each."""

    id: str
    title: str
    description: str
    x: tuple[datetime.date, ...]
    lines: tuple[TrendLine, ...]
