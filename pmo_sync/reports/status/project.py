"""One project of the status report, assembled."""

from __future__ import annotations

from pmo_sync.config import Project
from pmo_sync.reports.base import Change
from pmo_sync.reports.lists import Lists, slug
from pmo_sync.reports.status.cumulative import cumulative_chart
from pmo_sync.reports.status.declared import declared_changes, declared_of, declared_reasons
from pmo_sync.reports.status.departed import departed
from pmo_sync.reports.status.evidence import Evidence
from pmo_sync.reports.status.flow import (
    coverage_of,
    flow_of,
    throughput_chart,
    wip_chart,
)
from pmo_sync.reports.status.forecast import burn_up, forecast_of, target_odds
from pmo_sync.reports.status.forecast_trend import forecast_trend_of
from pmo_sync.reports.status.health import health_of, overriding
from pmo_sync.reports.status.milestones import milestones_of, trend_of
from pmo_sync.reports.status.news import news_of
from pmo_sync.reports.status.predictability import predictability_of
from pmo_sync.reports.status.reasons import reasons_of, said
from pmo_sync.reports.status.scope import baselines_of, scope_of
from pmo_sync.reports.status.subject import CATEGORIES, Subject
from pmo_sync.reports.status.view import ProjectStatus, Target
from pmo_sync.reports.words import away
from pmo_sync.rollups.calendar import working_days
from pmo_sync.rollups.predictability import PROJECT
from pmo_sync.rollups.schedule import Schedule

CHANGES = (
    ("arrived", None), ("delivered", True), ("withdrawn", None), ("reopened", False),
    ("newly_blocked", False), ("risk_newly_high", False), ("risk_closed", True),
    ("postponed", False), ("re_estimated", None), ("moved_in", None),
)  # fmt: skip
"""What may change, and whether that is good news."""


def project_status(
    evidence: Evidence, lists: Lists, number: int, project: Project
) -> ProjectStatus:
    """Assemble one project; ``number`` makes its anchor unique whatever its name is."""
    subject = Subject(evidence, lists, f"p{number}-{slug(project.name)}", project)
    assessed = evidence.health[project.name]
    health, told = health_of(subject), declared_of(subject)
    found = reasons_of(subject, assessed)
    decided = [reason for reason in found if reason.level != "note"]
    reasons = (
        *overriding(health), *decided, *declared_reasons(subject, told),
        *(reason for reason in found if reason.level == "note"),
    )  # fmt: skip
    last = subject.last_change
    return ProjectStatus(
        id=subject.id,
        name=project.name,
        program=project.program or "",
        owner=project.owner,
        lifecycle=project.lifecycle,
        level=health.level,
        reasons=reasons,
        target=_target(subject, assessed.schedule),
        counts=tuple((evidence.measures[c].title, subject.figure(c)) for c in CATEGORIES),
        flow=flow_of(subject),
        throughput=throughput_chart(subject),
        wip=wip_chart(subject),
        cumulative=cumulative_chart(subject),
        forecast=forecast_of(subject),
        burn_up=burn_up(subject),
        coverage=coverage_of(subject),
        changes=(*news_of(subject), *declared_changes(subject), *_changes(subject)),
        freshness=f"last change {said(last)}" if last else "no items",
        last_update=last,
        health=health,
        declared=told,
        baselines=baselines_of(subject),
        scope=scope_of(subject),
        milestones=milestones_of(subject),
        trend=trend_of(subject),
        forecast_trend=forecast_trend_of(subject),
        predictability=predictability_of(
            evidence.kept.get((PROJECT, project.name), ()), subject.figure("missed")
        ),
    )


def _target(subject: Subject, s: Schedule) -> Target:
    if s.target is None:
        return Target(None, None, s.first, s.first_recorded, None, None, "no target")
    portfolio = subject.evidence.config.portfolio
    day, found = subject.evidence.scope.day, subject.evidence.forecasts[subject.name]
    ahead = working_days(day, s.target, portfolio)
    return Target(
        date=s.target,
        distance=ahead,
        first=s.first,
        first_recorded=s.first_recorded,
        slip=s.slip,
        overdue=s.overdue or None,
        text=f"{said(s.target)} ({away(ahead)})",
        committed=s.committed,
        slip_first=s.slip_first,
        odds=target_odds(found, day, s.target),
        odds_committed=target_odds(found, day, s.committed),
        odds_first=target_odds(found, day, s.first),
    )


def _changes(subject: Subject) -> list[Change]:
    found = [
        Change(name, subject.evidence.measures[name].title, n, subject.opens(name), good)
        for name, good in CHANGES
        if (n := subject.total(name))
    ]
    return [*found, *departed(subject.evidence, subject.lists, subject.name, subject.id)]
