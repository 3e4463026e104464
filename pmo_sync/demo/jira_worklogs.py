"""Worklogs, as both Jiras list them: of an issue, by id, and what changed or went since a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from pmo_sync.demo.http import Response, json_response
from pmo_sync.demo.jira_search import json_object
from pmo_sync.demo.jira_site import Json
from pmo_sync.demo.jira_state import Call, RefusedError, Route, bounds, integer
from pmo_sync.demo.jira_worklog_index import milliseconds

_SETTLING = timedelta(minutes=1)
"""Jira does not list what changed in the minute before the request."""
_MOST_OF_AN_ISSUE = 5000


def worklogs_of(call: Call) -> Sequence[Json]:
    """Return the worklogs of the issue in the path, or refuse with 404."""
    card = call.state.known_issue(call.path["issue"])
    return call.state.site.worklogs.get(str(card.id), ())


def _of_issue(call: Call) -> Response:
    """Answer with a page of an issue's worklogs, cut to when they were started."""
    after = integer(call.request, "startedAfter", 0)
    before = integer(call.request, "startedBefore", 2**63)
    found = [log for log in worklogs_of(call) if after <= milliseconds(log["started"]) < before]
    start, size = bounds(call.request, _MOST_OF_AN_ISSUE, _MOST_OF_AN_ISSUE)
    shown = found[start : start + size]
    return json_response(
        {"startAt": start, "maxResults": size, "total": len(found), "worklogs": shown}
    )


def _one(call: Call) -> Response:
    for log in worklogs_of(call):
        if log["id"] == call.path["worklog"]:
            return json_response(log)
    raise RefusedError(404, f"Cannot find worklog with id: '{call.path['worklog']}'.")


def _changed(call: Call) -> Response:
    return _since(call, call.state.worklogs.changed)


def _removed(call: Call) -> Response:
    return _since(call, call.state.worklogs.removed)


def _since(call: Call, changes: Sequence[Json]) -> Response:
    """Answer with the changes since a time, itself included, oldest first."""
    since = integer(call.request, "since", 0)
    until = (call.state.names.now() - _SETTLING).timestamp() * 1000
    found = [one for one in changes if since <= one["updatedTime"] < until]
    shown = found[: call.state.limits.worklogs]
    last = shown[-1]["updatedTime"] if shown else since
    address = call.state.site.base_url + call.request.path
    return json_response(
        {
            "values": [{**one, "properties": []} for one in shown],
            "since": since,
            "until": last,
            "self": f"{address}?since={since}",
            "nextPage": f"{address}?since={last}",
            "lastPage": len(shown) == len(found),
        }
    )


def _by_id(call: Call) -> Response:
    ids = json_object(call.request).get("ids")
    limit = call.state.limits.worklogs
    if not isinstance(ids, list) or not ids:
        raise RefusedError(400, "The list of worklog IDs must not be empty.")
    if len(ids) > limit:
        raise RefusedError(400, f"The list of worklog IDs must have at most {limit} elements.")
    return json_response(list(call.state.worklogs.named(ids)))


_OF_ISSUE = "/rest/api/issue/(?P<issue>[^/]+)/worklog"
ISSUE_WORKLOGS = re.compile(_OF_ISSUE)
SHARED_WORKLOG_ROUTES: tuple[Route, ...] = (
    Route("GET", re.compile(_OF_ISSUE + r"/(?P<worklog>\d+)"), _one),
    Route("GET", re.compile("/rest/api/worklog/updated"), _changed),
    Route("GET", re.compile("/rest/api/worklog/deleted"), _removed),
    Route("POST", re.compile("/rest/api/worklog/list"), _by_id),
)
WORKLOG_ROUTES: tuple[Route, ...] = (
    Route("GET", ISSUE_WORKLOGS, _of_issue),
    *SHARED_WORKLOG_ROUTES,
)
