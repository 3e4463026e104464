"""The dates of a sample's open work, and the odds of its target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pmo_sync.rollups.forecast.arrivals import lasting
from pmo_sync.rollups.forecast.odds import Period, by_then, reached
from pmo_sync.rollups.forecast.outlook import Ahead, outlook
from pmo_sync.rollups.forecast.sample import Sample
from pmo_sync.rollups.weekly import WEEK

FAR = 520
"""Weeks after which nothing has a date: ten years."""
HORIZONS = (52, 156, FAR)
"""Weeks that are looked ahead, until the odds are ``ENOUGH``."""
ENOUGH = 0.95
"""The highest odds that a date is told of."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What lies ``ahead``, as it was looked at, and the ``odds`` of all done by the end of week
    t = 1, 2, ... after ``day``, the weeks included that the last items take longer; ``until`` the
    target it is so many weeks."""

    ahead: Ahead
    odds: tuple[float, ...]
    day: date
    until: float | None

    def by(self, q: float) -> date | None:
        """Return the day by which all is done with these odds."""
        weeks = reached(self.odds, q, self.until)
        return self.day + timedelta(days=round(7 * weeks)) if weeks else None

    @property
    def probability(self) -> float | None:
        """Return the odds of the target."""
        return None if self.until is None else by_then(self.odds, self.until)


def expected(
    sample: Sample, day: date, target: date | None, last: int = 0, far: int = FAR
) -> Expected:
    """Look a year ahead, and further where that is too short; ``last`` are the weeks that the last
    items take longer. Dates that are more than ``far`` weeks away may be unknown."""
    until = (target - day) / WEEK if target else None
    by = int(until) - last if until is not None else None
    pairs = zip(sample.drawn.finished, sample.arrived, strict=True)
    periods = tuple(Period(finished, arrived) for finished, arrived in pairs)
    left = sample.known.open / (sample.known.open + sum(sample.known.finished))
    arriving = lasting(len(sample.known.finished), left, until, sample.takes)
    for horizon in HORIZONS:
        if horizon < far and sample.takes > horizon:
            continue  # where the mean week takes longer, so do half of the futures
        ahead = Ahead(
            periods, sample.known.open, max(min(horizon, far), by or 0), arriving, by,
            sample.policy.split, sample.policy.cautious,
        )  # fmt: skip
        odds = outlook(ahead)
        if horizon >= far or odds[-1] >= ENOUGH:
            break
    return Expected(ahead, (*[0.0] * last, *odds.tolist()), day, until)
