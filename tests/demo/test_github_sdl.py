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
    parse,
    validate,
)

from pmo_sync.connectors.github.issue_queries import ids, issues, more_events, more_issues
from pmo_sync.connectors.github.queries import SERVER, VIEWER, organization
from pmo_sync.demo.github_graphql import load_schema
from tests.demo.github_newer import NEWER_FIELDS, NEWER_TYPES, NEWER_VALUES, published, today
from tests.demo.test_github_boards import ITEMS
from tests.demo.test_github_issue_fields import DEFINED, VALUES
from tests.demo.test_github_plan import PULLS, SERVED


@pytest.fixture(scope="module")
def official(recorded_folder: Path) -> GraphQLSchema:
    return published(recorded_folder)


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


def test_what_is_newer_can_be_said_as_an_extension_of_the_published_schema(
    official: GraphQLSchema,
) -> None:
    extended = today(official)
    assert set(extended.type_map) - set(official.type_map) == NEWER_TYPES


CLIENTS = {
    "issues": issues(SERVED).text,
    "ids": ids(SERVED).text,
    "more events": more_events(SERVED, 3).text,
    "blocked by": more_issues("blockedBy", SERVED, 3).text,
    "organization": organization(evidence=True).text,
    "viewer": VIEWER.text,
    "server": SERVER.text,
    "items of a board": ITEMS,
    "fields of issues": VALUES,
    "an organization's fields": DEFINED,
    "pull requests": PULLS,
}


@pytest.mark.parametrize("name", CLIENTS)
def test_our_queries_and_those_of_the_tests_fit_todays_schema_and_ours(
    official: GraphQLSchema, name: str
) -> None:
    for schema in (today(official), load_schema()):
        assert validate(schema, parse(CLIENTS[name])) == []
