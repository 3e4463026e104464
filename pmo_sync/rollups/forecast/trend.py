"""How a project's forecast moved: what it was at the ends of the last periods, as known then.

Only two years are looked ahead: a trend is of near dates, and is told for every project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pmo_sync.config import Config, Project
from pmo_sync.policy import ForecastPolicy, Policy
from pmo_sync.rollups.calendar import end_of_day
from pmo_sync.rollups.forecast.forecast import Asked, Forecast, forecast
from pmo_sync.rollups.forecast.near import near, soon
from pmo_sync.rollups.forecast.past import Then
from pmo_sync.rollups.projects import Recorded, projects_at
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.weekly import WEEK, Weekly

POINTS = 4
"""Ends of periods that are told beside as-of."""
WEEKS_A_PERIOD = {"week": 1, "fortnight": 2, "month": 4}
"""Weeks between two points: a month is four of them here, as weeks are what forecasts are made of.
"""


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
    return Point(
        day, found.open, project.target, soon(found.p50, day), soon(found.p85, day),
        found.probability, found.reason, project.lifecycle == "active",
    )  # fmt: skip


def point(then: Then, day: date, project: Project, policy: ForecastPolicy) -> Point:
    """Return what was forecast of a project on a day, by what was known then."""
    found = near(then, day, Asked(project.target, project.start), policy)
    return Point(
        day, found.open, project.target, found.p50, found.p85, found.probability, found.reason,
        project.lifecycle == "active",
    )  # fmt: skip
