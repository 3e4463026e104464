"""How a GitHub answers over HTTP: GraphQL, the REST around it, and a page an issue."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from pmo_sync.demo.github_allowance import Allowance
from pmo_sync.demo.github_app import GithubApp
from pmo_sync.demo.github_faults import SECONDARY
from pmo_sync.demo.github_graph import GithubGraph
from pmo_sync.demo.github_graphql import GithubGraphql
from pmo_sync.demo.github_pace import Pace, Turnstile
from pmo_sync.demo.github_rest import Elsewhere, GithubRest
from pmo_sync.demo.github_rest_routes import find, page
from pmo_sync.demo.github_site import GithubIssue, GithubSite
from pmo_sync.demo.http import HTML_TYPE, LoopbackServer, Request, Response, json_response

SCOPES = ("read:org", "read:project", "repo")
_DOCS = "https://docs.github.com/rest"
_EXHAUSTED = "API rate limit exceeded."
_GRAPHQL = ("/graphql", "/api/graphql")
DOCUMENTED = Pace()
_ISSUE_PAGE = re.compile(r"^/([^/]+)/([^/]+)/issues/(\d+)$")


@dataclass(frozen=True, slots=True)
class _Held:
    """A site ready to be asked."""

    site: GithubSite
    graphql: GithubGraphql
    rest: GithubRest


class GithubServer(LoopbackServer):
    """A GitHub (its API at ``url`` and at ``url/api/v3``); ``load`` a site before it is asked.

    ``scopes`` (of the token) and ``resource_limit`` hold from the next ``load`` on; ``app`` may log
    in as well. Nobody is held to GitHub's other limits before ``limit``.
    """

    def __init__(self, token: str, port: int = 0) -> None:
        super().__init__(port)
        self.allowance = Allowance()
        self.scopes: tuple[str, ...] = SCOPES
        self.resource_limit: int | None = None
        self.app: GithubApp | None = None
        self._turnstile: Turnstile | None = None
        self._token = token
        self._held: _Held | None = None

    @property
    def site(self) -> GithubSite | None:
        """What is served now; None before the first ``load``."""
        return self._held.site if self._held else None

    def load(self, site: GithubSite) -> None:
        """Serve this site from the next request on."""
        graph = GithubGraph(site)
        graphql = GithubGraphql(graph, self.allowance, self.scopes, self.resource_limit)
        self._held = _Held(site, graphql, GithubRest(site, self.url))

    def limit(self, pace: Pace = DOCUMENTED) -> None:
        """Hold clients to the points of an hour and to secondary limits from now on."""
        self.allowance.strict = True
        self._turnstile = Turnstile(pace)

    def answer(self, request: Request) -> Response:
        """Answer as GitHub does, refusals included."""
        if self._turnstile is None:
            return self._answer(request)
        resource = "graphql" if request.path in _GRAPHQL else "core"
        wait = self._turnstile.enter(resource)
        if wait is not None:
            after = (("Retry-After", str(wait)),) if wait else ()
            headers = (*after, *self._headers(resource))
            return replace(_message(403, SECONDARY), headers=headers)
        try:
            return self._answer(request)
        finally:
            self._turnstile.leave()

    def _answer(self, request: Request) -> Response:
        held = self._held
        if held is None:
            return _message(503, "The site is starting.")
        if request.method != "POST" and (match := _ISSUE_PAGE.match(request.path)):
            return _issue_page(held.site, *match.groups())
        path = request.path.removeprefix("/api/v3")
        if self.app and (answer := self.app.answer(path, request)):
            return answer
        if refusal := self._unauthorized(request):
            return refusal
        if request.path in _GRAPHQL:
            return self._graphql(held, request)
        return self._rest(held, request)

    def _unauthorized(self, request: Request) -> Response | None:
        header = request.headers.get("authorization", "")
        kind, _, token = header.partition(" ")
        if not header:
            return _message(401, "Requires authentication")
        valid = (self._token, *(self.app.given[-1:] if self.app else ()))
        if kind.casefold() not in ("token", "bearer") or token.strip() not in valid:
            return _message(401, "Bad credentials")
        return None

    def _graphql(self, held: _Held, request: Request) -> Response:
        if request.method != "POST":
            return _message(404, "Not Found")
        try:
            body = request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return _message(400, "Problems parsing JSON")
        return self._found(held.graphql.run(body), "graphql")

    def _rest(self, held: _Held, request: Request) -> Response:
        path = request.path.removeprefix("/api/v3")
        if path == "/rate_limit":
            return self._found(self.allowance.rest(), "core")
        if not self.allowance.take("core"):
            return json_response({"message": _EXHAUSTED, "documentation_url": _DOCS}, 403,
                                 self._headers("core"))  # fmt: skip
        found, write = find(held.rest, path, request)
        if isinstance(found, Elsewhere):
            return self._moved(found)
        if found is None:
            return _message(404, "Not Found")
        link: tuple[tuple[str, str], ...] = ()
        if isinstance(found, list):
            shown, link = page(found, request, self.url + request.path)
            found = [write(one) for one in shown]
        return self._tagged(request, self._found(found, "core", link))

    def _moved(self, found: Elsewhere) -> Response:
        """Answer for an issue that was transferred or deleted."""
        if found.url is None:
            return _message(410, "This issue was deleted")
        body = {"message": "Moved Permanently", "url": found.url, "documentation_url": _DOCS}
        return json_response(body, 301, (("Location", found.url), *self._headers("core")))

    def _tagged(self, request: Request, response: Response) -> Response:
        """Answer 304 to who has it already."""
        tag = f'W/"{hashlib.sha256(response.body).hexdigest()}"'
        headers = (("ETag", tag), *response.headers)
        if request.headers.get("if-none-match") == tag:
            return Response(b"", 304, headers=headers)
        return replace(response, headers=headers)

    def _found(
        self, value: Any, resource: str, headers: tuple[tuple[str, str], ...] = ()
    ) -> Response:
        return json_response(value, 200, (*headers, *self._headers(resource)))

    def _headers(self, resource: str) -> tuple[tuple[str, str], ...]:
        return (
            ("X-OAuth-Scopes", ", ".join(sorted(self.scopes))),
            ("X-Accepted-OAuth-Scopes", "repo"),
            ("X-GitHub-Media-Type", "github.v3; format=json"),
            *self.allowance.headers(resource),
        )


def _message(status: int, message: str) -> Response:
    return json_response(
        {"message": message, "documentation_url": _DOCS, "status": str(status)}, status
    )


def _issue_page(site: GithubSite, owner: str, name: str, number: str) -> Response:
    issue = _find_issue(site, f"{owner}/{name}".casefold(), int(number))
    if issue is None:
        return Response(b"<!doctype html><title>Not found</title><h1>Not found</h1>", 404,
                        HTML_TYPE)  # fmt: skip
    title = escape(f"{issue.title} #{issue.number}")
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>{issue.state.title()}, created {issue.created_at[:10]}</p></html>"
    )
    return Response(page.encode(), 200, HTML_TYPE)


def _find_issue(site: GithubSite, full_name: str, number: int) -> GithubIssue | None:
    for repository in site.repositories:
        if f"{repository.owner}/{repository.name}".casefold() == full_name:
            return next((one for one in repository.issues if one.number == number), None)
    return None
