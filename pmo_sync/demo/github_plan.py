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
    "ProjectV2IterationField", "IssueFieldDate", "IssueFieldNumber", "IssueFieldSingleSelect",
    "IssueFieldText",
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


Make = Callable[[Any, "Request"], Any]


class Step(NamedTuple):
    """How one field of a type is answered; ``make`` selects from its value, None for a leaf, and
    ``arguments`` is None for a field that takes none."""

    key: str
    name: str
    make: Make | None
    required: bool
    asked: Asked
    arguments: Arguments | None


class Steps(NamedTuple):
    """What is selected of a type: an answer in which nothing is known yet, and what fills it."""

    blank: Node
    steps: tuple[Step, ...]


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
        self._steps: dict[str, Steps] = {}
        self._kept: dict[int, msgspec.Raw] = {}
        kinds = schema.get_possible_types(type_) if is_abstract_type(type_) else (type_,)
        shared = any(one.name in SHARED for one in kinds)
        self.keeps = shared and not has_variables(selections, fragments)

    @property
    def make(self) -> Make:
        """Return what answers for a node, as bytes where they are kept."""
        return self._keep if self.keeps else self.fields

    def _keep(self, node: Node, request: Request) -> Any:
        if node.get("__typename") not in SHARED:
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
        compiled = self._steps.get(name) or self._compile(name)
        found = compiled.blank.copy()
        for key, field_name, make, required, asked, arguments in compiled.steps:
            value = node.get(field_name)
            if callable(value):
                value = value(asked, **arguments(request)) if arguments else value(asked)
            if value is not None:
                found[key] = make(value, request) if make else value
            elif required:
                raise UnplannedError
        return found

    def _compile(self, name: str) -> Steps:
        """Make the steps for objects of one type."""
        type_ = self._schema.type_map[name]
        if not isinstance(type_, GraphQLObjectType):
            raise UnplannedError
        collected = self._collected(type_)
        blank = {key: name if nodes[0].name.value == "__typename" else None
                 for key, nodes in collected.items()}  # fmt: skip
        steps = (self._step(key, type_, nodes) for key, nodes in collected.items()
                 if blank[key] is None)  # fmt: skip
        self._steps[name] = Steps(blank, tuple(steps))
        return self._steps[name]

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

    def _step(self, key: str, type_: GraphQLObjectType, nodes: list[FieldNode]) -> Step:
        name = nodes[0].name.value
        if name.startswith("__"):
            raise UnplannedError
        definition = type_.fields[name]
        return Step(
            key=key,
            name=name,
            make=self._below(definition, nodes),
            required=isinstance(definition.type, GraphQLNonNull),
            asked=Asked(name, nodes),
            arguments=_arguments(definition, nodes[0]),
        )

    def _below(self, definition: GraphQLField, nodes: list[FieldNode]) -> Make | None:
        """Return what selects from a field's value; None for a leaf."""
        selected = tuple(one.selection_set for one in nodes if one.selection_set)
        if not selected:
            return None
        inner = get_named_type(definition.type)
        make = Place(self._schema, self._fragments, inner, selected).make
        for _ in range(_depth(definition.type)):
            make = _each(make)
        return make


def _each(make: Make) -> Make:
    """Return what answers for each of a list, which may hold refusals."""

    def answers(values: Sequence[Any], request: Request) -> list[Any]:
        for one in values:
            if isinstance(one, GraphQLError):
                raise one
        return [None if one is None else make(one, request) for one in values]

    return answers


def _depth(type_: GraphQLOutputType) -> int:
    """Return how many lists a value is in."""
    if isinstance(type_, GraphQLNonNull):
        return _depth(type_.of_type)
    return 1 + _depth(type_.of_type) if isinstance(type_, GraphQLList) else 0


def _arguments(definition: GraphQLField, node: FieldNode) -> Arguments | None:
    """Return how a field's arguments are known: at once, or once a request."""
    if not definition.args:
        return None
    if not has_variables((node,), {}):
        held = get_argument_values(definition, node)
        return lambda _: held

    def read(request: Request) -> dict[str, Any]:
        key = id(node)
        if key not in request.arguments:
            request.arguments[key] = get_argument_values(definition, node, request.variables)
        return request.arguments[key]

    return read
