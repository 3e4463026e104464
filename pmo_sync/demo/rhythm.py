"""What comes round in a team's year: sprints and releases."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import UTC, date, datetime, time, timedelta

from pmo_sync.demo.calendar import first_working, morning
from pmo_sync.demo.card import Card
from pmo_sync.demo.facts import Sprint, WorldMilestone
from pmo_sync.demo.plans import Dates, Release, TeamPlan


class Sprints:
    """A team's sprints of equal length; a team without sprints has none."""

    def __init__(self, plan: TeamPlan) -> None:
        self._key, self._days = plan.key, plan.sprint_days
        self._first = plan.start + timedelta(days=(7 - plan.start.weekday()) % 7)
        self._current = 0

    def copy(self) -> Sprints:
        """Return one that goes on by itself from here."""
        return copy(self)

    def begins(self, day: date) -> bool:
        """Say whether a sprint begins that has not yet; from then on it is the current one."""
        number = self._number(day)
        if not self._days or number <= self._current:
            return False
        self._current = number
        return True

    @property
    def current(self) -> str:
        """The key of the current sprint."""
        return f"{self._key}/{self._current}"

    @property
    def days(self) -> int:
        """How long a sprint is, in days; 0 without sprints."""
        return self._days

    def _number(self, day: date) -> int:
        return (day - self._first).days // self._days + 1 if self._days else 0

    def facts(self, until: date) -> tuple[Sprint, ...]:
        """Return all sprints begun by a day, and the next one."""
        count = max(0, self._number(until)) + 1 if self._days else 0
        return tuple(self._sprint(number, until) for number in range(1, count + 1))

    def _sprint(self, number: int, until: date) -> Sprint:
        first = self._first + timedelta(days=(number - 1) * self._days)
        begins = morning(first_working(first)) + timedelta(minutes=150)
        following = first_working(first + timedelta(days=self._days))
        closes = morning(following) + timedelta(minutes=140)
        return Sprint(
            key=f"{self._key}/{number}",
            name=f"{self._key} Sprint {number}",
            start=begins,
            end=morning(first + timedelta(days=self._days - 3)) + timedelta(hours=9),
            completed=closes if following <= until else None,
            started=begins.date() <= until,
        )


class Releases:
    """A team's releases, one after the other."""

    def __init__(self, plan: TeamPlan) -> None:
        self._key, self._plan = plan.key, plan.releases
        self._start = morning(plan.start)
        self._shipped = 0

    def copy(self) -> Releases:
        """Return one that goes on by itself from here."""
        return copy(self)

    def turn(self, day: date, cards: Iterable[Card], lead: str) -> bool:
        """Ship what is due, moving what is not finished on to the next; say whether any was."""
        before = self._shipped
        while self._shipped < len(self._plan) - 1 and _shipped(self._plan[self._shipped], day):
            old, new = self._named(self._shipped), self._named(self._shipped + 1)
            for card in cards:
                if card.release == old:
                    at = card.moment(morning(day), 100, 140)
                    card.remove(at, lead, "milestone", old)
                    card.add(at, lead, "milestone", new)
                    card.release = new
            self._shipped += 1
        return self._shipped > before

    def join(self, card: Card, at: datetime, lead: str) -> None:
        """Put an item that is being started into the next release."""
        if card.release is None and card.rng.random() < 0.65:
            card.release = self._named(self._shipped)
            card.add(at, lead, "milestone", card.release)

    def _named(self, number: int) -> str:
        return f"{self._key}/{self._plan[number].name}"

    def facts(self, until: date) -> tuple[WorldMilestone, ...]:
        """Return all releases as they stand at the end of a day."""
        return tuple(
            WorldMilestone(
                f"{self._key}/{one.name}", one.name, self._start, written_by(one.due, until),
                datetime.combine(first_working(one.ships), time(14), UTC)
                if one.ships and _shipped(one, until) else None,
            )
            for one in self._plan
        )  # fmt: skip


def written_by(dates: Dates, day: date) -> date:
    """Return the date that was written down on a day; the first one before any was."""
    return next((value for since, value in reversed(dates) if since <= day), dates[0][1])


def _shipped(release: Release, day: date) -> bool:
    return release.ships is not None and first_working(release.ships) <= day
