"""One project of the status report, assembled."""

from __future__ import annotations

from pmo_sync.config import Project
from pmo_sync.reports.base import Change
from pmo_sync.reports.lists import Lists, slug
from pmo_sync.reports.status.evidence import Evidence
from pmo_sync.reports.status.flow import (
    coverage_of,
    cumulative_chart,
    flow_of,
    throughput_chart,
    wip_chart,
)
from pmo_sync.reports.status.forecast import burn_up, forecast_of
from pmo_sync.reports.status.reasons import level_of, reasons_of, said
from pmo_sync.reports.status.subject import CATEGORIES, Subject
from pmo_sync.reports.status.view import ProjectStatus, Target
from pmo_sync.reports.words import distance
from pmo_sync.rollups.calendar import working_days
from pmo_sync.rollups.schedule import Schedule, schedule

CHANGES = (
    ("arrived", None), ("delivered", True), ("withdrawn", None), ("reopened", False),
    ("newly_blocked", False), ("postponed", False), ("re_estimated", None), ("moved_in", None),
)  # fmt: skip
"""What may change, and whether that is good news."""


def project_status(
    evidence: Evidence, lists: Lists, number: int, project: Project
) -> ProjectStatus:
    """Assemble one project; ``number`` makes its anchor unique whatever its name is."""
    subject = Subject(evidence, lists, f"p{number}-{slug(project.name)}", project)
    assessed = _schedule(subject)
    reasons = reasons_of(subject, assessed)
    last = subject.last_change
    return ProjectStatus(
        id=subject.id,
        name=project.name,
        program=project.program or "",
        owner=project.owner,
        lifecycle=project.lifecycle,
        level=level_of(subject, reasons),
        reasons=reasons,
        target=_target(subject, assessed),
        counts=tuple((evidence.measures[c].title, subject.figure(c)) for c in CATEGORIES),
        flow=flow_of(subject),
        throughput=throughput_chart(subject),
        wip=wip_chart(subject),
        cumulative=cumulative_chart(subject),
        forecast=forecast_of(subject),
        burn_up=burn_up(subject),
        coverage=coverage_of(subject),
        changes=(*_moves(subject, assessed), *_changes(subject)),
        freshness=f"last change {said(last)}" if last else "no items",
        last_update=last,
    )


def _schedule(subject: Subject) -> Schedule:
    evidence = subject.evidence
    return schedule(
        subject.project,
        evidence.targets,
        evidence.scope.at,
        evidence.scope.day,
        evidence.previous,
        subject.open,
        evidence.config.portfolio,
        evidence.config.policy,
    )


def _target(subject: Subject, s: Schedule) -> Target:
    if s.target is None:
        return Target(None, None, s.first, s.first_recorded, None, None, "no target")
    portfolio = subject.evidence.config.portfolio
    ahead = working_days(subject.evidence.scope.day, s.target, portfolio)
    return Target(
        date=s.target,
        distance=ahead,
        first=s.first,
        first_recorded=s.first_recorded,
        slip=s.slip,
        overdue=s.overdue or None,
        text=f"{said(s.target)} ({distance(ahead) if ahead else 'today'})",
    )


def _moves(subject: Subject, s: Schedule) -> list[Change]:
    return [
        Change(
            "re_dated",
            f"target moved from {said(old)} to {said(new)} on {said(when)}",
            1,
            good=new < old if old and new else None,
        )
        for when, old, new in s.moves
        if when > subject.evidence.previous
    ]


def _changes(subject: Subject) -> list[Change]:
    return [
        Change(name, subject.evidence.measures[name].title, n, subject.opens(name), good)
        for name, good in CHANGES
        if (n := subject.total(name))
    ]
