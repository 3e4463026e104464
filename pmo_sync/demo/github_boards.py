"""Projects v2 as nodes of the graph: what people filled in, and what the items say themselves."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLResolveInfo

from pmo_sync.demo.github_board_site import (
    Board,
    BoardField,
    BoardItem,
    BoardIteration,
    BoardStatus,
    Draft,
)
from pmo_sync.demo.github_board_values import BoardValues
from pmo_sync.demo.github_connection import Node
from pmo_sync.demo.github_resolvers import Resolver, connection
from pmo_sync.demo.github_threads import Threads

_FIELD_TYPES = {
    "SINGLE_SELECT": "ProjectV2SingleSelectField",
    "ITERATION": "ProjectV2IterationField",
}


class Boards:
    """Adds boards to a graph's nodes, and to each issue and pull request where it stands."""

    def __init__(self, nodes: dict[str, Node], threads: Threads, url: str) -> None:
        self._nodes = nodes
        self._threads = threads
        self._url = url
        self._rows: dict[str, list[Node]] = {}

    def add(self, board: Board, owner: Node) -> Node:
        """Return a board, which is from then on among the nodes with all that is on it."""
        node = self._board(board, owner)
        fields = [self._field(one, node) for one in board.fields]
        named = {one["name"].casefold(): one for one in fields}
        items = [self._item(one, node, fields) for one in board.items]
        statuses = [self._status(one, node) for one in board.statuses]
        shown = _repositories(items)
        node |= {
            "fields": connection(fields),
            "field": lambda _, name: named.get(name.casefold()),
            "items": connection(items),
            "statusUpdates": connection(statuses),
            "repositories": connection(shown),
            "_repositories": frozenset(one["id"] for one in shown),
        }
        for one in (node, *fields, *items, *statuses):
            self._nodes[one["id"]] = one
        return node

    def join(self) -> None:
        """Tell each issue, pull request and draft on which boards it is."""
        for content, rows in self._rows.items():
            self._nodes[content]["projectItems"] = _rows(rows)

    def _board(self, board: Board, owner: Node) -> Node:
        kind = "orgs" if owner["__typename"] == "Organization" else "users"
        path = f"/{kind}/{board.owner}/projects/{board.number}"
        return {
            "__typename": "ProjectV2",
            "id": board.node_id,
            "databaseId": board.database_id,
            "fullDatabaseId": str(board.database_id),
            "number": board.number,
            "title": board.title,
            "shortDescription": board.description,
            "readme": board.readme,
            "public": board.public,
            "template": False,
            "closed": board.closed_at is not None,
            "closedAt": board.closed_at,
            "createdAt": board.created_at,
            "updatedAt": board.updated_at,
            "creator": self._threads.actor(board.creator),
            "owner": owner,
            "resourcePath": path,
            "url": self._url + path,
        }

    def _field(self, field: BoardField, board: Node) -> Node:
        node: Node = {
            "__typename": _FIELD_TYPES.get(field.type, "ProjectV2Field"),
            "id": field.node_id,
            "databaseId": field.database_id,
            "name": field.name,
            "dataType": field.type,
            "createdAt": board["createdAt"],
            "updatedAt": board["createdAt"],
            "project": board,
        }
        if field.type == "SINGLE_SELECT":
            options = [
                {"id": one.id, "name": one.name, "color": one.color,
                 "description": one.description}
                for one in field.options
            ]  # fmt: skip
            node["_options"] = {one["id"]: one for one in options}
            node["options"] = lambda _, names=None: [
                one for one in options if names is None or one["name"] in names
            ]
        if field.type == "ITERATION":
            node |= _configuration(field)
        return node

    def _item(self, item: BoardItem, board: Node, fields: list[Node]) -> Node:
        content = self._content(item)
        row: Node = {
            "__typename": "ProjectV2Item",
            "id": item.node_id,
            "databaseId": item.database_id,
            "fullDatabaseId": str(item.database_id),
            "type": item.kind if content else "REDACTED",
            "isArchived": item.archived,
            "createdAt": item.created_at,
            "updatedAt": item.updated_at,
            "creator": self._threads.actor(item.creator),
            "project": board,
            "content": content,
        }
        values = BoardValues(row, item.values)
        row["fieldValues"] = lambda info, **bounds: connection(values.all(fields))(info, **bounds)
        row["fieldValueByName"] = lambda _, name: values.named(fields, name)
        if content is not None:
            self._rows.setdefault(content["id"], []).append(row)
        return row

    def _content(self, item: BoardItem) -> Node | None:
        """What the row shows; None where the login may not see it."""
        if item.draft is None:
            node = self._nodes.get(item.content or "")
            hidden = node is None or node["repository"]["_forbidden"]
            return None if hidden or item.kind == "REDACTED" else node
        return self._draft(item.draft)

    def _draft(self, draft: Draft) -> Node:
        users = [one for login in draft.assignees if (one := self._threads.actor(login))]
        node: Node = {
            "__typename": "DraftIssue",
            "id": draft.node_id,
            "title": draft.title,
            "body": draft.body,
            "creator": self._threads.actor(draft.creator),
            "createdAt": draft.created_at,
            "updatedAt": draft.updated_at,
            "assignees": connection(users),
            "_users": users,
        }
        self._nodes[draft.node_id] = node
        return node

    def _status(self, status: BoardStatus, board: Node) -> Node:
        return {
            "__typename": "ProjectV2StatusUpdate",
            "id": status.node_id,
            "databaseId": status.database_id,
            "fullDatabaseId": str(status.database_id),
            "status": status.status,
            "body": status.body,
            "startDate": status.start,
            "targetDate": status.target,
            "createdAt": status.created_at,
            "updatedAt": status.created_at,
            "creator": self._threads.actor(status.creator),
            "project": board,
        }


def _configuration(field: BoardField) -> Node:
    running = [_iteration(one) for one in field.iterations]
    over = [_iteration(one) for one in field.completed]
    return {
        "_iterations": {one["id"]: one for one in (*running, *over)},
        "configuration": {
            "duration": field.duration,
            "startDay": field.start_day,
            "iterations": running,
            "completedIterations": over,
        },
    }


def _iteration(one: BoardIteration) -> Node:
    return {"id": one.id, "title": one.title, "startDate": one.start, "duration": one.days}


def _repositories(items: list[Node]) -> list[Node]:
    found = (one["content"]["repository"] for one in items
             if one["content"] and "repository" in one["content"])  # fmt: skip
    return list({one["id"]: one for one in found}.values())


def _rows(rows: list[Node]) -> Resolver:
    """Resolve where something stands, with ``includeArchived``."""

    def resolve(
        info: GraphQLResolveInfo[Any],
        includeArchived: bool = True,  # noqa: N803
        **bounds: Any,
    ) -> Node:
        shown = [one for one in rows if includeArchived or not one["isArchived"]]
        return connection(shown)(info, **bounds)

    return resolve
