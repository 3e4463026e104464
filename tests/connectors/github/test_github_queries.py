import re
from typing import Any

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    build_schema,
    parse,
    validate,
)

from pmo_sync.connectors.github import board_queries, evidence_queries, issue_queries, queries
from pmo_sync.connectors.github.queries import Query
from pmo_sync.connectors.github.shape import FULL, Shape
from tests.connectors.github.github_samples import RECORDED

SCHEMA = RECORDED.parent / "specs" / "github" / "schema.graphql"
OLD = Shape(frozenset(), ("CLOSED_EVENT", "REOPENED_EVENT"))

NEWER_THAN_THE_SCHEMA = {
    "issueType", "assignedActors", "blockedBy", "blocking", "enableDuplicate",
    "BLOCKED_BY_ADDED_EVENT", "BLOCKING_ADDED_EVENT", "BlockedByAddedEvent", "BlockingAddedEvent",
    "ISSUE_TYPE_ADDED_EVENT", "ISSUE_TYPE_CHANGED_EVENT", "ISSUE_TYPE_REMOVED_EVENT",
    "IssueTypeAddedEvent", "IssueTypeChangedEvent", "IssueTypeRemovedEvent",
    "PROJECT_V2_ITEM_STATUS_CHANGED_EVENT", "REMOVED_FROM_PROJECT_V2_EVENT",
    "ProjectV2ItemStatusChangedEvent", "RemovedFromProjectV2Event",
    "ISSUE_FIELD_ADDED_EVENT", "ISSUE_FIELD_CHANGED_EVENT", "ISSUE_FIELD_REMOVED_EVENT",
    "IssueFieldAddedEvent", "IssueFieldChangedEvent", "IssueFieldRemovedEvent",
    "issueFieldValues", "IssueFieldSingleSelectValue", "IssueFieldTextValue",
    "IssueFieldNumberValue", "IssueFieldDateValue", "IssueFieldCommon",
}  # fmt: skip


def all_queries(shape: Shape) -> list[Query[Any]]:
    return [
        queries.SERVER, queries.organization(evidence=True), queries.VIEWER, queries.MILESTONES,
        queries.repositories(queries.REPOSITORIES, evidence=True),
        evidence_queries.pulls(shape, items=True), evidence_queries.pulls(shape, items=False),
        evidence_queries.RELEASES, evidence_queries.DEPLOYMENTS,
        issue_queries.issues(shape), issue_queries.ids(shape),
        issue_queries.more_events(shape, 2), issue_queries.more_labels(20),
        issue_queries.more_assignees(shape, 1),
        issue_queries.ties(shape), issue_queries.again(shape),
        board_queries.board(shape, rows=True), board_queries.board(shape, rows=False),
        board_queries.rows(shape), board_queries.MORE_VALUES,
    ]  # fmt: skip


def shape_in(schema: GraphQLSchema) -> Shape:
    """What the official schema offers of what we know, read without our own code."""
    known = set()
    for owner in ("Issue", "ClosedEvent", "ProjectV2"):
        for name, field in schema.type_map[owner].fields.items():  # type: ignore[attr-defined]
            known |= {f"{owner}.{name}"} | {f"{owner}.{name}({arg})" for arg in field.args}
    items = schema.type_map["IssueTimelineItemsItemType"].values  # type: ignore[attr-defined]
    return Shape(FULL.fields & known, tuple(event for event in FULL.events if event in items))


@pytest.fixture(scope="module")
def official() -> GraphQLSchema:
    if not SCHEMA.exists():
        pytest.skip(f"the official schema is not at {SCHEMA}")
    return build_schema(SCHEMA.read_text(), assume_valid=True, assume_valid_sdl=True)


@pytest.mark.parametrize("old", [False, True])
def test_queries_fit_the_official_schema(official: GraphQLSchema, old: bool) -> None:
    for query in all_queries(OLD if old else shape_in(official)):
        assert validate(official, parse(query.text)) == [], query.name


def test_only_fields_known_to_be_newer_are_missing_from_the_official_schema(
    official: GraphQLSchema,
) -> None:
    asked = [*all_queries(FULL), issue_queries.more_issues("blockedBy", FULL, 2)]
    problems = [error.message for query in asked for error in validate(official, parse(query.text))]
    pattern = r"(?:field|Value|type|argument) '(\w+)'"
    named = {re.search(pattern, text)[1] for text in problems}  # type: ignore[index]
    assert named == NEWER_THAN_THE_SCHEMA


@pytest.mark.parametrize("query", all_queries(FULL), ids=lambda query: query.name)
def test_no_query_asks_for_more_nodes_than_github_allows(query: Query[Any]) -> None:
    document = parse(query.text)
    fragments = {d.name.value: d.selection_set for d in document.definitions
                 if isinstance(d, FragmentDefinitionNode)}  # fmt: skip
    [operation] = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]

    def nodes(selections: SelectionSetNode | None, times: int) -> int:
        """GitHub's formula: each connection counts its size times that of those around it."""
        count = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FragmentSpreadNode):
                count += nodes(fragments[node.name.value], times)
                continue
            inner = times
            for argument in (node.arguments or ()) if isinstance(node, FieldNode) else ():
                if argument.name.value == "first":
                    variable = isinstance(argument.value, VariableNode)
                    assert variable or isinstance(argument.value, IntValueNode)
                    size = queries.PAGE if variable else int(argument.value.value)  # type: ignore[attr-defined]
                    inner = times * size
                    count += inner
            count += nodes(node.selection_set, inner)  # type: ignore[attr-defined]
        return count

    assert nodes(operation.selection_set, 1) < 50_000


def test_what_a_server_lacks_is_not_asked_for_and_reported() -> None:
    text = issue_queries.issues(OLD).text
    for word in (
        "parent",
        "issueType",
        "blockedBy",
        "assignedActors",
        "Transferred",
        "enableDuplicate",
    ):
        assert word not in text
    assert any("dependencies" in loss for loss in OLD.losses())
    assert FULL.losses() == []
    assert OLD.version() != FULL.version()
