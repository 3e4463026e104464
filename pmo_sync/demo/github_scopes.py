"""Which fields of a query a token may not ask for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    visit,
)

NEEDED = ("read:project", "project")
"""Either opens boards; GitHub names the lesser."""


def beyond_scopes(
    schema: GraphQLSchema, document: DocumentNode, scopes: Collection[str]
) -> list[dict[str, Any]]:
    """Return an error for each field of a board that a token without the scope asks for."""
    if set(NEEDED) & set(scopes):
        return []
    info = TypeInfo(schema)
    found = _Boards(info)
    visit(document, TypeInfoVisitor(info, found))
    return [_error(field, scopes) for field in found.fields]


class _Boards(Visitor):
    """Collects the fields that lead to a board or are on one."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.fields: list[FieldNode] = []
        self._info = info

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, given = self._info.get_parent_type(), self._info.get_type()
        named = get_named_type(given) if given else None
        leads = named is not None and named.name in ("ProjectV2", "ProjectV2Connection")
        if leads or (parent is not None and parent.name == "ProjectV2"):
            self.fields.append(node)


def _error(field: FieldNode, scopes: Collection[str]) -> dict[str, Any]:
    granted = ", ".join(f"'{one}'" for one in sorted(scopes))
    places = [field.loc.start_token] if field.loc else []
    return {
        "type": "INSUFFICIENT_SCOPES",
        "locations": [{"line": one.line, "column": one.column} for one in places],
        "message": "Your token has not been granted the required scopes to execute this query. "
        f"The '{field.name.value}' field requires one of the following scopes: "
        f"['{NEEDED[0]}'], but your token has only been granted the: [{granted}] scopes. Please "
        "modify your token's scopes at: https://github.com/settings/tokens.",
    }
