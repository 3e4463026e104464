"""Finding issues and reading their worklogs, as Jira Data Center does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pmo_sync.demo.http import Response, encode, json_response
from pmo_sync.demo.jira_cards import ServedCard
from pmo_sync.demo.jira_index import join
from pmo_sync.demo.jira_search import arguments_of, expansions, number_in, read_query
from pmo_sync.demo.jira_state import Call, Route
from pmo_sync.demo.jira_worklogs import ISSUE_WORKLOGS, SHARED_WORKLOG_ROUTES, worklogs_of


def _search(call: Call) -> Response:
    """Answer with a page by position; what is asked beyond the cap is cut to it."""
    arguments = arguments_of(call.request)
    found = call.state.index.select(read_query(call.state, str(arguments.get("jql") or "")))
    start = max(0, number_in(arguments, "startAt", 0))
    size = _size(arguments.get("maxResults"), number_in(arguments, "maxResults", 50), call)
    wanted = arguments.get("fields") or ["*navigable"]
    whole = "changelog" in expansions(arguments)
    issues = join(_issue_of(call, card, wanted, whole) for card in found[start : start + size])
    head = {"expand": "schema,names", "startAt": start, "maxResults": size, "total": len(found)}
    return Response(encode(head)[:-1] + b',"issues":' + issues + b"}")


def _size(given: object, size: int, call: Call) -> int:
    """Return how many issues a page has: none for 0, the cap for a negative number."""
    cap = call.state.limits.page
    if str(given) == "0":
        return 0
    return min(size, cap) if size > 0 else cap


def _issue_of(call: Call, card: ServedCard, wanted: Sequence[str], whole: bool) -> bytes:
    """Write an issue; unlike Cloud's, one that is asked for its id alone has its key too."""
    fields = ["key"] if list(wanted) == ["id"] else wanted
    return call.state.index.write(card, fields, len(card.embedded) if whole else None)


def _issue(call: Call) -> Response:
    arguments = arguments_of(call.request)
    card = call.state.known_issue(call.path["issue"])
    wanted = arguments.get("fields") or ["*all"]
    return Response(_issue_of(call, card, wanted, "changelog" in expansions(arguments)))


def _worklogs(call: Call) -> Response:
    """Answer with all worklogs of an issue, whatever page is asked for."""
    logs = worklogs_of(call)
    return json_response(
        {"startAt": 0, "maxResults": len(logs), "total": len(logs), "worklogs": logs}
    )


DC_SEARCH_ROUTES: tuple[Route, ...] = (
    Route("GET", re.compile("/rest/api/search"), _search),
    Route("POST", re.compile("/rest/api/search"), _search),
    Route("GET", re.compile("/rest/api/issue/(?P<issue>[^/]+)"), _issue),
    Route("GET", ISSUE_WORKLOGS, _worklogs),
    *SHARED_WORKLOG_ROUTES,
)
