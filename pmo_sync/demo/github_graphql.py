"""POST /graphql: a query executed on a site's graph, refused in GitHub's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    parse,
    validate,
)
from graphql.execution import ExecutionResult, execute

from pmo_sync.demo.github_connection import Node, failure
from pmo_sync.demo.github_graph import GithubGraph

_UNKNOWN_FIELD = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'")


_PARTS = ("github.graphql", "github_pulls.graphql", "github_projects.graphql")


def load_schema() -> GraphQLSchema:
    """Build the schema that ships with the package."""
    folder = files("pmo_sync.demo")
    return build_schema("\n".join(folder.joinpath(part).read_text("utf-8") for part in _PARTS))


class GithubGraphql:
    """Executes queries; a query's text is parsed and checked once."""

    def __init__(self, graph: GithubGraph, rate_limit: Callable[[], Node]) -> None:
        self._graph = graph
        self._rate_limit = rate_limit
        self._schema = load_schema()
        self._documents: dict[str, DocumentNode | list[GraphQLError]] = {}

    def run(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Execute a request; return ``data``, ``errors`` or both, as GitHub would."""
        query = body.get("query")
        if not isinstance(query, str) or not query.strip():
            return {"errors": [{"message": "A query attribute must be specified and must be a "
                                           "string."}]}  # fmt: skip
        document = self._document(query)
        if isinstance(document, list):
            return {"errors": [_refusal(error) for error in document]}
        result = execute(
            self._schema,
            document,
            root_value=self._root(),
            variable_values=body.get("variables") or {},
            operation_name=body.get("operationName"),
        )
        if not isinstance(result, ExecutionResult):
            raise TypeError("an asynchronous resolver")
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [_failure(error) for error in result.errors]
        return answer

    def _document(self, query: str) -> DocumentNode | list[GraphQLError]:
        if query not in self._documents:
            try:
                document = parse(query)
                self._documents[query] = validate(self._schema, document) or document
            except GraphQLError as error:
                self._documents[query] = [error]
        return self._documents[query]

    def _root(self) -> Node:
        graph = self._graph
        return {
            "viewer": graph.viewer,
            "rateLimit": lambda _, **__: self._rate_limit(),
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
