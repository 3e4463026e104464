"""The configuration as frozen dataclasses; ``load.py`` fills them, docs and checks read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from pmo_sync.config.secrets import Secret
from pmo_sync.model import Category
from pmo_sync.policy import HealthChanges, Policy

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Lifecycle = Literal["proposed", "active", "on_hold", "complete", "cancelled"]
Declarable = Literal["on_track", "at_risk", "off_track"]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The whole that is reported on."""

    name: str = "Portfolio"
    timezone: str = "UTC"
    working_days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    period: Literal["week", "fortnight", "month"] = "week"
    """The reporting period: 'what changed' compares with one period before."""
    as_of: date | None = None
    """The day that commands report on when none is given; by default today."""
    country: str | None = None
    """Whose public holidays nobody works on, by its ISO code: that of who has no other."""
    subdivision: str | None = None
    """A part of the country with holidays of its own, by its ISO code without the country's."""
    pages: Literal["one", "many"] = "one"
    """Whether the status report is one file, or page one and a file for each program and project.
    """


@dataclass(frozen=True, slots=True)
class StoreConfig:
    """Where the data is kept: a folder, relative to the configuration file."""

    path: Path = Path("store")


@dataclass(frozen=True, slots=True)
class Source:
    """One tracker: where it is, who asks, and what of it is in scope."""

    name: str
    type: str
    url: str
    email: str | None = None
    user: str | None = None
    token: Secret | None = None
    password: Secret | None = None
    app: str | None = None
    """A GitHub App to log in as, by its id or client id; ``app_key`` is its private key."""
    app_key: Secret | None = None
    installation: int | None = None
    """Which installation of the app; by default the one that the scope belongs to."""
    projects: tuple[str, ...] = ()
    jql: str | None = None
    risk_jql: str | None = None
    """Finds the risks among them: the filter field ``risk_jql``."""
    repositories: tuple[str, ...] = ()
    organization: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Of the organization's repositories: those whose name matches a pattern, and matches none."""
    archived: bool = False
    forks: bool = False
    boards: tuple[str, ...] = ()
    pull_requests: Literal["evidence", "items", "ignore"] = "evidence"
    fields: Mapping[str, str] = field(default_factory=dict)
    """Our field -> the tracker's name or id of it, e.g. points = "Story Points"."""
    statuses: Mapping[str, Category] = field(default_factory=dict)
    """A status of this site by name or id -> its category, where the site's own is not meant."""
    remote_links: bool = True
    """Whether links to items of other trackers are read: a request for each item with any."""
    worklogs: bool = True
    """Whether the time that people noted on items is read."""
    ca_bundle: Path | None = None
    """A file of certificates to trust, for a private certificate authority."""
    connections: int = 4
    """Requests at a time."""
    patience: float = 61.0
    """The longest wait for a rate limit, in minutes."""
    max_loss: float = 0.3
    """A sweep that would lose more than this share of a scope is taken for a failure."""
    sweep_hours: float = 0.0
    """Jira: what is gone is looked for where the last look is so long ago; 0 at each sync."""


@dataclass(frozen=True, slots=True)
class Program:
    """A group of projects; programs nest."""

    name: str
    parent: str | None = None
    health: HealthChanges | None = None
    """Thresholds of its projects that differ from the policy's."""


@dataclass(frozen=True, slots=True)
class Select:
    """A rule: items of ``source`` that match every other key that is given."""

    source: str
    container: str | None = None
    label: str | None = None
    component: str | None = None
    epic: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A level that a person sets for a project from ``since`` to ``expires``, both included.

    A worse one than the computed needs no more; a better one counts with name, reason and expiry.
    """

    level: Declarable
    by: str | None = None
    reason: str | None = None
    since: date | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """Where a tracker holds what is declared of a project: the status updates of a ``board``, or
    the mapped fields of the ``item`` that stands for it."""

    source: str
    board: str | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody declared of a project on a day, where no tracker holds it."""

    text: str
    day: date | None = None
    by: str | None = None
    level: Declarable | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project as the PMO sees it: what any of its rules selects."""

    name: str
    program: str | None = None
    owner: str | None = None
    target: date | None = None
    start: date | None = None
    lifecycle: Lifecycle = "active"
    select: tuple[Select, ...] = ()
    hours_per_point: float | None = None
    """Overrides the policy's for the items of this project."""
    budget_hours: float | None = None
    """What all of its work may take; without it, its cost cannot be judged."""
    approved_growth: float | None = None
    """Growth of scope since the baseline that was agreed to, as a share."""
    health: HealthChanges | None = None
    """Thresholds that differ from the policy's and its programs'."""
    overrides: tuple[Override, ...] = ()
    notes: tuple[Note, ...] = ()
    declared: tuple[Voice, ...] = ()
    """Who speaks for it; by default the only board or epic that can."""


@dataclass(frozen=True, slots=True)
class Gather:
    """A rule: what one of ``milestone``, ``epic``, ``item`` and ``where`` names, and no other of
    them; ``source`` and ``container`` say which of several of a name is meant."""

    source: str | None = None
    container: str | None = None
    milestone: str | None = None
    """A Jira version or a GitHub milestone, by its name."""
    epic: str | None = None
    """An item by its key, with what is below it."""
    item: str | None = None
    where: str | None = None
    """A filter as of ``items --where``."""


@dataclass(frozen=True, slots=True)
class Dating:
    """The date that a milestone was given on the day ``since``, by whom and why."""

    target: date | None = None
    since: date | None = None
    by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MilestoneConfig:
    """A milestone of the portfolio: what any of its rules gathers, in whichever tracker it is."""

    name: str
    program: str | None = None
    project: str | None = None
    target: date | None = None
    """By default the last of ``dates``, else the latest date of the milestones it gathers."""
    gather: tuple[Gather, ...] = ()
    dates: tuple[Dating, ...] = ()
    """The dates that it was given so far, the oldest first: who moved it, and why."""


@dataclass(frozen=True, slots=True)
class TeamConfig:
    """What the people of a team have in common."""

    name: str
    country: str | None = None
    subdivision: str | None = None


@dataclass(frozen=True, slots=True)
class PersonConfig:
    """One human with all their accounts, each written ``source:login`` (or ``source:id``)."""

    name: str
    accounts: tuple[str, ...] = ()
    team: str | None = None
    hours: float | None = None
    """Working hours a week; by default the policy's."""
    country: str | None = None
    subdivision: str | None = None
    start: date | None = None
    end: date | None = None
    """The first and the last day of working here."""
    away: tuple[tuple[date, ...], ...] = ()
    """Days off: each the first and the last day, both included."""


@dataclass(frozen=True, slots=True)
class Publish:
    """Where finished reports go."""

    type: str
    path: Path | None = None
    keep: int | None = None
    """How many dated editions are kept; by default all."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything; ``path`` is the file that it was read from."""

    path: Path
    portfolio: Portfolio = field(default_factory=Portfolio)
    store: StoreConfig = field(default_factory=StoreConfig)
    sources: tuple[Source, ...] = ()
    programs: tuple[Program, ...] = ()
    projects: tuple[Project, ...] = ()
    milestones: tuple[MilestoneConfig, ...] = ()
    policy: Policy = field(default_factory=Policy)
    teams: tuple[TeamConfig, ...] = ()
    people: tuple[PersonConfig, ...] = ()
    publish: tuple[Publish, ...] = ()
    warnings: tuple[str, ...] = ()
    """What can be used but should be mended, e.g. a token written into the file."""

    @property
    def store_path(self) -> Path:
        """The store's folder, resolved against the configuration file."""
        return self.path.parent / self.store.path
