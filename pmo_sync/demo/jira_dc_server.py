"""How a Jira Data Center answers over HTTP, under a context path.

It has REST v2 alone: searching is by position, users have names and keys, lists are not paged.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace

from pmo_sync.demo.http import HTML_TYPE, LoopbackServer, Request, Response, json_response
from pmo_sync.demo.jira_agile import AGILE_ROUTES
from pmo_sync.demo.jira_cards import Index
from pmo_sync.demo.jira_dc_search import DC_SEARCH_ROUTES
from pmo_sync.demo.jira_remote_links import REMOTE_LINK_ROUTES
from pmo_sync.demo.jira_routes import PROJECT, SHARED_ROUTES, dispatch, get
from pmo_sync.demo.jira_site import JiraSite
from pmo_sync.demo.jira_state import Call, JiraLimits, JiraState, RefusedError, Route, refused

_API = re.compile(r"^/rest/api/(?:2|latest)(?=/)")
_VERSION = (9, 12, 18)
_PERMISSIONS = ("ADMINISTER", "BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "WORK_ON_ISSUES")
_ANONYMOUS = "/rest/api/serverInfo"


@dataclass(frozen=True, slots=True)
class JiraDcLogin:
    """Who may ask: a personal access token, or Basic auth of a user name and password."""

    name: str
    password: str
    token: str

    def accepts(self, header: str) -> bool:
        """Say whether an Authorization header is this login's."""
        kind, _, value = header.partition(" ")
        if kind.casefold() == "bearer":
            return value == self.token
        try:
            given = base64.b64decode(value, validate=True)
        except binascii.Error:
            return False
        return kind.casefold() == "basic" and given == f"{self.name}:{self.password}".encode()


class JiraDcServer(LoopbackServer):
    """A Jira Data Center; ``load`` what it holds before it is asked, and again when that changes.

    ``page`` is the most issues of one page (jira.search.views.default.max).
    """

    def __init__(
        self, login: JiraDcLogin, port: int = 0, context: str = "/jira", page: int = 1000
    ) -> None:
        super().__init__(port)
        self._login = login
        self._context = context
        self._limits = JiraLimits(page=page)
        self._state: JiraState | None = None

    @property
    def url(self) -> str:
        """The address with the context path, without a slash at the end."""
        return super().url + self._context

    @property
    def site(self) -> JiraSite | None:
        """What is served now; None before the first ``load``."""
        return self._state.site if self._state else None

    def load(self, site: JiraSite) -> None:
        """Serve this site from the next request on."""
        self._state = JiraState.of(site, self._limits, "key", self._state)

    def load_issues(self, site: JiraSite, issues: Index) -> None:
        """Serve this site, whose issues are kept elsewhere, from the next request on."""
        self._state = replace(JiraState.of(site, self._limits, "key"), index=issues)

    def answer(self, request: Request) -> Response:
        """Answer as Jira does, refusals included; outside the context path nobody is."""
        if not request.path.startswith(self._context + "/"):
            return Response(b"<!doctype html><title>HTTP Status 404</title>", 404, HTML_TYPE)
        if self._state is None:
            return refused(503, "The site is starting.")
        inside = request.path.removeprefix(self._context)
        path = _API.sub("/rest/api", inside)
        header = request.headers.get("authorization")
        if header is None and path != _ANONYMOUS:
            return _anonymous(self.url)
        if header is not None and not self._login.accepts(header):
            return _failed(self.url, header)
        found = dispatch(_routes(inside), self._state, request, path)
        user = self._login.name if header is not None else "anonymous"
        return replace(found, headers=(*found.headers, ("X-AUSERNAME", user)))


def _routes(path: str) -> tuple[Route, ...]:
    """Return the routes; none for a path of the REST API in a version that it does not have."""
    return () if path.startswith("/rest/api/") and not _API.match(path) else ROUTES


def _challenge(url: str) -> tuple[str, str]:
    return "WWW-Authenticate", f'OAuth realm="{url.replace(":", "%3A").replace("/", "%2F")}"'


def _anonymous(url: str) -> Response:
    words = "You are not authenticated. Authentication required to perform this operation."
    return replace(refused(401, words), headers=(_challenge(url),))


def _failed(url: str, header: str) -> Response:
    """Refuse a login: in JSON for a token, with a page of HTML for a password."""
    if header.casefold().startswith("bearer "):
        words = "Client must be authenticated to access this resource."
        return json_response({"message": words, "status-code": 401}, 401, (_challenge(url),))
    headers = (_challenge(url), ("X-Seraph-LoginReason", "AUTHENTICATED_FAILED"))
    return Response(b"<html><title>Unauthorized (401)</title></html>", 401, HTML_TYPE, headers)


def _server_info(call: Call) -> Response:
    return json_response(
        {
            "baseUrl": call.state.site.base_url,
            "version": ".".join(str(part) for part in _VERSION),
            "versionNumbers": list(_VERSION),
            "deploymentType": "Server",
            "buildNumber": 9120018,
            "buildDate": "2025-01-15T00:00:00.000+0000",
            "serverTime": f"{call.state.names.now():%Y-%m-%dT%H:%M:%S}.000+0000",
            "scmInfo": "0000000000000000000000000000000000000000",
            "serverTitle": call.state.site.title,
        }
    )


def _session(call: Call) -> Response:
    account = call.state.site.account
    return json_response({"self": account["self"], "name": account["name"], "loginInfo": {}})


def _permissions(call: Call) -> Response:
    """Answer with all permissions, whichever are asked for."""
    project = call.request.first("projectKey")
    if project is not None:
        call.state.known_project(project)
    granted = {
        name: {
            "id": str(number),
            "key": name,
            "name": name.replace("_", " ").title(),
            "type": "GLOBAL" if name == "ADMINISTER" else "PROJECT",
            "description": "",
            "havePermission": name == "BROWSE_PROJECTS",
        }
        for number, name in enumerate(_PERMISSIONS)
    }
    return json_response({"permissions": granted})


def _project(call: Call) -> Response:
    site, project = call.state.site, call.state.known_project(call.path["project"])
    versions = site.versions.get(project["key"], ())
    return json_response({**project, "issueTypes": site.issue_types, "versions": versions})


def _user(call: Call) -> Response:
    for parameter, name in (("username", "name"), ("key", "key")):
        if wanted := call.request.first(parameter):
            for user in call.state.site.users:
                if user[name] == wanted:
                    return json_response(user)
            raise RefusedError(404, f"The user with {name} '{wanted}' does not exist")
    raise RefusedError(400, "Either the 'username' or the 'key' query parameters need to be "
                            "provided")  # fmt: skip


ROUTES: tuple[Route, ...] = (
    get(_ANONYMOUS, _server_info),
    get("/rest/auth/1/session", _session),
    get("/rest/api/mypermissions", _permissions),
    get("/rest/api/user", _user),
    get(PROJECT, _project),
    *SHARED_ROUTES,
    *DC_SEARCH_ROUTES,
    *REMOTE_LINK_ROUTES,
    *AGILE_ROUTES,
)
