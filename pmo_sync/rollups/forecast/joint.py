"""One forecast of several: of what is done when the last of its parts is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from pmo_sync.rollups.forecast.forecast import QUANTILES, Forecast
from pmo_sync.rollups.forecast.odds import Floats, by_then, reached, together
from pmo_sync.rollups.forecast.simulate import TRIALS, Team, simulated
from pmo_sync.rollups.weekly import WEEK

APART = (
    "the odds that all parts are done, as if they had nothing in common: people whom they share"
    " make this optimistic"
)
IN_COMMON = (
    f"{TRIALS:,} simulated futures of all parts at once: what the last {{weeks}} weeks finished and"
    " brought, the same week drawn again for each of them"
)


def joint(parts: Mapping[str, Forecast], day: date, target: date | None) -> Forecast:
    """Return when the last of the parts is done; a part without open work is done, and one that
    cannot be forecast leaves the whole without a forecast. Parts that were drawn from as many weeks
    are simulated together, as these are the same weeks; the odds of others are multiplied."""
    left = {name: each for name, each in parts.items() if each.open}
    whole = sum(each.open for each in left.values())
    if not left:
        return Forecast(0, reason="no open work")
    lacking = [f"{name}: {each.reason}" for name, each in left.items() if each.reason]
    if lacking:
        return Forecast(whole, reason="; ".join(lacking))
    (first, *others) = left.values()
    apart = _as_long([each.odds for each in left.values()])
    teams = [each.team for each in left.values() if each.team]
    weeks = min(each.weeks for each in left.values())
    alike = len(teams) == len(left) and all(each.weeks == weeks for each in left.values())
    common = bool(others) and alike
    odds = _in_common(teams, apart) if common else together(*apart)
    until = (target - day) / WEEK if target else None
    p50, p85, p95 = (_day(day, reached(odds, q, until)) for q in QUANTILES)
    return Forecast(
        whole, p50, p85, p95,
        probability=None if until is None else by_then(odds, until),
        method=(IN_COMMON.format(weeks=weeks) if common else APART) if others else first.method,
        weeks=weeks,
        odds=tuple(float(each) for each in odds),
    )  # fmt: skip


def _in_common(teams: Sequence[Team], apart: Sequence[Floats]) -> Floats:
    """Return the odds that all teams are done; all are no likelier than each, by its exact odds."""
    both = simulated(teams, len(apart[0])).all
    least: Floats = np.minimum.reduce([both, *apart])
    return least


def _as_long(odds: Sequence[Sequence[float]]) -> list[Floats]:
    """Go on with odds that end, as nobody looked further: what is then still open gets less by the
    same share in each week to come."""
    longest = max(len(each) for each in odds)
    return [_longer(np.asarray(each, dtype=float), longest) for each in odds]


def _longer(odds: Floats, size: int) -> Floats:
    more = size - len(odds)
    if not more:
        return odds
    before, last = (1 - odds[-2], 1 - odds[-1]) if len(odds) > 1 else (1.0, 1 - odds[-1])
    share = min(last / before, 1.0) if before > 0 else 0.0
    return np.concatenate([odds, 1 - last * share ** np.arange(1, more + 1)])


def _day(day: date, weeks: float | None) -> date | None:
    return day + timedelta(days=round(7 * weeks)) if weeks else None
