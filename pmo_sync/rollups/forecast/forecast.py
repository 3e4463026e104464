"""Forecasts of groups of work: when each will be done, by which odds, and what would help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import narwhals as nw

from pmo_sync.frames.tables import Frame
from pmo_sync.policy import ForecastPolicy, Policy
from pmo_sync.rollups.forecast.odds import Period, growing_odds, when
from pmo_sync.rollups.forecast.record import Record
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.weekly import Weekly, weekly
from pmo_sync.rollups.work import only_work

SURE = 0.85
"""The odds that a commitment is made with."""
HORIZON = 156
"""Weeks that are looked ahead: later is no date."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the ``open`` items of a group will be done.

    ``p50``, ``p85`` and ``p95`` are days by which it will be with these odds, None where that is
    more than three years away; ``probability`` is that of the target. ``method`` says in words
    what the odds are of, ``weeks`` how many weeks were drawn from, since ``since`` where a change
    of pace cut them short, ``record`` how good such odds have been. ``pace`` and ``arriving`` are
    the mean items finished and arriving a week. Where ``reason`` says why nothing can be forecast,
    all that is forecast is None.

    Path to green: ``p85`` is the earliest target that holds with 85 %; ``cut`` is the fewest items
    that must leave scope for the target to do so, and ``needed`` the items that must be finished a
    week; None without a target ahead.
    """

    open: int
    p50: date | None = None
    p85: date | None = None
    p95: date | None = None
    probability: float | None = None
    method: str = ""
    weeks: int = 0
    since: date | None = None
    record: Record | None = None
    reason: str | None = None
    pace: float | None = None
    arriving: float | None = None
    cut: int | None = None
    needed: float | None = None


def forecasts(scope: Scope, policy: Policy) -> dict[str, Forecast]:
    """Return the forecast of every project of a scope, as of its day; see ``forecasts_of``."""
    groups = scope.membership.select("item_id", nw.col("project").alias("group"))
    targets = {project.name: project.target for project in scope.projects}
    return forecasts_of(scope, groups, targets, policy)


def forecasts_of(
    scope: Scope, groups: Frame, targets: Mapping[str, date | None], policy: Policy
) -> dict[str, Forecast]:
    """Return the forecast of every group of ``targets``, whatever they are: projects, milestones,
    epics. ``groups`` (item_id, group) says what is in each."""
    told = weekly(only_work(scope, policy), groups)
    return {
        name: forecast(told.get(name, Weekly()), scope.day, target, policy.forecast)
        for name, target in targets.items()
    }


def forecast(weeks: Weekly, day: date, target: date | None, policy: ForecastPolicy) -> Forecast:
    """Return when what is open at the end of ``day`` will be done, by what its weeks brought."""
    sample = weeks.since(policy.weeks)
    if reason := _lacking(weeks, sample, policy):
        return Forecast(weeks.open, reason=reason)
    net = [
        Period(f, a - d)
        for f, a, d in zip(sample.finished, sample.arrived, sample.dropped, strict=True)
    ]
    odds = growing_odds(net, weeks.open, HORIZON)
    p50, p85, p95 = (_day(day, when(odds, q)) for q in (0.5, SURE, 0.95))
    until = (target - day).days // 7 if target else None
    return Forecast(
        weeks.open, p50, p85, p95,
        None if until is None else 0.0 if until < 1 else float(odds[min(until, HORIZON) - 1]),
        f"throughput of the last {len(net)} weeks, resampled, with arrivals",
        len(net), pace=sum(sample.finished) / len(net), arriving=sum(sample.arrived) / len(net),
    )  # fmt: skip


def _lacking(weeks: Weekly, sample: Weekly, policy: ForecastPolicy) -> str | None:
    """Say why there can be no forecast."""
    held, finished, drawn = len(weeks.finished), sum(sample.finished), len(sample.finished)
    if not weeks.open:
        return "no open work"
    if held < policy.minimum_weeks:
        return f"{held} whole weeks of history, fewer than {policy.minimum_weeks}"
    if finished < policy.minimum_finished:
        return f"{finished} finished in {drawn} weeks, fewer than {policy.minimum_finished}"
    if weeks.days < policy.minimum_days:
        return f"something was finished on {weeks.days} days, fewer than {policy.minimum_days}"
    return None


def _day(day: date, weeks: int | None) -> date | None:
    return day + timedelta(days=7 * weeks) if weeks else None
