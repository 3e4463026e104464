"""The schema that we serve is a part of GitHub's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
)

from pmo_sync.demo.github_graphql import load_schema

NEWER_TYPES = {
    "AssigneeConnection", "AssigneeEdge", "BlockedByAddedEvent", "BlockedByRemovedEvent",
    "BlockingAddedEvent", "BlockingRemovedEvent", "IssueType",
}  # fmt: skip
"""Added to GitHub's schema after the copy that is compared with."""
NEWER_FIELDS = {"Issue.assignedActors", "Issue.blockedBy", "Issue.blocking", "Issue.issueType"}
NEWER_VALUES = {
    "BLOCKED_BY_ADDED_EVENT", "BLOCKED_BY_REMOVED_EVENT", "BLOCKING_ADDED_EVENT",
    "BLOCKING_REMOVED_EVENT",
}  # fmt: skip


@pytest.fixture(scope="module")
def official(recorded_folder: Path) -> GraphQLSchema:
    path = recorded_folder.parent / "specs" / "github" / "schema.graphql"
    if not path.is_file():
        pytest.skip("GitHub's published schema is not here")
    return build_schema(path.read_text(encoding="utf-8"), assume_valid_sdl=True)


OURS = [one for name, one in sorted(load_schema().type_map.items()) if not name.startswith("__")]


@pytest.mark.parametrize("ours", OURS, ids=str)
def test_every_type_of_ours_is_githubs(ours: GraphQLNamedType, official: GraphQLSchema) -> None:
    if ours.name in NEWER_TYPES:
        assert ours.name not in official.type_map, "no longer newer"
        return
    theirs = official.type_map[ours.name]
    assert type(theirs) is type(ours)
    if isinstance(ours, GraphQLEnumType):
        assert isinstance(theirs, GraphQLEnumType)
        assert set(ours.values) - NEWER_VALUES <= set(theirs.values)
    elif isinstance(ours, GraphQLUnionType):
        assert isinstance(theirs, GraphQLUnionType)
        assert {one.name for one in ours.types} - NEWER_TYPES <= {one.name for one in theirs.types}
    elif isinstance(ours, GraphQLObjectType | GraphQLInterfaceType):
        assert isinstance(theirs, GraphQLObjectType | GraphQLInterfaceType)
        assert {one.name for one in ours.interfaces} <= {one.name for one in theirs.interfaces}
        for name, field in ours.fields.items():
            if f"{ours.name}.{name}" in NEWER_FIELDS:
                assert name not in theirs.fields, "no longer newer"
                continue
            assert str(field.type) == str(theirs.fields[name].type), f"{ours.name}.{name}"
            for argument, given in field.args.items():
                assert str(given.type) == str(theirs.fields[name].args[argument].type)
    elif isinstance(ours, GraphQLInputObjectType):
        assert isinstance(theirs, GraphQLInputObjectType)
        for name, value in ours.fields.items():
            assert str(value.type) == str(theirs.fields[name].type)
