"""Did the pace change? Then older weeks say nothing of the next ones.

The split of the weeks is sought at which two paces are the likeliest beside one for all: the
likelihood ratio of Poisson counts (Worsley 1986), over their dispersion where they vary more than
that (Wedderburn's quasi-likelihood 1974), by the squares of successive differences (von Neumann
1941), which a change does not raise. Weeks of a lull are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from pmo_sync.rollups.forecast.lulls import lulls
from pmo_sync.rollups.forecast.odds import Floats

LASTING = 13
"""Weeks, a quarter, that a pace must have been held for on either side of a change."""
SIGNAL = 2.5
"""Standard errors between two paces, at the split where they differ most: what is less is routine,
and what is more a steady pace shows in two of a hundred histories of two years."""
SHARE = 2 / 3
"""The slower pace is at most this part of the faster one: what is more changes no forecast."""


def weeks_since_change(weeks: Sequence[int], still: Collection[int] = ()) -> int | None:
    """Return for how many weeks the pace of now has been held, None where there was no change;
    ``still`` are weeks, so many ago, that are known to be of a lull."""
    known = [ago in still for ago in range(len(weeks), 0, -1)]
    lull = lulls(np.asarray(weeks, dtype=float)) | np.array(known, dtype=bool)
    counts = np.asarray(weeks, dtype=float)[~lull]
    if len(counts) < 2 * LASTING or not counts.any():
        return None
    before = np.arange(LASTING, len(counts) - LASTING + 1)
    after, done = len(counts) - before, counts.cumsum()[before - 1]
    left = counts.sum() - done
    gained = _likely(done, before) + _likely(left, after) - _likely(done + left, before + after)
    slow, fast = np.sort([done / before, left / after], axis=0)
    signal = np.where(slow <= SHARE * fast, 2 * gained / _dispersion(counts), 0.0)
    best = int(signal.argmax())
    if signal[best] <= SIGNAL**2:
        return None
    return len(weeks) - int(np.flatnonzero(~lull)[before[best]])


def _likely(sums: Floats, weeks: npt.NDArray[np.int64]) -> Floats:
    """Return the logarithm of the likelihood of counts with these sums, at their own mean, but for
    what does not depend on how they are split."""
    likely: Floats = sums * np.log(np.maximum(sums, 1) / weeks)
    return likely


def _dispersion(counts: Floats) -> float:
    """Return the variance of counts from one week to the next over their mean: 1 at least."""
    return max(float((np.diff(counts) ** 2).mean() / 2 / counts.mean()), 1.0)
