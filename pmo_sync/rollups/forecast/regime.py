"""Did the pace change? Then older weeks say nothing of the next ones.

The split of the weeks is sought at which two paces are the likeliest beside one for all: the
likelihood ratio of Poisson counts (Worsley 1986), over their dispersion where they vary more than
that (Wedderburn's quasi-likelihood 1974), by the squares of successive differences (von Neumann
1941), which a change does not raise. Two weeks in which next to nothing was done, as around the
turn of the year, are no pace: beside a change they would be taken for its beginning. Such passing
changes are set apart from lasting ones first (Chen and Liu 1993).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pmo_sync.rollups.forecast.odds import Floats

LASTING = 13
"""Weeks, a quarter, that a pace must have been held for on either side of a change."""
SIGNAL = 2.5
"""Standard errors between two paces, at the split where they differ most: what is less is routine,
and what is more a steady pace shows in two of a hundred histories of two years."""
SHARE = 2 / 3
"""The slower pace is at most this part of the faster one: what is more changes no forecast."""
LULL, AROUND = 2, 6
"""Weeks of a lull, and those on either side that it is measured by."""
QUIET = 5.0
"""The deviance of a lull from the slower of both sides: counts of that pace would show as little
once in eighty times."""

Flags = npt.NDArray[np.bool_]


def weeks_since_change(weeks: Sequence[int]) -> int | None:
    """Return for how many weeks the pace of now has been held, None where there was no change."""
    lull = _lulls(np.asarray(weeks, dtype=float))
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


def _lulls(counts: Floats) -> Flags:
    """Return which weeks are of a lull."""
    lull = np.zeros(len(counts), dtype=bool)
    if len(counts) < LULL + 2 * AROUND:
        return lull
    sums = np.append(0, counts.cumsum())
    at = np.arange(AROUND, len(counts) - AROUND - LULL + 1)
    within = sums[at + LULL] - sums[at]
    sides = sums[at] - sums[at - AROUND], sums[at + LULL + AROUND] - sums[at + LULL]
    usual = np.minimum(*sides) * LULL / AROUND
    more = within * np.log(np.maximum(within, 1) / np.maximum(usual, 1e-9))
    quiet = (within < usual) & (2 * (more - within + usual) > QUIET)
    for week in range(LULL):
        lull[at[quiet] + week] = True
    return lull
