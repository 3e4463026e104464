"""The wire format: what of GitHub's GraphQL answers we read; what is not named costs nothing.

Nearly everything may be null: a partial answer leaves out what could not be read in time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, TypeVar, cast

import msgspec

from pmo_sync.model import global_id

When = Annotated[datetime, msgspec.Meta(tz=True)]
T = TypeVar("T", covariant=True)
N = TypeVar("N", covariant=True)


class Payload(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A camelCase JSON object."""


class Page(Payload, frozen=True):
    """Where a connection goes on."""

    has_next_page: bool = False
    end_cursor: str | None = None


class RateLimit(Payload, frozen=True):
    """What a query cost in points."""

    cost: int = 0


class Metered(Payload, frozen=True):
    """An answer that says what it cost; a server without limits says nothing."""

    rate_limit: RateLimit | None = None


class Connection(Payload, Generic[N], frozen=True):
    """One page of a list."""

    nodes: tuple[N | None, ...] | None = ()
    page_info: Page = Page()
    total_count: int | None = None

    def members(self) -> tuple[N, ...]:
        """The nodes that were given: a partial answer has nulls among them."""
        nodes = self.nodes or ()
        if None in nodes:
            nodes = tuple(node for node in nodes if node is not None)
        return cast("tuple[N, ...]", nodes)


class Actor(Payload, frozen=True):
    """Who: a user, a bot, an organization, or a mannequin (an imported account)."""

    typename: str = msgspec.field(name="__typename", default="User")
    login: str = ""
    database_id: int | None = None
    name: str | None = None


class Named(Payload, frozen=True):
    """A label, or an issue type."""

    name: str = ""


class NodeId(Payload, frozen=True):
    """Anything by its node id."""

    id: str = ""


class RepositoryName(Payload, frozen=True):
    """A repository by its present name."""

    name_with_owner: str


class Ref(Payload, frozen=True):
    """Another issue. A pull request, or what we may not see, has no number here."""

    database_id: int | None = None
    full_database_id: int | str | None = None
    number: int | None = None
    repository: RepositoryName | None = None

    @property
    def native(self) -> str | None:
        """The immutable number, of 64 bits where the server says it."""
        known = self.full_database_id or self.database_id
        return str(known) if known else None

    @property
    def key(self) -> str:
        """``owner/repo#12``, empty where it is not known."""
        if self.number is None or self.repository is None:
            return ""
        return f"{self.repository.name_with_owner}#{self.number}"

    def item_id(self, site: str) -> str | None:
        """The id of the item over all sites."""
        native = self.native
        return global_id(site, native) if native else None


class GraphqlError(Payload, frozen=True):
    """What the server could not do. ``path`` leads into the data that is missing."""

    message: str = ""
    type: str | None = None
    path: tuple[str | int, ...] | None = None


class Answer(Payload, Generic[T], frozen=True):
    """A GraphQL answer; data and errors may come together."""

    data: T | None = None
    errors: tuple[GraphqlError, ...] | None = None
    message: str | None = None
