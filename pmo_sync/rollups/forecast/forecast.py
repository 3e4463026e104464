"""Forecasts of groups of work: when each will be done, by which odds, and what would help."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from pmo_sync.frames.tables import Frame
from pmo_sync.policy import ForecastPolicy, Policy
from pmo_sync.rollups.flow import CYCLE_TIME_WINDOW, Spread, cycle_times, of_projects, tells
from pmo_sync.rollups.forecast.expected import Expected, expected
from pmo_sync.rollups.forecast.lulls import shared
from pmo_sync.rollups.forecast.odds import EXACT, by_then
from pmo_sync.rollups.forecast.outlook import most_by, promised
from pmo_sync.rollups.forecast.past import Then
from pmo_sync.rollups.forecast.record import Record, backtest
from pmo_sync.rollups.forecast.record import promised as as_it_was
from pmo_sync.rollups.forecast.sample import Sample, sampled
from pmo_sync.rollups.forecast.simulate import Team
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.weekly import WEEK, Weekly, weekly

SURE = 0.85
"""The odds that a commitment is made with."""
QUANTILES = (0.5, SURE, 0.95)
AHEAD = 4
"""Weeks that a forecast of the track record looks ahead."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the ``open`` items of a group will be done.

    ``p50``, ``p85`` and ``p95`` are days by which it will be with these odds, None where that is
    more than ten years away; ``probability`` is that of the target. ``method`` says in words
    what the odds are of, ``weeks`` how many weeks were drawn from, since ``since`` where a change
    of pace cut them short (not before ``since_earliest`` and not after ``since_latest``, in
    nineteen cases of twenty), ``record`` how good such odds have been. ``pace`` and ``arriving``
    are the mean items finished and arriving a week, ``pace_before`` what was finished a week before
    that change, ``lasting`` the weeks for which work goes on arriving in half of the futures that
    go as planned. Where ``reason`` says why nothing can be forecast, all that is forecast is None.
    ``odds`` are those of all done by the end of week t = 1, 2, ..., and ``team`` is what they were
    made of.

    Path to green: ``p85`` is the earliest target that holds with 85 %; ``cut`` is the fewest items
    that must leave scope for the target to do so (all that are ``open`` where no cut would do), and
    ``needed`` the items that must be finished a week, None where the last items alone take longer;
    both None without a target ahead.
    """

    open: int
    p50: date | None = None
    p85: date | None = None
    p95: date | None = None
    probability: float | None = None
    method: str = ""
    weeks: int = 0
    since: date | None = None
    since_earliest: date | None = None
    since_latest: date | None = None
    record: Record | None = None
    reason: str | None = None
    pace: float | None = None
    pace_before: float | None = None
    arriving: float | None = None
    lasting: float | None = None
    cut: int | None = None
    needed: float | None = None
    odds: tuple[float, ...] = ()
    team: Team | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a group: the odds of ``target``; its weeks before ``start`` say nothing."""

    target: date | None = None
    start: date | None = None


def forecasts_of(
    work: Scope,
    groups: Frame,
    asked: Mapping[str, Asked],
    policy: Policy,
    still: Collection[int] | None = None,
) -> dict[str, Forecast]:
    """Return the forecast of every group that is asked for, whatever they are: projects,
    milestones, epics; see ``known_of``."""
    known = known_of(work, groups, asked, policy, still)
    return {
        name: forecast(known[name].weeks, work.day, one, policy.forecast, known[name].last)
        for name, one in asked.items()
    }


def known_of(
    work: Scope,
    groups: Frame,
    names: Iterable[str],
    policy: Policy,
    still: Collection[int] | None = None,
) -> dict[str, Then]:
    """Return what is known of groups with these names. ``work`` holds work only; ``groups``
    (item_id, group) says what is in each. ``still`` are the weeks, so many ago, in which all stood
    still; where they are not known, the groups tell them."""
    counted = weekly(work, groups)
    if still is None:
        told = shared(counted)
    else:
        told = {name: replace(each, still=frozenset(still)) for name, each in counted.items()}
    cycle = cycle_times(work, work.at - CYCLE_TIME_WINDOW, groups)
    return {
        name: Then(told.get(name, Weekly()), last_items(cycle.get(name), policy)) for name in names
    }


def stood_still(work: Scope) -> frozenset[int]:
    """Return the weeks, so many ago, in which all projects stood still."""
    known = shared(weekly(work, of_projects(work)))
    return frozenset(week for each in known.values() for week in each.still)


def last_items(cycle: Spread | None, policy: Policy) -> int:
    """Return the weeks by which the last items of a group outlast what its throughput says: its
    slowest times of work are so much longer than the median. 0 where too few are known."""
    if cycle is None or not tells(cycle, policy):
        return 0
    return ceil((cycle.p95 - cycle.p50) / 7)


def forecast(
    weeks: Weekly, day: date, asked: Asked, policy: ForecastPolicy, last: int = 0
) -> Forecast:
    """Return when what is open at the end of ``day`` will be done, by what its weeks brought;
    ``last`` are the weeks that the last items take longer."""
    sample = sampled(weeks, day, asked.start, policy)
    if sample.lacking:
        return Forecast(weeks.open, reason=sample.lacking)
    found = expected(sample, day, asked.target, last)
    p50, p85, p95 = (found.by(q) for q in QUANTILES)
    cut, promise = _cut(found), promised if policy.cautious else as_it_was
    changed = sample.changed.days(day) if sample.changed else (None, None, None)
    return Forecast(
        weeks.open,
        p50,
        p85,
        p95,
        probability=found.probability,
        method=_method(sample, last),
        weeks=sample.weeks,
        since=changed[0],
        since_earliest=changed[1],
        since_latest=changed[2],
        record=backtest(sample.known.finished, SURE, sample.weeks, AHEAD, promise),
        pace=sample.pace,
        pace_before=sample.pace_before,
        arriving=sum(sample.arrived) / sample.weeks,
        lasting=found.ahead.arriving.half,
        cut=cut,
        needed=_needed(found, sample, cut, last),
        odds=found.odds,
        team=Team(found.ahead.samples, weeks.open, found.ahead.arriving, last, policy.split),
    )


def odds_by(found: Forecast, day: date, other: date | None) -> float | None:
    """Return the odds that what was open at the end of ``day`` is done by ``other``, if work goes
    on as for the target; where nobody looked so far ahead, those of the last week that was. None
    without a forecast or a date."""
    if other is None or not found.odds:
        return None
    return by_then(found.odds, (other - day) / WEEK)


def _cut(found: Expected) -> int | None:
    """Return the fewest items that must leave for the target to hold: what is done by the end of
    the last week before it, and none where it holds already, be it by the days that are left."""
    ahead, until, odds = found.ahead, found.until, found.probability
    if until is None or odds is None or until < 1:
        return None
    if odds >= SURE - EXACT:
        return 0
    if ahead.by is None or ahead.by < 1:
        return ahead.backlog
    return max(ahead.backlog - most_by(ahead, ahead.by, SURE), 1)


def _needed(found: Expected, sample: Sample, cut: int | None, last: int) -> float | None:
    """Return what must be finished a week for the target to hold, where that can help: the last
    items alone may take longer than what is left."""
    left = (found.until or 0) - last
    if cut is None or left < 1:
        return None
    return sample.pace + cut / left


def _method(sample: Sample, last: int) -> str:
    policy = sample.policy
    parts = (
        f"what the last {sample.weeks} weeks finished and brought, drawn again",
        "" if policy.cautious else "these weeks taken for the whole truth",
        f"what is open turns out to be 1 to {policy.split:g} times as many" * (policy.split > 1),
        f"{last} weeks more for the last items" if last else "",
    )
    return "; ".join(filter(None, parts))
