"""Forecasts of groups of work: when each will be done, by which odds, and what would help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

import numpy as np

from pmo_sync.frames.tables import Frame
from pmo_sync.policy import ForecastPolicy, Policy
from pmo_sync.rollups.flow import CYCLE_TIME_WINDOW, Spread, cycle_times, of_projects, tells
from pmo_sync.rollups.forecast.arrivals import Lasting, lasting
from pmo_sync.rollups.forecast.odds import Period, when
from pmo_sync.rollups.forecast.outlook import Outlook, outlook, promised
from pmo_sync.rollups.forecast.record import EXACT, Record, backtest
from pmo_sync.rollups.forecast.regime import weeks_since_change
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.weekly import WEEK, Weekly, weekly

SURE = 0.85
"""The odds that a commitment is made with."""
QUANTILES = (0.5, SURE, 0.95)
FAR = 520
"""Weeks after which nothing has a date: ten years."""
HORIZONS = ((52, 0.95), (156, 0.85), (FAR, 0.0))
"""Weeks that are looked ahead, and the odds that are reached so soon or looked for further."""
AHEAD = 4
"""Weeks that a forecast of the track record looks ahead."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the ``open`` items of a group will be done.

    ``p50``, ``p85`` and ``p95`` are days by which it will be with these odds, None where that is
    more than ten years away; ``probability`` is that of the target. ``method`` says in words
    what the odds are of, ``weeks`` how many weeks were drawn from, since ``since`` where a change
    of pace cut them short, ``record`` how good such odds have been. ``pace`` and ``arriving`` are
    the mean items finished and arriving a week, ``lasting`` the weeks for which work goes on
    arriving in half of the futures that go as planned. Where ``reason`` says why nothing can be
    forecast, all that is forecast is None. ``odds`` are those of all done by the end of week
    t = 1, 2, ...

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
    lasting: float | None = None
    cut: int | None = None
    needed: float | None = None
    odds: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a group: the odds of ``target``; its weeks before ``start`` say nothing."""

    target: date | None = None
    start: date | None = None


def forecasts(work: Scope, policy: Policy) -> dict[str, Forecast]:
    """Return the forecast of every project of a scope, as of its day; see ``forecasts_of``."""
    asked = {each.name: Asked(each.target, each.start) for each in work.projects}
    return forecasts_of(work, of_projects(work), asked, policy)


def forecasts_of(
    work: Scope, groups: Frame, asked: Mapping[str, Asked], policy: Policy
) -> dict[str, Forecast]:
    """Return the forecast of every group that is asked for, whatever they are: projects,
    milestones, epics. ``work`` holds work only; ``groups`` (item_id, group) says what is in
    each."""
    told = weekly(work, groups)
    cycle = cycle_times(work, work.at - CYCLE_TIME_WINDOW, groups)
    return {
        name: forecast(
            told.get(name, Weekly()), work.day, one, policy.forecast,
            last_items(cycle.get(name), policy),
        )
        for name, one in asked.items()
    }  # fmt: skip


def last_items(cycle: Spread | None, policy: Policy) -> int:
    """Return the weeks by which the last items of a group outlast what its throughput says: its
    slowest times of work are so much longer than the median. 0 where too few are known."""
    if cycle is None or not tells(cycle, policy):
        return 0
    return ceil((cycle.p95 - cycle.p50) / 7)


def forecast(
    weeks: Weekly, day: date, asked: Asked, policy: ForecastPolicy, last: int = 0, far: int = FAR
) -> Forecast:
    """Return when what is open at the end of ``day`` will be done, by what its weeks brought;
    ``last`` are the weeks that the last items take longer. Dates that are more than ``far`` weeks
    away may be None."""
    known = weeks.since((day - asked.start).days // 7) if asked.start else weeks
    changed = weeks_since_change(known.finished)
    held = changed if changed and changed < policy.weeks else policy.weeks
    sample = known.since(held)
    if reason := _lacking(known, sample, policy):
        return Forecast(weeks.open, reason=reason)
    until = (asked.target - day).days / 7 if asked.target else None
    arriving = _lasting(known, sample, until)
    seen = _seen(sample, arriving, last, until, far)
    odds = (*[0.0] * last, *(float(each) for each in seen.odds))
    p50, p85, p95 = (_day(day, when(odds, q)) for q in QUANTILES)
    drawn = len(sample.finished)
    pace = sum(sample.finished) / drawn
    cut = _cut(seen, weeks.open, until)
    return Forecast(
        weeks.open,
        p50,
        p85,
        p95,
        probability=_probability(odds, until),
        method=_method(drawn, last),
        weeks=drawn,
        since=day - WEEK * drawn if drawn == changed else None,
        record=backtest(known.finished, SURE, drawn, AHEAD, promised),
        pace=pace,
        arriving=sum(_arrived(sample)) / drawn,
        lasting=arriving.half,
        cut=cut,
        odds=odds,
        needed=None if cut is None or until is None else pace + cut / max(until - last, 1),
    )


def _lacking(known: Weekly, sample: Weekly, policy: ForecastPolicy) -> str | None:
    """Say why there can be no forecast."""
    held, finished, drawn = len(known.finished), sum(sample.finished), len(sample.finished)
    if not known.open:
        return "no open work"
    if held < policy.minimum_weeks:
        return f"{held} whole weeks of history, fewer than {policy.minimum_weeks}"
    if finished < policy.minimum_finished:
        return f"{finished} finished in {drawn} weeks, fewer than {policy.minimum_finished}"
    if known.days < policy.minimum_days:
        return f"something was finished on {known.days} days, fewer than {policy.minimum_days}"
    return None


def _lasting(known: Weekly, sample: Weekly, until: float | None) -> Lasting:
    left = known.open / (known.open + sum(known.finished))
    return lasting(len(known.finished), left, until, _typical(sample))


def _typical(sample: Weekly) -> float:
    """Return the weeks that the open work takes by the mean week, if nothing arrives."""
    return sample.open * len(sample.finished) / max(sum(sample.finished), 1)


def _seen(sample: Weekly, arriving: Lasting, last: int, until: float | None, far: int) -> Outlook:
    """Look a year ahead, and further where that is too short."""
    periods = [
        Period(finished, arrived)
        for finished, arrived in zip(sample.finished, _arrived(sample), strict=True)
    ]
    by = int(until) - last if until is not None else None
    for horizon, enough in HORIZONS:
        if horizon < far and _typical(sample) > horizon:
            continue  # where the mean week takes longer, so do half of the futures
        seen = outlook(periods, sample.open, max(horizon, by or 0), arriving, by)
        if horizon >= far or seen.odds[-1] >= enough:
            break
    return seen


def _arrived(sample: Weekly) -> list[int]:
    """Return what each week brought, less what was dropped: that needs no finishing."""
    return [came - gone for came, gone in zip(sample.arrived, sample.dropped, strict=True)]


def _probability(odds: Sequence[float], until: float | None) -> float | None:
    """Return the odds of the target, between those of the ends of two weeks."""
    if until is None:
        return None
    return float(np.interp(until, range(len(odds) + 1), [0.0, *odds]))


def _cut(seen: Outlook, backlog: int, until: float | None) -> int | None:
    """Return the fewest items that must leave for the target to hold."""
    if until is None or until < 1:
        return None
    if seen.at_least is None:
        return backlog
    enough = [n for n, chance in enumerate(seen.at_least) if chance >= SURE - EXACT]
    return max(backlog - enough[-1], 0) if enough else backlog


def _method(drawn: int, last: int) -> str:
    more = f"; {last} weeks more for the last items" if last else ""
    return f"what the last {drawn} weeks finished and brought, drawn again{more}"


def _day(day: date, weeks: int | None) -> date | None:
    return day + WEEK * weeks if weeks else None
