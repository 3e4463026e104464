"""How the issues of one kind of Jira are fetched: what differs between Cloud and Data Center."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from msgspec import Raw

from pmo_sync.connectors.jira.issue_payloads import History, IssueRef
from pmo_sync.connectors.jira.payloads import Project, User
from pmo_sync.connectors.jira.scope import Place, Walk

Deployment = Literal["Cloud", "Data Center"]


@dataclass(frozen=True, slots=True)
class Page:
    """Some issues with their newest changes, each by itself so that one bad one spoils no other.

    ``walk`` is how far a search by position has come with them; None where they come in the
    order in which they changed, so that the newest of them says how far it has come.
    """

    issues: Sequence[Raw]
    walk: Walk | None = None


class FetchPlan(Protocol):
    """The questions that each kind of Jira wants to be asked in its own way."""

    def identity(self) -> str | None:
        """Ask for the site's own identity; None where it has none but its address."""

    def projects(self) -> list[Project]:
        """List the projects that the login may browse."""

    def users(self, accounts: Sequence[str]) -> list[User]:
        """List those accounts that still exist."""

    def issues(self, clause: str, place: Place, fields: Sequence[str]) -> Iterator[Page]:
        """Yield what changed in a scope since a place; none that is edited meanwhile is lost."""

    def references(self, clause: str) -> Iterator[Sequence[IssueRef]]:
        """Yield the ids and keys of a whole scope; none that stays in it is missing."""

    def histories(self, issue: str) -> list[History]:
        """List all changes of an issue."""
