"""How a Jira Cloud site answers over HTTP: the routes and what every answer shares."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

from pmo_sync.demo.http import (
    HTML_TYPE,
    LoopbackServer,
    Request,
    Response,
    json_response,
)
from pmo_sync.demo.jira_agile import AGILE_ROUTES
from pmo_sync.demo.jira_index import JiraIndex
from pmo_sync.demo.jira_search import SEARCH_ROUTES
from pmo_sync.demo.jira_site import JiraSite
from pmo_sync.demo.jira_state import (
    Answer,
    Call,
    JiraLimits,
    JiraState,
    RefusedError,
    Route,
    page_of,
    refused,
)
from pmo_sync.demo.jql import Names

_API = re.compile(r"^/rest/api/(?:2|3|latest)(?=/)")


@dataclass(frozen=True, slots=True)
class JiraLogin:
    """Who may ask: Cloud's Basic auth of an e-mail address and an API token."""

    email: str
    token: str

    def accepts(self, header: str) -> bool:
        """Say whether an Authorization header is this login's."""
        kind, _, value = header.partition(" ")
        try:
            given = base64.b64decode(value, validate=True)
        except binascii.Error:
            return False
        return kind.casefold() == "basic" and given == f"{self.email}:{self.token}".encode()


class JiraServer(LoopbackServer):
    """A Jira Cloud site; ``load`` what it holds before it is asked, and again when that changes."""

    def __init__(self, login: JiraLogin, port: int = 0, limits: JiraLimits | None = None) -> None:
        super().__init__(port)
        self._login = login
        self._limits = limits or JiraLimits()
        self._state: JiraState | None = None

    @property
    def site(self) -> JiraSite | None:
        """What is served now; None before the first ``load``."""
        return self._state.site if self._state else None

    def load(self, site: JiraSite) -> None:
        """Serve this site from the next request on."""
        words = {
            str(project[name]).casefold()
            for project in site.projects
            for name in ("id", "key", "name")
        }
        names = Names(frozenset(words), ZoneInfo(site.time_zone), lambda: datetime.now(UTC))
        self._state = JiraState(site, JiraIndex(site), names, self._limits)

    def answer(self, request: Request) -> Response:
        """Answer as Jira does, refusals included."""
        state = self._state
        if state is None:
            return refused(503, "The site is starting.")
        header = request.headers.get("authorization")
        path = _API.sub("/rest/api", request.path)
        if (header is None and path not in _ANONYMOUS) or (
            header is not None and not self._login.accepts(header)
        ):
            return _not_authenticated(self.url, failed=header is not None)
        try:
            return _dispatch(state, request, path)
        except RefusedError as refusal:
            return refused(refusal.status, *refusal.messages)


def _dispatch(state: JiraState, request: Request, path: str) -> Response:
    method = "GET" if request.method == "HEAD" else request.method
    known = False
    for route in ROUTES:
        if match := route.path.fullmatch(path):
            known = True
            if route.method == method:
                return route.answer(Call(state, request, match.groupdict()))
    if known:
        return refused(405, "Method Not Allowed")
    return json_response({"message": "null for uri: " + request.path, "status-code": 404}, 404)


def _not_authenticated(url: str, *, failed: bool) -> Response:
    realm = url.replace(":", "%3A").replace("/", "%2F")
    headers = [("WWW-Authenticate", f'OAuth realm="{realm}"')]
    if failed:
        headers.append(("X-Seraph-LoginReason", "AUTHENTICATED_FAILED"))
    body = {
        "message": "Client must be authenticated to access this resource.",
        "status-code": 401,
    }
    return json_response(body, 401, tuple(headers))


def _server_info(call: Call) -> Response:
    return json_response(
        {
            "baseUrl": call.state.site.base_url,
            "displayUrl": call.state.site.base_url,
            "version": "1001.0.0-SNAPSHOT",
            "versionNumbers": [1001, 0, 0],
            "deploymentType": "Cloud",
            "buildNumber": 100283,
            "buildDate": "2026-06-15T00:00:00.000+0000",
            "scmInfo": "0000000000000000000000000000000000000000",
            "serverTitle": call.state.site.title,
            "serverTimeZone": call.state.site.time_zone,
            "defaultLocale": {"locale": "en_US"},
        }
    )


def _tenant_info(call: Call) -> Response:
    return json_response({"cloudId": call.state.site.cloud_id})


def _myself(call: Call) -> Response:
    return json_response(call.state.site.account)


def _permissions(call: Call) -> Response:
    asked = (call.request.first("permissions") or "").split(",")
    if asked == [""]:
        raise RefusedError(400, "The 'permissions' query parameter is required.")
    project = call.request.first("projectKey")
    if project is not None and call.state.project(project) is None:
        raise RefusedError(404, f"No project could be found with key '{project}'.")
    granted = {
        name: {
            "id": str(number),
            "key": name,
            "name": name.replace("_", " ").title(),
            "type": "PROJECT",
            "description": "",
            "havePermission": name == "BROWSE_PROJECTS",
        }
        for number, name in enumerate(asked, start=10)
    }
    return json_response({"permissions": granted})


def _listing(name: str) -> Answer:
    """Answer with all of one of the site's lists."""

    def answer(call: Call) -> Response:
        return json_response(getattr(call.state.site, name))

    return answer


def _paged(name: str) -> Answer:
    """Answer with a page of one of the site's lists."""

    def answer(call: Call) -> Response:
        return page_of(getattr(call.state.site, name), call.request, call.state.site.base_url)

    return answer


def _projects(call: Call) -> Response:
    wanted = {key for value in call.request.query.get("keys", ()) for key in value.split(",")}
    found = [one for one in call.state.site.projects if not wanted or one["key"] in wanted]
    return page_of(found, call.request, call.state.site.base_url)


def _project(call: Call) -> Response:
    return json_response(call.state.known_project(call.path["project"]))


def _versions(call: Call) -> Response:
    project = call.state.known_project(call.path["project"])
    return json_response(call.state.site.versions.get(project["key"], ()))


def _version_page(call: Call) -> Response:
    project = call.state.known_project(call.path["project"])
    return page_of(
        call.state.site.versions.get(project["key"], ()), call.request, call.state.site.base_url
    )


def _browse(call: Call) -> Response:
    card = call.state.index.find(call.path["issue"])
    if card is None:
        return Response(
            b"<!doctype html><title>Not found</title><h1>Not found</h1>", 404, HTML_TYPE
        )
    title = escape(f"[{card.key}] {card.summary}")
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>{escape(card.status)}, created {card.created:%d %b %Y}</p></html>"
    )
    return Response(page.encode(), 200, HTML_TYPE)


def _route(method: str, path: str, answer: Answer) -> Route:
    return Route(method, re.compile(path), answer)


_ANONYMOUS = ("/rest/api/serverInfo", "/_edge/tenant_info")
_PROJECT = "/rest/api/project/(?P<project>[^/]+)"
ROUTES: tuple[Route, ...] = (
    _route("GET", "/rest/api/serverInfo", _server_info),
    _route("GET", "/_edge/tenant_info", _tenant_info),
    _route("GET", "/rest/api/myself", _myself),
    _route("GET", "/rest/api/mypermissions", _permissions),
    _route("GET", "/rest/api/field", _listing("fields")),
    _route("GET", "/rest/api/status", _listing("statuses")),
    _route("GET", "/rest/api/issuetype", _listing("issue_types")),
    _route("GET", "/rest/api/priority", _listing("priorities")),
    _route("GET", "/rest/api/priority/search", _paged("priorities")),
    _route("GET", "/rest/api/resolution", _listing("resolutions")),
    _route("GET", "/rest/api/resolution/search", _paged("resolutions")),
    _route("GET", "/rest/api/project", _listing("projects")),
    _route("GET", "/rest/api/project/search", _projects),
    _route("GET", _PROJECT, _project),
    _route("GET", _PROJECT + "/versions", _versions),
    _route("GET", _PROJECT + "/version", _version_page),
    _route("GET", "/browse/(?P<issue>[^/]+)", _browse),
    *SEARCH_ROUTES,
    *AGILE_ROUTES,
)
