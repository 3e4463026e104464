"""How the issues of one kind of Jira are fetched: what differs between Cloud and Data Center."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from pmo_sync.connectors.jira.issue import ParsedIssue, Unread
from pmo_sync.connectors.jira.issue_payloads import History, IssueRef
from pmo_sync.connectors.jira.payloads import Project, User
from pmo_sync.connectors.jira.reading import IssueReader
from pmo_sync.connectors.jira.scope import Place, Walk

ITEMS_A_STEP = 500
"""So many share the requests for what they lack and the place from which a killed sync goes on,
which repeats no more than this."""
Deployment = Literal["Cloud", "Data Center"]
Listed = Callable[[], None]
"""Takes note that all which changed is known by id, if not read yet: what comes into the scope from
now on is for the next sync. Said once more where it turns out that it was not all."""


Opened = Sequence[ParsedIssue | Unread]
"""Issues as they were decoded; those that make no sense are among them."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some issues with their newest changes: so many, decoded by ``open``.

    What is decoded just before it is mapped is still at hand for the processor, which is a sixth
    of the work, and waits for its turn in a third of the memory.

    ``walk`` is how far a search by position has come with them; None where they come in the
    order in which they changed, so that the newest of them says how far it has come: of those
    that changed up to ``until`` (epoch milliseconds), where one may have changed since it was
    listed.
    """

    count: int
    open: Callable[[], Opened]
    walk: Walk | None = None
    until: int | None = None


def opened(issues: Opened, walk: Walk | None = None) -> Page:
    """Return issues that are decoded already as a page."""
    return Page(len(issues), lambda: issues, walk)


def gathered(pages: Iterable[Page]) -> Iterator[Sequence[Page]]:
    """Join pages that follow each other until they have the issues of a step."""
    some: list[Page] = []
    for page in pages:
        some.append(page)
        if sum(each.count for each in some) >= ITEMS_A_STEP:
            yield some
            some = []
    if some:
        yield some


class FetchPlan(Protocol):
    """The questions that each kind of Jira wants to be asked in its own way."""

    references_a_page: int
    """How many a request for ``references`` asks for."""

    def identity(self) -> str | None:
        """Ask for the site's own identity; None where it has none but its address."""

    def projects(self) -> list[Project]:
        """List the projects that the login may browse."""

    def departed(self, keys: Sequence[str]) -> Collection[str]:
        """Return the keys of projects that the site says to have archived or deleted."""

    def users(self, accounts: Sequence[str]) -> list[User]:
        """List those accounts that still exist."""

    def issues(
        self, clause: str, place: Place, reader: IssueReader, listed: Listed
    ) -> Iterator[Page]:
        """Yield what changed in a scope since a place; none that is edited meanwhile is lost."""

    def references(self, clause: str) -> Iterator[Sequence[IssueRef]]:
        """Yield the ids and keys of a whole scope; none that stays in it is missing."""

    def histories(self, issues: Sequence[str]) -> Mapping[str, Sequence[History]]:
        """List all changes of issues, by id."""
