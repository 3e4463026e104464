"""Remaining effort over working weeks, until the day that it is planned by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import numpy.typing as npt

from pmo_sync.rollups.resources.calendars import ONE, Calendar, Days

Shares = npt.NDArray[np.float64]
WEEKS = 8


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks that load is told for. ``bounds`` are where each begins and the last one ends;
    the first begins on the day after as-of, the others on a Monday."""

    day: date
    bounds: tuple[date, ...]


def weeks_from(day: date, calendar: Calendar, count: int = WEEKS) -> Weeks:
    """Return the weeks ahead at the end of ``day``: a rest of a week in which nobody works any
    more belongs to the next."""
    first = day + ONE
    while not calendar.mask[first.weekday()]:
        first += ONE
    monday = first - first.weekday() * ONE
    begin = max(monday, day + ONE)
    return Weeks(day, (begin, *(monday + 7 * n * ONE for n in range(1, count + 1))))


def shares(planned: Sequence[date], own: Calendar, plain: Calendar, weeks: Weeks) -> Shares:
    """Return for each day which share of the work falls into each week, and (last) later.

    It is spread evenly over the working days until then: the person's own, else (all of them are
    off) the ``plain`` ones, else the whole falls on the last day. What is past falls into the
    first week.
    """
    ends = np.array(planned, dtype="datetime64[D]") + 1
    found = _even(own, ends, weeks)
    for instead in (partial(_even, plain), _whole):
        lacking = np.isnan(found[:, 0])
        if lacking.any():
            found[lacking] = instead(ends[lacking], weeks)
    return found


def _even(calendar: Calendar, ends: Days, weeks: Weeks) -> Shares:
    first = weeks.day + ONE
    total = calendar.days(first, ends).astype(np.float64)
    total[total == 0] = np.nan
    bounds = np.array(weeks.bounds[1:], dtype="datetime64[D]")
    reached = calendar.days(first, np.minimum(ends[:, None], bounds))
    upto = np.column_stack([np.zeros(len(ends)), reached, total])
    return np.diff(upto, axis=1) / total[:, None]


def _whole(ends: Days, weeks: Weeks) -> Shares:
    bounds = np.array(weeks.bounds[1:], dtype="datetime64[D]")
    place = np.searchsorted(bounds, ends - 1, side="right")
    return np.eye(len(bounds) + 1)[place]
