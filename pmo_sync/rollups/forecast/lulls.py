"""Weeks in which next to nothing was done: they tell of a holiday, not of a pace.

Beside a change they would be taken for its beginning; such passing changes are set apart from
lasting ones first (Chen and Liu 1993). A holiday that all groups share shows in the sum of their
weeks where a slow one alone would not show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from pmo_sync.rollups.forecast.odds import Floats
from pmo_sync.rollups.weekly import Weekly

LULL, AROUND = 2, 6
"""Weeks of a lull, and those on either side that it is measured by."""
QUIET = 5.0
"""The deviance of a lull from the slower of both sides: counts of that pace would show as little
once in eighty times."""
STILL = 0.5
"""Less than this share of the usual is done where all stand still: in the sum of many groups a
smaller difference, as that of a summer, shows as clearly."""

Flags = npt.NDArray[np.bool_]


def lulls(counts: Floats, most: float = 1.0) -> Flags:
    """Return which weeks are of a lull; ``most`` is the share of the usual that may be done in
    one."""
    lull = np.zeros(len(counts), dtype=bool)
    if len(counts) < LULL + 2 * AROUND:
        return lull
    sums = np.append(0, counts.cumsum())
    at = np.arange(AROUND, len(counts) - AROUND - LULL + 1)
    within = sums[at + LULL] - sums[at]
    sides = sums[at] - sums[at - AROUND], sums[at + LULL + AROUND] - sums[at + LULL]
    usual = np.minimum(*sides) * LULL / AROUND
    more = within * np.log(np.maximum(within, 1) / np.maximum(usual, 1e-9))
    quiet = (within < most * usual) & (2 * (more - within + usual) > QUIET)
    for week in range(LULL):
        lull[at[quiet] + week] = True
    return lull


def shared(groups: Mapping[str, Weekly]) -> dict[str, Weekly]:
    """Return the weeks of each group with those in which all of them together stood still."""
    longest = max((len(each.finished) for each in groups.values()), default=0)
    total = np.zeros(longest)
    for each in groups.values():
        total[longest - len(each.finished) :] += each.finished
    still = frozenset(longest - int(week) for week in np.flatnonzero(lulls(total, STILL)))
    return {name: replace(each, still=still) for name, each in groups.items()}
