"""A team's epics: which takes an item in, when it starts, when it is closed."""

from __future__ import annotations

from datetime import date, datetime
from random import Random

from pmo_sync.demo.calendar import morning
from pmo_sync.demo.card import Card
from pmo_sync.demo.plans import TeamPlan


class Epics:
    """Early epics fill first; one is closed when its turn is over and all of it is finished."""

    def __init__(self, plan: TeamPlan, rng: Random) -> None:
        self._plan, self._rng = plan, rng
        self.cards: list[Card] = []
        self._left: dict[str, int] = {}
        """How many items of an epic are open."""

    def adopt(self, card: Card, day: date) -> None:
        """Put a new item under an epic that still takes work."""
        if not self.cards:
            return
        turn = int((day - self._plan.start).days / self._span() + self._rng.random() * 0.8)
        epic = self.cards[min(turn, len(self.cards) - 1)]
        if epic.finished is None:
            card.epic = epic.key
            self.count(card, 1)

    def count(self, card: Card, change: int) -> None:
        """Note that an item is open again (1), or no longer (-1)."""
        if card.epic:
            self._left[card.epic] = self._left.get(card.epic, 0) + change

    def start(self, card: Card, at: datetime, person: str) -> None:
        """Start the epic of an item that is started."""
        for epic in self.cards:
            if epic.key == card.epic and epic.stage.category == "todo":
                epic.move(max(at, epic.last), person, self._plan.working)

    def close(self, day: date, waiting: bool) -> None:
        """Close what is over; ``waiting`` says that there is work in the queue."""
        for number, epic in enumerate(self.cards, start=1):
            late = (day - self._plan.start).days >= self._span() * (number + 0.8)
            over = late or (day >= self._plan.closes and not waiting)
            if epic.finished is None and over and not self._left.get(epic.key):
                at = epic.moment(morning(day), 570, 595)
                epic.close(at, self._plan.lead, self._plan.stages[-1], "done")

    def _span(self) -> float:
        return max(1, (self._plan.planned - self._plan.start).days) / len(self.cards)
