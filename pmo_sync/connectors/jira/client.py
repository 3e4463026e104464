"""What we ask Jira Cloud for, page after page: typed payloads out, no meaning added.

Data Center has other addresses for the search and its pages: another client with these methods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from pmo_sync.config import Source
from pmo_sync.connectors.base import Progress
from pmo_sync.connectors.jira.patience import Patience
from pmo_sync.connectors.jira.payloads import (
    Board,
    BoardPage,
    ChangelogPage,
    Field,
    History,
    IssueRef,
    IssueType,
    Named,
    Permissions,
    Project,
    ProjectPage,
    RefPage,
    SearchPage,
    ServerInfo,
    Sprint,
    SprintPage,
    Status,
    Tenant,
    User,
    UserPage,
    Version,
)
from pmo_sync.connectors.jira.session import JiraSession
from pmo_sync.errors import SourceError

ISSUES_A_PAGE = 100
REFS_A_PAGE = 5000
ROWS_A_PAGE = 100
SPRINTS_A_PAGE = 50
USERS_A_PAGE = 100

Row = TypeVar("Row", covariant=True)


class _Rows(Protocol[Row]):
    """A page that is asked for by where it starts."""

    @property
    def values(self) -> Sequence[Row]: ...
    @property
    def is_last(self) -> bool: ...


class _Found(Protocol):
    """A page that is asked for by a token."""

    @property
    def next_page_token(self) -> str | None: ...


Page = TypeVar("Page", bound=_Found)


class JiraClient:
    """Reads one Jira Cloud site; makes no request before it is asked something."""

    def __init__(
        self,
        source: Source,
        progress: Progress,
        patience: Patience | None = None,
        on_request: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = source.name
        self.requests = 0
        """HTTP requests made so far, repeats included."""
        self._on_request = on_request
        self._session = JiraSession(source, progress, patience or Patience(), self._count)

    def _count(self) -> None:
        self.requests += 1
        self._on_request()

    def server_info(self) -> ServerInfo:
        """Ask who answers; needs no login."""
        return self._session.get("serverInfo", ServerInfo)

    def tenant(self) -> Tenant:
        """Ask for the Cloud site's identity."""
        return self._session.get_site("_edge/tenant_info", Tenant)

    def myself(self) -> User:
        """Ask who we are; refused without a valid login."""
        return self._session.get("myself", User)

    def may_browse(self, project: str) -> bool:
        """Ask whether we may read a project; raises where it is not visible at all."""
        permission = "BROWSE_PROJECTS"
        answer = self._session.get(
            "mypermissions", Permissions, projectKey=project, permissions=permission
        )
        return permission in answer.permissions and (answer.permissions[permission].have_permission)

    def fields(self) -> list[Field]:
        """List all fields, custom ones included."""
        return self._session.get("field", list[Field])

    def statuses(self) -> list[Status]:
        """List the statuses in use."""
        return self._session.get("status", list[Status])

    def issue_types(self) -> list[IssueType]:
        """List the issue types."""
        return self._session.get("issuetype", list[IssueType])

    def priorities(self) -> list[Named]:
        """List the priorities, the highest first."""
        return self._session.get("priority", list[Named])

    def resolutions(self) -> list[Named]:
        """List the resolutions."""
        return self._session.get("resolution", list[Named])

    def projects(self) -> list[Project]:
        """List the projects that the login may browse."""
        return list(self._rows("project/search", ProjectPage, ROWS_A_PAGE))

    def versions(self, project: str) -> list[Version]:
        """List a project's versions."""
        return self._session.get(f"project/{project}/versions", list[Version])

    def boards(self, project: str | None = None) -> list[Board]:
        """List the boards that show a project, or all that we may see."""
        scope = {"projectKeyOrId": project} if project else {}
        return list(self._rows("board", BoardPage, SPRINTS_A_PAGE, agile=True, **scope))

    def sprints(self, board: int) -> list[Sprint]:
        """List a board's sprints, past and future."""
        path = f"board/{board}/sprint"
        return list(self._rows(path, SprintPage, SPRINTS_A_PAGE, agile=True))

    def users(self, accounts: Sequence[str]) -> list[User]:
        """List those accounts that still exist."""
        found: list[User] = []
        for start in range(0, len(accounts), USERS_A_PAGE):
            some = list(accounts[start : start + USERS_A_PAGE])
            page = self._session.get("user/bulk", UserPage, accountId=some, maxResults=USERS_A_PAGE)
            found.extend(page.values)
        return found

    def search(self, jql: str, fields: Sequence[str]) -> Iterator[SearchPage]:
        """Yield pages of issues with their newest changes."""
        body = {"fields": fields, "expand": "changelog", "maxResults": ISSUES_A_PAGE}
        return self._pages(SearchPage, {"jql": jql, **body})

    def references(self, jql: str) -> Iterator[RefPage]:
        """Yield pages of ids and keys alone: asked like this they are long."""
        body = {"jql": jql, "fields": ["key"], "maxResults": REFS_A_PAGE}
        return self._pages(RefPage, body)

    def reference(self, key: str) -> IssueRef:
        """Ask for the id behind a key, also one from before a move."""
        return self._session.get(f"issue/{key}", IssueRef, fields="key")

    def histories(self, issue: str) -> list[History]:
        """List all changes of an issue."""
        return list(self._rows(f"issue/{issue}/changelog", ChangelogPage, ROWS_A_PAGE))

    def _pages(self, kind: type[Page], body: dict[str, Any]) -> Iterator[Page]:
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
                    f"{self.name}: POST search/jql: the same page token came twice, the search "
                    "would never end; try again later"
                )
            seen.add(token)

    def _rows(
        self,
        path: str,
        kind: type[_Rows[Row]],
        size: int,
        *,
        agile: bool = False,
        **params: Any,
    ) -> Iterator[Row]:
        """Follow pages by position to the last one, or to an empty one: totals may lie."""
        get: Callable[..., _Rows[Row]] = self._session.get_agile if agile else self._session.get
        start = 0
        while True:
            page = get(path, kind, startAt=start, maxResults=size, **params)
            yield from page.values
            start += len(page.values)
            if page.is_last or not page.values:
                return
