"""A planned query is answered as graphql-core answers it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from graphql import ExecutionResult, build_schema, execute, parse

from pmo_sync.connectors.github import issue_queries, queries
from pmo_sync.connectors.github.shape import FULL, Shape
from pmo_sync.demo.facts import World
from pmo_sync.demo.github_allowance import Allowance
from pmo_sync.demo.github_cost import Cost
from pmo_sync.demo.github_graph import GithubGraph
from pmo_sync.demo.github_graphql import GithubGraphql, load_schema
from pmo_sync.demo.github_plan import Plans, UnplannedError
from pmo_sync.demo.render_github import github_site
from tests.demo.test_github_boards import ITEMS
from tests.demo.test_github_issue_fields import DEFINED, VALUES

SERVED = Shape(FULL.fields - {"ClosedEvent.stateReason(enableDuplicate)"}, FULL.events)
PORTAL = {"owner": "harbourline", "name": "portal", "first": 30}
PULLS = """query($first: Int = 40, $states: [PullRequestState!]) {
  repository(owner: "harbourline", name: "portal") {
    pullRequests(first: $first, states: $states) { totalCount nodes {
      ...Head id reviewDecision reviewRequests(first: 3) { nodes { requestedReviewer {
        ... on User { login } } } }
      closingIssuesReferences(first: 3) { nodes { number closedByPullRequestsReferences(first: 2) {
        nodes { ...Head } } } }
      reviews(last: 2) { edges { cursor node { state author { login } } } }
      timelineItems(first: 9) { nodes { __typename
        ... on MergedEvent { mergeRefName pullRequest { number } }
        ... on ReviewRequestedEvent { requestedReviewer { __typename } }
        ... on PullRequestReview { state } } }
    } } } }
fragment Head on PullRequest { number ... on Node { id } headRefName isDraft merged mergedBy {
  login } }"""


@pytest.fixture(scope="module")
def graph(world: World) -> GithubGraph:
    return GithubGraph(github_site(world, "https://github.test"))


@pytest.fixture(scope="module")
def graphql(graph: GithubGraph) -> GithubGraphql:
    return GithubGraphql(graph, Allowance(), ("read:project",))


ASKED = [
    (issue_queries.issues(SERVED).text, PORTAL),
    (issue_queries.ids(SERVED).text, PORTAL),
    (queries.MILESTONES.text, PORTAL),
    (queries.organization(evidence=False).text, {"login": "harbourline", "first": 3}),
    (queries.VIEWER.text, {"first": 2}),
    (ITEMS, {"number": 1}),
    (VALUES, {"name": "data-platform"}),
    (DEFINED, {}),
    (PULLS, {}),
    (PULLS, {"first": 2, "states": ["OPEN"]}),
]


@pytest.mark.parametrize(("query", "variables"), ASKED)
def test_a_plan_answers_as_graphql_core_does(
    graph: GithubGraph, graphql: GithubGraphql, query: str, variables: dict[str, Any]
) -> None:
    schema, document, root = load_schema(), parse(query), graphql.root(Cost(0, 0))
    executed = execute(schema, document, root, variable_values=variables)
    assert isinstance(executed, ExecutionResult)
    assert executed.errors is None
    plan = Plans(schema).plan(document, None)
    for _ in range(2):
        planned = msgspec.json.decode(msgspec.json.encode(plan.run(root, variables)))
        assert planned == executed.data


SMALL = build_schema("type Query { a: Int b: Int! c(of: Int!): Int }")


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ a @skip(if: false) }", {}),
        ("{ __schema { types { name } } }", {}),
        ("{ b }", {}),
        ("query($of: Int!) { c(of: $of) }", {}),
    ],
)
def test_what_a_plan_cannot_answer_is_left_to_be_executed(
    query: str, variables: dict[str, Any]
) -> None:
    with pytest.raises(UnplannedError):
        Plans(SMALL).plan(parse(query), None).run({"a": 1}, variables)
