"""How a team works through a year, day by day: work arrives, queues, is pulled, blocked, finished.

What happens on a day depends on the days before and on the seed, never on how long the
simulation runs: a world that ends later has the same past.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import exp, log
from random import Random

from pmo_sync.demo.calendar import morning, pace, working_days
from pmo_sync.demo.card import Card
from pmo_sync.demo.facts import Team
from pmo_sync.demo.plans import Schedule, TeamPlan
from pmo_sync.demo.rhythm import Releases, Sprints

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


def at_day(schedule: Schedule, day: date) -> float:
    """Return the figure that holds on a day."""
    return next(value for since, value in reversed(schedule) if since <= day)


def simulate(plan: TeamPlan, seed: int, until: date, leavers: Mapping[str, date]) -> Team:
    """Return the team with all that it did until the end of a day."""
    simulation = _Simulation(plan, seed, leavers)
    for day in working_days(plan.start, until):
        simulation.live(day)
    return Team(
        key=plan.key,
        name=plan.name,
        tracker=plan.tracker,
        container=plan.container,
        started=morning(plan.start),
        stages=plan.stages,
        components=plan.components,
        sprints=simulation.sprints.facts(until),
        milestones=simulation.releases.facts(until),
        items=tuple(card.item() for card in simulation.cards),
    )


class _Simulation:
    """One team's year; ``cards`` are all items, oldest first."""

    def __init__(self, plan: TeamPlan, seed: int, leavers: Mapping[str, date]) -> None:
        self.plan = plan
        self.rng = Random(f"{seed}:{plan.key}")
        self.leavers = leavers
        self.cards: list[Card] = []
        self.epics: list[Card] = []
        self.sprints = Sprints(plan)
        self.releases = Releases(plan)
        self.queue_stage, self.done = plan.stages[0], plan.stages[-1]
        self.active_stages = [stage for stage in plan.stages if stage.category == "in_progress"]

    def live(self, day: date) -> None:
        """Simulate one working day."""
        if day <= self.plan.start or not self.cards:
            self._found(day)
        self._hand_over(day)
        self._arrive(day)
        self.sprints.turn(day, self.cards, self.plan)
        self.releases.turn(day, self.cards, self.plan)
        for card in [card for card in self.cards if card.stage in self.active_stages]:
            if card.level == 0:
                self._work(card, day)
        self._pull(day)
        self._groom(day)
        self._close_epics(day)

    def _members(self, day: date) -> list[str]:
        return [one for one in self.plan.members if day < self.leavers.get(one, date.max)]

    def _found(self, day: date) -> None:
        """Set up the epics and the queue that is there from the start."""
        for title in self.plan.epics:
            self.epics.append(self._create(day, "Epic", 1, title))
        for _ in range(self.plan.queue):
            self._new_work(day)

    def _arrive(self, day: date) -> None:
        for _ in range(_poisson(self.rng, at_day(self.plan.arrivals, day))):
            self._new_work(day)
        if self.plan.bot and day.day % 9 == 0 and self.rng.random() < 0.35:
            thing = self.rng.choice(("requests", "jinja", "lodash", "okhttp"))
            card = self._create(day, "Task", 0, f"Update {thing}", reporter=self.plan.bot)
            card.add(card.created, self.plan.bot, "label", "dependencies")

    def _new_work(self, day: date) -> None:
        rng = self.rng
        kind = rng.choice(TYPES)
        title = f"{rng.choice(VERBS[kind])} {rng.choice(self.plan.things)}{rng.choice(CONTEXTS)}"
        card = self._create(day, kind, 0, title)
        at, by = card.created, card.reporter
        card.add(at, by, "component", rng.choice(self.plan.components))
        if rng.random() < 0.3:
            card.add(at, by, "label", rng.choice(LABELS))
        card.priority = rng.choice(PRIORITIES)
        card.set(at, by, "priority", None, card.priority)
        card.urgency = PRIORITIES.index(card.priority) + rng.random() * 4
        if rng.random() < 0.75:
            self._adopt(card, day)
        if rng.random() < self.plan.dated:
            card.due = (day + timedelta(days=rng.randint(20, 75))).isoformat()
            card.set(at, by, "due", None, card.due)

    def _adopt(self, card: Card, day: date) -> None:
        """Put a new item under an epic that still takes work: early epics fill first."""
        span = 366 / len(self.plan.epics)
        turn = int((day - self.plan.start).days / span + self.rng.random() * 0.8)
        epic = self.epics[min(turn, len(self.epics) - 1)]
        if epic.finished is None:
            card.epic = epic.key
            card.set(card.created, card.reporter, "parent", None, epic.key)

    def _create(
        self, day: date, kind: str, level: int, title: str, reporter: str | None = None
    ) -> Card:
        rng = self.rng
        number = len(self.cards) + 1
        by = reporter or (self.plan.lead if level else rng.choice(self._members(day)))
        minute = rng.randint(30, 180)
        previous = self.cards[-1].created if self.cards else morning(day)
        created = max(
            morning(day) + timedelta(minutes=minute, seconds=rng.randint(0, 59)),
            previous + timedelta(seconds=rng.randint(40, 200)),
        )
        card = Card(
            key=f"{self.plan.key}-{number}", project=self.plan.key, number=number, type=kind,
            level=level, title=title, created=created, reporter=by, stage=self.queue_stage,
            work=max(1.0, rng.lognormvariate(log(self.plan.work), self.plan.spread)), rng=rng,
        )  # fmt: skip
        card.set(created, by, "status", None, self.queue_stage.name)
        self.cards.append(card)
        return card

    def _hand_over(self, day: date) -> None:
        """On somebody's last day, others take what is open."""
        for person in self.plan.members:
            if self.leavers.get(person) == day:
                for card in self.cards:
                    if card.assignee == person and card.finished is None:
                        at = card.moment(morning(day), 60, 240)
                        card.assign(at, self.plan.lead, self.rng.choice(self._members(day)))

    def _work(self, card: Card, day: date) -> None:
        """Spend a day on an item that is under way."""
        rng, by = self.rng, card.assignee or self.plan.lead
        if card.blocked:
            if rng.random() < at_day(self.plan.unblock, day):
                card.block(card.moment(morning(day), 60, 200), by, blocked=False)
            return
        if rng.random() < at_day(self.plan.block, day):
            self._block(card, day)
            return
        card.work -= pace(day) * rng.uniform(0.7, 1.3)
        if card.work <= 0:
            card.close(card.moment(morning(day), 240, 560), by, self.done, "done")
        elif card.work < 0.25 * card.planned and card.stage != self.active_stages[-1]:
            card.move(card.moment(morning(day), 120, 500), by, self.active_stages[-1])
        elif rng.random() < 0.012:
            members = self._members(day)
            card.assign(card.moment(morning(day), 60, 500), self.plan.lead, rng.choice(members))

    def _block(self, card: Card, day: date) -> None:
        by = card.assignee or self.plan.lead
        card.block(card.moment(morning(day), 120, 540), by, blocked=True)
        others = [one for one in self.cards if one is not card and one.finished is None
                  and one.level == 0]  # fmt: skip
        if others and self.rng.random() < 0.4:
            blocker = self.rng.choice(others)
            at = max(blocker.moment(morning(day), 540, 570), card.last)
            blocker.add(at, by, "blocks", card.key)

    def _pull(self, day: date) -> None:
        """Start what is next while there is room."""
        members = self._members(day)
        while len(self._under_way()) < self.plan.wip:
            ready = [card for card in self.cards if card.stage.category == "todo"
                     and card.level == 0 and self.sprints.admits(card)]  # fmt: skip
            if not ready or self.rng.random() < 0.2:
                return
            card = min(ready, key=lambda one: (one.urgency, one.number))
            busy = [one.assignee for one in self._under_way()]
            person = min(members, key=lambda one: (busy.count(one), self.rng.random()))
            at = card.moment(morning(day), 180, 520)
            card.assign(at, person, person)
            card.move(at, person, self.active_stages[0])
            self.releases.join(card, at, day, self.plan)
            self._start_epic(card, at, person)

    def _under_way(self) -> list[Card]:
        """Return what takes room: a blocked item frees its place."""
        return [
            card
            for card in self.cards
            if card.stage in self.active_stages and card.level == 0 and not card.blocked
        ]

    def _start_epic(self, card: Card, at: datetime, person: str) -> None:
        for epic in self.epics:
            if epic.key == card.epic and epic.stage.category == "todo":
                epic.move(max(at, epic.last), person, self.active_stages[0])

    def _groom(self, day: date) -> None:
        """Estimate, re-estimate, re-date, rename, drop and re-open."""
        for card in self.cards:
            if card.level == 0:
                chance = self.rng.random()
                if card.stage.category == "todo":
                    self._refine(card, day, chance)
                elif card.finished is None:
                    self._revise(card, day, chance)
                elif card.resolution == "done" and not card.reopened:
                    self._maybe_reopen(card, day, chance)

    def _refine(self, card: Card, day: date, chance: float) -> None:
        lead = self.plan.lead
        if card.points is None and chance < 0.2:
            if self.rng.random() < self.plan.estimated:
                card.points = min(POINTS, key=lambda one: abs(one - card.work / 2))
                card.set(card.moment(morning(day), 200, 420), lead, "points", None, card.points)
            else:
                card.points = 0
        elif chance > 1 - self.plan.drop:
            at = card.moment(morning(day), 200, 420)
            older = [one for one in self.cards[: card.number - 1] if one.level == 0]
            if older and self.rng.random() < 0.3:
                card.add(at, lead, "duplicates", self.rng.choice(older).key)
                card.close(at, lead, self.done, "duplicate")
            else:
                card.close(at, lead, self.done, "dropped")

    def _revise(self, card: Card, day: date, chance: float) -> None:
        by = card.assignee or self.plan.lead
        at = card.moment(morning(day), 560, 590)
        if chance < 0.006 and card.points:
            bigger = POINTS[min(POINTS.index(card.points) + 1, len(POINTS) - 1)]
            card.set(at, by, "points", card.points, bigger)
            card.work += card.planned * 0.3
            card.points = bigger
        elif card.due and card.due < day.isoformat() and chance < 0.15:
            later = (day + timedelta(days=14)).isoformat()
            card.set(at, by, "due", card.due, later)
            card.due = later
        elif 0.5 < chance < 0.504:
            card.set(at, by, "title", card.title, f"{card.title} (part 1)")
            card.title = f"{card.title} (part 1)"
        elif 0.6 < chance < 0.606:
            others = [one for one in self.cards if one is not card]
            card.add(at, by, "relates", self.rng.choice(others).key)

    def _maybe_reopen(self, card: Card, day: date, chance: float) -> None:
        if card.finished is None or not 3 <= (day - card.finished.date()).days <= 12:
            return
        if chance < self.plan.reopen / 7:
            by = card.reporter
            at = card.moment(morning(day), 60, 300)
            card.set(at, by, "resolution", card.resolution, None)
            card.move(at, by, self.active_stages[0])
            card.finished, card.resolution, card.reopened = None, None, True
            card.work = card.planned * 0.4

    def _close_epics(self, day: date) -> None:
        """Close an epic once its turn to take work is over and all of it is finished."""
        span = 366 / len(self.epics)
        for number, epic in enumerate(self.epics, start=1):
            if epic.finished or (day - self.plan.start).days < span * (number + 0.8):
                continue
            children = [card for card in self.cards if card.epic == epic.key]
            if children and all(card.finished for card in children):
                at = epic.moment(morning(day), 570, 595)
                epic.close(at, self.plan.lead, self.done, "done")


def _poisson(rng: Random, mean: float) -> int:
    """Draw a Poisson number by multiplying uniforms (Knuth)."""
    limit, product, count = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
