"""Links from an issue to pages elsewhere, as both Jiras list them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pmo_sync.demo.http import Response, json_response
from pmo_sync.demo.jira_site import Json
from pmo_sync.demo.jira_state import Call, RefusedError, Route


def _links_of(call: Call) -> Sequence[Json]:
    card = call.state.known_issue(call.path["issue"])
    return call.state.site.remote_links.get(str(card.id), ())


def _links(call: Call) -> Response:
    """Answer with all links of an issue, or with the one of a global id."""
    wanted = call.request.first("globalId")
    if wanted is None:
        return json_response(list(_links_of(call)))
    return _first(call, "globalId", wanted)


def _link(call: Call) -> Response:
    return _first(call, "id", call.path["link"])


def _first(call: Call, name: str, wanted: str) -> Response:
    for link in _links_of(call):
        if str(link[name]) == wanted:
            return json_response(link)
    raise RefusedError(404, f"No remote link was found with the {name} '{wanted}'.")


_REMOTE = "/rest/api/issue/(?P<issue>[^/]+)/remotelink"
REMOTE_LINK_ROUTES: tuple[Route, ...] = (
    Route("GET", re.compile(_REMOTE), _links),
    Route("GET", re.compile(_REMOTE + r"/(?P<link>\d+)"), _link),
)
