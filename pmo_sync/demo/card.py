"""A piece of work while it is simulated: its present values, and the events so far."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from pmo_sync.demo.facts import Event, Field, Item, Stage, Worklog


@dataclass(slots=True)
class Card:
    """One item in the making; every change goes through ``set`` or ``add``."""

    key: str
    project: str
    number: int
    type: str
    level: int
    title: str
    created: datetime
    reporter: str
    stage: Stage
    work: float
    rng: Random
    noted: bool = True
    """False in a simulated future: only the flow matters there, and nothing is written down."""
    waits_for: str | None = None
    urgency: float = 0.0
    blocked: bool = False
    reopened: bool = False
    epic: str | None = None
    assignee: str | None = None
    points: int | None = None
    due: str | None = None
    priority: str | None = None
    resolution: str | None = None
    sprint: str | None = None
    release: str | None = None
    booked: str | None = None
    """Who it was planned for, before it is started."""
    stuck: float = 1.0
    """How fast what blocks it goes away, of the usual."""
    estimate: int | None = None
    """Seconds; 0: not estimated, and it will not be."""
    remaining: int | None = None
    unlogged: float = 0.0
    """Hours worked that are not logged yet."""
    begun: bool = False
    finished: datetime | None = None
    turn: int = field(init=False)
    """Its place among the equally urgent."""
    planned: float = field(init=False)
    first_title: str = field(init=False)
    events: list[Event] = field(default_factory=list)
    worklogs: list[Worklog] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.planned = self.work
        self.turn = self.number
        self.first_title = self.title

    @property
    def last(self) -> datetime:
        """The time of the last event."""
        return self.events[-1].at if self.events else self.created

    def moment(self, morning: datetime, first: int, after: int) -> datetime:
        """Draw a time between two minutes of a day, after everything that happened before."""
        if not self.noted:
            return morning
        at = morning + timedelta(minutes=self.rng.randint(first, after), seconds=self.second())
        return max(at, self.last + timedelta(minutes=self.rng.randint(1, 9)))

    def second(self) -> int:
        """Draw the second of a minute."""
        return self.rng.randint(0, 59)

    def set(self, at: datetime, actor: str, name: Field, old: object, new: object) -> None:
        """Note a change of a single-valued field."""
        if old != new and self.noted:
            self.events.append(Event(at, actor, name, _text(old), _text(new)))

    def add(self, at: datetime, actor: str, name: Field, member: str) -> None:
        """Note a new member of a several-valued field."""
        if self.noted:
            self.events.append(Event(at, actor, name, None, member))

    def remove(self, at: datetime, actor: str, name: Field, member: str) -> None:
        """Note that a member of a several-valued field is gone."""
        if self.noted:
            self.events.append(Event(at, actor, name, member, None))

    def move(self, at: datetime, actor: str, stage: Stage) -> None:
        """Change the status."""
        self.set(at, actor, "status", self.stage.name, stage.name)
        self.stage = stage

    def close(self, at: datetime, actor: str, stage: Stage, resolution: str) -> None:
        """Finish, or drop."""
        self.move(at, actor, stage)
        self.set(at, actor, "resolution", None, resolution)
        self.resolution, self.finished = resolution, at

    def assign(self, at: datetime, actor: str, person: str) -> None:
        """Give to somebody."""
        self.set(at, actor, "assignee", self.assignee, person)
        self.assignee = person

    def block(self, at: datetime, actor: str, blocked: bool) -> None:
        """Raise or lower the flag."""
        self.set(at, actor, "blocked", "true" if self.blocked else None,
                 "true" if blocked else None)  # fmt: skip
        self.blocked = blocked

    def future(self, rng: Random) -> Card:
        """Return a copy to simulate on, which writes nothing down."""
        twin = copy(self)
        twin.rng, twin.noted, twin.events = rng, False, []
        return twin

    def item(self) -> Item:
        """Return what is known of it."""
        return Item(
            key=self.key,
            project=self.project,
            number=self.number,
            type=self.type,
            level=self.level,
            title=self.first_title,
            created=self.created,
            reporter=self.reporter,
            events=tuple(self.events),
            worklogs=tuple(self.worklogs),
        )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
