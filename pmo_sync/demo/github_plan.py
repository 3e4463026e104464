"""A query turned once into the steps that answer it, many times faster than it is executed.

What the steps do not cover (introspection, directives, every refusal) raises ``UnplannedError``;
then the query is executed by graphql-core, whose answer for the rest is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_argument_values,
    get_named_type,
    get_variable_values,
    is_abstract_type,
)
from graphql.type import GraphQLOutputType

from pmo_sync.demo.github_cost import operation_of
from pmo_sync.demo.github_query_text import has_directives, has_variables

Node = dict[str, Any]
SHARED = frozenset({
    "User", "Bot", "Mannequin", "Organization", "Label", "Milestone", "Repository", "IssueType",
    "Issue", "PullRequest", "ProjectV2Item", "ProjectV2Field", "ProjectV2SingleSelectField",
    "ProjectV2IterationField",
})  # fmt: skip
"""Types whose nodes live as long as the site: an answer without variables is kept as bytes."""
KEPT = 20_000
"""Answers kept for one place of one query."""


class UnplannedError(Exception):
    """The steps cannot answer this: execute it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a resolver may know of how it was asked: graphql-core's info in little."""

    field_name: str
    field_nodes: Sequence[FieldNode]


Fragment = InlineFragmentNode | FragmentDefinitionNode
Arguments = Callable[["Request"], dict[str, Any]]


@dataclass(slots=True)
class Request:
    """The variables of one request, and the arguments that were read from them so far."""

    variables: Any
    arguments: dict[int, dict[str, Any]] = field(default_factory=dict)


class Step(NamedTuple):
    """How one field of a type is answered; ``place`` is None for a leaf."""

    key: str
    name: str
    place: Place | None
    depth: int
    required: bool
    asked: Asked
    arguments: Arguments


class Plans:
    """Plans of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def plan(self, document: DocumentNode, name: str | None) -> Plan:
        """Return the plan of an operation; raise UnplannedError where there can be none."""
        operation = operation_of(document, name)
        query = self._schema.query_type
        if operation is None or query is None or has_directives(document):
            raise UnplannedError
        fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        root = Place(self._schema, fragments, query, (operation.selection_set,))
        return Plan(self._schema, operation.variable_definitions or (), root)


@dataclass(frozen=True, slots=True)
class Plan:
    """Answers one operation."""

    schema: GraphQLSchema
    definitions: Sequence[Any]
    root: Place

    def run(self, root: Node, inputs: Mapping[str, Any]) -> Node:
        """Return the answer's data; raise UnplannedError where anything is refused."""
        variables = get_variable_values(self.schema, self.definitions, dict(inputs))
        if isinstance(variables, list):
            raise UnplannedError
        try:
            return self.root.fields(root, Request(variables))
        except GraphQLError as error:
            raise UnplannedError from error


class Place:
    """A place in a query where objects of a type, or of one of its kinds, are selected from."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        type_: GraphQLNamedType,
        selections: tuple[SelectionSetNode, ...],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._type = None if is_abstract_type(type_) else type_.name
        self._selections = selections
        self._steps: dict[str, tuple[Step, ...]] = {}
        self._kept: dict[int, msgspec.Raw] = {}
        kinds = schema.get_possible_types(type_) if is_abstract_type(type_) else (type_,)
        shared = any(one.name in SHARED for one in kinds)
        self.keeps = shared and not has_variables(selections, fragments)

    def answer(self, node: Node, request: Request) -> Any:
        """Return what is selected of a node, as bytes where they are kept."""
        if not self.keeps or node.get("__typename") not in SHARED:
            return self.fields(node, request)
        kept = self._kept.get(id(node))
        if kept is None:
            kept = msgspec.Raw(msgspec.json.encode(self.fields(node, request)))
            if len(self._kept) < KEPT:
                self._kept[id(node)] = kept
        return kept

    def fields(self, node: Node, request: Request) -> Node:
        """Return what is selected of a node."""
        name = self._type or node["__typename"]
        steps = self._steps.get(name)
        if steps is None:
            steps = self._steps[name] = tuple(self._compile(name))
        found: Node = {}
        for key, field_name, place, depth, required, asked, arguments in steps:
            if field_name == "__typename":
                found[key] = name
                continue
            value = node.get(field_name)
            if callable(value):
                value = value(asked, **arguments(request))
            if value is None:
                if required:
                    raise UnplannedError
            elif place is not None:
                value = _placed(place, value, request, depth)
            found[key] = value
        return found

    def _compile(self, name: str) -> list[Step]:
        """Make the steps for objects of one type."""
        type_ = self._schema.type_map[name]
        if not isinstance(type_, GraphQLObjectType):
            raise UnplannedError
        return [self._step(type_, nodes) for nodes in self._collected(type_).values()]

    def _collected(self, type_: GraphQLObjectType) -> dict[str, list[FieldNode]]:
        """Return the fields that are asked of a type, by the key of their answer."""
        found: dict[str, list[FieldNode]] = {}
        waiting = [one for selected in self._selections for one in selected.selections][::-1]
        while waiting:
            one = waiting.pop()
            if isinstance(one, FieldNode):
                found.setdefault(one.alias.value if one.alias else one.name.value, []).append(one)
                continue
            fragment = self._fragment(one)
            if self._fits(fragment, type_):
                waiting += fragment.selection_set.selections[::-1]
        return found

    def _fragment(self, one: SelectionNode) -> Fragment:
        if isinstance(one, FragmentSpreadNode):
            return self._fragments[one.name.value]
        if isinstance(one, InlineFragmentNode):
            return one
        raise UnplannedError

    def _fits(self, fragment: Fragment, type_: GraphQLObjectType) -> bool:
        if fragment.type_condition is None:
            return True
        wanted = self._schema.type_map[fragment.type_condition.name.value]
        return wanted is type_ or (
            is_abstract_type(wanted) and self._schema.is_sub_type(wanted, type_)
        )

    def _step(self, type_: GraphQLObjectType, nodes: list[FieldNode]) -> Step:
        first = nodes[0]
        name = first.name.value
        key = first.alias.value if first.alias else name
        if name == "__typename":
            return Step(key, name, None, 0, True, Asked(name, nodes), _none)
        if name.startswith("__"):
            raise UnplannedError
        definition = type_.fields[name]
        inner = get_named_type(definition.type)
        selected = tuple(one.selection_set for one in nodes if one.selection_set)
        return Step(
            key=key,
            name=name,
            asked=Asked(name, nodes),
            arguments=_arguments(definition, first),
            place=Place(self._schema, self._fragments, inner, selected) if selected else None,
            depth=_depth(definition.type),
            required=isinstance(definition.type, GraphQLNonNull),
        )


def _placed(place: Place, value: Any, request: Request, depth: int) -> Any:
    """Answer for an object, or for each of a list of them."""
    if depth:
        return [None if one is None else _placed(place, one, request, depth - 1) for one in value]
    if isinstance(value, GraphQLError):
        raise value
    return place.answer(value, request) if place.keeps else place.fields(value, request)


def _depth(type_: GraphQLOutputType) -> int:
    """Return how many lists a value is in."""
    if isinstance(type_, GraphQLNonNull):
        return _depth(type_.of_type)
    return 1 + _depth(type_.of_type) if isinstance(type_, GraphQLList) else 0


def _none(_: Request) -> dict[str, Any]:
    return {}


def _arguments(definition: GraphQLField, node: FieldNode) -> Arguments:
    """Return how a field's arguments are known: at once, or once a request."""
    if not definition.args:
        return _none
    if not has_variables((node,), {}):
        held = get_argument_values(definition, node)
        return lambda _: dict(held)

    def read(request: Request) -> dict[str, Any]:
        key = id(node)
        if key not in request.arguments:
            request.arguments[key] = get_argument_values(definition, node, request.variables)
        return dict(request.arguments[key])

    return read
