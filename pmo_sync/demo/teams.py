"""How a team works, day by day: work arrives, queues, is pulled, blocked, finished.

What happens on a day depends on the days before and on the seed, never on how long the
simulation runs: a world that ends later has the same past.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from math import exp
from random import Random

from pmo_sync.demo.absences import away
from pmo_sync.demo.bookings import Bookings
from pmo_sync.demo.calendar import morning
from pmo_sync.demo.card import Card
from pmo_sync.demo.desk import Desk
from pmo_sync.demo.effort import QUICK
from pmo_sync.demo.facts import Team
from pmo_sync.demo.grooming import Grooming
from pmo_sync.demo.intake import FRESH, Intake
from pmo_sync.demo.plans import Member, TeamPlan, at_day
from pmo_sync.demo.register import Register
from pmo_sync.demo.rhythm import Releases, Sprints
from pmo_sync.demo.timesheet import ITEM_DAY, Timesheet

CARRIED = 0.7
"""How much of a week's mood lasts into the next: throughput is correlated with itself."""
SPRINT_ROOM = 1.5
"""What a sprint plans, for each place of the limit of work in progress, a week."""
AT_ONCE = 0.5
"""The share of small fresh items that somebody does as they come."""
TOGETHER = 2.0
"""How much faster than one person several are at one item."""
LONG = 0.2
"""How fast a block of weeks goes away, of the usual."""


class Simulation:
    """One team's time; ``gates`` are the items that teams wait for, shared between the teams."""

    def __init__(
        self, plan: TeamPlan, seed: int, gates: dict[str, Card], loads: Mapping[str, float]
    ) -> None:
        self.plan = plan
        self.rng = Random(f"{seed}:{plan.key}")
        self.gates = gates
        self.loads = loads
        self.away = {one.person: away(one.person, str(seed)) for one in plan.members}
        self.sprints = Sprints(plan)
        self.releases = Releases(plan)
        self.timesheet = Timesheet(plan, seed)
        self.desk = Desk(plan, self.rng, self.timesheet)
        self.intake = Intake(self.desk, gates)
        self._settle()
        self.queue_stage, self.done = plan.stages[0], plan.stages[-1]
        self.last_stage = [one for one in plan.stages if one.category == "in_progress"][-1]
        self.active: list[Card] = []
        self.mood = 0.0
        self.finished: date | None = None
        """The last day on which the last open item was finished, once no more arrive."""

    def future(self, stream: str, gates: dict[str, Card]) -> Simulation:
        """Return a copy that goes on from here with other luck, and writes nothing down."""
        twin = Simulation.__new__(Simulation)
        twin.__dict__.update(self.__dict__)
        twin.rng = Random(f"{stream}:{self.plan.key}")
        twin.away = {one.person: away(one.person, stream) for one in self.plan.members}
        twin.gates, twin.sprints = gates, self.sprints.copy()
        twin.releases = self.releases.copy()
        twin.desk, copies = self.desk.future(twin.rng, self.active)
        twin.intake = self.intake.future(twin.desk, gates, copies)
        twin._settle()
        twin.active = [copies[card.number] for card in self.active]
        return twin

    def _settle(self) -> None:
        """Arrange what is done at the desk."""
        self.grooming = Grooming(self.desk, self.intake)
        self.bookings, self.register = Bookings(self.desk), Register(self.desk)

    def live(self, day: date) -> None:
        """Simulate one working day."""
        if day < self.plan.start:
            return
        present = self._present(day)
        self._feel(day)
        self.desk.members = self._members(day)
        self.intake.open_day(day)
        self.register.live(day)
        self._hand_over(day)
        if self.sprints.begins(day):
            self._plan_sprint(day)
        if self.releases.turn(day, self.active, self.plan.lead):
            self.intake.report_bugs(day)
        self._work_on(day, present)
        self._pull(day, present)
        self.grooming.groom(day, self.active)
        self.active += self.grooming.reopen(day)
        self.desk.epics.close(day, bool(self.desk.queue))
        self.bookings.fill(day, self.active, self.sprints.current if self.sprints.days else None)
        self._note_end(day)

    def facts(self, until: date) -> Team:
        """Return the team with all that it did until the end of a day, the day last lived."""
        plan = self.plan
        return Team(
            key=plan.key,
            name=plan.subject.name,
            tracker=plan.subject.tracker,
            container=plan.subject.container,
            started=morning(plan.start),
            stages=plan.stages,
            components=plan.subject.components,
            sprints=self.sprints.facts(until),
            milestones=self.releases.facts(until),
            items=tuple(card.item() for card in self.desk.cards),
        )

    def _members(self, day: date) -> list[Member]:
        return [one for one in self.plan.members if one.joins <= day < one.leaves]

    def _present(self, day: date) -> list[Member]:
        return [one for one in self._members(day) if day not in self.away[one.person]]

    def _feel(self, day: date) -> None:
        if day.weekday() == 0:
            self.mood = CARRIED * self.mood + self.plan.mood * self.rng.gauss(0.0, 0.8)

    def _pace(self, day: date) -> float:
        return at_day(self.plan.capacity, day) * exp(self.mood - self.plan.mood**2 / 2)

    def _hand_over(self, day: date) -> None:
        """Give to others what is open with somebody who has left."""
        members = [one.person for one in self._members(day)]
        for card in self.active:
            if card.assignee not in members:
                at = card.moment(morning(day), 60, 240)
                card.assign(at, self.plan.lead, self.rng.choice(members))

    def _plan_sprint(self, day: date) -> None:
        """Carry over what is under way, then plan new work."""
        room = round(SPRINT_ROOM * self.plan.wip * self.sprints.days / 7) - len(self.active)
        waiting = [card for card in self.desk.queue if card.sprint]
        fresh = [card for card in self.desk.queue if not card.sprint]
        chosen = fresh[: max(2, room - len(waiting))]
        for card in (*self.active, *waiting, *chosen):
            at = card.moment(morning(day), 150, 175)
            card.add(at, self.plan.lead, "sprint", self.sprints.current)
            card.sprint = self.sprints.current
            if card.stage == self.queue_stage and self.plan.stages[1].category == "todo":
                card.move(at, self.plan.lead, self.plan.stages[1])

    def _work_on(self, day: date, present: Sequence[Member]) -> None:
        """Spend a day on what is under way."""
        mine = Counter(card.assignee for card in self.active if not card.blocked)
        hours = {one.person: one.hours / 5 / max(1, mine[one.person]) for one in present}
        for card in list(self.active):
            self._work(card, day, hours)

    def _help(self) -> float:
        """Return how much faster an item is when nothing else waits: others take part in it."""
        if self.desk.queue:
            return 1.0
        return min(TOGETHER, max(1.0, self.plan.wip / len(self.active)))

    def _work(self, card: Card, day: date, hours: Mapping[str, float]) -> None:
        """Spend a day on an item; ``hours`` is what everybody present has for each of theirs."""
        rng, by = self.rng, card.assignee or self.plan.lead
        if card.waits_for:
            self._wait(card, day)
        elif card.blocked:
            if rng.random() < self.plan.unblock * card.stuck:
                card.block(card.moment(morning(day), 60, 200), by, blocked=False)
        elif rng.random() < self.plan.block:
            self._block(card, day)
        elif by in hours:
            speed = self._pace(day) * self._help() / self.loads.get(by, 1.0)
            card.work -= speed * rng.uniform(0.5, 1.5)
            self.timesheet.worked(card, day, by, hours[by])
            if card.work <= 0:
                self._finish(card, day)
            elif card.work < 0.25 * card.planned and card.stage != self.last_stage:
                card.move(card.moment(morning(day), 120, 500), by, self.last_stage)

    def _finish(self, card: Card, day: date) -> None:
        by = card.assignee or self.plan.lead
        self.timesheet.log(card, day, by)
        at = card.moment(morning(day), 240, 560)
        card.close(at, by, self.done, "done")
        self.timesheet.close(card, at, by)
        self.active.remove(card)
        self.desk.note_finished(card)

    def _wait(self, card: Card, day: date) -> None:
        """Stay blocked until the other team's item is finished."""
        other = self.gates.get(card.waits_for or "")
        if other is not None and other.finished is not None:
            at = max(card.moment(morning(day), 60, 200), other.finished)
            card.block(at, card.assignee or self.plan.lead, blocked=False)
            card.waits_for = None

    def _block(self, card: Card, day: date) -> None:
        by = card.assignee or self.plan.lead
        card.stuck = LONG if self.rng.random() < self.plan.long_blocks else 1.0
        card.block(card.moment(morning(day), 120, 540), by, blocked=True)
        others = [one for one in self.active if one is not card]
        if others and card.noted and self.rng.random() < 0.4:
            blocker = self.rng.choice(others)
            at = max(blocker.moment(morning(day), 540, 570), card.last)
            blocker.add(at, by, "blocks", card.key)

    def _pull(self, day: date, present: Sequence[Member]) -> None:
        """Start what is next while there is room: a blocked item frees its place."""
        if not present:
            return
        self._do_at_once(day, present)
        members = self._members(day)
        room = self.plan.wip * sum(one.share for one in present)
        room = max(1, round(room / sum(one.share for one in members)))
        busy = [one.assignee for one in self.active if not one.blocked]
        share = {one.person: one.share for one in present}
        while len(busy) < room and self.rng.random() > 0.1:
            person = min(share, key=lambda one: (busy.count(one) / share[one], self.rng.random()))
            card = self._next(person)
            if card is None:
                return
            busy.append(person)
            self._start(card, day, person)

    def _do_at_once(self, day: date, present: Sequence[Member]) -> None:
        """Do some of what came today and takes hours, whatever else is under way."""
        for card in self.desk.queue[:]:
            if card.urgency > FRESH:
                return
            new = card.created.date() == day and card.work < QUICK
            if new and self.rng.random() < AT_ONCE * at_day(self.plan.capacity, day):
                self.desk.queue.remove(card)
                self._start(card, day, self.rng.choice(present).person)

    def _next(self, person: str) -> Card | None:
        """Take the most urgent item that may be started: with sprints, only what is planned or
        urgent; what is booked for somebody else only if there is nothing else."""
        queue, other = self.desk.queue, None
        for place, card in enumerate(queue):
            if not self.sprints.days or card.sprint or card.urgency <= FRESH:
                if card.booked in (None, person):
                    return queue.pop(place)
                other = place if other is None else other
        return None if other is None else queue.pop(other)

    def _start(self, card: Card, day: date, person: str) -> None:
        at = card.moment(morning(day), 180, 520)
        card.assign(at, person, person)
        card.move(at, person, self.plan.working)
        self.timesheet.estimate(card, at, person)
        if self.plan.starts and not card.begun:
            card.begun = True
            card.set(at, person, "start", None, day.isoformat())
        self.active.append(card)
        self.releases.join(card, at, self.plan.lead)
        self.desk.epics.start(card, at, person)
        if card.waits_for:
            card.block(card.moment(morning(day), 521, 530), person, blocked=True)
        elif card.work < QUICK and self.rng.random() < at_day(self.plan.capacity, day):
            self.timesheet.worked(card, day, person, card.work * ITEM_DAY)
            self._finish(card, day)

    def _note_end(self, day: date) -> None:
        still = self.active or self.desk.queue or day < self.plan.closes
        still = still or any(gate.day >= day for gate in self.plan.gates)
        self.finished = None if still else self.finished or day
