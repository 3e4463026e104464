"""One forecast of several: of what is done when the last of its parts is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from pmo_sync.rollups.forecast.forecast import QUANTILES, Forecast
from pmo_sync.rollups.forecast.odds import Floats, together, when
from pmo_sync.rollups.weekly import WEEK

METHOD = (
    "the odds that all parts are done, as if they had nothing in common: people whom they share"
    " make this optimistic"
)


def joint(parts: Mapping[str, Forecast], day: date, target: date | None) -> Forecast:
    """Return when the last of the parts is done, each by its own odds; a part without open work is
    done, and one that cannot be forecast leaves the whole without a forecast."""
    left = {name: each for name, each in parts.items() if each.open}
    whole = sum(each.open for each in left.values())
    if not left:
        return Forecast(0, reason="no open work")
    lacking = [f"{name}: {each.reason}" for name, each in left.items() if each.reason]
    if lacking:
        return Forecast(whole, reason="; ".join(lacking))
    (first, *others) = left.values()
    odds = together(*_as_long([each.odds for each in left.values()]))
    p50, p85, p95 = (_day(day, when(odds, q)) for q in QUANTILES)
    return Forecast(
        whole, p50, p85, p95,
        probability=_probability(odds, day, target),
        method=METHOD if others else first.method,
        weeks=min(each.weeks for each in left.values()),
        odds=tuple(float(each) for each in odds),
    )  # fmt: skip


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


def _probability(odds: Floats, day: date, target: date | None) -> float | None:
    if target is None:
        return None
    until = (target - day) / WEEK
    return float(np.interp(until, range(len(odds) + 1), [0.0, *odds]))


def _day(day: date, weeks: int | None) -> date | None:
    return day + WEEK * weeks if weeks else None
