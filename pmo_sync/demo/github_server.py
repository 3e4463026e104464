"""How a GitHub answers over HTTP: GraphQL, the REST around it, and a page an issue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

from pmo_sync.demo.github_allowance import Allowance
from pmo_sync.demo.github_graph import GithubGraph
from pmo_sync.demo.github_graphql import GithubGraphql
from pmo_sync.demo.github_rest import GithubRest, Json
from pmo_sync.demo.github_site import GithubIssue, GithubSite
from pmo_sync.demo.http import HTML_TYPE, LoopbackServer, Request, Response, json_response

SCOPES = ("read:org", "read:project", "repo")
_DOCS = "https://docs.github.com/rest"
_EXHAUSTED = "API rate limit exceeded."
_GRAPHQL = ("/graphql", "/api/graphql")
_ISSUE_PAGE = re.compile(r"^/([^/]+)/([^/]+)/issues/(\d+)$")


@dataclass(frozen=True, slots=True)
class _Held:
    """A site ready to be asked."""

    site: GithubSite
    graphql: GithubGraphql
    rest: GithubRest


class GithubServer(LoopbackServer):
    """A GitHub (its API at ``url`` and at ``url/api/v3``); ``load`` a site before it is asked.

    ``scopes`` (of the token) and ``resource_limit`` hold from the next ``load`` on.
    """

    def __init__(self, token: str, port: int = 0) -> None:
        super().__init__(port)
        self.allowance = Allowance()
        self.scopes: tuple[str, ...] = SCOPES
        self.resource_limit: int | None = None
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

    def answer(self, request: Request) -> Response:
        """Answer as GitHub does, refusals included."""
        held = self._held
        if held is None:
            return _message(503, "The site is starting.")
        if request.method != "POST" and (match := _ISSUE_PAGE.match(request.path)):
            return _issue_page(held.site, *match.groups())
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
        if kind.casefold() not in ("token", "bearer") or token.strip() != self._token:
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
        for pattern, find in _ROUTES:
            if match := pattern.fullmatch(path):
                found = find(held.rest, match.groupdict())
                if found is None:
                    break
                if isinstance(found, list):
                    return self._page(found, request)
                return self._found(found, "core")
        return _message(404, "Not Found")

    def _page(self, values: Sequence[Json], request: Request) -> Response:
        """Answer with a page and the Link header that leads to the next."""
        size = min(int(request.first("per_page") or 30), 100)
        number = max(int(request.first("page") or 1), 1)
        shown = values[(number - 1) * size : number * size]
        link: tuple[tuple[str, str], ...] = ()
        if number * size < len(values):
            query = urlencode({"per_page": size, "page": number + 1})
            link = (("Link", f'<{self.url}{request.path}?{query}>; rel="next"'),)
        return self._found(list(shown), "core", link)

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


Finder = Callable[[GithubRest, Mapping[str, str]], Json | list[Json] | None]
_ROUTES: tuple[tuple[re.Pattern[str], Finder], ...] = (
    (re.compile("/meta"), lambda _, __: {"verifiable_password_authentication": False}),
    (re.compile("/user"), lambda rest, _: rest.viewer()),
    (re.compile("/user/repos"), lambda rest, _: rest.repositories()),
    (re.compile("/orgs/(?P<org>[^/]+)"), lambda rest, path: rest.organization(path["org"])),
    (
        re.compile("/(?:orgs|users)/(?P<org>[^/]+)/repos"),
        lambda rest, path: rest.repositories(path["org"]),
    ),
    (
        re.compile("/repos/(?P<owner>[^/]+)/(?P<name>[^/]+)"),
        lambda rest, path: rest.repository(path["owner"], path["name"]),
    ),
)
