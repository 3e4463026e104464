"""Finding issues and reading their changelogs, as Jira Cloud's API of 2025 does."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pmo_sync.demo.http import Request, Response, encode
from pmo_sync.demo.jira_cards import ServedCard
from pmo_sync.demo.jira_index import History, join
from pmo_sync.demo.jira_state import Call, JiraState, RefusedError, Route, bounds
from pmo_sync.demo.jql import parse
from pmo_sync.demo.jql_query import JqlError, Query

T = TypeVar("T")
UNBOUNDED = (
    "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
)
REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full "
    "migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


def arguments_of(request: Request) -> dict[str, Any]:
    """Return the arguments of a search: the JSON body of a POST, or a GET's query."""
    if request.method == "POST":
        return json_object(request)
    arguments: dict[str, Any] = {name: values[-1] for name, values in request.query.items()}
    if "fields" in request.query:
        arguments["fields"] = [
            name for value in request.query["fields"] for name in value.split(",") if name
        ]
    return arguments


def json_object(request: Request) -> dict[str, Any]:
    """Return the body, or refuse what is not a JSON object."""
    try:
        body = request.json()
    except ValueError:
        raise RefusedError(400, "There was an error parsing JSON.") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "Invalid request payload. Refer to the REST API documentation.")
    return body


def number_in(arguments: Mapping[str, Any], name: str, default: int) -> int:
    """Read a number from a search's arguments; refuse what is none."""
    try:
        return int(arguments.get(name) or default)
    except (TypeError, ValueError):
        raise RefusedError(400, f"The parameter '{name}' must be an integer.") from None


def read_query(state: JiraState, jql: str) -> Query:
    """Read a query, or refuse it with 400 and what is wrong with it."""
    try:
        return parse(jql, state.names)
    except JqlError as error:
        raise RefusedError(400, str(error)) from None


def _query(state: JiraState, jql: str) -> Query:
    query = read_query(state, jql)
    if not query.bounded:
        raise RefusedError(400, UNBOUNDED)
    return query


def _token(of: str, place: object) -> str:
    return base64.urlsafe_b64encode(encode([of, place])).decode()


def _place(token: object, of: str, kind: type[T], start: T) -> T:
    """Read where a token continues; refuse one that is not of this question."""
    if not token:
        return start
    try:
        asked, place = json.loads(base64.urlsafe_b64decode(str(token)))
    except (binascii.Error, ValueError, TypeError):
        asked, place = None, None
    if asked != of or not isinstance(place, kind):
        raise RefusedError(400, "The nextPageToken is invalid.")
    return place


def _search(call: Call) -> Response:
    arguments = arguments_of(call.request)
    jql = str(arguments.get("jql") or "")
    wanted: Sequence[str] = arguments.get("fields") or ["id"]
    expand = expansions(arguments)
    bare = set(wanted) <= {"id", "key"} and not expand
    limit = call.state.limits.ids if bare else call.state.limits.page
    size = max(1, min(number_in(arguments, "maxResults", 50), limit))
    query = _query(call.state, jql)
    # Jira's tokens name the issue that a page ended with: what goes meanwhile shifts nothing.
    last: list[Any] = _place(arguments.get("nextPageToken"), jql, list, [])
    shown, end = call.state.index.page(query, last, size)
    changelog = call.state.limits.changelog if "changelog" in expand else None
    issues = join(call.state.index.write(card, wanted, changelog) for card in shown)
    more = b',"isLast":true}'
    if end is not None:
        more = b',"nextPageToken":%b,"isLast":false}' % encode(_token(jql, end))
    return Response(b'{"issues":' + issues + more)


def expansions(arguments: Mapping[str, Any]) -> set[str]:
    """Return what a search's ``expand`` names."""
    expand = arguments.get("expand") or ""
    return set(expand if isinstance(expand, list) else str(expand).split(",")) - {""}


def _count(call: Call) -> Response:
    jql = str(json_object(call.request).get("jql") or "")
    return Response(encode({"count": len(call.state.index.select(_query(call.state, jql)))}))


def _removed(_: Call) -> Response:
    raise RefusedError(410, REMOVED)


def _issue(call: Call) -> Response:
    arguments = arguments_of(call.request)
    card = call.state.known_issue(call.path["issue"])
    changelog = call.state.limits.changelog if "changelog" in expansions(arguments) else None
    return Response(call.state.index.write(card, arguments.get("fields") or ["*all"], changelog))


def _changelog(call: Call) -> Response:
    card = call.state.known_issue(call.path["issue"])
    start, size = bounds(call.request, 100, default=100)
    shown = card.histories[start : start + size]
    total = len(card.histories)
    head = {
        "self": f"{call.state.site.base_url}{call.request.path}?startAt={start}&maxResults={size}",
        "maxResults": size,
        "startAt": start,
        "total": total,
        "isLast": start + len(shown) >= total,
    }
    values = join(history.body for history in shown)
    return Response(encode(head)[:-1] + b',"values":' + values + b"}")


def _named(state: JiraState, body: Mapping[str, Any], limit: int) -> tuple[list[ServedCard], int]:
    """Return the issues that a bulk request names, each once, and how many are unknown."""
    names = body.get("issueIdsOrKeys")
    if not isinstance(names, list) or not names:
        raise RefusedError(400, "issueIdsOrKeys must not be empty.")
    if len(names) > limit:
        raise RefusedError(400, f"issueIdsOrKeys must have at most {limit} elements.")
    found = [card for name in names if (card := state.index.find(str(name))) is not None]
    return list({card.id: card for card in found}.values()), len(names) - len(found)


def _bulk_issues(call: Call) -> Response:
    body = json_object(call.request)
    cards, missing = _named(call.state, body, call.state.limits.bulk_issues)
    changelog = call.state.limits.changelog if "changelog" in expansions(body) else None
    wanted = body.get("fields") or ["*navigable"]
    issues = join(call.state.index.write(card, wanted, changelog) for card in cards)
    message = "Some issues do not exist or you do not have permission to see them."
    errors = encode([{"errorMessage": message}] if missing else [])
    return Response(b'{"expand":"schema,names","issues":%b,"issueErrors":%b}' % (issues, errors))


def _bulk_changelogs(call: Call) -> Response:
    """Answer with pages of histories; ``created`` is in epoch milliseconds here."""
    body = json_object(call.request)
    cards, _ = _named(call.state, body, call.state.limits.bulk_changelogs)
    fields = frozenset(body.get("fieldIds") or ())
    if len(fields) > call.state.limits.bulk_fields:
        raise RefusedError(
            400, f"fieldIds must have at most {call.state.limits.bulk_fields} elements."
        )
    entries = [
        (card, history)
        for card in sorted(cards, key=lambda one: one.id)
        for history in card.histories
        if not fields or history.fields & fields
    ]
    scope = ",".join(str(card.id) for card in cards)
    start = _place(body.get("nextPageToken"), scope, int, 0)
    size = max(1, min(number_in(body, "maxResults", 1000), 10_000))
    logs = _by_issue(entries[start : start + size])
    end = b"}"
    if start + size < len(entries):
        end = b',"nextPageToken":%b}' % encode(_token(scope, start + size))
    return Response(b'{"issueChangeLogs":' + logs + end)


def _by_issue(entries: Sequence[tuple[ServedCard, History]]) -> bytes:
    grouped: dict[int, list[bytes]] = {}
    for card, history in entries:
        grouped.setdefault(card.id, []).append(history.bulk)
    return join(
        b'{"issueId":"%d","changeHistories":%b}' % (number, join(histories))
        for number, histories in grouped.items()
    )


_ISSUE = "/rest/api/issue/(?P<issue>[^/]+)"
SEARCH_ROUTES: tuple[Route, ...] = (
    Route("GET", re.compile("/rest/api/search/jql"), _search),
    Route("POST", re.compile("/rest/api/search/jql"), _search),
    Route("POST", re.compile("/rest/api/search/approximate-count"), _count),
    Route("GET", re.compile("/rest/api/search"), _removed),
    Route("POST", re.compile("/rest/api/search"), _removed),
    Route("POST", re.compile("/rest/api/issue/bulkfetch"), _bulk_issues),
    Route("POST", re.compile("/rest/api/changelog/bulkfetch"), _bulk_changelogs),
    Route("GET", re.compile(_ISSUE), _issue),
    Route("GET", re.compile(_ISSUE + "/changelog"), _changelog),
)
