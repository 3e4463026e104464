"""Where a project's target stands: how it moved, and how far it is past.

What that means for the level is in ``health.table``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pmo_sync.config import Portfolio, Project
from pmo_sync.model import Baseline
from pmo_sync.rollups.calendar import local_day, working_days
from pmo_sync.rollups.projects import Recorded


@dataclass(frozen=True, slots=True)
class Schedule:
    """Where a project's target stands at as-of. Slips are working days.

    ``first`` is the earliest target on record, recorded on ``first_recorded``; ``committed`` that
    of the last baseline, else the first. ``slip`` is from ``committed`` to the target now, and
    ``slip_first`` from ``first``; None where nothing was recorded a period or more ago: a date
    written down today is no baseline, unless it was moved already. ``overdue`` is how far as-of is
    past the target with work open.
    """

    target: date | None
    first: date | None
    first_recorded: date | None
    committed: date | None
    slip: int | None
    slip_first: int | None
    overdue: int
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
    baselines: Sequence[Baseline] = (),
) -> Schedule:
    """Say where the target of ``project`` (as defined at ``at``) stands; ``baselines`` are its own,
    the oldest first."""
    rows = [
        r for r in recorded
        if r.project == project.name and r.field == "target" and r.valid_from <= at
    ]  # fmt: skip
    dated = [row for row in rows if row.value]
    first = date.fromisoformat(dated[0].value) if dated and dated[0].value else None
    first_recorded = local_day(dated[0].valid_from, portfolio.timezone) if dated else None
    agreed = [each.target for each in baselines if each.target]
    held = bool(first_recorded and first_recorded <= previous) or first != project.target
    slip_first = _slip(first if held else None, project.target, portfolio)
    committed = agreed[-1] if agreed else first
    overdue = 0
    if project.target and day > project.target and open_items:
        overdue = working_days(project.target, day, portfolio)
    return Schedule(
        project.target, first, first_recorded, committed,
        _slip(committed, project.target, portfolio) if agreed else slip_first, slip_first,
        overdue, _moves(rows, portfolio.timezone),
    )  # fmt: skip


def _slip(start: date | None, target: date | None, portfolio: Portfolio) -> int | None:
    return working_days(start, target, portfolio) if start and target else None


def _moves(
    rows: Sequence[Recorded], timezone: str
) -> tuple[tuple[date, date | None, date | None], ...]:
    values = [date.fromisoformat(row.value) if row.value else None for row in rows]
    return tuple(
        (local_day(row.valid_from, timezone), old, new)
        for row, old, new in zip(rows[1:], values, values[1:], strict=False)
        if old != new
    )
