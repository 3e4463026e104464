"""The fetch plan of Jira Cloud: a search in the order of changes.

What one page holds is one request. Where there is more, ids alone are listed, in long pages whose
tokens must be followed one by one, and the issues fetched by id, many requests at once. One that
changes after it was listed is not what says how far the sync has come: it comes again next time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, Protocol, TypeVar

import msgspec

from pmo_sync.connectors.jira.failures import RefusedError
from pmo_sync.connectors.jira.issue import ParsedIssue, Unread, utc
from pmo_sync.connectors.jira.issue_payloads import (
    BulkPage,
    ChangelogPage,
    ChangesPage,
    DatedPage,
    History,
    IssueRef,
    SearchPage,
)
from pmo_sync.connectors.jira.payloads import Project, ProjectPage, Tenant, User, UserPage
from pmo_sync.connectors.jira.plan import Listed, Opened, Page, opened
from pmo_sync.connectors.jira.reading import IssueReader
from pmo_sync.connectors.jira.scope import Place, changed_clause
from pmo_sync.connectors.jira.session import JiraSession
from pmo_sync.errors import SourceError

ISSUES_A_PAGE = 100
CHANGELOGS_A_REQUEST = 1000
CHANGES_A_PAGE = 10_000
REFS_A_PAGE = 5000
ROWS_A_PAGE = 100
USERS_A_PAGE = 100
KEYS_A_QUESTION = 50


NOT_OFFERED = (404, 405, 410)
"""How a site answers that has no bulk requests."""


_REFS = msgspec.json.Decoder(SearchPage[IssueRef]).decode
_CHANGES = msgspec.json.Decoder(ChangesPage).decode


class _Found(Protocol):
    """A page that is asked for by a token."""

    @property
    def next_page_token(self) -> str | None: ...


Answered = TypeVar("Answered", bound=_Found)


class _Read:
    """What was read of a list before it is gone through whole.

    It begins with the oldest change: what has changed since it was read comes later than it did.
    Where all that was not read has changed after it too, the place of the last one does not tell:
    then the next sync, which looks some minutes back, reads it again.
    """

    def __init__(self, ids: Sequence[str]) -> None:
        self._places = {id: place for place, id in enumerate(ids)}
        self._reached = -1

    def has(self, id: str) -> bool:
        """Say whether the one that is listed next was read as it is now."""
        place = self._places.get(id, -1)
        if place < 0:  # nothing but newer changes from here on
            self._places.clear()
        in_order = place > self._reached
        self._reached = max(self._reached, place)
        return in_order


class CloudPlan:
    """Asks a Cloud site."""

    references_a_page = REFS_A_PAGE

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

    def departed(self, keys: Sequence[str]) -> Collection[str]:
        """Ask for them among the archived projects, and those in the recycle bin; none where the
        site does not tell."""
        some = list(keys[:KEYS_A_QUESTION])
        pages = self._session.rows(
            "project/search", ProjectPage, ROWS_A_PAGE, keys=some, status=["archived", "deleted"]
        )
        try:
            return {project.key for project in pages}.intersection(some)
        except RefusedError:
            return ()

    def users(self, accounts: Sequence[str]) -> list[User]:
        """List those accounts that still exist."""
        found: list[User] = []
        for start in range(0, len(accounts), USERS_A_PAGE):
            some = list(accounts[start : start + USERS_A_PAGE])
            page = self._session.get("user/bulk", UserPage, accountId=some, maxResults=USERS_A_PAGE)
            found.extend(page.values)
        return found

    def issues(
        self, clause: str, place: Place, reader: IssueReader, listed: Listed
    ) -> Iterator[Page]:
        """Yield what changed, oldest change first."""
        rows = self._session.least.listed(ISSUES_A_PAGE)
        for page in self._changed(clause, place, reader, listed):
            rows.came(page.count)
            yield page

    def _changed(
        self, clause: str, place: Place, reader: IssueReader, listed: Listed
    ) -> Iterator[Page]:
        jql = f"{changed_clause(clause, place)} ORDER BY updated ASC"
        pages = self._searched(jql, reader)
        with self._session.crew() as crew:
            # Where all is asked for, there is more than a page: it need not be waited for.
            newest = crew.ask(self._newest, clause) if place.watermark is None else None
            first = next(pages)
            if not first.next_page_token:
                listed()
            yield opened(first.issues)
            if not first.next_page_token:
                return
            until = newest.result() if newest else self._newest(clause)
        read = _Read([issue.id for issue in first.issues])
        try:
            yield from self._in_bulk(jql, reader, until, read, listed)
        except RefusedError as error:
            if error.status not in NOT_OFFERED:
                raise
            for page in pages:
                yield opened(page.issues)
            listed()

    def _in_bulk(
        self, jql: str, reader: IssueReader, until: int | None, read: _Read, listed: Listed
    ) -> Iterator[Page]:
        ask = partial(self._bodies, reader, until)
        with self._session.begun(self._ids(jql, read, listed)) as ids:
            every = (one for page in ids for one in page)
            chunks = iter(lambda: list(islice(every, ISSUES_A_PAGE)), [])
            yield from self._session.side_by_side(ask, chunks)

    def _ids(self, jql: str, read: _Read, listed: Listed) -> Iterator[list[str]]:
        """List what is not read yet, or has changed since; a page may name once more what the one
        before it ended with, and what comes twice from further apart is fetched twice."""
        before: Collection[str] = ()
        rows = self._session.least.listed(REFS_A_PAGE)
        for page in self._listing(jql, "id"):
            rows.came(len(page))
            ids = dict.fromkeys(row.id for row in page)
            yield [one for one in ids if one not in before and not read.has(one)]
            before = ids
        listed()

    def _bodies(self, reader: IssueReader, until: int | None, ids: Sequence[str]) -> Page:
        """Fetch issues by id; they are decoded when they are wanted."""
        body = {"issueIdsOrKeys": ids, "fields": reader.asked, "expand": ["changelog"]}
        said = self._session.post_by("issue/bulkfetch", bytes, body)
        return Page(len(ids), partial(self._opened, reader, body, said), until=until)

    def _opened(self, reader: IssueReader, body: Mapping[str, Any], said: bytes) -> Opened:
        """Decode issues; what is no page of them, and what is left out though it is there, is asked
        for once more."""
        decode = reader.pages(BulkPage)
        try:
            issues: Opened = decode(said).issues
        except msgspec.DecodeError:
            issues = self._session.post_by("issue/bulkfetch", decode, body).issues
        missing = set(body["issueIdsOrKeys"]).difference(issue.id for issue in issues)
        return [*issues, *self._missing(sorted(missing), reader)] if missing else issues

    def _missing(self, ids: Sequence[str], reader: IssueReader) -> Opened:
        jql = f"id in ({', '.join(ids)})"
        try:
            return [issue for one in self._searched(jql, reader) for issue in one.issues]
        except RefusedError as error:
            if error.status != 400:  # Jira refuses to look for ids that are no more
                raise
            return []

    def _newest(self, clause: str) -> int | None:
        """Ask when anything in the scope changed last, in epoch milliseconds."""
        jql = f"{clause} ORDER BY updated DESC"
        body = {"jql": jql, "fields": ["updated"], "maxResults": 1}
        page = self._session.post("search/jql", DatedPage, body)
        times = [utc(one.fields.updated) for one in page.issues]
        return int(times[0].timestamp() * 1000) if times else None

    def references(self, clause: str) -> Iterator[Sequence[IssueRef]]:
        """Yield ids and keys alone: asked like this, pages are long."""
        return self._listing(clause, "key")

    def _listing(self, jql: str, field: str) -> Iterator[Sequence[IssueRef]]:
        body = {"jql": jql, "fields": [field], "maxResults": REFS_A_PAGE}
        for page in self._pages(_REFS, body):
            yield page.issues

    def _searched(
        self, jql: str, reader: IssueReader
    ) -> Iterator[SearchPage[ParsedIssue | Unread]]:
        body = {"jql": jql, "fields": reader.asked, "expand": "changelog"}
        return self._pages(reader.pages(SearchPage), {**body, "maxResults": ISSUES_A_PAGE})

    def histories(self, issues: Sequence[str]) -> Mapping[str, Sequence[History]]:
        """List all changes of issues: many at once, where the site offers that."""
        found: dict[str, list[History]] = {issue: [] for issue in issues}
        try:
            for start in range(0, len(issues), CHANGELOGS_A_REQUEST):
                some = issues[start : start + CHANGELOGS_A_REQUEST]
                body = {"issueIdsOrKeys": some, "maxResults": CHANGES_A_PAGE}
                self._session.least.add()
                for page in self._pages(_CHANGES, body, "changelog/bulkfetch"):
                    for one in page.issue_change_logs:
                        found.setdefault(one.issue_id, []).extend(one.change_histories)
        except RefusedError as error:
            if error.status not in NOT_OFFERED:
                raise
            self._session.least.add(len(issues))
            each = self._session.side_by_side(self._history, issues)
            return dict(zip(issues, each, strict=True))
        return found

    def _history(self, issue: str) -> list[History]:
        return list(self._session.rows(f"issue/{issue}/changelog", ChangelogPage, ROWS_A_PAGE))

    def _pages(
        self, decode: Callable[[bytes], Answered], body: dict[str, Any], path: str = "search/jql"
    ) -> Iterator[Answered]:
        """Follow page tokens to the end; a token that comes twice would never end."""
        seen: set[str] = set()
        token: str | None = None
        while True:
            page = self._session.post_by(
                path, decode, body | ({"nextPageToken": token} if token else {})
            )
            yield page
            token = page.next_page_token
            if not token:
                return
            if token in seen:
                raise SourceError(
                    f"{self._session.name}: POST {path}: the same page token came twice, the "
                    "search would never end; try again later"
                )
            seen.add(token)
