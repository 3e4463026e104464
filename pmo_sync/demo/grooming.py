"""What is done about a team's items beside working on them: estimated, re-dated, split, dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import exp

from pmo_sync.demo.calendar import morning
from pmo_sync.demo.card import Card
from pmo_sync.demo.desk import Desk
from pmo_sync.demo.intake import Intake, poisson

POINTS = (1, 2, 3, 5, 8, 13)
REMEMBERED = timedelta(days=12)
"""How long a finished item may be re-opened."""
RIPE = timedelta(days=3)


class Grooming:
    """Grooms a team's items, at the end of a day."""

    def __init__(self, desk: Desk, intake: Intake) -> None:
        self._desk, self._plan, self._rng, self._intake = desk, desk.plan, desk.rng, intake

    def groom(self, day: date, active: Sequence[Card]) -> None:
        """Estimate, drop, re-estimate, re-date, rename and split."""
        queue = self._desk.queue
        if self._desk.noted:
            for _ in range(poisson(self._rng, 1.5 if queue else 0.0)):
                self._estimate(self._rng.choice(queue), day)
        for _ in range(poisson(self._rng, self._plan.drop * len(queue))):
            if queue:
                self._drop(queue.pop(self._rng.randrange(len(queue))), day)
        for card in active:
            self._revise(card, day, self._rng.random())

    def reopen(self, day: date) -> list[Card]:
        """Return finished items that are open again from this day on."""
        desk = self._desk
        desk.recent = [one for one in desk.recent if one.finished and
                       day - one.finished.date() <= REMEMBERED]  # fmt: skip
        back = [card for card in desk.recent if self._comes_back(card, day)]
        for card in back:
            desk.recent.remove(card)
            self._open_again(card, day)
        return back

    def _comes_back(self, card: Card, day: date) -> bool:
        ripe = card.finished is not None and day - card.finished.date() >= RIPE
        return ripe and not card.reopened and self._rng.random() < self._plan.reopen / 7

    def _open_again(self, card: Card, day: date) -> None:
        at = card.moment(morning(day), 60, 300)
        card.set(at, card.reporter, "resolution", card.resolution, None)
        card.move(at, card.reporter, self._plan.working)
        card.finished, card.resolution, card.reopened = None, None, True
        card.work = card.planned * 0.4
        self._desk.timesheet.again(card, at, card.reporter)
        self._desk.epics.count(card, 1)

    def _estimate(self, card: Card, day: date) -> None:
        if card.points is None:
            card.points = 0
            if self._rng.random() < self._plan.estimated:
                size = card.work / self._plan.work * 2 * exp(self._rng.gauss(0.0, 0.3))
                card.points = min(POINTS, key=lambda one: abs(one - size))
                at = card.moment(morning(day), 200, 420)
                card.set(at, self._plan.lead, "points", None, card.points)

    def _drop(self, card: Card, day: date) -> None:
        at, lead = card.moment(morning(day), 200, 420), self._plan.lead
        older = self._desk.cards[len(self._desk.epics.cards) : card.number - 1]
        copy = card.noted and older and self._rng.random() < 0.3
        if copy:
            card.add(at, lead, "duplicates", self._rng.choice(older).key)
        card.close(at, lead, self._plan.stages[-1], "duplicate" if copy else "dropped")
        self._desk.note_finished(card)

    def _revise(self, card: Card, day: date, chance: float) -> None:
        by = card.assignee or self._plan.lead
        if chance < 0.006 and card.points:
            self._grow(card, day, by)
        elif chance < 0.15 and card.due and card.due < day.isoformat():
            later = (day + timedelta(days=14)).isoformat()
            card.set(card.moment(morning(day), 560, 590), by, "due", card.due, later)
            card.due = later
        elif 0.5 < chance < 0.504 and card.work > 2 and not card.waits_for:
            self._split(card, day, by)
        elif 0.6 < chance < 0.606 and card.noted:
            other = self._rng.choice(self._desk.cards)
            if other is not card:
                card.add(card.moment(morning(day), 560, 590), by, "relates", other.key)
        elif 0.7 < chance < 0.71 and len(self._desk.members) > 1:
            person = self._rng.choice(self._desk.members).person
            card.assign(card.moment(morning(day), 560, 590), self._plan.lead, person)

    def _grow(self, card: Card, day: date, by: str) -> None:
        """Find that an item is more work than was thought."""
        at = card.moment(morning(day), 560, 590)
        bigger = POINTS[min(POINTS.index(card.points or 1) + 1, len(POINTS) - 1)]
        card.set(at, by, "points", card.points, bigger)
        card.points = bigger
        card.work += card.planned * 0.3
        self._desk.timesheet.again(card, at, by)

    def _split(self, card: Card, day: date, by: str) -> None:
        """Leave half of an item to a new one."""
        at = card.moment(morning(day), 560, 590)
        rest = self._intake.new_work(day)
        rest.work = rest.planned = card.work = card.work / 2
        card.set(at, by, "title", card.title, f"{card.title} (part 1)")
        card.title = f"{card.title} (part 1)"
        card.add(max(at, rest.created), by, "relates", rest.key)
        self._desk.timesheet.again(card, max(at, rest.created), by)
