"""The track record of forecasts: do dates that were given with 85 % hold 85 times of a hundred?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import fsum
from operator import mul, truediv

from pmo_sync.rollups.forecast.odds import EXACT, at_least, delivered


@dataclass(frozen=True, slots=True)
class Record:
    """``held`` of ``tried`` forecasts came true; ``low`` to ``high`` is what a forecaster who is
    right would hold, 95 times of a hundred."""

    held: int
    tried: int
    low: int
    high: int

    @property
    def calibrated(self) -> bool:
        """Whether the record is what a forecaster who is right may have."""
        return self.low <= self.held <= self.high


def band(tried: int, nominal: float, confidence: float = 0.95) -> tuple[int, int]:
    """Return the equal-tailed acceptance band of hits: with less than (1 - confidence) / 2 below
    and as little above."""
    tail = (1 - confidence) / 2
    chances = _hits(tried, nominal)
    return _first(chances, tail), tried - _first(chances[::-1], tail)


def _hits(tried: int, nominal: float) -> list[float]:
    """Return the odds of 0 to ``tried`` hits (binomial): each from its neighbour's, outwards from
    the likeliest, so that nothing overflows however much is tried."""
    steps = [nominal / (1 - nominal) * (tried - n) / (n + 1) for n in range(tried)]
    likeliest = int((tried + 1) * nominal)
    less = [*accumulate(reversed(steps[:likeliest]), truediv, initial=1.0)]
    weights = [*less[:0:-1], *accumulate(steps[likeliest:], mul, initial=1.0)]
    total = fsum(weights)
    return [weight / total for weight in weights]


Promise = Callable[[Sequence[Sequence[int]], int, float], Sequence[int]]
"""From each of several samples of equal length: how many items so many periods finish with a
probability."""


def promised(samples: Sequence[Sequence[int]], periods: int, q: float) -> list[int]:
    """Promise by the exact odds of each sample as it is."""
    return [at_least(delivered(sample, periods), q) for sample in samples]


def backtest(weeks: Sequence[int], q: float, window: int, horizon: int, promise: Promise) -> Record:
    """Promise at past weeks, from the ``window`` weeks before each, how many items would be
    finished in ``horizon`` weeks with probability ``q``, and count how often at least so many were.

    Origins are ``horizon`` weeks apart: overlapping futures would count one success several times.
    The last future ends now.
    """
    origins = range(len(weeks) - horizon, window - 1, -horizon)
    given = promise([weeks[at - window : at] for at in origins], horizon, q) if origins else ()
    held = [sum(weeks[at : at + horizon]) >= n for at, n in zip(origins, given, strict=True)]
    return Record(sum(held), len(held), *band(len(held), q))


def _first(chances: Sequence[float], tail: float) -> int:
    """Return the first count at which more than the tail is passed."""
    passed = 0.0
    for count, chance in enumerate(chances):
        passed += chance
        if passed > tail + EXACT:
            return count
    return len(chances)
