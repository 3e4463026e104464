"""What every route of a Jira server shares: the site, its limits, refusals and pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from zoneinfo import ZoneInfo

from pmo_sync.demo.http import Request, Response, json_response
from pmo_sync.demo.jira_cards import Index, ServedCard
from pmo_sync.demo.jira_index import JiraIndex
from pmo_sync.demo.jira_site import JiraSite, Json
from pmo_sync.demo.jira_worklog_index import WorklogIndex
from pmo_sync.demo.jql_query import Names


class RefusedError(Exception):
    """An answer with a status and Jira's ``errorMessages``."""

    def __init__(self, status: int, *messages: str) -> None:
        super().__init__(*messages)
        self.status = status
        self.messages = messages


@dataclass(frozen=True, slots=True)
class JiraLimits:
    """The most that one answer carries; a page may be shorter than asked and not the last."""

    page: int = 100
    ids: int = 5000
    """Issues of a search that asks for nothing but ids or keys."""
    changelog: int = 100
    """Histories that a search embeds."""
    bulk_issues: int = 100
    bulk_changelogs: int = 1000
    bulk_fields: int = 10
    worklogs: int = 1000
    """Changed worklogs of one answer, and ids of one request."""


@dataclass(frozen=True, slots=True)
class JiraState:
    """A site ready to be asked."""

    site: JiraSite
    index: Index
    worklogs: WorklogIndex
    names: Names
    limits: JiraLimits

    @classmethod
    def of(
        cls, site: JiraSite, limits: JiraLimits, default_order: str, earlier: Self | None = None
    ) -> Self:
        """Prepare a site; ``default_order`` is what queries without ORDER BY sort by.

        ``earlier`` is what was shown before, of which most is as it was.
        """
        words = {
            str(project[name]).casefold()
            for project in site.projects
            for name in ("id", "key", "name")
        }
        names = Names(
            frozenset(words), ZoneInfo(site.time_zone), lambda: datetime.now(UTC), default_order
        )
        before = earlier.index if earlier else None
        index = JiraIndex(site, before if isinstance(before, JiraIndex) else None)
        return cls(site, index, WorklogIndex(site), names, limits)

    def project(self, id_or_key: str) -> Json | None:
        """Find a project by its id or key."""
        wanted = (id_or_key, id_or_key.upper())
        return next((one for one in self.site.projects if one["id"] in wanted or
                     one["key"] in wanted), None)  # fmt: skip

    def known_project(self, id_or_key: str) -> Json:
        """Return a project, or refuse with 404, or with 403 where the login may not see it."""
        project = self.project(id_or_key)
        if project is None:
            raise RefusedError(404, f"No project could be found with key '{id_or_key}'.")
        if project["key"] in self.site.forbidden:
            raise RefusedError(403, "You do not have permission to view this project.")
        return project

    def known_issue(self, id_or_key: str) -> ServedCard:
        """Return an issue, or refuse with 404."""
        card = self.index.find(id_or_key)
        if card is None:
            raise RefusedError(404, "Issue does not exist or you do not have permission to see it.")
        return card


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a route; ``path`` holds the named parts of its path."""

    state: JiraState
    request: Request
    path: Mapping[str, str]


Answer = Callable[[Call], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path (below any API version) with what answers it."""

    method: str
    path: re.Pattern[str]
    answer: Answer


def refused(status: int, *messages: str) -> Response:
    """Answer with Jira's error collection."""
    return json_response({"errorMessages": list(messages), "errors": {}}, status)


def integer(request: Request, name: str, default: int) -> int:
    """Read a number from the query; refuse what is none."""
    text = request.first(name)
    if text is None:
        return default
    try:
        return int(text)
    except ValueError:
        raise RefusedError(400, f"The parameter '{name}' must be an integer.") from None


def bounds(request: Request, limit: int, default: int = 50) -> tuple[int, int]:
    """Read startAt and maxResults (cut to the limit)."""
    start = max(0, integer(request, "startAt", 0))
    return start, max(0, min(integer(request, "maxResults", default), limit))


def page_of(
    values: Sequence[Json], request: Request, base: str, limit: int = 50, default: int = 50
) -> Response:
    """Answer with a page: startAt, maxResults, total, isLast, values."""
    start, size = bounds(request, limit, default)
    shown = values[start : start + size]
    page: dict[str, object] = {"self": f"{base}{request.path}?startAt={start}&maxResults={size}"}
    last = start + len(shown) >= len(values)
    if not last:
        page["nextPage"] = f"{base}{request.path}?startAt={start + size}&maxResults={size}"
    page |= {"maxResults": size, "startAt": start, "total": len(values), "isLast": last}
    return json_response({**page, "values": list(shown)})
