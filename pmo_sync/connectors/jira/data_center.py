"""The fetch plan of Jira Data Center: a search by position, in an order that edits do not change.

Pages are in the order of keys, so an edited issue keeps its place. One that comes into the search
before a position moves the rest back, where it is read twice; one that leaves moves the rest
forward, so that a page would pass over some. Therefore each page begins with the last issue of
the page before; where a page holds nothing that was read already, the walk steps back. That holds
whenever each page was asked for: so the next ones are, several at once, before the walk is there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from pmo_sync.connectors.jira.ahead import Ahead
from pmo_sync.connectors.jira.failures import RefusedError
from pmo_sync.connectors.jira.issue import utc
from pmo_sync.connectors.jira.issue_payloads import Changelog, DatedIssue, History, IssueRef
from pmo_sync.connectors.jira.payloads import Project, User
from pmo_sync.connectors.jira.plan import Listed, Page, opened
from pmo_sync.connectors.jira.reading import IssueReader
from pmo_sync.connectors.jira.scope import Place, Walk, changed_clause
from pmo_sync.connectors.jira.session import JiraSession
from pmo_sync.errors import SourceError

ISSUES_A_PAGE = 100
REFS_A_PAGE = 1000
ORDER = "ORDER BY key ASC"


class _Row(Protocol):
    """An issue, or what names it."""

    @property
    def id(self) -> str: ...


Row = TypeVar("Row")
Named = TypeVar("Named", bound=_Row)


class Found(msgspec.Struct, Generic[Row], frozen=True, rename="camel", gc=False):
    """A page of ``/search``; ``max_results`` is what the site allows of what was asked."""

    start_at: int = 0
    max_results: int = 0
    total: int = 0
    issues: list[Row] = []


class KeptProject(msgspec.Struct, frozen=True):
    """A project of a list that has archived ones, too."""

    key: str
    archived: bool = False


class Logged(msgspec.Struct, frozen=True):
    """An issue that was asked for its changes alone."""

    changelog: Changelog


_REFS = msgspec.json.Decoder(Found[IssueRef]).decode
_DATED = msgspec.json.Decoder(Found[DatedIssue]).decode


class DataCenterPlan:
    """Asks a Data Center site, or a Server of old."""

    references_a_page = REFS_A_PAGE

    def __init__(self, session: JiraSession) -> None:
        self._session = session

    def identity(self) -> str | None:
        """Data Center is known by its address."""
        return None

    def projects(self) -> list[Project]:
        """List the projects that the login may browse."""
        return self._session.get("project", list[Project])

    def departed(self, keys: Sequence[str]) -> Collection[str]:
        """Look for them among the archived projects; none where the site does not tell."""
        try:
            every = self._session.get("project", list[KeptProject], includeArchived="true")
        except RefusedError:
            return ()
        return {project.key for project in every if project.archived}.intersection(keys)

    def users(self, accounts: Sequence[str]) -> list[User]:
        """List those accounts that still exist, asked for by key one by one."""
        found = []
        for account in accounts:
            try:
                found.append(self._session.get("user", User, key=account))
            except RefusedError as error:
                if error.status != 404:
                    raise
        return found

    def issues(
        self, clause: str, place: Place, reader: IssueReader, listed: Listed
    ) -> Iterator[Page]:
        """Yield what changed, by key; what changes from the beginning on is asked for next time."""
        walk = place.walk or Walk(self._newest(clause))
        jql = f"{changed_clause(clause, place)} {ORDER}"
        asked = {"fields": ",".join(reader.asked), "expand": "changelog"}
        came = self._session.least.listed(ISSUES_A_PAGE)
        for rows, at in self._walk(reader.pages(Found), jql, walk, ISSUES_A_PAGE, asked):
            came.came(len(rows))
            yield opened(rows, at)
        listed()

    def references(self, clause: str) -> Iterator[Sequence[IssueRef]]:
        """Yield ids and keys alone."""
        walk, asked = Walk(None), {"fields": "key"}
        for rows, _ in self._walk(_REFS, f"{clause} {ORDER}", walk, REFS_A_PAGE, asked):
            yield rows

    def histories(self, issues: Sequence[str]) -> Mapping[str, Sequence[History]]:
        """List all changes of issues: asked for by itself, each has them all."""
        self._session.least.add(len(issues))
        each = self._session.side_by_side(self._history, issues)
        return dict(zip(issues, each, strict=True))

    def _history(self, issue: str) -> list[History]:
        found = self._session.get(f"issue/{issue}", Logged, fields="key", expand="changelog")
        return found.changelog.histories

    def _newest(self, clause: str) -> int | None:
        """Ask when anything in the scope changed last, in epoch milliseconds."""
        jql, asked = f"{clause} ORDER BY updated DESC", {"fields": "updated"}
        page = self._page(0, decode=_DATED, jql=jql, size=1, asked=asked)
        times = [utc(one.fields.updated) for one in page.issues]
        return int(times[0].timestamp() * 1000) if times else None

    def _walk(
        self,
        decode: Callable[[bytes], Found[Named]],
        jql: str,
        walk: Walk,
        size: int,
        asked: dict[str, str],
    ) -> Iterator[tuple[list[Named], Walk]]:
        """Yield each issue once, and where the walk stands after it."""
        ask = partial(self._page, decode=decode, jql=jql, size=size, asked=asked)
        with self._session.ahead(ask, _following) as pages:
            yield from self._walked(pages, walk, size)

    def _walked(
        self, pages: Ahead[Found[Named]], walk: Walk, size: int
    ) -> Iterator[tuple[list[Named], Walk]]:
        seen = {walk.last} if walk.last else set()
        while True:
            start = max(0, walk.done - 1)
            page = pages.page(start)
            ids = [row.id for row in page.issues]
            if start and seen.isdisjoint(ids):
                walk = msgspec.structs.replace(walk, done=max(0, start - size // 2))
                continue
            if page.max_results == 1 < page.total:
                raise SourceError(f"{self._session.name}: the site gives one issue a page")
            # A page may name an issue twice; it counts once.
            done = start + min(len(set(ids)), page.max_results or size)
            rows = dict(zip(ids, page.issues, strict=True))
            walk = Walk(walk.until, done, ids[-1] if ids else walk.last)
            yield [row for native, row in rows.items() if native not in seen], walk
            seen.update(ids)
            if not ids or done >= page.total:
                return

    def _page(
        self,
        start: int,
        *,
        decode: Callable[[bytes], Found[Row]],
        jql: str,
        size: int,
        asked: dict[str, str],
    ) -> Found[Row]:
        params = {"jql": jql, "startAt": start, "maxResults": size}
        return self._session.get_by("search", decode, **params, **asked)


def _following(start: int, page: Found[Any]) -> range:
    """Return where the pages after one begin: each with the last issue of the one before."""
    step = len(page.issues) - 1
    return range(start + step, page.total - 1, step) if step > 0 else range(0)
