"""Boards and sprints, as Jira Software's API lists them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pmo_sync.demo.http import Response, json_response
from pmo_sync.demo.jira_site import Json
from pmo_sync.demo.jira_state import Call, RefusedError, Route, bounds

_MOST = 50


def _page(values: Sequence[Json], call: Call) -> Response:
    """Answer with a page that, unlike the platform's, names no addresses."""
    start, size = bounds(call.request, _MOST)
    shown = list(values[start : start + size])
    last = start + len(shown) >= len(values)
    head = {"maxResults": size, "startAt": start, "total": len(values), "isLast": last}
    return json_response({**head, "values": shown})


def _boards(call: Call) -> Response:
    found = list(call.state.site.boards)
    if project := call.request.first("projectKeyOrId"):
        ids = str(call.state.known_project(project)["id"])
        found = [one for one in found if call.state.site.board_project(one) == ids]
    if kind := call.request.first("type"):
        found = [one for one in found if one["type"] == kind]
    return _page(found, call)


def _known_board(call: Call) -> Json:
    number = int(call.path["board"])
    for board in call.state.site.boards:
        if board["id"] == number:
            return board
    raise RefusedError(404, "Board does not exist or you do not have permission to see it.")


def _board(call: Call) -> Response:
    return json_response(_known_board(call))


def _projects(call: Call) -> Response:
    shown = call.state.site.board_project(_known_board(call))
    found = [one for one in call.state.site.projects if str(one["id"]) == shown]
    return _page(found, call)


def _sprints(call: Call) -> Response:
    board = _known_board(call)
    if board["type"] == "kanban":
        raise RefusedError(400, "The board doesn't support sprints.")
    found = call.state.site.sprints.get(board["id"], ())
    if states := call.request.first("state"):
        found = tuple(one for one in found if one["state"] in states.split(","))
    return _page(found, call)


def _configuration(call: Call) -> Response:
    board = _known_board(call)
    if board["id"] not in call.state.site.configurations:
        raise RefusedError(404, "The board has no configuration.")
    return json_response(call.state.site.configurations[board["id"]])


def _sprint(call: Call) -> Response:
    number = int(call.path["sprint"])
    for sprints in call.state.site.sprints.values():
        for sprint in sprints:
            if sprint["id"] == number:
                return json_response(sprint)
    raise RefusedError(404, "Sprint does not exist or you do not have permission to see it.")


_AGILE = "/rest/agile/(?:1.0|latest)"
_BOARD = _AGILE + r"/board/(?P<board>\d+)"
AGILE_ROUTES: tuple[Route, ...] = (
    Route("GET", re.compile(_AGILE + "/board"), _boards),
    Route("GET", re.compile(_BOARD), _board),
    Route("GET", re.compile(_BOARD + "/project"), _projects),
    Route("GET", re.compile(_BOARD + "/sprint"), _sprints),
    Route("GET", re.compile(_BOARD + "/configuration"), _configuration),
    Route("GET", re.compile(_AGILE + r"/sprint/(?P<sprint>\d+)"), _sprint),
)
