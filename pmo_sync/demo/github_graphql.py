"""POST /graphql: a query executed on a site's graph, refused in GitHub's words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    parse,
    validate,
)
from graphql.execution import ExecutionResult, execute

from pmo_sync.demo.github_allowance import Allowance
from pmo_sync.demo.github_connection import Node, failure
from pmo_sync.demo.github_cost import NODE_LIMIT, Cost, Costs, costs, operation_of
from pmo_sync.demo.github_graph import GithubGraph
from pmo_sync.demo.github_plan import Plan, Plans, UnplannedError
from pmo_sync.demo.github_scopes import beyond_scopes

_UNKNOWN_FIELD = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'")


_PARTS = (
    "github.graphql",
    "github_pulls.graphql",
    "github_projects.graphql",
    "github_deliveries.graphql",
    "github_issue_fields.graphql",
)


@cache
def load_schema() -> GraphQLSchema:
    """Return the schema that ships with the package; it is built once."""
    folder = files("pmo_sync.demo")
    return build_schema("\n".join(folder.joinpath(part).read_text("utf-8") for part in _PARTS))


@dataclass(slots=True)
class _Prepared:
    """A query's text, parsed and checked once; ``costs`` and ``plans`` by the operation's name,
    no plan where the query has to be executed."""

    document: DocumentNode | None
    errors: list[dict[str, Any]]
    costs: dict[str | None, Costs] = field(default_factory=dict)
    plans: dict[str | None, Plan | None] = field(default_factory=dict)


class GithubGraphql:
    """Answers queries. ``scopes`` are the token's; ``resource_limit`` is the number of nodes from
    which a query is given up on its way, None for no such limit."""

    def __init__(
        self,
        graph: GithubGraph,
        allowance: Allowance,
        scopes: Collection[str],
        resource_limit: int | None = None,
    ) -> None:
        self._graph = graph
        self._allowance = allowance
        self._scopes = scopes
        self._resource_limit = resource_limit
        self._schema = load_schema()
        self._plans = Plans(self._schema)
        self._prepared: dict[str, _Prepared] = {}

    def run(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a request: ``data``, ``errors`` or both, as GitHub would."""
        query = body.get("query")
        if not isinstance(query, str) or not query.strip():
            return _refused("A query attribute must be specified and must be a string.")
        prepared = self._prepare(query)
        if prepared.document is None or prepared.errors:
            return {"errors": prepared.errors}
        variables, operation = body.get("variables") or {}, body.get("operationName")
        if operation not in prepared.costs:
            prepared.costs[operation] = costs(prepared.document, operation)
        asked = prepared.costs[operation].at(variables)
        if asked.nodes > NODE_LIMIT:
            return _refused(
                f"This query requests up to {asked.nodes:,} possible nodes which exceeds the "
                f"maximum limit of {NODE_LIMIT:,}.", type="MAX_NODE_LIMIT_EXCEEDED")  # fmt: skip
        if not self._allowance.take("graphql", asked.points):
            number = self._graph.viewer["databaseId"]
            return _refused(
                f"API rate limit already exceeded for user ID {number}.",
                type="RATE_LIMIT",
                code="graphql_rate_limit",
            )
        if self._resource_limit is not None and asked.nodes > self._resource_limit:
            return _given_up(prepared.document, operation)
        return self._answer(prepared, asked, variables, operation)

    def _answer(
        self, prepared: _Prepared, asked: Cost, variables: dict[str, Any], operation: str | None
    ) -> dict[str, Any]:
        """Follow the plan; where there is none, or it meets a refusal, execute."""
        root = self.root(asked)
        if operation not in prepared.plans:
            prepared.plans[operation] = self._planned(prepared, operation)
        if plan := prepared.plans[operation]:
            try:
                return {"data": plan.run(root, variables)}
            except UnplannedError:
                root = self.root(asked)
        return self._execute(prepared, root, variables, operation)

    def _planned(self, prepared: _Prepared, operation: str | None) -> Plan | None:
        if prepared.document is None:
            return None
        try:
            return self._plans.plan(prepared.document, operation)
        except UnplannedError:
            return None

    def _execute(
        self, prepared: _Prepared, root: Node, variables: dict[str, Any], operation: str | None
    ) -> dict[str, Any]:
        if prepared.document is None:
            return {"errors": prepared.errors}
        result = execute(
            self._schema,
            prepared.document,
            root_value=root,
            variable_values=variables,
            operation_name=operation,
        )
        if not isinstance(result, ExecutionResult):
            raise TypeError("an asynchronous resolver")
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [_failure(error) for error in result.errors]
        return answer

    def _prepare(self, query: str) -> _Prepared:
        if query not in self._prepared:
            self._prepared[query] = self._checked(query)
        return self._prepared[query]

    def _checked(self, query: str) -> _Prepared:
        try:
            document = parse(query)
        except GraphQLError as error:
            return _Prepared(None, [_refusal(error)])
        if errors := validate(self._schema, document):
            return _Prepared(None, [_refusal(error) for error in errors])
        return _Prepared(document, beyond_scopes(self._schema, document, self._scopes))

    def root(self, asked: Cost) -> Node:
        """Return what a query that may cost so much starts from."""
        graph = self._graph
        return {
            "viewer": graph.viewer,
            "rateLimit": lambda _, **__: self._allowance.node(asked),
            "organization": lambda _, login: graph.organization(login),
            "user": lambda _, login: graph.user(login),
            "repositoryOwner": lambda _, login: graph.owner(login),
            "repository": lambda _, owner, name, **__: graph.repository(owner, name),
            "node": lambda _, id: graph.node(id),
            "nodes": self._nodes,
        }

    def _nodes(self, _: GraphQLResolveInfo[Any], ids: list[str]) -> list[Node | GraphQLError]:
        if len(ids) > 100:
            raise failure(
                "ARGUMENT_LIMIT", "You may not provide more than 100 node ids; you provided "
                f"{len(ids)}.")  # fmt: skip
        return [self._graph.nodes.get(one) or _no_node(one) for one in ids]


def _refused(message: str, **more: str) -> dict[str, Any]:
    """Answer with one error and no data."""
    return {"errors": [{**more, "message": message}]}


def _given_up(document: DocumentNode, name: str | None) -> dict[str, Any]:
    """Answer for a query that took more than GitHub spends on one: no field has an answer."""
    asked = operation_of(document, name)
    selected = asked.selection_set.selections if asked else ()
    keys = [one.alias.value if one.alias else one.name.value
            for one in selected if isinstance(one, FieldNode)]  # fmt: skip
    error = {
        "type": "RESOURCE_LIMITS_EXCEEDED",
        "path": keys[:1],
        "message": "Resource limits for this query exceeded.",
    }
    return {"data": dict.fromkeys(keys), "errors": [error]}


def _no_node(node_id: str) -> GraphQLError:
    return failure("NOT_FOUND", f"Could not resolve to a node with the global id of '{node_id}'.")


def _locations(error: GraphQLError) -> list[dict[str, int]]:
    return [{"line": one.line, "column": one.column} for one in error.locations or ()]


def _failure(error: GraphQLError) -> dict[str, Any]:
    """Write an error that executing met."""
    kind = (error.extensions or {}).get("type")
    head = {"type": kind} if kind else {}
    return {
        **head,
        "path": list(error.path or ()),
        "locations": _locations(error),
        "message": error.message,
    }


def _refusal(error: GraphQLError) -> dict[str, Any]:
    """Write an error of a query that was not executed."""
    unknown = _UNKNOWN_FIELD.match(error.message)
    if unknown is None:
        return {"message": error.message, "locations": _locations(error)}
    field, type_name = unknown.groups()
    return {
        "path": ["query", field],
        "extensions": {"code": "undefinedField", "typeName": type_name, "fieldName": field},
        "locations": _locations(error),
        "message": f"Field '{field}' doesn't exist on type '{type_name}'",
    }
