"""Every project's health on one day: its dimensions, and the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pmo_sync.config import Config, Project
from pmo_sync.rollups.calendar import period_before, working_days
from pmo_sync.rollups.forecast.forecast import Forecast
from pmo_sync.rollups.health.facts import Facts
from pmo_sync.rollups.health.levels import (
    DIMENSIONS,
    TROUBLE,
    Dimension,
    Finding,
    worse,
    worst,
)
from pmo_sync.rollups.health.overall import Overall, overall
from pmo_sync.rollups.health.pace import pace_finding, pace_of
from pmo_sync.rollups.health.table import (
    Dates,
    Growth,
    Odds,
    Peak,
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
    full: Mapping[str, Peak],
    recorded: Sequence[Recorded],
    forecasts: Mapping[str, Forecast],
) -> Mapping[str, Assessment]:
    """Judge every project of a scope by its facts, and how ``full`` its people are; where there is
    no forecast, by slip and pace."""
    found = {}
    for project in scope.projects:
        dates, findings = _decisive(config, scope, project, known, recorded, forecasts)
        findings["resource"] = _fullness(config, project, full)
        ordered = {name: findings[name] for name in DIMENSIONS}
        found[project.name] = Assessment(dates, ordered, overall(ordered))
    return found


def wholes(
    config: Config,
    scope: Scope,
    known: Facts,
    full: Callable[[], Mapping[str, Peak]],
    recorded: Sequence[Recorded],
    forecasts: Mapping[str, Forecast],
) -> Mapping[str, Overall]:
    """Judge every project of a scope as a whole: how full its people are, which is much to find
    out, is asked only where nothing worse decides."""
    found = {}
    for project in scope.projects:
        _, findings = _decisive(config, scope, project, known, recorded, forecasts)
        if worst(each.level for each in findings.values()) not in TROUBLE:
            findings["resource"] = _fullness(config, project, full())
        found[project.name] = overall(findings)
    return found


def _decisive(
    config: Config,
    scope: Scope,
    project: Project,
    known: Facts,
    recorded: Sequence[Recorded],
    forecasts: Mapping[str, Forecast],
) -> tuple[Schedule, dict[Dimension, Finding]]:
    """Return the dates of a project, and what is found of the dimensions that decide."""
    name, policy = project.name, thresholds(config, project)
    previous = period_before(scope.day, config.portfolio.period)
    dates = schedule(
        project, recorded, scope.at, scope.day, previous, known.open.get(name, 0),
        config.portfolio, known.baselines.get(name, ()),
    )  # fmt: skip
    cost = known.budget.get(name, "no_budget")
    return dates, {
        "schedule": _schedule(config, project, dates, known, forecasts.get(name)),
        "scope": scope_finding(_growth(project, known), policy),
        "cost": cost_finding(None, policy, cost) if isinstance(cost, str)
        else cost_finding(cost, policy),
        "risk": risk_finding(name in known.risks, known.high.get(name, 0),
                             known.unanswered.get(name, 0), config.policy.risk.high),
    }  # fmt: skip


def _fullness(config: Config, project: Project, full: Mapping[str, Peak]) -> Finding:
    minimum = config.policy.minimum_coverage
    return resource_finding(full.get(project.name), thresholds(config, project), minimum)


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
