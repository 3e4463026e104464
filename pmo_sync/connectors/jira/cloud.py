"""The fetch plan of Jira Cloud: a search in the order of changes, followed by page tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeVar

from pmo_sync.connectors.jira.failures import RefusedError
from pmo_sync.connectors.jira.issue_payloads import (
    ChangelogPage,
    History,
    IssueRef,
    RefPage,
    SearchPage,
)
from pmo_sync.connectors.jira.payloads import Project, ProjectPage, Tenant, User, UserPage
from pmo_sync.connectors.jira.plan import Page
from pmo_sync.connectors.jira.scope import Place, changed_clause
from pmo_sync.connectors.jira.session import JiraSession
from pmo_sync.errors import SourceError

ISSUES_A_PAGE = 100
REFS_A_PAGE = 5000
ROWS_A_PAGE = 100
USERS_A_PAGE = 100


class _Found(Protocol):
    """A page that is asked for by a token."""

    @property
    def next_page_token(self) -> str | None: ...


Answered = TypeVar("Answered", bound=_Found)


class CloudPlan:
    """Asks a Cloud site."""

    def __init__(self, session: JiraSession) -> None:
        self._session = session

    def identity(self) -> str | None:
        """Ask for the cloud id; only a clear 'not here' lets the host stand in for it, or a bad
        moment would give every item a new identity."""
        try:
            return self._session.get_site("_edge/tenant_info", Tenant).cloud_id
        except RefusedError as error:
            if error.status != 404:
                raise
            return None

    def projects(self) -> list[Project]:
        """List the projects that the login may browse."""
        return list(self._session.rows("project/search", ProjectPage, ROWS_A_PAGE))

    def users(self, accounts: Sequence[str]) -> list[User]:
        """List those accounts that still exist."""
        found: list[User] = []
        for start in range(0, len(accounts), USERS_A_PAGE):
            some = list(accounts[start : start + USERS_A_PAGE])
            page = self._session.get("user/bulk", UserPage, accountId=some, maxResults=USERS_A_PAGE)
            found.extend(page.values)
        return found

    def issues(self, clause: str, place: Place, fields: Sequence[str]) -> Iterator[Page]:
        """Yield what changed, oldest change first: an item that changes meanwhile comes again."""
        jql = f"{changed_clause(clause, place)} ORDER BY updated ASC"
        body = {"fields": fields, "expand": "changelog", "maxResults": ISSUES_A_PAGE}
        for page in self._pages(SearchPage, {"jql": jql, **body}):
            yield Page(page.issues)

    def references(self, clause: str) -> Iterator[Sequence[IssueRef]]:
        """Yield ids and keys alone: asked like this, pages are long."""
        body = {"jql": clause, "fields": ["key"], "maxResults": REFS_A_PAGE}
        for page in self._pages(RefPage, body):
            yield page.issues

    def histories(self, issue: str) -> list[History]:
        """List all changes of an issue."""
        return list(self._session.rows(f"issue/{issue}/changelog", ChangelogPage, ROWS_A_PAGE))

    def _pages(self, kind: type[Answered], body: dict[str, Any]) -> Iterator[Answered]:
        """Follow page tokens to the end; a token that comes twice would never end."""
        seen: set[str] = set()
        token: str | None = None
        while True:
            page = self._session.post(
                "search/jql", kind, body | ({"nextPageToken": token} if token else {})
            )
            yield page
            token = page.next_page_token
            if not token:
                return
            if token in seen:
                raise SourceError(
                    f"{self._session.name}: POST search/jql: the same page token came twice, the "
                    "search would never end; try again later"
                )
            seen.add(token)
