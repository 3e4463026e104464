"""Did the pace change? Then older weeks say nothing of the next ones.

The split of the weeks is sought at which two paces are the likeliest beside one for all: the
likelihood ratio of Poisson counts (Worsley 1986), over their dispersion where they vary more than
that (Wedderburn's quasi-likelihood 1974), by the squares of successive differences (von Neumann
1941), which a change does not raise. Weeks of a lull are left out. When it was is told as a range,
of all splits that are nearly as likely (Siegmund 1988).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log

import numpy as np
import numpy.typing as npt

from pmo_sync.rollups.forecast.lulls import Flags, lulls
from pmo_sync.rollups.forecast.odds import Floats
from pmo_sync.rollups.weekly import WEEK

LASTING = 13
"""Weeks, a quarter, that a pace must have been held for on either side of a change."""
SIGNAL = 2.5
"""Standard errors between two paces, at the split where they differ most: what is less is routine,
and what is more a steady pace shows in two of a hundred histories of two years."""
SHARE = 2 / 3
"""The slower pace is at most this part of the faster one: what is more changes no forecast."""
NEARLY = log(8)
"""Splits that are an eighth as likely as the told one, or more, make the range of a change: it
holds the true one nine times of ten (``tests/rollups/forecast/test_regime.py``)."""
HALF = timedelta(days=3)
"""A split stands for the days around it: a change within a week shows at either end of it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of pace, so many ``weeks`` ago: between ``earliest`` and ``latest``, in nine cases
    of ten."""

    weeks: int
    earliest: int
    latest: int

    def days(self, day: date) -> tuple[date, date, date]:
        """Return since about when, not before when and not after when, as of ``day``."""
        return (
            day - WEEK * self.weeks,
            day - WEEK * self.earliest - HALF,
            day - WEEK * self.latest + HALF,
        )


def change_of(weeks: Sequence[int], still: Collection[int] = ()) -> Change | None:
    """Return since when the pace of now has been held, None where there was no change; ``still``
    are weeks, so many ago, that are known to be of a lull."""
    counts = np.asarray(weeks, dtype=float)
    lull = lulls(counts) | np.array([ago in still for ago in range(len(counts), 0, -1)], dtype=bool)
    there = np.flatnonzero(~lull)
    if len(there) < 2 * LASTING or not counts[there].any():
        return None
    gained, lasting = _gained(counts[there])
    best = int(np.where(lasting, gained, 0.0).argmax())
    if 2 * gained[best] <= SIGNAL**2 or not lasting[best]:
        return None
    near = LASTING - 1 + np.flatnonzero(gained[LASTING - 1 :] >= gained[best] - NEARLY)
    first, last = len(weeks) - 1 - there[near[0]], len(weeks) - there[near[-1] + 1]
    return Change(len(weeks) - int(there[best + 1]), int(first), int(last))


def _gained(counts: Floats) -> tuple[Floats, Flags]:
    """Return for each split, after 1, 2, ... weeks, how much likelier two paces are than one (the
    logarithm), and whether both are lasting and differ enough to tell."""
    before = np.arange(1, len(counts))
    after, done = len(counts) - before, counts.cumsum()[:-1]
    left = counts.sum() - done
    gained = _likely(done, before) + _likely(left, after) - _likely(done + left, before + after)
    slow, fast = np.sort([done / before, left / after], axis=0)
    lasting = (np.minimum(before, after) >= LASTING) & (slow <= SHARE * fast)
    return gained / _dispersion(counts), lasting


def _likely(sums: Floats, weeks: npt.NDArray[np.int64]) -> Floats:
    """Return the logarithm of the likelihood of counts with these sums, at their own mean, but for
    what does not depend on how they are split."""
    likely: Floats = sums * np.log(np.maximum(sums, 1) / weeks)
    return likely


def _dispersion(counts: Floats) -> float:
    """Return the variance of counts from one week to the next over their mean: 1 at least."""
    return max(float((np.diff(counts) ** 2).mean() / 2 / counts.mean()), 1.0)
