"""What serving a Jira site asks of its issues, whether they are held in memory or in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from pmo_sync.demo.jira_columns import Card
from pmo_sync.demo.jql_query import Query

if TYPE_CHECKING:
    from pmo_sync.demo.jira_index import History


class ServedCard(Card, Protocol):
    """One issue: what queries ask of it, and its parts as JSON."""

    @property
    def summary(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def head(self) -> bytes:
        """The issue's own names (id, self, key) as an object that is not closed."""

    @property
    def fields(self) -> Mapping[str, bytes]:
        """Each field's name and value, by its name."""

    @property
    def embedded(self) -> Sequence[bytes]:
        """Histories in the order that search embeds them."""

    @property
    def histories(self) -> Sequence[History]:
        """Histories oldest first."""


class Index(Protocol):
    """The issues of a site, found by id, key or query, and written as JSON."""

    def find(self, id_or_key: str) -> ServedCard | None:
        """Find an issue by its id or its key."""

    def select(self, query: Query) -> Sequence[ServedCard]:
        """Return all issues that match, in the query's order; ties by id, newest first."""

    def page(
        self, query: Query, after: list[Any], size: int
    ) -> tuple[Sequence[ServedCard], list[Any] | None]:
        """Return so many that come after a place (empty: from the start), and the place of the
        last one; None where no more come."""

    def write(self, card: ServedCard, wanted: Sequence[str], changelog: int | None) -> bytes:
        """Write one issue with the wanted fields and at most ``changelog`` histories of it."""
