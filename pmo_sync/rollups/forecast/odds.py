"""Odds, and what is read from them: computed, nothing here is random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
EXACT = 1e-12
"""What sums of exact shares may be off by."""
PARTS = 64
"""Counts at most that are told apart of a backlog that is larger by a factor that is not known."""


@dataclass(frozen=True, slots=True)
class Period:
    """What one period brought: items finished, and items that arrived."""

    finished: int
    arrived: int = 0


def delivered(samples: Sequence[int], periods: int) -> Floats:
    """Return P(n items are finished in ``periods``) for n = 0, 1, ..."""
    one = np.bincount(samples) / len(samples)
    total = np.ones(1)
    for _ in range(periods):
        total = np.convolve(total, one)
    return total


def at_least(delivery: Floats, q: float) -> int:
    """Return the largest n with P(at least n) >= ``q``."""
    return int(np.flatnonzero(np.cumsum(delivery[::-1])[::-1] >= q - EXACT)[-1])


def when(odds: Sequence[float] | Floats, q: float) -> int | None:
    """Return the first period t with P(done by t) >= ``q``, None where there is none."""
    reached = np.flatnonzero(np.asarray(odds) >= q - EXACT)
    return int(reached[0]) + 1 if len(reached) else None


def by_then(odds: Sequence[float] | Floats, weeks: float) -> float:
    """Return the odds of done after so many weeks, between those of the ends of two."""
    return float(np.interp(weeks, range(len(odds) + 1), [0.0, *odds]))


def reached(odds: Sequence[float] | Floats, q: float, until: float | None) -> float | None:
    """Return the weeks after which P(done) >= ``q``: the end of one, or the target ``until`` which
    it is so many weeks where it comes before and has these odds already."""
    weeks = when(odds, q)
    if weeks and until is not None and until < weeks and by_then(odds, until) >= q - EXACT:
        return until
    return weeks


def together(*odds: Sequence[float] | Floats) -> Floats:
    """Return the odds that all of several teams are done, as if they had nothing in common:
    shared people make this optimistic."""
    joint: Floats = np.prod(np.asarray(odds), axis=0)
    return joint


def split(items: int, most: float) -> dict[int, float]:
    """Return the chances of how many items a backlog turns out to be: all of it is multiplied by
    one factor, uniform from 1 to ``most``; a part of an item is an item."""
    if most <= 1 or not items:
        return {items: 1.0}
    more = items * (most - 1)
    parts = ceil(more - EXACT)
    if parts > PARTS:
        shares = ((n + 0.5) / PARTS for n in range(PARTS))
        return {items + ceil(more * share): 1 / PARTS for share in shares}
    return {items + n: min(1.0, more - n + 1) / more for n in range(1, parts + 1)}
