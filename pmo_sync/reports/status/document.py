"""A project as a machine reads it: the same figures as on the page, by name."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from pmo_sync.reports.base import Change, Figure, Level, Reason
from pmo_sync.reports.lists import slug
from pmo_sync.reports.status.milestone_view import MilestoneView
from pmo_sync.reports.status.over_time import ForecastTrend, PredictabilityView
from pmo_sync.reports.status.subject import CATEGORIES
from pmo_sync.reports.status.view import (
    BaselineView,
    Declared,
    DimensionHealth,
    Health,
    Input,
    OverrideView,
    ProjectStatus,
    Target,
)
from pmo_sync.rollups.forecast.forecast import Forecast
from pmo_sync.rollups.health.levels import Dimension

Named = Iterable[tuple[str, Figure]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A level with its rule, what it looked at, what it compared that with, and what would make it
    green."""

    level: Level
    rule: str | None
    text: str
    inputs: dict[str, Input]
    threshold: dict[str, float]
    to_green: str | None


@dataclass(frozen=True, slots=True)
class HealthDocument:
    """``overall`` is what is shown, ``computed`` what the rules say as of the day; ``because``
    names the dimension that decides."""

    overall: Judged
    schedule: Judged
    scope: Judged
    cost: Judged
    resource: Judged
    risk: Judged
    computed: Level
    before: Level
    because: Dimension | None
    trend: str
    word: str
    override: OverrideView | None


@dataclass(frozen=True, slots=True)
class RecordDocument:
    """How such dates have held: ``held`` of ``tried``; ``low`` to ``high`` is what a forecaster who
    is right would hold, 95 times of a hundred."""

    held: int
    tried: int
    low: int
    high: int
    calibrated: bool


@dataclass(frozen=True, slots=True)
class ForecastDocument:
    """Days by which the work is done with 50, 85 and 95 %, or the ``reason`` why there are none.
    They go by the weeks since about ``since`` where the pace changed then, between
    ``since_earliest`` and ``since_latest`` in nineteen cases of twenty."""

    p50: datetime.date | None
    p85: datetime.date | None
    p95: datetime.date | None
    probability: float | None
    method: str | None
    weeks: int | None
    record: RecordDocument | None
    reason: str | None
    since: datetime.date | None = None
    since_earliest: datetime.date | None = None
    since_latest: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class ProjectDocument:
    """One project; ``id`` is its anchor on the page."""

    id: str
    name: str
    program: str
    owner: str | None
    lifecycle: str
    health: HealthDocument
    declared: Declared | None
    reasons: tuple[Reason, ...]
    target: Target
    baselines: tuple[BaselineView, ...]
    forecast: ForecastDocument
    counts: dict[str, int]
    flow: dict[str, Figure]
    scope: dict[str, Figure]
    milestones: tuple[MilestoneView, ...]
    changes: tuple[Change, ...]
    coverage: dict[str, Figure]
    last_update: datetime.date | None
    forecast_trend: ForecastTrend | None = None
    predictability: PredictabilityView | None = None


def document(project: ProjectStatus, health: Health, forecast: Forecast | None) -> ProjectDocument:
    """Return a project of the page for machines."""
    return ProjectDocument(
        id=project.id,
        name=project.name,
        program=project.program,
        owner=project.owner,
        lifecycle=project.lifecycle,
        health=_health(health),
        declared=project.declared,
        reasons=project.reasons,
        target=project.target,
        baselines=project.baselines,
        forecast=_forecast(forecast),
        counts={
            name: int(figure.value or 0)
            for name, (_, figure) in zip(CATEGORIES, project.counts, strict=True)
        },
        flow=_by_name(project.flow),
        scope=_by_name(project.scope),
        milestones=project.milestones,
        changes=project.changes,
        coverage=_by_name(project.coverage),
        last_update=project.last_update,
        forecast_trend=project.forecast_trend,
        predictability=project.predictability,
    )


def _health(health: Health) -> HealthDocument:
    dimensions = {one.name: _judged(one) for one in health.dimensions}
    deciding = dimensions[health.because] if health.because else None
    overall = Judged(
        health.level,
        deciding.rule if deciding else None,
        deciding.text if deciding else "",
        {"computed": health.computed, "before": health.before},
        {},
        deciding.to_green if deciding and health.level != "on_track" else None,
    )
    return HealthDocument(
        overall=overall,
        **dimensions,
        computed=health.computed,
        before=health.before,
        because=health.because,
        trend=health.trend,
        word=health.word,
        override=health.override,
    )


def _judged(one: DimensionHealth) -> Judged:
    return Judged(one.level, one.rule, one.text, one.inputs, one.threshold, one.to_green)


def _forecast(forecast: Forecast | None) -> ForecastDocument:
    if forecast is None:
        nothing = "nothing is forecast for this project"
        return ForecastDocument(None, None, None, None, None, None, None, nothing)
    record = forecast.record
    return ForecastDocument(
        forecast.p50, forecast.p85, forecast.p95, forecast.probability, forecast.method,
        forecast.weeks,
        RecordDocument(record.held, record.tried, record.low, record.high, record.calibrated)
        if record else None,
        forecast.reason, forecast.since, forecast.since_earliest, forecast.since_latest,
    )  # fmt: skip


def _by_name(pairs: Named) -> dict[str, Figure]:
    return {slug(name).replace("-", "_"): figure for name, figure in pairs}
