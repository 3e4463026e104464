"""What arrives at a team's desk: new work, bugs after releases, growth, other teams' wishes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from math import exp
from random import Random

from pmo_sync.demo.card import Card
from pmo_sync.demo.desk import Desk
from pmo_sync.demo.effort import effort
from pmo_sync.demo.names import CONTEXTS, LABELS, LIBRARIES, VERBS
from pmo_sync.demo.plans import Gate, Growth, TeamPlan, at_day

TYPES = ("Story", "Story", "Story", "Bug", "Bug", "Task")
PRIORITIES = ("Highest", "High", "Medium", "Medium", "Medium", "Low")
GATE, FRESH, BACKLOG, BOT = -2.0, 0.0, 1.0, 8.0
"""Where an item joins the queue; what is urgent stands between the first two."""


WORKED = 0.69
"""Working days of a day."""
LEAST, MOST = 0.3, 2.5
"""How far the arrivals of a day may be from what was planned."""


def _coming(plan: TeamPlan, day: date) -> float:
    """Return how many items are planned to arrive from a day on."""
    ends = [*(since for since, _ in plan.arrivals[1:]), plan.closes]
    return sum(
        rate * WORKED * max(0, (min(end, plan.closes) - max(since, day)).days)
        for (since, rate), end in zip(plan.arrivals, ends, strict=True)
    )


def poisson(rng: Random, mean: float) -> int:
    """Draw a Poisson number by multiplying uniforms (Knuth)."""
    limit, product, count = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


class Intake:
    """Takes in a day's new items."""

    def __init__(self, desk: Desk, gates: dict[str, Card]) -> None:
        self._desk, self._plan, self._rng, self._gates = desk, desk.plan, desk.rng, gates
        self._before = self._grown = 0
        """How many items there were before the scope grew, and by how many it has grown."""

    def future(self, desk: Desk, gates: dict[str, Card], copies: Mapping[int, Card]) -> Intake:
        """Return one to simulate on, for a desk with copies of the items in play."""
        twin = Intake(desk, gates)
        twin._before, twin._grown = self._before, self._grown
        for key, card in self._gates.items():
            if card.project == self._plan.key:
                gates[key] = copies.get(card.number, card)
        return twin

    def open_day(self, day: date) -> None:
        """Take in what arrives on a day; on the first, the epics and the queue that is there."""
        if not self._desk.number:
            self._begin(day)
        rate = self._rate(day) if day < self._plan.closes else 0.0
        burst = 4.0 if self._rng.random() < 0.15 else 0.47
        for _ in range(poisson(self._rng, rate * burst)):
            self.new_work(day)
        if self._plan.bot and day < self._plan.closes and self._rng.random() < 0.025:
            self._bot_work(day, self._plan.bot)
        if self._plan.growth:
            self._grow(day, self._plan.growth)
        for gate in self._plan.gates:
            if gate.key not in self._gates and gate.day <= day:
                self._gate(day, gate)

    def report_bugs(self, day: date) -> None:
        """Take in what users find in a release."""
        for _ in range(self._rng.randint(2, 6)):
            self.new_work(day, kind="Bug", urgent=self._rng.random() < 0.5)

    def new_work(self, day: date, kind: str | None = None, urgent: bool = False) -> Card:
        """Take in an item."""
        rng = self._rng
        kind = kind or rng.choice(TYPES)
        thing = rng.choice(self._plan.subject.things)
        title = f"{rng.choice(VERBS[kind])} {thing}{rng.choice(CONTEXTS)}"
        card = self._desk.create(day, kind, 0, title, effort(rng, self._plan))
        self._rank(card, urgent)
        if rng.random() < 0.75:
            self._desk.epics.adopt(card, day)
        if rng.random() < self._plan.dated:
            card.due = (day + timedelta(days=rng.randint(20, 200))).isoformat()
        if card.noted:
            self._describe(card)
        self._desk.put(card)
        return card

    def _rate(self, day: date) -> float:
        """Return the mean arrivals of a day: a team that is ahead of its plan is asked for more,
        and one that is behind for less."""
        plan = self._plan
        planned, coming = at_day(plan.arrivals, day), _coming(plan, day)
        if not planned or not coming:
            return planned
        fits = plan.speed * WORKED * (plan.planned - day).days - len(self._desk.queue)
        return planned * min(MOST, max(LEAST, fits / coming))

    def _begin(self, day: date) -> None:
        for title in self._plan.subject.epics:
            self._desk.epics.cards.append(self._desk.create(day, "Epic", 1, title, 0.0))
        for _ in range(self._plan.queue):
            card = self.new_work(day)
            if card.urgency == FRESH:
                self._desk.queue.remove(card)
                card.urgency = BACKLOG + self._rng.random() * 4
                self._desk.put(card)

    def _rank(self, card: Card, urgent: bool) -> None:
        """Give an item its place in the queue: much is done soon after it came, the newest first,
        and the rest waits, what matters least for as long as there is other work."""
        rng, chance = self._rng, self._rng.random()
        card.priority = rng.choice(PRIORITIES)
        card.urgency = BACKLOG + PRIORITIES.index(card.priority) + rng.random() * 2
        if urgent or chance < self._plan.expedite:
            card.priority, card.urgency = "Highest", rng.random() - 1
        elif chance < self._plan.expedite + self._plan.fresh:
            card.urgency, card.turn = FRESH, -card.number

    def _describe(self, card: Card) -> None:
        """Note what an item is born with."""
        at, by, rng = card.created, card.reporter, self._rng
        card.add(at, by, "component", rng.choice(self._plan.subject.components))
        if rng.random() < 0.3:
            card.add(at, by, "label", rng.choice(LABELS))
        card.set(at, by, "priority", None, card.priority)
        card.set(at, by, "parent", None, card.epic)
        card.set(at, by, "due", None, card.due)
        if rng.random() < 0.5:
            self._desk.timesheet.estimate(card, at, by)

    def _bot_work(self, day: date, bot: str) -> None:
        title = f"Update {self._rng.choice(LIBRARIES)}"
        card = self._desk.create(day, "Task", 0, title, 0.3, reporter=bot)
        card.add(card.created, bot, "label", "dependencies")
        card.urgency = BOT
        self._desk.put(card)

    def _grow(self, day: date, growth: Growth) -> None:
        """Take in the part of the growth that is due by a day."""
        if day < growth.first or day > growth.last:
            return
        self._before = self._before or self._desk.number
        passed = (day - growth.first).days / (growth.last - growth.first).days
        while self._grown < round(growth.share * self._before * passed):
            self.new_work(day)
            self._grown += 1

    def _gate(self, day: date, gate: Gate) -> None:
        """Create an item that stands between two teams, and the link from what it waits for."""
        card = self.new_work(day)
        self._desk.queue.remove(card)
        card.set(card.last, card.reporter, "title", card.title, gate.title)
        card.title, card.urgency, card.turn = gate.title, GATE, card.number
        card.work = card.planned = gate.work
        card.waits_for = gate.waits_for
        self._desk.put(card)
        self._gates[gate.key] = card
        if gate.waits_for and (other := self._gates.get(gate.waits_for)):
            at = max(card.last, other.last)
            other.add(at, card.reporter, "blocks", card.key)
            card.add(at, card.reporter, "relates", other.key)
