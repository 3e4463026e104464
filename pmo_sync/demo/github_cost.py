"""What a query may cost, told from its text before it is executed.

GitHub counts the nodes that a query could return (500,000 at the most), and the requests that it
would take to fill each connection once for each of its parents; 100 requests are a point, and the
least is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
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


@dataclass(frozen=True, slots=True)
class Costs:
    """What an operation costs, whatever the numbers of its variables are.

    A connection is told by the sizes of those it is in, the outermost first, and its own; a size
    is a number or a variable's name. What is no number bounds nothing.
    """

    connections: tuple[tuple[int | str, ...], ...]
    given: Mapping[str, int]

    def at(self, variables: Mapping[str, Any]) -> Cost:
        """Return what the operation costs with these variables."""
        numbers = {**self.given, **variables}
        nodes = requests = 0
        for *around, own in self.connections:
            if (size := _number(own, numbers)) is None:
                continue
            sizes = [_number(one, numbers) for one in around]
            times = prod(1 if one is None else one for one in sizes)
            nodes, requests = nodes + times * size, requests + times
        return Cost(nodes, requests)


def costs(document: DocumentNode, operation: str | None) -> Costs:
    """Read off a document's text what an operation of it costs."""
    fragments = {
        one.name.value: one.selection_set
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    asked = operation_of(document, operation)
    if asked is None:
        return Costs((), {})
    found = _Reader(fragments).connections(asked.selection_set, ())
    return Costs(tuple(found), defaults(asked))


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


def _number(size: int | str, numbers: Mapping[str, Any]) -> int | None:
    value = numbers.get(size) if isinstance(size, str) else size
    return max(value, 0) if isinstance(value, int) else None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Finds the connections of a selection; ``around`` are the sizes of those it is in."""

    fragments: Mapping[str, SelectionSetNode]

    def connections(
        self, selections: SelectionSetNode | None, around: tuple[int | str, ...]
    ) -> Iterator[tuple[int | str, ...]]:
        for field in self._fields(selections):
            inside = around
            if (size := _size(field)) is not None:
                inside = (*around, size)
                yield inside
            yield from self.connections(field.selection_set, inside)

    def _fields(self, selections: SelectionSetNode | None) -> Iterator[FieldNode]:
        for one in selections.selections if selections else ():
            if isinstance(one, FieldNode):
                yield one
            elif isinstance(one, InlineFragmentNode):
                yield from self._fields(one.selection_set)
            elif isinstance(one, FragmentSpreadNode):
                yield from self._fields(self.fragments.get(one.name.value))


def _size(field: FieldNode) -> int | str | None:
    """Return how many nodes a connection is asked for; None where it is no connection."""
    for argument in field.arguments or ():
        if argument.name.value in ("first", "last"):
            if isinstance(argument.value, VariableNode):
                return argument.value.name.value
            if isinstance(argument.value, IntValueNode):
                return int(argument.value.value)
    return None
