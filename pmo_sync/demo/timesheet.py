"""Effort as a team notes it: hours estimated, logged, and left."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import exp
from random import Random

from pmo_sync.demo.calendar import morning
from pmo_sync.demo.card import Card
from pmo_sync.demo.facts import Worklog
from pmo_sync.demo.plans import TeamPlan

ITEM_DAY = 5.0
"""Hours that a full-time person spends on one of the items under way, on a working day."""
QUARTER = 900
HALF_HOUR = 1800
MOST = 24 * 3600


class Timesheet:
    """Notes effort on items that are noted at all; the luck of it is its own, so that who keeps
    no time sheet works the same."""

    def __init__(self, plan: TeamPlan, seed: int) -> None:
        self._plan = plan
        self._rng = Random(f"{seed}:{plan.key}:time")

    def estimate(self, card: Card, at: datetime, by: str, always: bool = False) -> None:
        """Estimate the work of an item in hours, once, if the team does that."""
        if not card.noted or card.estimate is not None:
            return
        card.estimate = 0
        if always or self._rng.random() < self._plan.hours:
            guess = _hours(card.work * exp(self._rng.gauss(-0.1, 0.35)))
            self.put(card, at, by, guess)

    def put(self, card: Card, at: datetime, by: str, seconds: int) -> None:
        """Note an original estimate, of which all is left."""
        card.set(at, by, "estimate", card.estimate or None, seconds)
        card.estimate = seconds
        self.leave(card, at, by, seconds)

    def again(self, card: Card, at: datetime, by: str) -> None:
        """Estimate anew what is left."""
        if card.estimate:
            self.leave(card, at, by, _hours(card.work * exp(self._rng.gauss(0.0, 0.2))))

    def worked(self, card: Card, day: date, by: str, hours: float) -> None:
        """Note a day's hours, sooner or later."""
        if not card.noted:
            return
        card.unlogged += hours
        if self._rng.random() < self._plan.logs:
            self.log(card, day, by)
            if card.estimate and not card.remaining and self._rng.random() < 0.5:
                self.again(card, card.moment(morning(day), 575, 585), by)

    def log(self, card: Card, day: date, by: str) -> None:
        """Log what was not logged yet, in quarters of an hour."""
        seconds = int(card.unlogged * 3600 // QUARTER) * QUARTER
        if not self._plan.logs or seconds < QUARTER:
            return
        card.unlogged -= seconds / 3600
        if self._rng.random() < 0.01:
            self._slip(card, day, by, 2 * seconds)
        at = card.moment(morning(day), 560, 574)
        edited = at + timedelta(minutes=20) if self._rng.random() < 0.02 else at
        card.worklogs.append(Worklog(by, _started(at, seconds), seconds, at, edited))
        self._spend(card, at, by, seconds)

    def close(self, card: Card, at: datetime, by: str) -> None:
        """Leave nothing to do of what is finished, where the team is tidy."""
        if card.estimate and self._plan.tidy:
            self.leave(card, at, by, 0)

    def _slip(self, card: Card, day: date, by: str, seconds: int) -> None:
        """Log too much, and take it back."""
        at = card.moment(morning(day), 540, 550)
        removed = at + timedelta(minutes=self._rng.randint(2, 8))
        card.worklogs.append(Worklog(by, _started(at, seconds), seconds, at, at, removed))
        before = card.remaining
        self._spend(card, at, by, seconds)
        if card.estimate and before is not None:
            self.leave(card, removed, by, before)

    def _spend(self, card: Card, at: datetime, by: str, seconds: int) -> None:
        if card.remaining is not None:
            self.leave(card, at, by, max(0, card.remaining - seconds))

    def leave(self, card: Card, at: datetime, by: str, seconds: int) -> None:
        """Note what is left."""
        card.set(at, by, "remaining", card.remaining, seconds)
        if card.noted:
            card.remaining = seconds


def _hours(work: float) -> int:
    """Return days of work as seconds, in half hours; nobody says more than three days."""
    return min(MOST, max(1, round(work * ITEM_DAY * 3600 / HALF_HOUR)) * HALF_HOUR)


def _started(at: datetime, seconds: int) -> datetime:
    """Return when the last of so many seconds began; more than a day's are told of that day."""
    return at - timedelta(seconds=min(seconds, 8 * 3600))
