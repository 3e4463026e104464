"""Which REST path finds what, and the pages of what is a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

from pmo_sync.demo.github_rest import GithubRest
from pmo_sync.demo.http import Request

T = TypeVar("T")
Links = tuple[tuple[str, str], ...]
Writer = Callable[[Any], Any]
Finder = Callable[[GithubRest, Mapping[str, str], Request], Any]


def find(rest: GithubRest, path: str, request: Request) -> tuple[Any, Writer]:
    """Return what a path leads to (None where there is nothing), and how an entry is written."""
    for pattern, finder in _ROUTES:
        if match := pattern.fullmatch(path):
            found = finder(rest, match.groupdict(), request)
            return found, _writer(rest, path, found)
    return None, _as_it_is


def page(values: list[T], request: Request, url: str) -> tuple[list[T], Links]:
    """Return a page of a list and the Link header that leads to the others."""
    size = min(_number(request, "per_page", 30), 100)
    number = _number(request, "page", 1)
    last = max(1, -(-len(values) // size))
    steps = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
    if number >= last:
        steps = {name: at for name, at in steps.items() if name in ("prev", "first")}
    if number <= 1:
        steps = {name: at for name, at in steps.items() if name in ("next", "last")}
    kept = {name: found[0] for name, found in request.query.items()}
    links = [f'<{url}?{urlencode({**kept, "page": at})}>; rel="{name}"'
             for name, at in steps.items()]  # fmt: skip
    shown = values[(number - 1) * size : number * size]
    return shown, (("Link", ", ".join(links)),) if links else ()


def _number(request: Request, name: str, default: int) -> int:
    """Return a positive number of the query; what is none counts as not given."""
    text = request.first(name) or ""
    return max(1, int(text)) if text.isdecimal() else default


def _writer(rest: GithubRest, path: str, found: Any) -> Writer:
    """Threads are written when their page is; everything else is as it was found."""
    if isinstance(found, list) and found and not isinstance(found[0], dict):
        return rest.write_pull if path.endswith("/pulls") else rest.write
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


_REPOSITORY = "/repos/(?P<owner>[^/]+)/(?P<name>[^/]+)"
_ISSUE = f"{_REPOSITORY}/issues/(?P<number>[0-9]+)"
_BESIDE = "(?P<what>timeline|sub_issues|parent|dependencies/blocked_by|dependencies/blocking)"
_PATHS: Mapping[str, Finder] = {
    "/meta": lambda *_: {"verifiable_password_authentication": False},
    "/user": lambda rest, *_: rest.viewer(),
    "/user/repos": lambda rest, *_: rest.repositories(),
    "/orgs/(?P<org>[^/]+)": lambda rest, at, _: rest.organization(at["org"]),
    "/(?:orgs|users)/(?P<org>[^/]+)/repos": lambda rest, at, _: rest.repositories(at["org"]),
    _REPOSITORY: lambda rest, at, _: rest.repository(at["owner"], at["name"]),
    f"{_REPOSITORY}/issues": lambda rest, at, asked: rest.issues(at["owner"], at["name"], asked),
    f"{_REPOSITORY}/pulls": lambda rest, at, asked: rest.pulls(at["owner"], at["name"], asked),
    f"{_REPOSITORY}/milestones": lambda rest, at, asked: rest.milestones(
        at["owner"], at["name"], asked
    ),
    f"{_REPOSITORY}/labels": lambda rest, at, _: rest.labels(at["owner"], at["name"]),
    f"{_REPOSITORY}/pulls/(?P<number>[0-9]+)": lambda rest, at, _: rest.pull(
        at["owner"], at["name"], int(at["number"])
    ),
    _ISSUE: lambda rest, at, _: rest.issue(at["owner"], at["name"], int(at["number"])),
    f"{_ISSUE}/{_BESIDE}": lambda rest, at, _: rest.beside(
        at["owner"], at["name"], int(at["number"]), at["what"]
    ),
}
_ROUTES = tuple((re.compile(pattern), finder) for pattern, finder in _PATHS.items())
