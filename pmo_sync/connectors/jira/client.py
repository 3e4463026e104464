"""What we ask a Jira for: typed payloads out, no meaning added.

What Cloud and Data Center answer alike is asked here; what they do not is the fetch plan's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec import Raw

from pmo_sync.config import Source
from pmo_sync.connectors.base import Progress
from pmo_sync.connectors.jira.cloud import CloudPlan
from pmo_sync.connectors.jira.crew import Begun, Crew
from pmo_sync.connectors.jira.data_center import DataCenterPlan
from pmo_sync.connectors.jira.failures import RefusedError
from pmo_sync.connectors.jira.issue_payloads import History, IssueRef, RemoteLink
from pmo_sync.connectors.jira.patience import Patience
from pmo_sync.connectors.jira.payloads import (
    Board,
    BoardPage,
    Field,
    IssueType,
    Named,
    Permissions,
    Project,
    ServerInfo,
    Sprint,
    SprintPage,
    Status,
    User,
    Version,
)
from pmo_sync.connectors.jira.plan import Deployment, FetchPlan, Listed, Page
from pmo_sync.connectors.jira.reading import IssueReader
from pmo_sync.connectors.jira.scope import Place
from pmo_sync.connectors.jira.session import JiraSession
from pmo_sync.connectors.jira.worklog_payloads import WorklogChanges, WorklogPage

T = TypeVar("T")
Question = TypeVar("Question")
SPRINTS_A_PAGE = 50
LINKS_REFUSED = (
    "an administrator can switch issue linking on, or set remote_links = false of the source"
)


class JiraClient:
    """Reads one Jira site; makes no request before it is asked something.

    What kind of site it is, the site says itself: it is asked before the first question that
    depends on it.
    """

    def __init__(
        self,
        source: Source,
        progress: Progress,
        patience: Patience | None = None,
    ) -> None:
        self.name = source.name
        self.requests = self.for_data = 0
        """HTTP requests made so far, repeats included, and those of them that are for data."""
        self._session = JiraSession(source, progress, patience or Patience(), self._count)
        self.least = self._session.least
        self._plan: FetchPlan | None = None

    def _count(self, for_data: bool) -> None:
        self.requests += 1
        self.for_data += for_data

    def crew(self) -> Crew:
        """Return somebody to ask several things at once."""
        return self._session.crew()

    def begun(self, values: Iterable[T]) -> Begun[T]:
        """Begin to ask for values that are wanted later."""
        return self._session.begun(values)

    def side_by_side(
        self, ask: Callable[[Question], T], questions: Iterable[Question]
    ) -> Iterator[T]:
        """Ask several questions at once; the answers come in the order of the questions."""
        return self._session.side_by_side(ask, questions)

    def server_info(self) -> ServerInfo:
        """Ask who answers, and fetch by the plan of its kind from now on; needs no login."""
        info = self._session.get("serverInfo", ServerInfo, api="2")
        self.expect(info.deployment)
        return info

    def expect(self, deployment: Deployment) -> None:
        """Fetch by the plan of a kind of site that is known already."""
        if deployment == "Cloud":
            self._plan, self._session.api = CloudPlan(self._session), "3"
        else:
            self._plan, self._session.api = DataCenterPlan(self._session), "2"

    def identity(self) -> str | None:
        """Ask for the site's own identity; None where it has none but its address."""
        return self._planned().identity()

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
        return self._planned().projects()

    def departed(self, keys: Sequence[str]) -> Collection[str]:
        """Return the keys of projects that the site says to have archived or deleted."""
        return self._planned().departed(keys) if keys else ()

    def versions(self, project: str) -> list[Version]:
        """List a project's versions."""
        return self._session.get(f"project/{project}/versions", list[Version])

    def boards(self, project: str | None = None) -> list[Board]:
        """List the boards that show a project, or all that we may see."""
        scope = {"projectKeyOrId": project} if project else {}
        return list(self._session.rows("board", BoardPage, SPRINTS_A_PAGE, agile=True, **scope))

    def sprints(self, board: int) -> list[Sprint]:
        """List a board's sprints, past and future."""
        path = f"board/{board}/sprint"
        return list(self._session.rows(path, SprintPage, SPRINTS_A_PAGE, agile=True))

    def users(self, accounts: Sequence[str]) -> list[User]:
        """List those accounts that still exist."""
        return self._planned().users(accounts)

    def issues(
        self, clause: str, place: Place, reader: IssueReader, listed: Listed = lambda: None
    ) -> Iterator[Page]:
        """Yield pages of what changed in a scope since a place, with the newest changes."""
        return self._planned().issues(clause, place, reader, listed)

    def references(self, clause: str) -> Iterator[Sequence[IssueRef]]:
        """Yield the ids and keys of a whole scope."""
        return self._planned().references(clause)

    def note_references(self, count: int) -> None:
        """Take note that a scope of so many was needed."""
        self.least.listed(self._planned().references_a_page).came(count)

    def reference(self, key: str) -> IssueRef:
        """Ask for the id behind a key, also one from before a move."""
        self.least.add()
        return self._session.get(f"issue/{key}", IssueRef, fields="key")

    def histories(self, issues: Sequence[str]) -> Mapping[str, Sequence[History]]:
        """List all changes of issues, by id."""
        return self._planned().histories(issues)

    def remote_links(self, issues: Sequence[str]) -> Mapping[str, Sequence[RemoteLink]]:
        """List the links of issues to pages elsewhere; none of one that is gone meanwhile."""
        self.least.add(len(issues))
        pages = self._session.side_by_side(self._remote_links, issues)
        return dict(zip(issues, pages, strict=True))

    def _remote_links(self, issue: str) -> list[RemoteLink]:
        try:
            return self._session.get(f"issue/{issue}/remotelink", list[RemoteLink])
        except RefusedError as error:
            if error.status == 404:
                return []
            raise RefusedError(f"{error}; {LINKS_REFUSED}", error.status) from None

    def changed_worklogs(self, since: int) -> Iterator[WorklogChanges]:
        """Yield what was noted or edited since an instant (epoch milliseconds), oldest first."""
        return self._worklog_changes("worklog/updated", since)

    def removed_worklogs(self, since: int) -> Iterator[WorklogChanges]:
        """Yield what was deleted since an instant, oldest first."""
        return self._worklog_changes("worklog/deleted", since)

    def worklogs(self, ids: Sequence[int]) -> list[Raw]:
        """List at most 1,000 worklogs by id, each by itself."""
        return self._session.post("worklog/list", list[Raw], {"ids": ids}) if ids else []

    def worklogs_of(self, issue: str) -> Iterator[Raw]:
        """Yield all worklogs of an issue, until an empty page: totals may lie."""
        self.least.add()
        start = 0
        while True:
            page = self._session.get(f"issue/{issue}/worklog", WorklogPage, startAt=start)
            yield from page.worklogs
            start += len(page.worklogs)
            if not page.worklogs or start >= page.total:
                return

    def _worklog_changes(self, path: str, since: int) -> Iterator[WorklogChanges]:
        """Follow pages by time; the next begins where the last ended, or would never end."""
        while True:
            page = self._session.get(path, WorklogChanges, since=since)
            yield page
            if page.last_page or not page.values:
                return
            since = max(page.values[-1].updated_time, since + 1)

    def _planned(self) -> FetchPlan:
        if self._plan is None:
            self.server_info()
        assert self._plan is not None  # noqa: S101 (server_info sets it)
        return self._plan
