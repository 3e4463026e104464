"""The schedule dimension, by slip: how a project's target moved and how far it is past.

Rules and thresholds are those of docs/health.md; a forecast will take precedence where there is
one. Thresholds compare unrounded values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pmo_sync.config import Portfolio, Project
from pmo_sync.policy import Policy
from pmo_sync.rollups.calendar import local_day, working_days
from pmo_sync.rollups.projects import Recorded

Level = Literal["on_track", "at_risk", "off_track", "no_data"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Where a project's target stands at as-of. Slips are working days.

    ``first`` is the earliest target on record, recorded on ``first_recorded``; ``slip`` is from
    there to the target now, None where nothing was recorded a period or more ago: a date written
    down today is no baseline. ``overdue`` is how far as-of is past the target with work open.
    """

    target: date | None
    first: date | None
    first_recorded: date | None
    slip: int | None
    overdue: int
    level: Level
    rule: str
    moves: tuple[tuple[date, date | None, date | None], ...]
    """Each re-dating: (day recorded, from, to)."""


def schedule(
    project: Project,
    recorded: Sequence[Recorded],
    at: datetime,
    day: date,
    previous: date,
    open_items: int,
    portfolio: Portfolio,
    policy: Policy,
) -> Schedule:
    """Assess the schedule of ``project`` (as defined at ``at``) by slip."""
    rows = [
        r for r in recorded
        if r.project == project.name and r.field == "target" and r.valid_from <= at
    ]  # fmt: skip
    dated = [row for row in rows if row.value]
    first = date.fromisoformat(dated[0].value) if dated and dated[0].value else None
    first_recorded = local_day(dated[0].valid_from, portfolio.timezone) if dated else None
    overdue = 0
    if project.target and day > project.target and open_items:
        overdue = working_days(project.target, day, portfolio)
    slip = None
    if first and first_recorded and first_recorded <= previous and project.target:
        slip = working_days(first, project.target, portfolio)
    level, rule = _level(project, first, slip, overdue, portfolio, policy)
    return Schedule(
        project.target, first, first_recorded, slip, overdue, level, rule,
        _moves(rows, portfolio.timezone),
    )  # fmt: skip


def _level(
    project: Project,
    first: date | None,
    slip: int | None,
    overdue: int,
    portfolio: Portfolio,
    policy: Policy,
) -> tuple[Level, str]:
    if overdue > 0:
        return "off_track", "schedule.target_past"
    if project.target is None:
        return "no_data", "schedule.no_target"
    if slip is None or first is None:
        return "no_data", "schedule.no_baseline"
    if slip <= 0:
        return "on_track", "schedule.slip"
    start = project.start or first
    duration = max(working_days(start, first, portfolio), 1)
    level: Level = "at_risk" if slip <= policy.health.slip_amber * duration else "off_track"
    return level, "schedule.slip"


def _moves(
    rows: Sequence[Recorded], timezone: str
) -> tuple[tuple[date, date | None, date | None], ...]:
    values = [date.fromisoformat(row.value) if row.value else None for row in rows]
    return tuple(
        (local_day(row.valid_from, timezone), old, new)
        for row, old, new in zip(rows[1:], values, values[1:], strict=False)
        if old != new
    )
