"""How a Jira server finds what answers a request, and the answers that both Jiras give alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from pmo_sync.demo.http import HTML_TYPE, Request, Response, json_response
from pmo_sync.demo.jira_state import (
    Answer,
    Call,
    JiraState,
    RefusedError,
    Route,
    page_of,
    refused,
)


def dispatch(routes: Sequence[Route], state: JiraState, request: Request, path: str) -> Response:
    """Answer a request by the first route of its path and method, refusals included."""
    method = "GET" if request.method == "HEAD" else request.method
    known = False
    for route in routes:
        if match := route.path.fullmatch(path):
            known = True
            if route.method == method:
                return _answer(route, Call(state, request, match.groupdict()))
    if known:
        return refused(405, "Method Not Allowed")
    return json_response({"message": "null for uri: " + request.path, "status-code": 404}, 404)


def _answer(route: Route, call: Call) -> Response:
    try:
        return route.answer(call)
    except RefusedError as refusal:
        return refused(refusal.status, *refusal.messages)


def get(path: str, answer: Answer) -> Route:
    """Return a route of GET."""
    return Route("GET", re.compile(path), answer)


def listing(name: str) -> Answer:
    """Answer with all of one of the site's lists."""

    def answer(call: Call) -> Response:
        return json_response(getattr(call.state.site, name))

    return answer


def _myself(call: Call) -> Response:
    return json_response(call.state.site.account)


def _projects(call: Call) -> Response:
    site = call.state.site
    kept = [{**one, "archived": True} for one in site.archived]
    wanted = call.request.query.get("includeArchived") == ("true",)
    return json_response([*site.projects, *(kept if wanted else ())])


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


PROJECT = "/rest/api/project/(?P<project>[^/]+)"
SHARED_ROUTES: tuple[Route, ...] = (
    get("/rest/api/myself", _myself),
    get("/rest/api/field", listing("fields")),
    get("/rest/api/status", listing("statuses")),
    get("/rest/api/issuetype", listing("issue_types")),
    get("/rest/api/priority", listing("priorities")),
    get("/rest/api/resolution", listing("resolutions")),
    get("/rest/api/project", _projects),
    get(PROJECT + "/versions", _versions),
    get(PROJECT + "/version", _version_page),
    get("/browse/(?P<issue>[^/]+)", _browse),
)
