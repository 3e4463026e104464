"""A team's desk: where work arrives, is estimated, dated, split, dropped and re-opened."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import exp, log
from random import Random

from pmo_sync.demo.calendar import morning
from pmo_sync.demo.card import Card
from pmo_sync.demo.plans import Gate, Growth, Member, TeamPlan, at_day

TYPES = ("Story", "Story", "Story", "Bug", "Bug", "Task")
VERBS: Mapping[str, tuple[str, ...]] = {
    "Story": ("Show", "Offer", "Rebuild", "Simplify", "Connect", "Speed up"),
    "Bug": ("Wrong total in", "Timeout in", "Blank page after", "Duplicate rows in", "Crash in"),
    "Task": ("Document", "Load-test", "Clean up", "Monitor", "Migrate"),
}
CONTEXTS = ("", "", " for partners", " on mobile", " at month end", " in test", " for admins")
PRIORITIES = ("Highest", "High", "Medium", "Medium", "Medium", "Low")
POINTS = (1, 2, 3, 5, 8, 13)
LABELS = ("customer", "tech-debt", "security", "quick-win")
LIBRARIES = ("requests", "jinja", "lodash", "okhttp")
HUGE = 20.0
"""The most work of an item, in usual items."""
REMEMBERED = timedelta(days=12)
"""How long a finished item may be re-opened."""


def by_urgency(card: Card) -> tuple[float, int]:
    """Order waiting items: the most urgent first, then the oldest."""
    return card.urgency, card.number


class Desk:
    """All items of a team: ``cards`` oldest first, ``queue`` those waiting, most urgent first."""

    def __init__(self, plan: TeamPlan, rng: Random, gates: dict[str, Card]) -> None:
        self.plan, self.rng, self.gates = plan, rng, gates
        self.cards: list[Card] = []
        self.epics: list[Card] = []
        self.queue: list[Card] = []
        self.recent: list[Card] = []
        self.reopened: list[Card] = []
        self.left: dict[str, int] = {}
        """How many items of an epic are open."""
        self._number = 0
        self._before = self._grown = 0
        """How many items there were before the scope grew, and by how many it has grown."""
        self._noted = True
        self._members: Sequence[Member] = plan.members

    def future(
        self, rng: Random, gates: dict[str, Card], active: Iterable[Card]
    ) -> tuple[Desk, dict[int, Card]]:
        """Return a desk to simulate on, and by number the copies of all items in play."""
        twin = Desk(self.plan, rng, gates)
        play = (*self.queue, *active, *self.recent)
        copies = {card.number: card.future(rng) for card in play}
        twin.queue = [copies[card.number] for card in self.queue]
        twin.recent = [copies[card.number] for card in self.recent]
        twin._number, twin._noted = self._number, False
        twin._before, twin._grown = self._before, self._grown
        for key, card in self.gates.items():
            if card.project == self.plan.key:
                gates[key] = copies.get(card.number, card)
        return twin, copies

    def open_day(self, day: date, members: Sequence[Member]) -> None:
        """Take in what arrives on a day; on the first, the epics and the queue that is there."""
        self._members = members
        if not self._number:
            for title in self.plan.subject.epics:
                self.epics.append(self._create(day, "Epic", 1, title))
            for _ in range(self.plan.queue):
                self._new_work(day)
        rate = at_day(self.plan.arrivals, day) if day < self.plan.closes else 0.0
        burst = 4.0 if self.rng.random() < 0.15 else 0.47
        for _ in range(_poisson(self.rng, rate * burst)):
            self._new_work(day)
        if self.plan.bot and day < self.plan.closes and self.rng.random() < 0.025:
            self._bot_work(day, self.plan.bot)
        if self.plan.growth:
            self._grow(day, self.plan.growth)
        for gate in self.plan.gates:
            if gate.key not in self.gates and gate.day <= day:
                self._gate(day, gate)

    def _grow(self, day: date, growth: Growth) -> None:
        """Take in the part of the growth that is due by a day."""
        if day < growth.first or day > growth.last:
            return
        self._before = self._before or self._number
        passed = (day - growth.first).days / (growth.last - growth.first).days
        while self._grown < round(growth.share * self._before * passed):
            self._new_work(day)
            self._grown += 1

    def report_bugs(self, day: date) -> None:
        """Take in what users find in a release."""
        for _ in range(self.rng.randint(2, 6)):
            self._new_work(day, kind="Bug", urgent=self.rng.random() < 0.5)

    def note_finished(self, card: Card) -> None:
        """Remember an item that was finished: it may come back."""
        if card.epic:
            self.left[card.epic] = self.left.get(card.epic, 0) - 1
        if card.resolution == "done":
            self.recent.append(card)

    def start_epic(self, card: Card, at: datetime, person: str) -> None:
        """Start the epic of an item that is started."""
        for epic in self.epics:
            if epic.key == card.epic and epic.stage.category == "todo":
                stage = next(one for one in self.plan.stages if one.category == "in_progress")
                epic.move(max(at, epic.last), person, stage)

    def groom(self, day: date, active: Sequence[Card]) -> None:
        """Estimate, drop, re-estimate, re-date, rename, split and re-open."""
        for _ in range(_poisson(self.rng, 0.0 if not self.queue else 1.5)):
            self._estimate(self.rng.choice(self.queue), day)
        for _ in range(_poisson(self.rng, self.plan.drop * len(self.queue))):
            if self.queue:
                self._drop(self.queue.pop(self.rng.randrange(len(self.queue))), day)
        for card in active:
            self._revise(card, day, self.rng.random())
        self._maybe_reopen(day)
        self._close_epics(day)

    def _new_work(self, day: date, kind: str | None = None, urgent: bool = False) -> Card:
        rng = self.rng
        kind = kind or rng.choice(TYPES)
        thing = rng.choice(self.plan.subject.things)
        title = f"{rng.choice(VERBS[kind])} {thing}{rng.choice(CONTEXTS)}"
        card = self._create(day, kind, 0, title)
        card.priority = rng.choice(PRIORITIES)
        card.urgency = PRIORITIES.index(card.priority) + rng.random() * 4
        if urgent or rng.random() < self.plan.expedite:
            card.priority, card.urgency = "Highest", rng.random() - 1
        if rng.random() < 0.75:
            self._adopt(card, day)
        if rng.random() < self.plan.dated:
            card.due = (day + timedelta(days=rng.randint(20, 200))).isoformat()
        if card.noted:
            self._describe(card)
        insort(self.queue, card, key=by_urgency)
        return card

    def _describe(self, card: Card) -> None:
        """Note what an item is born with."""
        at, by, rng = card.created, card.reporter, self.rng
        card.add(at, by, "component", rng.choice(self.plan.subject.components))
        if rng.random() < 0.3:
            card.add(at, by, "label", rng.choice(LABELS))
        card.set(at, by, "priority", None, card.priority)
        card.set(at, by, "parent", None, card.epic)
        card.set(at, by, "due", None, card.due)

    def _bot_work(self, day: date, bot: str) -> None:
        card = self._create(day, "Task", 0, f"Update {self.rng.choice(LIBRARIES)}", reporter=bot)
        card.add(card.created, bot, "label", "dependencies")
        card.work, card.urgency = 0.5, 6.0
        insort(self.queue, card, key=by_urgency)

    def _gate(self, day: date, gate: Gate) -> None:
        """Create an item that stands between two teams, and the link from what it waits for."""
        card = self._new_work(day)
        card.set(card.created, card.reporter, "title", card.title, gate.title)
        card.title = gate.title
        card.work = card.planned = gate.work
        card.waits_for = gate.waits_for
        self.queue.remove(card)
        card.urgency = -2.0
        insort(self.queue, card, key=by_urgency)
        self.gates[gate.key] = card
        if gate.waits_for and (other := self.gates.get(gate.waits_for)):
            other.add(max(card.created, other.last), card.reporter, "blocks", card.key)

    def _adopt(self, card: Card, day: date) -> None:
        """Put a new item under an epic that still takes work: early epics fill first."""
        if not self.epics:
            return
        span = max(1, (self.plan.planned - self.plan.start).days) / len(self.epics)
        turn = int((day - self.plan.start).days / span + self.rng.random() * 0.8)
        epic = self.epics[min(turn, len(self.epics) - 1)]
        if epic.finished is None:
            card.epic = epic.key
            self.left[epic.key] = self.left.get(epic.key, 0) + 1

    def _create(
        self, day: date, kind: str, level: int, title: str, reporter: str | None = None
    ) -> Card:
        rng, self._number = self.rng, self._number + 1
        by = reporter or (self.plan.lead if level else rng.choice(self._members).person)
        card = Card(
            key=f"{self.plan.key}-{self._number}", project=self.plan.key, number=self._number,
            type=kind, level=level, title=title, created=self._born(day), reporter=by,
            stage=self.plan.stages[0],
            work=self._effort(), rng=rng,
            noted=self._noted,
        )  # fmt: skip
        if self._noted:
            card.set(card.created, by, "status", None, card.stage.name)
            self.cards.append(card)
        return card

    def _effort(self) -> float:
        """Draw how much work an item is; what would be huge is cut up before it arrives."""
        drawn = self.rng.lognormvariate(log(self.plan.work), self.plan.spread)
        return min(max(0.3, drawn), HUGE * self.plan.work)

    def _born(self, day: date) -> datetime:
        if not self._noted:
            return morning(day)
        at = morning(day) + timedelta(
            minutes=self.rng.randint(30, 180), seconds=self.rng.randint(0, 59)
        )
        previous = self.cards[-1].created if self.cards else at
        return max(at, previous + timedelta(seconds=self.rng.randint(40, 200)))

    def _estimate(self, card: Card, day: date) -> None:
        if card.points is None:
            card.points = 0
            if self.rng.random() < self.plan.estimated:
                size = card.work / self.plan.work * 3 * exp(self.rng.gauss(0.0, 0.3))
                card.points = min(POINTS, key=lambda one: abs(one - size))
                at = card.moment(morning(day), 200, 420)
                card.set(at, self.plan.lead, "points", None, card.points)

    def _drop(self, card: Card, day: date) -> None:
        at, lead = card.moment(morning(day), 200, 420), self.plan.lead
        older = self.cards[len(self.epics) : card.number - 1]
        copy = card.noted and older and self.rng.random() < 0.3
        if copy:
            card.add(at, lead, "duplicates", self.rng.choice(older).key)
        card.close(at, lead, self.plan.stages[-1], "duplicate" if copy else "dropped")
        self.note_finished(card)

    def _revise(self, card: Card, day: date, chance: float) -> None:
        by = card.assignee or self.plan.lead
        if chance < 0.006 and card.points:
            at = card.moment(morning(day), 560, 590)
            bigger = POINTS[min(POINTS.index(card.points) + 1, len(POINTS) - 1)]
            card.set(at, by, "points", card.points, bigger)
            card.work += card.planned * 0.3
            card.points = bigger
        elif chance < 0.15 and card.due and card.due < day.isoformat():
            later = (day + timedelta(days=14)).isoformat()
            card.set(card.moment(morning(day), 560, 590), by, "due", card.due, later)
            card.due = later
        elif 0.5 < chance < 0.504 and card.work > 2 and not card.waits_for:
            self._split(card, day, by)
        elif 0.6 < chance < 0.606 and card.noted:
            other = self.rng.choice(self.cards)
            if other is not card:
                card.add(card.moment(morning(day), 560, 590), by, "relates", other.key)
        elif 0.7 < chance < 0.71 and len(self._members) > 1:
            person = self.rng.choice(self._members).person
            card.assign(card.moment(morning(day), 560, 590), self.plan.lead, person)

    def _split(self, card: Card, day: date, by: str) -> None:
        """Leave half of an item to a new one."""
        at = card.moment(morning(day), 560, 590)
        rest = self._new_work(day)
        rest.work = rest.planned = card.work = card.work / 2
        card.set(at, by, "title", card.title, f"{card.title} (part 1)")
        card.title = f"{card.title} (part 1)"
        card.add(max(at, rest.created), by, "relates", rest.key)

    def _maybe_reopen(self, day: date) -> None:
        self.recent = [one for one in self.recent if one.finished and
                       day - one.finished.date() <= REMEMBERED]  # fmt: skip
        for card in list(self.recent):
            ripe = card.finished and (day - card.finished.date()).days >= 3
            if ripe and not card.reopened and self.rng.random() < self.plan.reopen / 7:
                at = card.moment(morning(day), 60, 300)
                card.set(at, card.reporter, "resolution", card.resolution, None)
                stage = next(one for one in self.plan.stages if one.category == "in_progress")
                card.move(at, card.reporter, stage)
                card.finished, card.resolution, card.reopened = None, None, True
                card.work = card.planned * 0.4
                self.recent.remove(card)
                self.reopened.append(card)
                if card.epic:
                    self.left[card.epic] = self.left.get(card.epic, 0) + 1

    def _close_epics(self, day: date) -> None:
        """Close an epic once its turn to take work is over and all of it is finished."""
        if all(epic.finished for epic in self.epics):
            return
        span = (self.plan.planned - self.plan.start).days / len(self.epics)
        for number, epic in enumerate(self.epics, start=1):
            late = (day - self.plan.start).days >= span * (number + 0.8)
            over = late or (day >= self.plan.closes and not self.queue)
            if epic.finished is None and over and not self.left.get(epic.key):
                epic.close(epic.moment(morning(day), 570, 595), self.plan.lead,
                           self.plan.stages[-1], "done")  # fmt: skip


def _poisson(rng: Random, mean: float) -> int:
    """Draw a Poisson number by multiplying uniforms (Knuth)."""
    limit, product, count = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
