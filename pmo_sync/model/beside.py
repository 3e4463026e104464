"""What is known beside work items: evidence of progress, what was declared and agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pmo_sync.model.names import DeclaredLevel
from pmo_sync.model.work import Link


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
    ``start`` and ``target`` are the dates that were declared with it, ``restricted`` that not
    everybody may see the board."""

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
    restricted: bool = False


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
