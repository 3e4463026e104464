"""How a project's forecast moved: what it was at the ends of the last periods, as known then.

Only two years are looked ahead, and the record of such forecasts is left out: a trend is of near
dates, and is told for every project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from pmo_sync.config import Config, Project
from pmo_sync.policy import ForecastPolicy, Policy
from pmo_sync.rollups.calendar import end_of_day
from pmo_sync.rollups.forecast.forecast import AGE, OLD, SURE, Asked, Forecast, forecast
from pmo_sync.rollups.forecast.odds import Period, when
from pmo_sync.rollups.forecast.outlook import outlook
from pmo_sync.rollups.forecast.past import Then
from pmo_sync.rollups.forecast.regime import weeks_since_change
from pmo_sync.rollups.projects import Recorded, projects_at
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.weekly import WEEK, Weekly

POINTS = 4
"""Ends of periods that are told beside as-of."""
WEEKS_A_PERIOD = {"week": 1, "fortnight": 2, "month": 4}
"""Weeks between two points: a month is four of them here, as weeks are what forecasts are made of.
"""
AHEAD = 104
"""Weeks that are looked ahead: what is not done in two years has no date in a trend."""


@dataclass(frozen=True, slots=True)
class Point:
    """What was forecast at the end of ``day``: the days by which the ``open`` items are done with
    50 and 85 %, None where that is more than two years away; ``probability`` is that of the
    ``target`` of that day; ``active`` whether the project was. ``reason`` says why nothing could
    be forecast."""

    day: date
    open: int
    target: date | None
    p50: date | None = None
    p85: date | None = None
    probability: float | None = None
    reason: str | None = None
    active: bool = True


def backs(period: str) -> tuple[int, ...]:
    """Return how many weeks ago the points lie, the first one furthest; 0 is as-of."""
    return tuple(WEEKS_A_PERIOD[period] * number for number in range(POINTS, -1, -1))


def forecasts_now(
    known: Mapping[str, Sequence[Then]], scope: Scope, policy: Policy
) -> dict[str, Forecast]:
    """Return the forecast of every project as of the scope's day, as ``forecasts`` does, by what
    was read already: the last of what was known of it is of that day."""
    nothing = Then(Weekly(), 0)
    there = {project: known.get(project.name, (nothing,))[-1] for project in scope.projects}
    return {
        project.name: forecast(
            now.weeks, scope.day, Asked(project.target, project.start), policy.forecast, now.last
        )
        for project, now in there.items()
    }


def trends(
    config: Config,
    known: Mapping[str, Sequence[Then]],
    scope: Scope,
    recorded: Sequence[Recorded],
    now: Mapping[str, Forecast],
) -> Mapping[str, Sequence[Point]]:
    """Return by project its points, the oldest first, by what was ``known`` at each of ``backs``;
    the last one is what is forecast ``now``. Days on which a project had no work are left out."""
    days = [scope.day - WEEK * back for back in backs(config.portfolio.period)[:-1]]
    then = [(day, _projects(config, recorded, day)) for day in days]
    return {
        project.name: (
            *(
                point(was, day, projects[project.name], config.policy.forecast)
                for was, (day, projects) in zip(
                    known.get(project.name, ()), then, strict=False)
                if was.weeks.arrived or was.weeks.open
            ),
            _now(now[project.name], project, scope.day),
        )
        for project in scope.projects
    }  # fmt: skip


def _projects(config: Config, recorded: Sequence[Recorded], day: date) -> Mapping[str, Project]:
    at = end_of_day(day, config.portfolio.timezone)
    return {each.name: each for each in projects_at(config.projects, recorded, at)}


def _now(found: Forecast, project: Project, day: date) -> Point:
    ahead = day + WEEK * AHEAD
    p50, p85 = (each if each and each <= ahead else None for each in (found.p50, found.p85))
    return Point(
        day, found.open, project.target, p50, p85, found.probability, found.reason,
        project.lifecycle == "active",
    )  # fmt: skip


def point(then: Then, day: date, project: Project, policy: ForecastPolicy) -> Point:
    """Return what was forecast of a project on a day, by what was known then: made as
    ``forecast.forecast`` makes it."""
    weeks, target, active = then.weeks, project.target, project.lifecycle == "active"
    known = weeks.since((day - project.start).days // 7) if project.start else weeks
    changed = weeks_since_change(known.finished)
    sample = known.since(changed if changed and changed < policy.weeks else policy.weeks)
    if reason := _lacking(known, sample, policy):
        return Point(day, weeks.open, target, reason=reason, active=active)
    lasted = min(len(known.finished), OLD) + AGE
    until = (target - day).days / 7 if target else None
    odds = _odds(sample, lasted, then.last, until)
    p50, p85 = (_day(day, when(odds, share)) for share in (0.5, SURE))
    chance = None if until is None else float(np.interp(until, range(len(odds) + 1), [0.0, *odds]))
    return Point(day, weeks.open, target, p50, p85, chance, active=active)


def _lacking(known: Weekly, sample: Weekly, policy: ForecastPolicy) -> str | None:
    if not known.open:
        return "no open work"
    if len(known.finished) < policy.minimum_weeks:
        return "too few weeks"
    if sum(sample.finished) < policy.minimum_finished or known.days < policy.minimum_days:
        return "too little finished"
    return None


def _odds(sample: Weekly, lasted: int, last: int, until: float | None) -> list[float]:
    """Return the odds of all done by the end of each week, as far as somebody asks."""
    periods = [
        Period(done, came - gone)
        for done, came, gone in zip(sample.finished, sample.arrived, sample.dropped, strict=True)
    ]
    by = int(until) - last + 2 if until is not None else 0
    # Where the mean week alone takes longer, half of the futures do: there is no date to find.
    near = sample.open * len(sample.finished) <= AHEAD * sum(sample.finished)
    horizon = max(AHEAD if near else 0, min(by, 2 * AHEAD))
    # What the best of the weeks, each time, would not finish, no order of them does.
    best = max(max(each.finished, each.finished - each.arrived) for each in periods)
    if horizon * best < sample.open:
        return [0.0] * max(last + horizon, 1)
    seen = outlook(periods, sample.open, horizon, lasted)
    return [*[0.0] * last, *(float(each) for each in seen.odds)]


def _day(day: date, weeks: int | None) -> date | None:
    return day + WEEK * weeks if weeks and weeks <= AHEAD else None
