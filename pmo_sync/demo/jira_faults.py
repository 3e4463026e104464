"""How both Jiras word their faults, and what a login sees that loses a project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from pmo_sync.demo.facts import Tracker
from pmo_sync.demo.http import Request, Response, json_response
from pmo_sync.demo.injector import Headers, Json, json_object
from pmo_sync.demo.jira_site import JiraSite
from pmo_sync.demo.jira_state import refused


class JiraFaults:
    """The Dialect of a Jira Cloud site."""

    tracker: Tracker = "jira"

    def limited(self, headers: Headers) -> Response:
        """Answer 429."""
        words = refused(429, "Rate limit exceeded.")
        return replace(words, headers=(*headers, ("RateLimit-Reason", "jira-burst-based")))

    def secondary(self, headers: Headers, rng: Random) -> Response | None:  # noqa: ARG002
        """Jira's limits are all 429."""
        return None

    def entries(self, body: Json) -> Iterator[list[Any]]:
        """Yield the entries of a search, or of the last page of a list that is asked for by
        position, where one entry more than there are would make the client miss another."""
        yield body.get("issues", [])
        if body.get("isLast"):
            yield body.get("values", [])

    def repeat(self, request: Request, body: Json) -> None:
        """Let a page of a search lead to itself."""
        asked = json_object(request.body).get("nextPageToken") or request.first("nextPageToken")
        if asked and "issues" in body:
            body |= {"nextPageToken": asked, "isLast": False}

    def leave_out(self, body: Json, rng: Random) -> None:
        """A Jira answers in whole or not at all."""


class JiraDcFaults:
    """The Dialect of a Jira Data Center."""

    tracker: Tracker = "jira_dc"

    def limited(self, headers: Headers) -> Response:
        """Answer 429, with what the login's bucket of requests holds."""
        words = json_response({"message": "Rate limit exceeded."}, 429)
        bucket = (("X-RateLimit-Limit", "50"), ("X-RateLimit-Remaining", "0"))
        return replace(words, headers=(*headers, *bucket))

    def secondary(self, headers: Headers, rng: Random) -> Response | None:  # noqa: ARG002
        """Jira's limits are all 429."""
        return None

    def entries(self, body: Json) -> Iterator[list[Any]]:
        """Yield the entries of a search, or of the last page of a list of boards or sprints."""
        yield body.get("issues", [])
        if body.get("isLast"):
            yield body.get("values", [])

    def repeat(self, request: Request, body: Json) -> None:
        """No page has a token."""

    def leave_out(self, body: Json, rng: Random) -> None:
        """A Jira answers in whole or not at all."""


def closed_jira(site: JiraSite, key: str, *, hidden: bool) -> JiraSite:
    """Return what a login sees that may not browse a project any more."""
    issues = tuple(one for one in site.issues if one["fields"]["project"]["key"] != key)
    if not hidden:
        return replace(site, issues=issues, forbidden=site.forbidden | {key})
    ids = {one["id"] for one in site.projects if one["key"] == key}
    boards = tuple(one for one in site.boards if site.board_project(one) not in ids)
    projects = tuple(one for one in site.projects if one["key"] != key)
    return replace(site, issues=issues, boards=boards, projects=projects)
