"""Pages of a list, as GitHub's GraphQL gives them: bounds, cursors and their refusals."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLResolveInfo

PAGE_LIMIT = 100

Node = dict[str, Any]


def failure(kind: str, message: str) -> GraphQLError:
    """Return an error of one of GitHub's types."""
    return GraphQLError(message, extensions={"type": kind})


def cursor(position: int) -> str:
    """Return the opaque cursor of the item at a position."""
    return base64.b64encode(b"cursor:v2:%d" % position).decode()


def _position(text: str) -> int:
    try:
        return int(base64.b64decode(text, validate=True).removeprefix(b"cursor:v2:"))
    except (binascii.Error, ValueError):
        raise failure(
            "INVALID_CURSOR_ARGUMENTS", f"`{text}` does not appear to be a valid cursor."
        ) from None


def _check(name: str, argument: str, value: int | None) -> None:
    if value is None:
        return
    if value < 0:
        raise failure(
            "INVALID_PAGINATION",
            f"`{argument}` on the `{name}` connection cannot be less than zero.",
        )
    if value > PAGE_LIMIT:
        raise failure(
            "EXCESSIVE_PAGINATION",
            f"Requesting {value} records on the `{name}` connection exceeds the `{argument}` "
            f"limit of {PAGE_LIMIT} records.",
        )


def _only_counts(info: GraphQLResolveInfo[Any]) -> bool:
    return all(
        isinstance(selection, FieldNode) and selection.name.value == "totalCount"
        for node in info.field_nodes
        if node.selection_set
        for selection in node.selection_set.selections
    )


def connect(
    info: GraphQLResolveInfo[Any],
    items: Sequence[Node],
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Node:
    """Return one page of the items as a connection; refuse what GitHub refuses."""
    name = info.field_name
    _check(name, "first", first)
    _check(name, "last", last)
    if first is None and last is None and not _only_counts(info):
        raise failure(
            "MISSING_PAGINATION_BOUNDARIES",
            f"You must provide a `first` or `last` value to properly paginate the `{name}` "
            "connection.",
        )
    start = _position(after) + 1 if after else 0
    stop = min(_position(before), len(items)) if before else len(items)
    if first is not None:
        stop = min(stop, start + first)
    if last is not None:
        start = max(start, stop - last)
    return _page(items, start, max(start, stop))


def _page(items: Sequence[Node], start: int, stop: int) -> Node:
    shown = items[start:stop]
    return {
        "nodes": shown,
        "edges": lambda _: [
            {"cursor": cursor(number), "node": item} for number, item in enumerate(shown, start)
        ],
        "pageInfo": {
            "hasNextPage": stop < len(items),
            "hasPreviousPage": start > 0,
            "startCursor": cursor(start) if shown else None,
            "endCursor": cursor(start + len(shown) - 1) if shown else None,
        },
        "totalCount": len(items),
        "pageCount": len(shown),
        "filteredCount": len(items),
    }
