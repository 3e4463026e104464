"""Every project's health on one day: its dimensions, and the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pmo_sync.config import Config, Project
from pmo_sync.rollups.calendar import period_before, working_days
from pmo_sync.rollups.forecast.forecast import Forecast
from pmo_sync.rollups.health.facts import Facts
from pmo_sync.rollups.health.levels import Dimension, Finding, worse
from pmo_sync.rollups.health.overall import Overall, overall
from pmo_sync.rollups.health.pace import pace_finding, pace_of
from pmo_sync.rollups.health.table import (
    Dates,
    Growth,
    Odds,
    cost_finding,
    resource_finding,
    risk_finding,
    schedule_finding,
    scope_finding,
)
from pmo_sync.rollups.health.thresholds import thresholds
from pmo_sync.rollups.projects import Recorded
from pmo_sync.rollups.schedule import Schedule, schedule
from pmo_sync.rollups.scope import Scope


@dataclass(frozen=True)
class Assessment:
    """What is computed of one project on one day."""

    schedule: Schedule
    findings: Mapping[Dimension, Finding]
    overall: Overall


def assess(
    config: Config,
    scope: Scope,
    known: Facts,
    recorded: Sequence[Recorded],
    forecasts: Mapping[str, Forecast],
) -> Mapping[str, Assessment]:
    """Judge every project of a scope by its facts; where there is no forecast, by slip and pace."""
    return {
        project.name: _assessed(config, scope, project, known, recorded,
                                forecasts.get(project.name))
        for project in scope.projects
    }  # fmt: skip


def _assessed(
    config: Config,
    scope: Scope,
    project: Project,
    known: Facts,
    recorded: Sequence[Recorded],
    forecast: Forecast | None,
) -> Assessment:
    name, policy = project.name, thresholds(config, project)
    previous = period_before(scope.day, config.portfolio.period)
    dates = schedule(
        project, recorded, scope.at, scope.day, previous, known.open.get(name, 0),
        config.portfolio, known.baselines.get(name, ()),
    )  # fmt: skip
    cost = known.budget.get(name, "no_budget")
    findings: dict[Dimension, Finding] = {
        "schedule": _schedule(config, project, dates, known, forecast),
        "scope": scope_finding(_growth(project, known), policy),
        "cost": cost_finding(None, policy, cost) if isinstance(cost, str)
        else cost_finding(cost, policy),
        "resource": resource_finding(known.peaks.get(name), policy, config.policy.minimum_coverage),
        "risk": risk_finding(name in known.risks, known.high.get(name, 0),
                             known.unanswered.get(name, 0), config.policy.risk.high),
    }  # fmt: skip
    return Assessment(dates, findings, overall(findings))


def _schedule(
    config: Config, project: Project, s: Schedule, known: Facts, forecast: Forecast | None
) -> Finding:
    policy = thresholds(config, project)
    dates = Dates(s.target, s.committed, s.slip, _duration(config, project, s), s.overdue,
                  known.open.get(project.name, 0))  # fmt: skip
    if forecast and forecast.probability is not None:
        some = forecast.cut is not None and forecast.cut < forecast.open
        odds = Odds(forecast.probability, forecast.p85, forecast.cut if some else None)
        return schedule_finding(dates, odds, policy)
    found = schedule_finding(dates, None, policy)
    pace = pace_of(project, s.target, known, config.policy.minimum_finished)
    return worse(found, pace_finding(pace)) if pace and pace.short else found


def _duration(config: Config, project: Project, s: Schedule) -> int:
    """Return the planned working days, from the start, else from when a target was first said."""
    start = project.start or s.first_recorded
    if start is None or s.committed is None:
        return 1
    return max(working_days(start, s.committed, config.portfolio), 1)


def _growth(project: Project, known: Facts) -> Growth | None:
    found = known.compared.get(project.name)
    if found is None:
        return None
    return Growth(found.base, found.added, found.removed, project.approved_growth)
