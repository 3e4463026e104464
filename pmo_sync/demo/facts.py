"""The simulated world in neutral terms: what teams did, whatever tracker they note it in.

All times are aware UTC datetimes, all dates working days of the world. An item's history is its
events, oldest first; an event at the moment of creation states a value that the item was born
with. A single-valued field changes from ``old`` to ``new``; a member of a several-valued field
is added (``old`` None) or removed (``new`` None).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Tracker = Literal["jira", "jira_dc", "github"]
"""A Jira Cloud site, a Jira Data Center site, a GitHub organization."""
Category = Literal["todo", "in_progress", "done"]
Field = Literal[
    "status", "resolution", "assignee", "points", "due", "blocked", "priority", "title",
    "parent", "sprint", "milestone", "label", "component", "blocks", "relates", "duplicates",
    "start", "estimate", "remaining", "probability", "impact", "response",
]  # fmt: skip
"""``start`` and ``due`` are days; ``estimate`` and ``remaining`` are seconds of work, which logging
time lowers and estimating anew may raise; a risk's ``probability`` and ``impact`` are 1 to 5, its
``response`` is mitigate, accept, transfer or avoid."""
SEVERAL: frozenset[str] = frozenset(
    {"sprint", "milestone", "label", "component", "blocks", "relates", "duplicates"}
)
Level = Literal["on_track", "at_risk", "off_track", "complete", "inactive"]
RISK = "Risk"
"""The type of a risk in Jira; on GitHub it is a task with the label ``risk``, once assessed
``risk: p4 i3``, and with its response ``response: accept``."""


@dataclass(frozen=True, slots=True)
class Event:
    """One change; ``actor`` is a person's key, or None for an account that was deleted since."""

    at: datetime
    actor: str | None
    field: Field
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Worklog:
    """Time that somebody noted; ``removed`` is when the note was deleted again."""

    author: str | None
    started: datetime
    seconds: int
    created: datetime
    updated: datetime
    removed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of work; ``key`` is ``<project key>-<number>``, ``level`` 1 is an epic.

    ``title`` is the one that it was born with; ``worklogs`` are in the order of their creation.
    """

    key: str
    project: str
    number: int
    type: str
    level: int
    title: str
    created: datetime
    reporter: str | None
    events: tuple[Event, ...]
    worklogs: tuple[Worklog, ...] = ()

    @property
    def updated(self) -> datetime:
        """The time of the last change."""
        return self.events[-1].at if self.events else self.created

    def value(self, field: Field) -> str | None:
        """Return the present value of a single-valued field."""
        return next((event.new for event in reversed(self.events) if event.field == field), None)

    def values(self, field: Field) -> tuple[str, ...]:
        """Return the present members of a several-valued field, oldest first."""
        members: dict[str, None] = {}
        for event in self.events:
            if event.field == field and event.new is not None:
                members[event.new] = None
            elif event.field == field and event.old is not None:
                members.pop(event.old, None)
        return tuple(members)


@dataclass(frozen=True, slots=True)
class Sprint:
    """One sprint of a team; ``completed`` None while it runs or lies ahead."""

    key: str
    name: str
    start: datetime
    end: datetime
    completed: datetime | None
    started: bool


@dataclass(frozen=True, slots=True)
class WorldMilestone:
    """A release: a fix version, or a GitHub milestone."""

    key: str
    name: str
    created: datetime
    due: date | None
    released: datetime | None


@dataclass(frozen=True, slots=True)
class Stage:
    """One status of a team's workflow."""

    name: str
    category: Category


@dataclass(frozen=True, slots=True)
class Team:
    """What a team works in: one Jira project or one GitHub repository, with its items."""

    key: str
    name: str
    tracker: Tracker
    container: str
    """The Jira project's key or the repository's owner/name."""
    started: datetime
    stages: tuple[Stage, ...]
    components: tuple[str, ...]
    sprints: tuple[Sprint, ...]
    milestones: tuple[WorldMilestone, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here, with an account name in each tracker that they use."""

    key: str
    name: str
    accounts: Mapping[Tracker, str]
    bot: bool = False
    active: bool = True
    group: str | None = None
    hours: float = 40.0
    starts: date | None = None
    ends: date | None = None
    """The first and the last day of working here, of who came or left since the world began."""


@dataclass(frozen=True, slots=True)
class WorldProgram:
    """A program of the demo's portfolio."""

    name: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class WorldSelect:
    """A rule of which items belong to a project: those of a container."""

    tracker: Tracker
    container: str


@dataclass(frozen=True, slots=True)
class WorldProject:
    """A project of the demo's portfolio, as its PMO would configure it."""

    name: str
    program: str
    owner: str | None
    start: date
    target: date | None
    lifecycle: str
    select: tuple[WorldSelect, ...]


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """What somebody declared of a project; ``author`` is a person's key."""

    project: str
    at: datetime
    author: str
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class WorldPortfolio:
    """What the demo's configuration says."""

    name: str
    timezone: str
    programs: tuple[WorldProgram, ...]
    projects: tuple[WorldProject, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class World:
    """Everything, as it was at the end of ``until``."""

    seed: int
    until: date
    organization: str
    title: str
    people: tuple[Person, ...]
    teams: tuple[Team, ...]
    portfolios: tuple[tuple[date, WorldPortfolio], ...]
    """What the portfolio's office wrote down: (from this day on, all of it), oldest first."""
    updates: tuple[StatusUpdate, ...] = ()
    """What was declared of the projects, oldest first."""

    @property
    def portfolio(self) -> WorldPortfolio:
        """What is written down now."""
        return self.portfolio_at(self.until)

    def portfolio_at(self, day: date) -> WorldPortfolio:
        """Return what was written down by the end of a day; before the first, that."""
        held = (one for since, one in reversed(self.portfolios) if since <= day)
        return next(held, self.portfolios[0][1])

    def items(self) -> Iterator[Item]:
        """Yield all items of all teams."""
        for team in self.teams:
            yield from team.items

    def person(self, key: str) -> Person:
        """Find a person by key."""
        return next(person for person in self.people if person.key == key)
