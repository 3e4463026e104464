"""What comes round in a team's year: sprints and releases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from pmo_sync.demo.calendar import is_working, morning
from pmo_sync.demo.card import Card
from pmo_sync.demo.facts import Sprint, WorldMilestone
from pmo_sync.demo.plans import Release, TeamPlan

CAPACITY = 8
"""Items that a sprint takes, with what is carried over; one new one at least."""


def _first_working(day: date) -> date:
    while not is_working(day):
        day += timedelta(days=1)
    return day


class Sprints:
    """A team's sprints of equal length; a team without sprints has none."""

    def __init__(self, plan: TeamPlan) -> None:
        self._key, self._days = plan.key, plan.sprint_days
        self._first = plan.start + timedelta(days=(7 - plan.start.weekday()) % 7)
        self._current = 0

    def turn(self, day: date, cards: Sequence[Card], plan: TeamPlan) -> None:
        """Begin the sprint whose first working day this is: carry over, then plan new work."""
        number = self._number(day)
        if not self._days or number <= self._current:
            return
        self._current = number
        key = f"{self._key}/{number}"
        started = [card for card in cards if card.level == 0 and card.finished is None]
        carried = [card for card in started if card.sprint or card.stage.category != "todo"]
        waiting = [card for card in started if card not in carried]
        waiting.sort(key=lambda card: (card.urgency, card.number))
        fresh = waiting[: max(1, CAPACITY - len(carried))]
        for card in (*carried, *fresh):
            at = card.moment(morning(day), 150, 175)
            card.add(at, plan.lead, "sprint", key)
            card.sprint = key
            if card.stage == plan.stages[0] and plan.stages[1].category == "todo":
                card.move(at, plan.lead, plan.stages[1])

    def admits(self, card: Card) -> bool:
        """Say whether a waiting item may be started: with sprints, only what was planned."""
        return not self._days or card.sprint is not None

    def _number(self, day: date) -> int:
        return (day - self._first).days // self._days + 1 if self._days else 0

    def facts(self, until: date) -> tuple[Sprint, ...]:
        """Return all sprints begun by a day, and the next one."""
        count = self._number(until) + 1 if self._days else 0
        return tuple(self._sprint(number, until) for number in range(1, count + 1))

    def _sprint(self, number: int, until: date) -> Sprint:
        first = self._first + timedelta(days=(number - 1) * self._days)
        begins = morning(_first_working(first)) + timedelta(minutes=150)
        following = _first_working(first + timedelta(days=self._days))
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
    """A team's releases, one after the other; each ships on the first working day from its date,
    but the last, which waits for its work."""

    def __init__(self, plan: TeamPlan) -> None:
        self._key, self._plan = plan.key, plan.releases
        self._start = morning(plan.start)
        self._shipped = 0

    def turn(self, day: date, cards: Sequence[Card], plan: TeamPlan) -> None:
        """Ship what is due; what is not finished moves on to the next release."""
        while self._shipped < len(self._plan) - 1 and self._ships(self._shipped) <= day:
            old, new = self._named(self._shipped), self._named(self._shipped + 1)
            for card in cards:
                if card.release == old and card.finished is None:
                    at = card.moment(morning(day), 100, 140)
                    card.remove(at, plan.lead, "milestone", old)
                    card.add(at, plan.lead, "milestone", new)
                    card.release = new
            self._shipped += 1

    def join(self, card: Card, at: datetime, day: date, plan: TeamPlan) -> None:
        """Put an item that is being started into the release of the day."""
        if card.release is None and card.rng.random() < 0.65:
            due = [self._named(number) for number in range(len(self._plan))
                   if self._ships(number) > day]  # fmt: skip
            card.release = due[0] if due else self._named(len(self._plan) - 1)
            card.add(at, plan.lead, "milestone", card.release)

    def _ships(self, number: int) -> date:
        return _first_working(self._plan[number].due)

    def _named(self, number: int) -> str:
        return f"{self._key}/{self._plan[number].name}"

    def facts(self, until: date) -> tuple[WorldMilestone, ...]:
        """Return all releases as they stand at the end of a day."""
        last = len(self._plan) - 1
        return tuple(
            self._fact(number, release, shipped=number < last and self._ships(number) <= until)
            for number, release in enumerate(self._plan)
        )

    def _fact(self, number: int, release: Release, *, shipped: bool) -> WorldMilestone:
        at = datetime.combine(self._ships(number), time(14), UTC) if shipped else None
        return WorldMilestone(
            f"{self._key}/{release.name}", release.name, self._start, release.due, at
        )
