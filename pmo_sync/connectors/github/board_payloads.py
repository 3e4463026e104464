"""The wire format of Projects v2: boards, their fields and items, what was declared on them."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from pmo_sync.connectors.github.payloads import (
    Actor,
    Connection,
    Metered,
    Payload,
    RepositoryName,
    When,
)


class Option(Payload, frozen=True):
    """A choice of a single select field."""

    name: str


class IterationSpan(Payload, frozen=True):
    """An iteration: a day, and how many days it lasts."""

    id: str
    title: str = ""
    start_date: date | None = None
    duration: int = 0


class Configuration(Payload, frozen=True):
    """The iterations of a field: those that run or are ahead, and those that are over."""

    iterations: tuple[IterationSpan, ...] = ()
    completed_iterations: tuple[IterationSpan, ...] = ()


class BoardField(Payload, frozen=True):
    """A field of a board; ``options`` and ``configuration`` are of its kind alone."""

    id: str = ""
    name: str = ""
    data_type: str = ""
    options: tuple[Option, ...] | None = None
    configuration: Configuration | None = None


class Declared(Payload, frozen=True):
    """A status update."""

    id: str
    status: str | None = None
    body: str | None = None
    created_at: When | None = None
    start_date: date | None = None
    target_date: date | None = None
    creator: Actor | None = None


class FieldName(Payload, frozen=True):
    """The field that a value is of."""

    id: str = ""


class FieldValue(Payload, frozen=True):
    """A value of any kind; of a kind that we do not ask for there is only the name of its type."""

    typename: str = msgspec.field(name="__typename", default="")
    field: FieldName | None = None
    name: str | None = None
    text: str | None = None
    number: float | None = None
    date: date | None = None
    iteration_id: str | None = None


class Content(Payload, frozen=True):
    """What a row shows: an issue, a pull request or a draft."""

    typename: str = msgspec.field(name="__typename", default="")
    id: str = ""
    database_id: int | None = None
    full_database_id: str | int | None = None
    updated_at: When | None = None
    repository: RepositoryName | None = None
    title: str | None = None
    created_at: When | None = None
    creator: Actor | None = None
    assignees: Connection[Actor] | None = None

    @property
    def native(self) -> str | None:
        """The immutable number of an issue or pull request; a draft has none."""
        known = self.full_database_id or self.database_id
        return str(known) if known else None


class Row(Payload, frozen=True):
    """A row of a board; ``content`` is missing where the token may not see it."""

    id: str
    updated_at: When
    created_at: When | None = None
    full_database_id: str | int | None = None
    is_archived: bool = False
    field_values: Connection[FieldValue] | None = None
    content: Content | None = None

    @property
    def touched(self) -> datetime:
        """When the row or what it shows last changed."""
        shown = self.content.updated_at if self.content else None
        return max(self.updated_at, shown) if shown else self.updated_at


class BoardHead(Payload, frozen=True):
    """A board; ``items`` are the first of its rows, where they were asked for."""

    id: str
    number: int
    title: str = ""
    url: str = ""
    public: bool = False
    closed: bool = False
    full_database_id: str | int | None = None
    fields: Connection[BoardField] | None = None
    status_updates: Connection[Declared] | None = None
    items: Connection[Row] | None = None


class BoardOwner(Payload, frozen=True):
    """An organization or user."""

    board: BoardHead | None = msgspec.field(name="projectV2", default=None)


class BoardPage(Metered, frozen=True):
    """The answer to ``Board``."""

    owner: BoardOwner | None = None


class RowList(Payload, frozen=True):
    """A board's rows."""

    items: Connection[Row] | None = None


class RowPage(Metered, frozen=True):
    """The answer to ``BoardItems``."""

    node: RowList | None = None
