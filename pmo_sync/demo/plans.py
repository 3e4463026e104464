"""What is laid down before a team starts: its people, its work, its dates, and what will happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pmo_sync.demo.facts import Person, Stage
from pmo_sync.demo.names import Subject

START = date(2024, 7, 1)
Schedule = tuple[tuple[date, float], ...]
"""A figure that changes with time: (from this day on, value)."""
Dates = tuple[tuple[date, date], ...]
"""A date that was moved: (from this day on, what was written down)."""
Kind = Literal[
    "healthy", "watermelon", "moved_target", "grown_scope", "blocked_chain", "blocking",
    "one_person", "little_data", "finished", "unowned", "overdue_version", "regime_change",
]  # fmt: skip


def at_day(schedule: Schedule, day: date) -> float:
    """Return the figure that holds on a day."""
    return next(value for since, value in reversed(schedule) if since <= day)


@dataclass(frozen=True, slots=True)
class Release:
    """A release: what is pulled before it ships goes into it. Its date moves as ``due`` says.

    It ships on the first working day from ``ships``; None never ships.
    """

    name: str
    due: Dates
    ships: date | None


@dataclass(frozen=True, slots=True)
class Gate:
    """An item that another team's work waits for, or that waits for another team's."""

    key: str
    day: date
    title: str
    work: float
    waits_for: str | None = None


@dataclass(frozen=True, slots=True)
class Growth:
    """From ``first`` to ``last`` a scope grows by a share of what it is at first, evenly."""

    first: date
    last: date
    share: float


@dataclass(frozen=True, slots=True)
class RiskPlan:
    """A risk of the register: noted on ``day``, assessed as each of ``assessed`` says (from this
    day on, probability, impact), closed on ``closes`` if it is."""

    day: date
    title: str
    assessed: tuple[tuple[date, int, int], ...]
    response: str | None
    owned: bool
    closes: date | None


@dataclass(frozen=True, slots=True)
class Booking:
    """From a day on, somebody's next four weeks are kept full of planned work to so many hours."""

    person: str
    since: date
    hours: float


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's place in a team: the share of a week, the hours a week that the team really gets
    of it, and the days from and until (excluded)."""

    person: str
    share: float = 1.0
    hours: float = 40.0
    joins: date = date.min
    leaves: date = date.max


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """How a team works. Chances are a day and an item; work is in working days of one item.

    ``queue`` is the work that is there at the start, ``arrivals`` the mean new items a day, which
    end at ``closes``; ``capacity`` is the share of the usual speed. ``work`` is the median of
    items that are not ``quick``, ``spread`` the standard deviation of its logarithm; ``fresh`` is
    the share that is meant to be done as soon as it came; ``hours`` the share of items that are
    estimated in hours, ``logs`` the chance that a day's hours are logged on that day.
    """

    subject: Subject
    kind: Kind
    start: date
    planned: date
    """When the team would be done, if all went as on average."""
    lead: str
    members: tuple[Member, ...]
    stages: tuple[Stage, ...]
    releases: tuple[Release, ...]
    queue: int
    arrivals: Schedule
    closes: date
    speed: float
    """Items finished on a working day, if all goes as on average."""
    capacity: Schedule
    wip: int
    work: float
    spread: float
    quick: float
    fresh: float
    estimated: float
    dated: float
    mood: float
    block: float
    unblock: float
    long_blocks: float
    """The share of blocks that take weeks."""
    reopen: float
    drop: float
    expedite: float
    hours: float = 0.0
    logs: float = 0.0
    tidy: bool = False
    """Whether what is left of an estimate is set to nothing when an item is finished."""
    starts: bool = False
    """Whether the day is noted on which an item is started."""
    sprint_days: int = 0
    bot: str | None = None
    gates: tuple[Gate, ...] = ()
    growth: Growth | None = None
    risks: tuple[RiskPlan, ...] = ()
    booking: Booking | None = None

    @property
    def over(self) -> date:
        """When a finished project is written off as complete."""
        return self.planned + timedelta(days=160)

    @property
    def working(self) -> Stage:
        """The stage of what is being worked on first."""
        return next(one for one in self.stages if one.category == "in_progress")

    @property
    def key(self) -> str:
        """The team's key, which its items' keys begin with."""
        return self.subject.key


@dataclass(frozen=True, slots=True)
class Blueprint:
    """All that a seed lays down."""

    seed: int
    people: tuple[Person, ...]
    leavers: dict[str, date]
    plans: tuple[TeamPlan, ...]
    targets: dict[str, Dates]
    overloaded: str
    """Whose shares in two trackers add up to 160 % of a week."""
    silent_since: dict[str, date]
    """By team, the last day on which anything was declared of its project."""


SCRUM = (
    Stage("Backlog", "todo"),
    Stage("Selected for Development", "todo"),
    Stage("In Progress", "in_progress"),
    Stage("In Review", "in_progress"),
    Stage("Done", "done"),
)
KANBAN = (
    Stage("To Do", "todo"),
    Stage("In Progress", "in_progress"),
    Stage("In Review", "in_progress"),
    Stage("Done", "done"),
)
LABELLED = (Stage("Open", "todo"), Stage("In progress", "in_progress"), Stage("Closed", "done"))
