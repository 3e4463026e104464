"""What the portfolio status report says: its view-model, in reading order."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from pmo_sync.reports.base import (
    Change,
    Chart,
    Figure,
    ItemList,
    Level,
    Page,
    Quality,
    Reason,
    Term,
)


@dataclass(frozen=True, slots=True)
class Target:
    """The date that a project is to be done by.

    ``first`` is the earliest target on record (``first_recorded`` the day it was recorded);
    ``slip`` the working days from there to ``date``, None while the record is younger than a
    period; ``overdue`` the working days by which as-of is past ``date`` with work still open.
    """

    date: datetime.date | None
    distance: int | None
    first: datetime.date | None
    first_recorded: datetime.date | None
    slip: int | None
    overdue: int | None
    text: str


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Of ``tried`` past forecasts ``held`` came true; a forecaster who is right holds ``low`` to
    ``high`` of them, 95 times of a hundred."""

    held: int
    tried: int
    low: int
    high: int
    calibrated: bool


@dataclass(frozen=True, slots=True)
class ForecastStatus:
    """When a project will be done: see ``rollups.forecast.forecast.Forecast``. A date of None is
    later than in ten years; with a ``reason`` for which there is no forecast all else is None."""

    p50: datetime.date | None
    p85: datetime.date | None
    p95: datetime.date | None
    probability: float | None
    """Of the target."""
    method: str
    record: TrackRecord | None
    reason: str | None
    weeks: int
    since: datetime.date | None
    open: int
    pace: float | None
    arriving: float | None
    cut: int | None
    needed: float | None
    figures: tuple[tuple[str, Figure], ...]


@dataclass(frozen=True, slots=True)
class ProjectStatus:
    """One project on the page."""

    id: str
    name: str
    program: str
    owner: str | None
    lifecycle: str
    level: Level
    reasons: tuple[Reason, ...]
    target: Target
    counts: tuple[tuple[str, Figure], ...]
    """By category: (To do, ...), (In progress, ...), (Done, ...), (Dropped, ...)."""
    flow: tuple[tuple[str, Figure], ...]
    """WIP, throughput a period, cycle time, age of open work, blocked, overdue, ..."""
    throughput: Chart
    wip: Chart
    cumulative: Chart
    forecast: ForecastStatus
    burn_up: Chart
    coverage: tuple[tuple[str, Figure], ...]
    """How much of the work carries what the figures need: estimated, assigned, dated, ..."""
    changes: tuple[Change, ...]
    freshness: str
    last_update: datetime.date | None


@dataclass(frozen=True, slots=True)
class ProgramStatus:
    """Counts upwards, never an average: how many of its projects are at each level."""

    name: str
    parent: str | None
    projects: int
    levels: tuple[tuple[Level, int], ...]
    open: Figure
    done: Figure


@dataclass(frozen=True, slots=True)
class StatusReport(Page):
    """The whole page, in reading order."""

    totals: tuple[tuple[str, Figure], ...]
    attention: tuple[ProjectStatus, ...]
    """Projects that need somebody, worst first; the rest are in ``steady``."""
    steady: tuple[ProjectStatus, ...]
    programs: tuple[ProgramStatus, ...]
    changes: tuple[Change, ...]
    overlaps: Figure
    unclaimed: Figure
    """Items that no project selects."""
    quality: tuple[Quality, ...]
    policy: tuple[tuple[str, str], ...]
    glossary: tuple[Term, ...]
    lists: tuple[ItemList, ...]
