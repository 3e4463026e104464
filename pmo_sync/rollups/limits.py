"""Natural process limits of a series (XmR chart): what is routine, and what is a signal."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LIMIT = 2.66
"""3 / d2 for moving ranges of two (Shewhart; Wheeler, Understanding Variation)."""
RANGE_LIMIT = 3.267
"""D4 for moving ranges of two."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of counts: the mean, the limits (the lower cut at 0), and the limit of the moving range."""

    mean: float
    lower: float
    upper: float
    moving_range: float
    upper_range: float


def weekly_limits(ages: Sequence[float], ends: Sequence[float]) -> Limits | None:
    """Return the limits of what was done a week; None where nothing was.

    ``ages`` are the seconds since each item was done, ``ends`` those since each week's end, the
    last one's first and the beginning of the first one at the end.
    """
    weeks = [0] * (len(ends) - 1)
    for age in ages:
        week = bisect_right(ends, age) - 1
        if 0 <= week < len(weeks):
            weeks[week] += 1
    return natural_limits(weeks) if any(weeks) else None


def natural_limits(values: Sequence[float]) -> Limits | None:
    """Return the limits of a series, mean +/- 2.66 x mean moving range; None under two values."""
    if len(values) < 2:
        return None
    ranges = [abs(after - before) for before, after in pairwise(values)]
    mean, moving = sum(values) / len(values), sum(ranges) / len(ranges)
    reach = LIMIT * moving
    return Limits(mean, max(0.0, mean - reach), mean + reach, moving, RANGE_LIMIT * moving)
