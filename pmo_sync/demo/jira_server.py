"""How a Jira Cloud site answers over HTTP: the routes and what every answer shares."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace

from pmo_sync.demo.http import LoopbackServer, Request, Response, json_response
from pmo_sync.demo.jira_agile import AGILE_ROUTES
from pmo_sync.demo.jira_cards import Index
from pmo_sync.demo.jira_people import PEOPLE_ROUTES
from pmo_sync.demo.jira_remote_links import REMOTE_LINK_ROUTES
from pmo_sync.demo.jira_routes import PROJECT, SHARED_ROUTES, dispatch, get
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
from pmo_sync.demo.jira_worklogs import WORKLOG_ROUTES

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
        self._state = JiraState.of(site, self._limits, "created", self._state)

    def load_issues(self, site: JiraSite, issues: Index) -> None:
        """Serve this site, whose issues are kept elsewhere, from the next request on."""
        self._state = replace(JiraState.of(site, self._limits, "created"), index=issues)

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
        return dispatch(ROUTES, state, request, path)


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


def _paged(name: str) -> Answer:
    """Answer with a page of one of the site's lists."""

    def answer(call: Call) -> Response:
        return page_of(getattr(call.state.site, name), call.request, call.state.site.base_url)

    return answer


def _projects(call: Call) -> Response:
    query, site = call.request.query, call.state.site
    wanted = {key for value in query.get("keys", ()) for key in value.split(",")}
    status = query.get("status", ("live",))
    listed = (*(site.projects * ("live" in status)), *(site.archived * ("archived" in status)))
    found = [one for one in listed if not wanted or one["key"] in wanted]
    return page_of(found, call.request, site.base_url)


def _project(call: Call) -> Response:
    return json_response(call.state.known_project(call.path["project"]))


_ANONYMOUS = ("/rest/api/serverInfo", "/_edge/tenant_info")
ROUTES: tuple[Route, ...] = (
    get("/rest/api/serverInfo", _server_info),
    get("/_edge/tenant_info", _tenant_info),
    get("/rest/api/mypermissions", _permissions),
    get("/rest/api/priority/search", _paged("priorities")),
    get("/rest/api/resolution/search", _paged("resolutions")),
    get("/rest/api/project/search", _projects),
    get(PROJECT, _project),
    *SHARED_ROUTES,
    *SEARCH_ROUTES,
    *WORKLOG_ROUTES,
    *REMOTE_LINK_ROUTES,
    *PEOPLE_ROUTES,
    *AGILE_ROUTES,
)
