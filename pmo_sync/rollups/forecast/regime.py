"""Did the pace change? Then older weeks say nothing of the next ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pmo_sync.rollups.forecast.odds import Floats

LASTING = 13
"""Weeks, a quarter, that a pace must have been held for on either side of a change."""
SIGNAL = 2.5
"""Standard errors between two paces, at the split where they differ most: what is less is routine,
and what is more a steady pace shows once in hundreds of histories."""
SHARE = 2 / 3
"""The slower pace is at most this part of the faster one: what is more changes no forecast."""
ROUTINE = 1.128
"""d2: the mean moving range of two values, in standard deviations."""
LEAST = 0.3
"""No counts of work vary less: half of what Poisson counts do, on the scale of their root."""


def weeks_since_change(weeks: Sequence[int]) -> int | None:
    """Return for how many weeks the pace of now has been held, None where there was no change:
    the split of which the mean counts differ most, measured by how much weeks vary from one to the
    next (as for control limits), on the scale of roots, where counts of any size vary alike."""
    if len(weeks) < 2 * LASTING:
        return None
    counts = np.asarray(weeks, dtype=float)
    roots = np.sqrt(counts + 3 / 8)
    deviation = max(float(np.abs(np.diff(roots)).mean()) / ROUTINE, LEAST)
    before = np.arange(LASTING, len(weeks) - LASTING + 1)
    slow, fast = np.sort(_means(counts, before), axis=0)
    signal = np.abs(np.subtract(*_means(roots, before))) / deviation
    signal /= np.sqrt(1 / before + 1 / (len(weeks) - before))
    signal[slow > SHARE * fast] = 0.0
    best = int(signal.argmax())
    return len(weeks) - int(before[best]) if signal[best] > SIGNAL else None


def _means(values: Floats, before: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the means of so many values, and of those after them."""
    sums = values.cumsum()
    return sums[before - 1] / before, (sums[-1] - sums[before - 1]) / (len(values) - before)
