"""Did the pace change? Then older weeks say nothing of the next ones."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

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
    roots = [sqrt(count + 3 / 8) for count in weeks]
    ranges = [abs(after - before) for before, after in pairwise(roots)]
    if len(weeks) < 2 * LASTING:
        return None
    deviation = max(sum(ranges) / len(ranges) / ROUTINE, LEAST)
    best, since = SIGNAL, None
    for at in range(LASTING, len(weeks) - LASTING + 1):
        signal = _signal(roots, at) / deviation
        slow, fast = sorted((_mean(weeks[:at]), _mean(weeks[at:])))
        if signal > best and slow <= SHARE * fast:
            best, since = signal, len(weeks) - at
    return since


def _signal(values: Sequence[float], at: int) -> float:
    """Return the difference of the means before and after, in errors of a deviation of 1."""
    error = sqrt(1 / at + 1 / (len(values) - at))
    return abs(_mean(values[:at]) - _mean(values[at:])) / error


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
