"""Pages of a list, as GitHub's GraphQL gives them: bounds, cursors and their refusals."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLResolveInfo

PAGE_LIMIT = 100

Node = dict[str, Any]


def failure(kind: str, message: str) -> GraphQLError:
    """Return an error of one of GitHub's types."""
    return GraphQLError(message, extensions={"type": kind})


@dataclass(frozen=True, slots=True)
class Order:
    """The node field that a list is sorted by."""

    field: str
    descending: bool


def _cursor(items: Sequence[Node], position: int, order: Order | None) -> str:
    """Return the opaque cursor of an item: of a sorted list it names the item's value and id, so
    that what comes and goes meanwhile shifts nothing."""
    if order is None:
        return base64.b64encode(b"cursor:v2:%d" % position).decode()
    place = json.dumps([items[position][order.field], items[position]["id"]])
    return base64.b64encode(b"cursor:v2:" + place.encode()).decode()


def _position(text: str, items: Sequence[Node], order: Order | None) -> int:
    try:
        place = json.loads(base64.b64decode(text, validate=True).removeprefix(b"cursor:v2:"))
    except (binascii.Error, ValueError):
        place = None
    if order and isinstance(place, list) and len(place) == 2:
        return _found(place, items, order)
    if not order and isinstance(place, int):
        return place
    raise failure("INVALID_CURSOR_ARGUMENTS", f"`{text}` does not appear to be a valid cursor.")


def _found(place: list[Any], items: Sequence[Node], order: Order) -> int:
    """Find an item by value and id; where it is no more, the last item before its value."""
    last = -1
    held, node_id = place
    for position, item in enumerate(items):
        value = item[order.field]
        if value == held:
            if item["id"] == node_id:
                return position
        elif None not in (value, held) and (value > held) == order.descending:
            last = position
    return last


def _check(name: str, argument: str, value: int) -> None:
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
    order: Order | None = None,
) -> Node:
    """Return one page of the items as a connection; refuse what GitHub refuses."""
    name = info.field_name
    if first is not None:
        _check(name, "first", first)
    if last is not None:
        _check(name, "last", last)
    if first is None and last is None and not _only_counts(info):
        raise failure(
            "MISSING_PAGINATION_BOUNDARIES",
            f"You must provide a `first` or `last` value to properly paginate the `{name}` "
            "connection.",
        )
    start = _position(after, items, order) + 1 if after else 0
    stop = min(_position(before, items, order), len(items)) if before else len(items)
    if first is not None:
        stop = min(stop, start + first)
    if last is not None:
        start = max(start, stop - last)
    return _page(items, start, max(start, stop), order)


def _page(items: Sequence[Node], start: int, stop: int, order: Order | None) -> Node:
    shown = items[start:stop]
    more = {"hasNextPage": stop < len(items), "hasPreviousPage": start > 0}
    if not shown:
        ends: Node = {"startCursor": None, "endCursor": None}
    else:
        ends = {
            "startCursor": lambda _: _cursor(items, start, order),
            "endCursor": lambda _: _cursor(items, stop - 1, order),
        }
    return {
        "nodes": shown,
        "edges": lambda _: [
            {"cursor": _cursor(items, number, order), "node": item}
            for number, item in enumerate(shown, start)
        ],
        "pageInfo": more | ends,
        "totalCount": len(items),
        "pageCount": len(shown),
        "filteredCount": len(items),
    }
