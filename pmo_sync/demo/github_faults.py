"""How GitHub words its faults, and what a token sees that loses a repository."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from pmo_sync.demo.facts import Tracker
from pmo_sync.demo.github_site import GithubSite
from pmo_sync.demo.http import Request, Response, json_response
from pmo_sync.demo.injector import Headers, Json, json_object

SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
TOO_LONG = "Something went wrong while executing your query. This may be the result of a timeout."
_LIMITED = {"type": "RATE_LIMITED", "message": SECONDARY}


class GithubFaults:
    """The Dialect of a GitHub."""

    tracker: Tracker = "github"

    def limited(self, headers: Headers) -> Response:
        """Answer 429."""
        return json_response({"message": SECONDARY, "status": "429"}, 429, headers)

    def secondary(self, headers: Headers, rng: Random) -> Response | None:
        """Answer with a secondary limit: 403, or an error in a 200."""
        if rng.random() < 0.5:
            return json_response({"errors": [_LIMITED]}, 200, headers)
        return json_response({"message": SECONDARY, "status": "403"}, 403, headers)

    def entries(self, body: Json) -> Iterator[list[Any]]:
        """Yield the nodes of each outermost list; what hangs on one issue is left as it is: the
        order of a timeline is its meaning."""
        for name, value in (body.get("data") or {}).items():
            if name != "node" and "rest" not in (value or ()):
                yield from (connection["nodes"] for connection in _connections(value))

    def repeat(self, request: Request, body: Json) -> None:
        """Let a page lead to itself."""
        variables = json_object(request.body).get("variables") or {}
        after = variables.get("after")
        for connection in _connections(body.get("data")) if after else ():
            connection["pageInfo"] = {"hasNextPage": True, "endCursor": after}

    def leave_out(self, body: Json, rng: Random) -> None:
        """Leave out a node of each page, or a list that hangs on it, for lack of time."""
        for connection in _connections(body.get("data")):
            nodes = connection["nodes"]
            if not nodes:
                continue
            at = rng.randrange(len(nodes))
            lists = [key for key, value in (nodes[at] or {}).items() if isinstance(value, dict)
                     and "nodes" in value]  # fmt: skip
            path: list[str | int] = ["nodes", at]
            if lists and rng.random() < 0.5:
                path.append(rng.choice(lists))
                nodes[at] = nodes[at] | {path[-1]: None}
            else:
                nodes[at] = None
            body.setdefault("errors", []).append({"message": TOO_LONG, "path": path})


def closed_github(site: GithubSite, name: str, *, hidden: bool) -> GithubSite:
    """Return what a token sees that may not read a repository any more."""
    found = []
    for one in site.repositories:
        if f"{one.owner}/{one.name}" != name:
            found.append(one)
        elif not hidden:
            found.append(replace(one, forbidden=True))
    return replace(site, repositories=tuple(found))


def _connections(value: object) -> Iterator[Json]:
    """Yield the lists with pages that are not inside another one."""
    if not isinstance(value, dict):
        return
    if isinstance(value.get("nodes"), list) and "pageInfo" in value:
        yield value
        return
    for inner in value.values():
        yield from _connections(inner)
