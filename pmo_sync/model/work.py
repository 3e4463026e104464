"""Work items with their history, and what they refer to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from pmo_sync.model.names import Category, Entity, LinkKind, Origin


@dataclass(frozen=True, slots=True)
class Site:
    """A tracker's installation, by its own identity: what the source is called is a label."""

    site: str
    kind: str
    url: str
    title: str


class WorkItem(Struct, frozen=True, gc=False):
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
