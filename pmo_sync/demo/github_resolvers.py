"""How lists and values of the graph are resolved: filters, order and pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from graphql import GraphQLResolveInfo

from pmo_sync.demo.github_connection import Node, Order, connect
from pmo_sync.demo.github_site import GithubMilestone, Label

Resolver = Callable[..., Any]
Connection = Callable[..., Node]
_SORT_FIELDS = {
    "CREATED_AT": "createdAt",
    "UPDATED_AT": "updatedAt",
    "DUE_DATE": "dueOn",
    "NUMBER": "number",
    "NAME": "name",
    "TITLE": "title",
}


@lru_cache(maxsize=256)
def item_type(type_name: str) -> str:
    """Return the enum value of an event's type: ClosedEvent -> CLOSED_EVENT."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type_name).upper()


def connection(items: Sequence[Node]) -> Connection:
    """Resolve a plain connection; the filters that matter to no sync are not read."""

    def resolve(
        info: GraphQLResolveInfo[Any],
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        orderBy: Mapping[str, str] | None = None,  # noqa: N803
        **_: Any,
    ) -> Node:
        if orderBy is None:
            return connect(info, items, first, after, last, before)
        if orderBy["field"] == "POSITION":
            turned = items[::-1] if orderBy["direction"] == "DESC" else items
            return connect(info, turned, first, after, last, before)
        order = _order(orderBy)
        found = _ordered(items, order) if order else items
        return connect(info, found, first, after, last, before, order)

    return resolve


def _order(asked: Mapping[str, str]) -> Order | None:
    field = _SORT_FIELDS.get(asked["field"])
    return Order(field, asked["direction"] == "DESC") if field else None


def _ordered(items: Sequence[Node], order: Order) -> Sequence[Node]:
    known = [item for item in items if item[order.field] is not None]
    rest = [item for item in items if item[order.field] is None]
    return sorted(known, key=lambda item: item[order.field], reverse=order.descending) + rest


def _moment(text: str | None) -> str | None:
    """Return a time as the site writes it, so that texts compare as times do."""
    if text is None:
        return None
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def issues(items: Sequence[Node]) -> Connection:
    """Resolve a repository's issues with states, labels and ``filterBy: {since, ...}``."""

    def resolve(info: GraphQLResolveInfo[Any], **arguments: Any) -> Node:
        filters = arguments.pop("filterBy", None) or {}
        states = filters.get("states") or arguments.pop("states", None)
        labels = filters.get("labels") or arguments.pop("labels", None)
        since = _moment(filters.get("since"))
        found = [
            item
            for item in items
            if (not states or item["state"] in states)
            and (not labels or item["_labels"].intersection(labels))
            and (not since or item["updatedAt"] >= since)
        ]
        return connection(found)(info, **arguments)

    return resolve


def pulls(items: Sequence[Node]) -> Connection:
    """Resolve a repository's pull requests with states, labels and branches."""

    def resolve(info: GraphQLResolveInfo[Any], **arguments: Any) -> Node:
        states, labels = arguments.pop("states", None), arguments.pop("labels", None)
        base, head = arguments.pop("baseRefName", None), arguments.pop("headRefName", None)
        found = [
            item
            for item in items
            if (not states or item["state"] in states)
            and (not labels or item["_labels"].intersection(labels))
            and base in (None, item["baseRefName"])
            and head in (None, item["headRefName"])
        ]
        return connection(found)(info, **arguments)

    return resolve


def closing_pulls(items: Sequence[Node]) -> Connection:
    """Resolve the pull requests that close an issue, with ``includeClosedPrs``."""

    def resolve(info: GraphQLResolveInfo[Any], **arguments: Any) -> Node:
        closed = arguments.pop("includeClosedPrs", False)
        found = [item for item in items if closed or item["state"] != "CLOSED"]
        return connection(found)(info, **arguments)

    return resolve


def boards(items: Sequence[Node]) -> Connection:
    """Resolve projects, found by title, the newest number first unless asked otherwise."""

    def resolve(info: GraphQLResolveInfo[Any], **arguments: Any) -> Node:
        query = (arguments.pop("query", None) or "").casefold()
        found = [item for item in items if query in item["title"].casefold()]
        return connection(found)(info, **arguments)

    return resolve


def reviews(items: Sequence[Node]) -> Connection:
    """Resolve a pull request's reviews with ``states`` and ``author``."""

    def resolve(info: GraphQLResolveInfo[Any], **arguments: Any) -> Node:
        states, author = arguments.pop("states", None), arguments.pop("author", None)
        found = [
            item
            for item in items
            if (not states or item["state"] in states)
            and (not author or (item["author"] or {}).get("login") == author)
        ]
        return connection(found)(info, **arguments)

    return resolve


@dataclass(slots=True)
class Told:
    """An entry of a timeline; its node is made when it is first asked for."""

    type: str
    at: str | None
    make: Callable[[], Node]
    made: Node | None = None

    @property
    def node(self) -> Node:
        """The entry's node."""
        if self.made is None:
            self.made = self.make()
        return self.made


def timeline(events: Sequence[Told], updated: str) -> Resolver:
    """Resolve a timeline with ``itemTypes``, ``since`` and ``skip``."""

    def resolve(
        info: GraphQLResolveInfo[Any],
        itemTypes: Sequence[str] | None = None,  # noqa: N803
        since: str | None = None,
        skip: int | None = None,
        **bounds: Any,
    ) -> Node:
        start = _moment(since) or ""
        kinds = frozenset(itemTypes or ())
        found = [
            event.node
            for event in events
            if (not kinds or event.type in kinds) and (not start or (event.at or "") >= start)
        ]
        page = connection(found[skip or 0 :])(info, **bounds)
        page["totalCount"], page["updatedAt"] = len(events), updated
        return page

    return resolve


def milestones(items: Sequence[Node]) -> Connection:
    """Resolve a repository's milestones with ``states``."""

    def resolve(info: GraphQLResolveInfo[Any], **arguments: Any) -> Node:
        states = arguments.pop("states", None)
        found = [item for item in items if not states or item["state"] in states]
        return connection(found)(info, **arguments)

    return resolve


def state_reason(reason: str | None) -> Resolver:
    """Resolve a state reason: a duplicate is not planned unless the query says it knows better."""
    name = reason.upper() if reason else None

    def resolve(_: GraphQLResolveInfo[Any], enableDuplicate: bool = False) -> str | None:  # noqa: N803
        return "NOT_PLANNED" if name == "DUPLICATE" and not enableDuplicate else name

    return resolve


def label_node(label: Label, url: str) -> Node:
    """Return a label."""
    return {
        "__typename": "Label",
        "id": label.node_id,
        "name": label.name,
        "color": label.color,
        "description": label.description,
        "url": f"{url}/labels/{label.name.replace(' ', '%20')}",
    }


def milestone_node(milestone: GithubMilestone, repository: Node) -> Node:
    """Return a milestone."""
    return {
        "__typename": "Milestone",
        "id": milestone.node_id,
        "number": milestone.number,
        "title": milestone.title,
        "description": milestone.description,
        "state": milestone.state,
        "closed": milestone.state == "CLOSED",
        "closedAt": milestone.closed_at,
        "createdAt": milestone.created_at,
        "updatedAt": milestone.updated_at,
        "dueOn": milestone.due_on,
        "repository": repository,
        "url": f"{repository['url']}/milestone/{milestone.number}",
    }


@cache
def issue_type_node(name: str | None) -> Node | None:
    """Return an issue type."""
    if name is None:
        return None
    return {"__typename": "IssueType", "id": f"IT_{name}", "name": name, "description": None,
            "isEnabled": True}  # fmt: skip
