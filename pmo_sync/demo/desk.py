"""A team's desk: all of its items, and those that wait in their order."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from random import Random

from pmo_sync.demo.calendar import morning
from pmo_sync.demo.card import Card
from pmo_sync.demo.epics import Epics
from pmo_sync.demo.plans import Member, TeamPlan
from pmo_sync.demo.timesheet import Timesheet


def by_urgency(card: Card) -> tuple[float, int]:
    """Order waiting items: the most urgent first, then by turn."""
    return card.urgency, card.turn


class Desk:
    """All items of a team: ``cards`` oldest first, ``queue`` those waiting, most urgent first,
    ``recent`` those finished lately, which may come back."""

    def __init__(self, plan: TeamPlan, rng: Random, timesheet: Timesheet) -> None:
        self.plan, self.rng, self.timesheet = plan, rng, timesheet
        self.epics = Epics(plan, rng)
        self.cards: list[Card] = []
        self.queue: list[Card] = []
        self.recent: list[Card] = []
        self.number = 0
        """The number of the newest item."""
        self.members: Sequence[Member] = plan.members
        """Who is in the team on the day."""
        self.noted = True

    def future(self, rng: Random, active: Iterable[Card]) -> tuple[Desk, dict[int, Card]]:
        """Return a desk to simulate on, and by number the copies of all items in play."""
        twin = Desk(self.plan, rng, self.timesheet)
        play = (*self.queue, *active, *self.recent)
        copies = {card.number: card.future(rng) for card in play}
        twin.queue = [copies[card.number] for card in self.queue]
        twin.recent = [copies[card.number] for card in self.recent]
        twin.number, twin.noted = self.number, False
        return twin, copies

    def create(
        self, day: date, kind: str, level: int, title: str, work: float, reporter: str | None = None
    ) -> Card:
        """Write down a new item; it does not wait in the queue yet."""
        self.number += 1
        by = reporter or (self.plan.lead if level else self.rng.choice(self.members).person)
        card = Card(
            key=f"{self.plan.key}-{self.number}", project=self.plan.key, number=self.number,
            type=kind, level=level, title=title, created=self._born(day), reporter=by,
            stage=self.plan.stages[0], work=work, rng=self.rng, noted=self.noted,
        )  # fmt: skip
        if self.noted:
            card.set(card.created, by, "status", None, card.stage.name)
            self.cards.append(card)
        return card

    def put(self, card: Card) -> None:
        """Let an item wait in its place."""
        insort(self.queue, card, key=by_urgency)

    def note_finished(self, card: Card) -> None:
        """Remember an item that was finished: it may come back."""
        self.epics.count(card, -1)
        if card.resolution == "done":
            self.recent.append(card)

    def _born(self, day: date) -> datetime:
        if not self.noted:
            return morning(day)
        at = morning(day) + timedelta(
            minutes=self.rng.randint(30, 180), seconds=self.rng.randint(0, 59)
        )
        previous = self.cards[-1].created if self.cards else at
        return max(at, previous + timedelta(seconds=self.rng.randint(40, 200)))
