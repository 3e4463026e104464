"""The values of a board's row: what people filled in, and what its issue itself says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pmo_sync.demo.github_connection import Node
from pmo_sync.demo.github_resolvers import connection

_VALUE_TYPES = {
    "TEXT": ("ProjectV2ItemFieldTextValue", "text"),
    "NUMBER": ("ProjectV2ItemFieldNumberValue", "number"),
    "DATE": ("ProjectV2ItemFieldDateValue", "date"),
}


class BoardValues:
    """The values of one row, made when they are asked for."""

    def __init__(self, row: Node, filled: Mapping[str, str | float]) -> None:
        self._row = row
        self._filled = filled

    def all(self, fields: list[Node]) -> list[Node]:
        """Return the values that there are, in the order of the fields."""
        return [one for field in fields if (one := self._value(field))]

    def named(self, fields: list[Node], name: str) -> Node | None:
        """Find the value of a field; None where there is no such field or no value."""
        found = (one for one in fields if one["name"].casefold() == name.casefold())
        field = next(found, None)
        return self._value(field) if field else None

    def _value(self, field: Node) -> Node | None:
        content, kind = self._row["content"], field["dataType"]
        if kind in _OF_CONTENT:
            said = _OF_CONTENT[kind](content) if content else None
            return {**said, "field": field, **self._common(field)} if said else None
        value = self._filled.get(field["name"])
        if value is None:
            return None
        return {**_filled(field, value), **self._common(field)}

    def _common(self, field: Node) -> Node:
        row = self._row
        return {
            "id": f"PVTFV_{row['id']}_{field['id']}",
            "databaseId": (row["databaseId"] + field["databaseId"]) % 2**31,
            "createdAt": row["createdAt"],
            "updatedAt": row["updatedAt"],
            "creator": row["creator"],
            "item": row,
            "field": field,
        }


def _filled(field: Node, value: str | float) -> Node:
    """Return what somebody filled in."""
    kind = field["dataType"]
    if kind == "SINGLE_SELECT":
        option = field["_options"][value]
        return {
            "__typename": "ProjectV2ItemFieldSingleSelectValue",
            "optionId": option["id"],
            "name": option["name"],
            "color": option["color"],
            "description": option["description"],
        }
    if kind == "ITERATION":
        iteration = field["_iterations"][value]
        return {
            "__typename": "ProjectV2ItemFieldIterationValue",
            "iterationId": iteration["id"],
            "title": iteration["title"],
            "startDate": iteration["startDate"],
            "duration": iteration["duration"],
        }
    type_name, name = _VALUE_TYPES[kind]
    return {"__typename": type_name, name: value}


def _list_value(type_name: str, name: str, found: list[Node] | None) -> Node | None:
    return {"__typename": type_name, name: connection(found)} if found else None


def _one_value(type_name: str, name: str, found: Node | None) -> Node | None:
    return {"__typename": type_name, name: found} if found else None


_OF_CONTENT: Mapping[str, Any] = {
    "TITLE": lambda of: {"__typename": "ProjectV2ItemFieldTextValue", "text": of["title"]},
    "ASSIGNEES": lambda of: _list_value("ProjectV2ItemFieldUserValue", "users", of["_users"]),
    "LABELS": lambda of: _list_value(
        "ProjectV2ItemFieldLabelValue", "labels", of.get("_label_nodes")
    ),
    "LINKED_PULL_REQUESTS": lambda of: _list_value(
        "ProjectV2ItemFieldPullRequestValue", "pullRequests", of.get("_closed_by")
    ),
    "REVIEWERS": lambda of: _list_value(
        "ProjectV2ItemFieldReviewerValue", "reviewers", of.get("_reviewers")
    ),
    "MILESTONE": lambda of: _one_value(
        "ProjectV2ItemFieldMilestoneValue", "milestone", of.get("milestone")
    ),
    "REPOSITORY": lambda of: _one_value(
        "ProjectV2ItemFieldRepositoryValue", "repository", of.get("repository")
    ),
    "PARENT_ISSUE": lambda _: None,
    "SUB_ISSUES_PROGRESS": lambda _: None,
    "ISSUE_TYPE": lambda _: None,
}
"""What an item's own content says; the last three have no value in GitHub's union."""
