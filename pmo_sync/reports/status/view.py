"""What the status report says of a project."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from pmo_sync.reports.base import (
    Change,
    Chart,
    Figure,
    Level,
    Reason,
)
from pmo_sync.reports.status.milestone_view import MilestoneView, TargetOdds, Trend
from pmo_sync.reports.status.over_time import ForecastTrend, PredictabilityView
from pmo_sync.rollups.health.levels import Dimension


@dataclass(frozen=True, slots=True)
class Target:
    """The date that a project is to be done by.

    ``first`` is the earliest target on record (``first_recorded`` the day it was recorded),
    ``committed`` that of the last baseline, else the first. ``slip`` are the working days from
    ``committed`` to ``date`` and ``slip_first`` those from ``first``, None while the record is
    younger than a period; ``overdue`` those by which as-of is past ``date`` with work still open.
    The odds are of one forecast, that for ``date``; None where there is none.
    """

    date: datetime.date | None
    distance: int | None
    first: datetime.date | None
    first_recorded: datetime.date | None
    slip: int | None
    overdue: int | None
    text: str
    committed: datetime.date | None = None
    slip_first: int | None = None
    odds: TargetOdds | None = None
    odds_committed: TargetOdds | None = None
    odds_first: TargetOdds | None = None


Input = float | int | bool | str | None
"""A day is written ISO."""


@dataclass(frozen=True, slots=True)
class DimensionHealth:
    """One dimension of health: the rule that decided, what it looked at and compared it with, and
    what would make it green (None: it is)."""

    name: Dimension
    level: Level
    rule: str
    text: str
    inputs: dict[str, Input]
    threshold: dict[str, float]
    to_green: str | None


@dataclass(frozen=True, slots=True)
class OverrideView:
    """A level that a person set in place of the computed one, and until when."""

    level: Level
    by: str | None
    reason: str | None
    since: datetime.date | None
    expires: datetime.date | None


@dataclass(frozen=True, slots=True)
class Declared:
    """What people said last of a project. ``level`` None: they gave none, or one that nobody knows
    the meaning of (``unknown``); ``age`` is in days.

    ``differs`` says how it stands to the computed level: since ``since`` at the latest, and not yet
    on ``after`` (None: nothing is known of an earlier day); ``days`` for how many, at least. A
    ``watermelon`` is declared on track and computed off track.
    """

    level: str | None
    text: str
    by: str | None
    day: datetime.date
    age: int
    stale: bool
    source: str
    differs: Literal["better", "worse"] | None
    since: datetime.date | None
    after: datetime.date | None = None
    days: int | None = None
    watermelon: bool = False
    unknown: str | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """A project's level, and what it rests on.

    ``level`` is shown: the override's, else the worst of ``computed`` (as-of) and ``before`` (one
    period earlier). ``word`` is what it is called, ``because`` the dimension that decides,
    ``trend`` how the computed level moved in the last period.
    """

    level: Level
    word: str
    computed: Level
    before: Level
    because: Dimension | None
    trend: Literal["better", "worse", "same", "new"]
    dimensions: tuple[DimensionHealth, ...]
    override: OverrideView | None = None


@dataclass(frozen=True, slots=True)
class BaselineView:
    """What was agreed to, and by whom; ``slip`` is in working days, from its target to the one of
    as-of."""

    name: str
    day: datetime.date
    target: datetime.date | None
    slip: int | None
    items: int
    made: datetime.date
    by: str | None
    reason: str | None
    stands: bool


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
    since_earliest: datetime.date | None
    since_latest: datetime.date | None
    open: int
    pace: float | None
    arriving: float | None
    cut: int | None
    needed: float | None
    figures: tuple[tuple[str, Figure], ...]


@dataclass(frozen=True, slots=True)
class ProjectStatus:
    """One project on the page; ``level`` is its health's."""

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
    health: Health | None = None
    declared: Declared | None = None
    baselines: tuple[BaselineView, ...] = ()
    """All that were ever set, the oldest day first."""
    scope: tuple[tuple[str, Figure], ...] = ()
    """What came, went and changed since the baseline."""
    milestones: tuple[MilestoneView, ...] = ()
    """Those that are not closed or have open items, by their date."""
    trend: Trend | None = None
    forecast_trend: ForecastTrend | None = None
    predictability: PredictabilityView | None = None
