"""The normalized records: what every tracker's data becomes.

All times are aware UTC datetimes. Durations are whole seconds. An id that must be unique over
sites is ``<site>#<native id>`` (see ``global_id``); keys, titles and containers are attributes
and may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

Entity = Literal["item", "milestone", "iteration", "project", "person", "portfolio_milestone"]
Origin = Literal["changelog", "migration", "corrected", "observed", "config"]
LinkKind = Literal["blocks", "relates", "duplicates", "closes", "causes"]
Category = Literal["todo", "in_progress", "done", "dropped"]

DeclaredLevel = Literal["on_track", "at_risk", "off_track", "complete", "inactive"]

CATEGORIES: tuple[Category, ...] = ("todo", "in_progress", "done", "dropped")

SINGLE_FIELDS = (
    "status", "resolution", "priority", "points", "start", "due", "estimate", "remaining",
    "spent", "parent", "flagged",
)  # fmt: skip
"""Fields of an item with one value at a time whose every value is a history row.

``title``, ``key``, ``container`` and ``type`` have history rows only once they have changed:
until then the column of ``WorkItem`` has always been true.
"""
RISK_FIELDS = ("probability", "impact", "response", "risk_owner", "proximity")
"""What is said of a risk: in the tracker's own words; a person by id. What a word means is policy.
"""
TARGET_FIELDS = ("target_start", "target_end")
"""When an item is to begin and to end by the plan that its tracker keeps apart from its dates."""
DECLARED_FIELDS = ("health", "health_text")
"""What somebody declares of a whole project on the item that stands for it, in words of their own.
"""
MAPPED_FIELDS = (*RISK_FIELDS, *TARGET_FIELDS, "tracker_team", *DECLARED_FIELDS)
"""Fields that an item has where a site keeps them, or where a configuration says which field of
the tracker, or which label, holds them.

No column holds them: their history rows are all there is.
"""
RISK_QUERY = "risk_jql"
"""A flag of items that a source's own query for risks finds; known from sync to sync."""
ATTRIBUTE_FIELDS = ("title", "key", "container", "type")
SEVERAL_FIELDS = ("assignee", "label", "component", "milestone", "iteration")
"""Fields with several values at a time: one history row a member."""


def global_id(site: str, native: str | int) -> str:
    """Return the id of a record that is unique over all sites."""
    return f"{site}#{native}"


NAMED = "?"
"""In place of a site: what a link names by its key or by the address of its page alone. The store
puts the item's own id there once it knows exactly one that bears the name."""


@dataclass(frozen=True, slots=True)
class Site:
    """A tracker's installation, by its own identity: what the source is called is a label."""

    site: str
    kind: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One Jira issue or GitHub issue, as it is now.

    ``estimate``, ``remaining`` and ``spent`` are seconds. ``rank`` is the tracker's own level in
    its hierarchy: 0 a story or task, 1 an epic, -1 a sub-task.
    """

    item_id: str
    site: str
    key: str
    container: str
    type: str
    rank: int
    title: str
    status: str
    created: datetime
    updated: datetime
    url: str
    resolution: str | None = None
    priority: str | None = None
    reporter: str | None = None
    parent: str | None = None
    start: date | None = None
    due: date | None = None
    points: float | None = None
    estimate: int | None = None
    remaining: int | None = None
    spent: int | None = None
    flagged: bool = False
    restricted: bool = False


class HistoryRow(Struct, frozen=True, array_like=True, gc=False):
    """One value (or one member) that a field has held, from ``valid_from`` until ``valid_to``.

    ``value`` is the tracker's id where it has one (status, person, version), else text: dates
    ISO, numbers as ``repr``, true as ``true``. None says that the field was known to be empty, and
    of a status that there was one of which nothing is known.
    ``valid_to`` None is open. ``origin`` ``migration`` is a status rewritten by an administrator's
    workflow change: nobody moved the item. ``corrected`` is an interval that the tracker's own
    history contradicts: the item has another value now than its changes end with, which counts
    from its last update on (of several values: what the item no longer has ends then).
    """

    entity: Entity
    entity_id: str
    field: str
    value: str | None
    valid_from: datetime
    valid_to: datetime | None = None
    actor: str | None = None
    origin: Origin = "changelog"


class Observation(Struct, frozen=True, gc=False):
    """A value read now from a tracker that keeps no history of it; the store makes it history."""

    entity: Entity
    entity_id: str
    field: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A relation between two items, read ``from_id`` kind ``to_id`` (A blocks B).

    ``to_id`` may lie outside the scope: ``to_key`` is what to show then. An end that is known by a
    name alone, in another tracker, has an id of the site ``NAMED``: its key (``?#PAY-12``) or the
    address of its page.
    """

    from_id: str
    to_id: str
    kind: LinkKind
    native: str
    from_key: str
    to_key: str
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A Jira fix version or a GitHub milestone."""

    milestone_id: str
    site: str
    container: str
    name: str
    state: str
    url: str
    start: date | None = None
    due: date | None = None
    finished: date | None = None


@dataclass(frozen=True, slots=True)
class Iteration:
    """A sprint, or a Projects v2 iteration."""

    iteration_id: str
    site: str
    name: str
    state: str
    board: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    completed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One account at one site. ``kind``: person, app (bots and automations) or unknown;
    ``timezone`` an IANA name, where the site tells it."""

    person_id: str
    site: str
    login: str
    name: str
    kind: Literal["person", "app", "unknown"] = "person"
    active: bool = True
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A site's own word for an id: of a status, resolution, type or priority.

    ``category`` is the site's own grouping of a status, already in our words, or None where it
    does not say. ``rank`` orders types (hierarchy level) and priorities (0 is the highest).
    """

    site: str
    field: str
    value: str
    name: str
    category: Category | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A change to the code, proposed, merged or given up: evidence of progress, no work item.

    ``state`` is open, merged or closed.
    """

    pull_id: str
    site: str
    key: str
    container: str
    title: str
    state: str
    url: str
    created: datetime
    updated: datetime
    draft: bool = False
    merged: datetime | None = None
    closed: datetime | None = None
    author: str | None = None
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class PullRecord:
    """A pull request with what it closes and the work that it names."""

    pull: PullRequest
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A release, or a deployment to an ``environment``.

    ``state`` is the tracker's own word in lower case; ``delivered`` when it was out: published, or
    deployed with success.
    """

    delivery_id: str
    site: str
    container: str
    kind: Literal["release", "deployment"]
    name: str
    state: str
    created: datetime
    delivered: datetime | None = None
    environment: str | None = None
    url: str = ""
    author: str | None = None
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """What somebody declared of a whole board. ``level`` None says nothing of its health;
    ``start`` and ``target`` are the dates that were declared with it."""

    update_id: str
    site: str
    board: str
    board_title: str
    level: DeclaredLevel | None
    text: str
    created: datetime
    author: str | None = None
    start: date | None = None
    target: date | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was agreed to for a project on ``day``: its target, and how many items (and points) were
    in its scope. ``made`` is when somebody (``actor``) set it; ``removed`` undoes the ``set`` of
    the same number. Nothing is ever changed."""

    number: int
    action: Literal["set", "removed"]
    name: str
    project: str
    day: date
    target: date | None
    items: int
    points: float | None
    made: datetime
    actor: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Worklog:
    """Time that somebody noted on an item, ``started`` when the work was; ``author`` a person."""

    worklog_id: str
    site: str
    item_id: str
    author: str | None
    started: datetime
    seconds: int
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Rejected:
    """A payload that could not be mapped, and why: counted in every report."""

    site: str
    native_id: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """All the item ids that are in a scope now; what is missing from it has left."""

    site: str
    container: str
    item_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marking:
    """All the items of a source that a query of its configuration finds now, as the flag
    ``field``; what is missing has it no more."""

    site: str
    field: str
    item_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Departed:
    """A container that is no longer of the scope: that was confirmed, it is no gap in a list."""

    site: str
    container: str


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One item with everything its payload says: the unit that is replaced as a whole.

    ``held`` are fields with a value that they have had since ``creator`` made the item, which is
    most of its history: short for the rows that ``rows`` lists with the others.
    """

    item: WorkItem
    history: tuple[HistoryRow, ...] = ()
    observations: tuple[Observation, ...] = ()
    links: tuple[Link, ...] = ()
    held: tuple[tuple[str, str], ...] = ()
    creator: str | None = None

    def rows(self) -> list[HistoryRow]:
        """List the whole history."""
        item_id, created = self.item.item_id, self.item.created
        held = [
            HistoryRow("item", item_id, name, value, created, None, self.creator)
            for name, value in self.held
        ]
        return [*held, *self.history]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a connector hands over at once; it is committed together with ``state``.

    ``state`` is the connector's resume state after this batch, by scope: opaque to all others.
    """

    sites: tuple[Site, ...] = ()
    items: tuple[ItemRecord, ...] = ()
    persons: tuple[Person, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    iterations: tuple[Iteration, ...] = ()
    observations: tuple[Observation, ...] = ()
    terms: tuple[Term, ...] = ()
    pulls: tuple[PullRecord, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    status_updates: tuple[StatusUpdate, ...] = ()
    """Of a board the newest, all of them: what is missing among them was withdrawn."""
    worklogs: tuple[Worklog, ...] = ()
    removed_worklogs: tuple[str, ...] = ()
    """Ids of worklogs that were deleted at the tracker."""
    rejected: tuple[Rejected, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    markings: tuple[Marking, ...] = ()
    departed: tuple[Departed, ...] = ()
    state: Mapping[str, str] = field(default_factory=dict)
