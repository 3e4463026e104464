"""Fields that an organization defines for its issues, and their values, as nodes of the graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pmo_sync.demo.github_connection import Node

FieldKind = Literal["DATE", "NUMBER", "SINGLE_SELECT", "TEXT"]
TYPES: Mapping[FieldKind, str] = {
    "DATE": "IssueFieldDate",
    "NUMBER": "IssueFieldNumber",
    "SINGLE_SELECT": "IssueFieldSingleSelect",
    "TEXT": "IssueFieldText",
}


@dataclass(frozen=True, slots=True)
class FieldOption:
    """A choice of a single select; ``color`` is one of GitHub's names."""

    node_id: str
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class IssueField:
    """A field of an organization's issues; its values are texts, days, or numbers of that kind."""

    node_id: str
    name: str
    kind: FieldKind
    created_at: str
    options: tuple[FieldOption, ...] = ()
    description: str | None = None


def field_nodes(fields: Iterable[IssueField]) -> dict[str, Node]:
    """Return the fields by name."""
    return {one.name: _field(one) for one in fields}


def _field(field: IssueField) -> Node:
    options = [_option(one, place) for place, one in enumerate(field.options, start=1)]
    return {
        "__typename": TYPES[field.kind],
        "id": field.node_id,
        "name": field.name,
        "dataType": field.kind,
        "createdAt": field.created_at,
        "description": field.description,
        "visibility": "ORG_ONLY",
        "options": options,
        "_options": {one["name"]: one for one in options},
    }


def _option(option: FieldOption, place: int) -> Node:
    return {
        "__typename": "IssueFieldSingleSelectOption",
        "id": option.node_id,
        "name": option.name,
        "color": option.color,
        "description": None,
        "priority": place,
    }


def value_nodes(
    issue: str, values: Mapping[str, str | float], fields: Mapping[str, Node]
) -> list[Node]:
    """Return an issue's values (by the field's name) in the order of the fields; ``issue`` is its
    node id."""
    return [_value(issue, field, values[name]) for name, field in fields.items() if name in values]


def _value(issue: str, field: Node, value: str | float) -> Node:
    node: Node = {
        "__typename": f"{field['__typename']}Value",
        "id": f"IFV_{issue}_{field['id']}",
        "field": field,
        "value": value,
    }
    if field["dataType"] == "SINGLE_SELECT":
        option = field["_options"][value]
        node |= {"name": option["name"], "color": option["color"], "optionId": option["id"],
                 "description": option["description"]}  # fmt: skip
    return node
