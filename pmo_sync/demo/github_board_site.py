"""What a GitHub holds of Projects v2: boards, their fields and items, what was declared on them.

Times are ISO texts, dates ISO days; issues and pull requests are named by node id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FieldType = Literal[
    "TITLE", "ASSIGNEES", "LABELS", "LINKED_PULL_REQUESTS", "MILESTONE", "REPOSITORY", "REVIEWERS",
    "PARENT_ISSUE", "SUB_ISSUES_PROGRESS", "ISSUE_TYPE",
    "TEXT", "NUMBER", "DATE", "SINGLE_SELECT", "ITERATION",
]  # fmt: skip
ItemKind = Literal["ISSUE", "PULL_REQUEST", "DRAFT_ISSUE", "REDACTED"]
Declared = Literal["ON_TRACK", "AT_RISK", "OFF_TRACK", "COMPLETE", "INACTIVE"]


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a single select field."""

    id: str
    name: str
    color: str = "GRAY"
    description: str = ""


@dataclass(frozen=True, slots=True)
class BoardIteration:
    """An iteration: ``start`` is a day, ``days`` how long it is."""

    id: str
    title: str
    start: str
    days: int


@dataclass(frozen=True, slots=True)
class BoardField:
    """A field; ``iterations`` are running or ahead, ``completed`` over, newest first."""

    node_id: str
    database_id: int
    name: str
    type: FieldType
    options: tuple[Option, ...] = ()
    iterations: tuple[BoardIteration, ...] = ()
    completed: tuple[BoardIteration, ...] = ()
    duration: int = 14
    start_day: int = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft issue: it is on a board and nowhere else."""

    node_id: str
    title: str
    creator: str | None
    created_at: str
    updated_at: str
    assignees: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class BoardItem:
    """A row of a board. ``values`` are of the fields that people fill in, by the field's name: a
    text, a number, a day, or the id of an option or iteration."""

    node_id: str
    database_id: int
    kind: ItemKind
    created_at: str
    updated_at: str
    content: str | None = None
    draft: Draft | None = None
    values: Mapping[str, str | float] = field(default_factory=dict)
    creator: str | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class BoardStatus:
    """A status update: what somebody declared of the whole board."""

    node_id: str
    database_id: int
    status: Declared | None
    created_at: str
    body: str | None = None
    creator: str | None = None
    start: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """A project of an organization or a user."""

    node_id: str
    database_id: int
    owner: str
    number: int
    title: str
    created_at: str
    updated_at: str
    fields: tuple[BoardField, ...]
    items: tuple[BoardItem, ...]
    statuses: tuple[BoardStatus, ...] = ()
    creator: str | None = None
    description: str | None = None
    readme: str | None = None
    public: bool = False
    closed_at: str | None = None
