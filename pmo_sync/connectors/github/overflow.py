"""Completes the lists of issues that did not fit their page, several issues in one request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from pmo_sync.connectors.github import issue_queries
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.issue_payloads import Issue
from pmo_sync.connectors.github.pages import Rest
from pmo_sync.connectors.github.payloads import Connection
from pmo_sync.connectors.github.queries import Query
from pmo_sync.connectors.github.refusal import OverloadedError
from pmo_sync.connectors.github.shape import Shape
from pmo_sync.connectors.github.story import Notes
from pmo_sync.errors import SourceError

TOGETHER = 20
"""Issues in one request: with 100 of a list each, 2,000 nodes."""
UNREADABLE = "list that this token may not read"


@dataclass(frozen=True, slots=True)
class Nested:
    """A list that issues have: the attribute that holds it, and the query for more of it, of so
    many issues."""

    field: str
    query: Callable[[int], Query[dict[str, Rest[Any] | None]]]


@dataclass(slots=True)
class Want:
    """A list in the making: what there is of it, and where it goes on."""

    index: int
    node_id: str
    nodes: list[Any]
    after: str | None = None


def lists(shape: Shape) -> Iterator[Nested]:
    """The lists that an issue has on such a server."""
    yield Nested("timeline_items", partial(issue_queries.more_events, shape))
    yield Nested("labels", issue_queries.more_labels)
    yield Nested("assignees", partial(issue_queries.more_assignees, shape))
    for attribute, field in (("blocked_by", "blockedBy"), ("blocking", "blocking")):
        if shape.has(f"Issue.{field}"):
            yield Nested(attribute, partial(issue_queries.more_issues, field, shape))


def complete(
    client: GithubClient, nested: Nested, issues: list[Issue], notes: Notes
) -> list[Issue]:
    """Return the issues with the whole of a list, which a page may have cut or left out. One that
    may not be read stays as it is, and is counted."""
    done, pending = list(issues), list(_wants(nested, issues))
    while pending:
        group, pending = pending[:TOGETHER], pending[TOGETHER:]
        client.least.add()
        for want, rest in zip(group, _rest(client, nested, group), strict=True):
            if rest is None:
                notes[UNREADABLE] += 1
                continue
            want.nodes += rest.nodes or ()
            if rest.page_info.has_next_page:
                pending.append(_further(want, rest, nested))
                continue
            whole = {nested.field: Connection(nodes=tuple(want.nodes))}
            done[want.index] = msgspec.structs.replace(done[want.index], **whole)
    return done


def _wants(nested: Nested, issues: Sequence[Issue]) -> Iterator[Want]:
    for index, issue in enumerate(issues):
        begun: Connection[Any] | None = getattr(issue, nested.field)
        if begun is None or begun.nodes is None:
            yield Want(index, issue.id, [])
        elif begun.page_info.has_next_page:
            yield Want(index, issue.id, list(begun.nodes), begun.page_info.end_cursor)


def _rest(
    client: GithubClient, nested: Nested, group: Sequence[Want]
) -> list[Connection[Any] | None]:
    """What follows of each; asked for in halves where the server does not manage so many."""
    variables: dict[str, object] = {}
    for number, want in enumerate(group):
        variables[f"i{number}"], variables[f"a{number}"] = want.node_id, want.after
    try:
        found = client.ask(nested.query(len(group)), variables).data
    except OverloadedError:
        if len(group) == 1:
            raise
        middle = len(group) // 2
        return _rest(client, nested, group[:middle]) + _rest(client, nested, group[middle:])
    nodes = [found.get(f"n{number}") for number in range(len(group))]
    return [node.rest if node else None for node in nodes]


def _further(want: Want, rest: Connection[Any], nested: Nested) -> Want:
    following = rest.page_info.end_cursor
    if following is None or following == want.after:
        raise SourceError(f"{want.node_id}: {nested.field}: the server repeats a page of its list")
    want.after = following
    return want
