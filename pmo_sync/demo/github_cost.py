"""What a query may cost, told from its text before it is executed.

GitHub counts the nodes that a query could return (500,000 at the most), and the requests that it
would take to fill each connection once for each of its parents; 100 requests are a point, and the
least is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

NODE_LIMIT = 500_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Nodes that a query could return, and requests that fill its connections."""

    nodes: int
    requests: int

    @property
    def points(self) -> int:
        """What is taken off the hour's points."""
        return max(1, round(self.requests / 100))


def cost(document: DocumentNode, variables: Mapping[str, Any], operation: str | None) -> Cost:
    """Return what an operation of a document could cost."""
    fragments = {
        one.name.value: one.selection_set
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    asked = operation_of(document, operation)
    if asked is None:
        return Cost(0, 0)
    return _Counter(fragments, {**defaults(asked), **variables}).count(asked.selection_set, 1)


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """Find the operation that is asked for; None where it is not in the document."""
    for one in document.definitions:
        if isinstance(one, OperationDefinitionNode) and (
            name is None or (one.name is not None and one.name.value == name)
        ):
            return one
    return None


def defaults(operation: OperationDefinitionNode) -> dict[str, int]:
    """Return the numbers that variables have where the request gives none."""
    return {
        one.variable.name.value: int(one.default_value.value)
        for one in operation.variable_definitions or ()
        if isinstance(one.default_value, IntValueNode)
    }


@dataclass(frozen=True, slots=True)
class _Counter:
    """Adds up one operation; ``times`` is how often a selection may be met."""

    fragments: Mapping[str, SelectionSetNode]
    variables: Mapping[str, Any]

    def count(self, selections: SelectionSetNode | None, times: int) -> Cost:
        nodes = requests = 0
        for field in self._fields(selections):
            size = self._size(field)
            if size is not None:
                nodes, requests = nodes + times * size, requests + times
            below = self.count(field.selection_set, times * (1 if size is None else size))
            nodes, requests = nodes + below.nodes, requests + below.requests
        return Cost(nodes, requests)

    def _fields(self, selections: SelectionSetNode | None) -> Iterator[FieldNode]:
        for one in selections.selections if selections else ():
            if isinstance(one, FieldNode):
                yield one
            elif isinstance(one, InlineFragmentNode):
                yield from self._fields(one.selection_set)
            elif isinstance(one, FragmentSpreadNode):
                yield from self._fields(self.fragments.get(one.name.value))

    def _size(self, field: FieldNode) -> int | None:
        """Return how many nodes a connection was asked for; None where it is no connection."""
        for argument in field.arguments or ():
            if argument.name.value in ("first", "last"):
                value: Any = argument.value
                if isinstance(value, VariableNode):
                    value = self.variables.get(value.name.value)
                else:
                    value = int(value.value) if isinstance(value, IntValueNode) else None
                if isinstance(value, int):
                    return max(value, 0)
        return None
