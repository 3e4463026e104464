"""Did the pace change? Then older weeks say nothing of the next ones.

The split of the weeks is sought at which two paces are the likeliest beside one for all: the
likelihood ratio of Poisson counts (Worsley 1986), over their dispersion where they vary more than
that (Wedderburn's quasi-likelihood 1974). How much they do is told by what is left beside two
paces, of single weeks and of all runs of four (overlapping batch means, Meketon and Schmeiser
1984): big items and good months make neighbours alike, and weeks one by one look steadier than they
are. Weeks of a lull are left out. When it was is told as a range, of all splits that are nearly as
likely (Siegmund 1988).
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
SIGNAL = 2.7
"""Standard errors between two paces, at the split where they differ most: what is less is routine,
and what is more a steady pace shows in two of a hundred histories of two years."""
SHARE = 2 / 3
"""The slower pace is at most this part of the faster one: what is more changes no forecast."""
RUN = 4
"""Weeks that are taken together to see how much a pace varies by itself."""
NEARLY = log(16)
"""Splits that are a sixteenth as likely as the likeliest, or more, make the range of a change: it
holds the true one nineteen times of twenty (``tests/rollups/forecast/test_regime.py``)."""
HALF = timedelta(days=3)
"""A split stands for the days around it: a change within a week shows at either end of it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of pace, so many ``weeks`` ago: between ``earliest`` and ``latest``, in nineteen
    cases of twenty."""

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


@dataclass(frozen=True, slots=True)
class _Splits:
    """Of each split, after 1, 2, ... weeks: how much likelier two paces are than one (the
    logarithm), and whether the first pace has been ``held`` for long enough, both have, they are
    so far ``apart`` that it matters, and the second is the ``faster`` one."""

    gained: Floats
    held: Flags
    both: Flags
    apart: Flags
    faster: Flags

    @property
    def near(self) -> Flags:
        """Those that are nearly as likely as the likeliest that could be told."""
        near: Flags = self.gained >= np.where(self.able, self.gained, 0.0).max() - NEARLY
        return near

    @property
    def able(self) -> Flags:
        """Those that could be told."""
        return self.both & self.apart


def change_of(
    weeks: Sequence[int], still: Collection[int] = (), within: int | None = None
) -> Change | None:
    """Return since when the pace of now has been held, None where there was no change; ``still``
    are weeks, so many ago, that are known to be of a lull. A change that was not ``within`` the
    last so many weeks is none, unless a split there is nearly as likely."""
    counts = np.asarray(weeks, dtype=float)
    lull = lulls(counts) | np.array([ago in still for ago in range(len(counts), 0, -1)], dtype=bool)
    there = np.flatnonzero(~lull)
    if len(there) < 2 * LASTING or not counts[there].any():
        return None
    splits, ago = _splits(counts[there]), len(weeks) - there
    told = _told(splits, ago[1:] <= (within or len(weeks)))
    if told is None:
        return None
    alike = splits.near & splits.held & splits.apart & (splits.faster == splits.faster[told])
    first, last = np.flatnonzero(alike)[[0, -1]]
    return Change(int(ago[told + 1]), int(ago[first]) - 1, int(ago[last + 1]))


def _told(splits: _Splits, within: Flags) -> int | None:
    """Return the likeliest of the splits ``within`` the weeks asked for, if it is a signal."""
    able = splits.able & splits.near & within
    best = int(np.where(able, splits.gained, 0.0).argmax())
    return best if able[best] and 2 * splits.gained[best] > SIGNAL**2 else None


def _splits(counts: Floats) -> _Splits:
    before = np.arange(1, len(counts))
    after, done = len(counts) - before, counts.cumsum()[:-1]
    left = counts.sum() - done
    gained = _likely(done, before) + _likely(left, after) - _likely(done + left, before + after)
    slow, fast = np.sort([done / before, left / after], axis=0)
    both = np.minimum(before, after) >= LASTING
    at = before[np.where(both, gained, 0.0).argmax()]
    paces = np.repeat([counts[:at].mean(), counts[at:].mean()], [at, len(counts) - at])
    return _Splits(
        gained / max(_dispersion(counts, paces, run) for run in (1, RUN)),
        held=before >= LASTING,
        both=both,
        apart=slow <= SHARE * fast,
        faster=left * before > done * after,
    )


def _likely(sums: Floats, weeks: npt.NDArray[np.int64]) -> Floats:
    """Return the logarithm of the likelihood of counts with these sums, at their own mean, but for
    what does not depend on how they are split."""
    likely: Floats = sums * np.log(np.maximum(sums, 1) / weeks)
    return likely


def _dispersion(counts: Floats, paces: Floats, run: int) -> float:
    """Return the variance of the sums of so many weeks about what the paces expect, over their
    mean: 1 at least. Two paces that were fitted to the counts leave less, by as many runs."""
    beside = np.append(0, (counts - paces).cumsum())
    varies = float(((beside[run:] - beside[:-run]) ** 2).mean() / run / counts.mean())
    return max(varies * len(counts) / (len(counts) - 2 * run), 1.0)
