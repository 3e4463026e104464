"""Projects v2 of the simulated GitHub, as clients of real boards ask for them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from pmo_sync.demo.facts import StatusUpdate, World
from pmo_sync.demo.github_board_site import Board, BoardField, BoardItem, BoardStatus, Draft
from pmo_sync.demo.github_faults import closed_github
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.demo.github_site import GithubSite
from pmo_sync.demo.render_github import github_site
from pmo_sync.demo.servers import GITHUB_TOKEN, Trackers
from tests.demo.github_clients import connect, data, post
from tests.demo.github_newer import published

Json = dict[str, Any]
ITEMS = """query($number: Int!, $after: String) { organization(login: "harbourline") {
  projectV2(number: $number) { items(first: 100, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes {
      id type isArchived
      content { __typename ... on Issue { number title repository { name } }
                ... on PullRequest { number } ... on DraftIssue { title } }
      fieldValues(first: 20) { nodes {
        __typename
        ... on ProjectV2ItemFieldValueCommon { field { ... on ProjectV2FieldCommon { name } } }
        ... on ProjectV2ItemFieldSingleSelectValue { name }
        ... on ProjectV2ItemFieldNumberValue { number }
        ... on ProjectV2ItemFieldDateValue { date }
        ... on ProjectV2ItemFieldTextValue { text }
        ... on ProjectV2ItemFieldIterationValue { title startDate duration }
        ... on ProjectV2ItemFieldLabelValue { labels(first: 5) { nodes { name } } }
        ... on ProjectV2ItemFieldUserValue { users(first: 5) { nodes { login } } }
        ... on ProjectV2ItemFieldMilestoneValue { milestone { title } }
        ... on ProjectV2ItemFieldRepositoryValue { repository { name } }
        ... on ProjectV2ItemFieldPullRequestValue { pullRequests(first: 5) { nodes { number } } }
        ... on ProjectV2ItemFieldReviewerValue {
          reviewers(first: 5) { nodes { ... on User { login } } } }
      } }
    } } } } }"""


def rows(trackers: Trackers, number: int) -> list[Json]:
    """All items of a board, page by page, by the real client's own request."""
    client = connect(trackers.github.url)
    found: list[Json] = []
    after = None
    while True:
        _, answer = client.requester.graphql_query(ITEMS, {"number": number, "after": after})
        page = answer["data"]["organization"]["projectV2"]["items"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            client.close()
            assert len(found) == page["totalCount"]
            return found
        after = page["pageInfo"]["endCursor"]


@pytest.fixture(scope="module")
def board(trackers: Trackers) -> list[Json]:
    return rows(trackers, 1)


def test_the_boards_of_an_organization_are_listed(trackers: Trackers) -> None:
    query = """{ organization(login: "harbourline") { projectsV2(first: 10,
      orderBy: {field: NUMBER, direction: ASC}) { totalCount nodes {
        number title closed public owner { ... on Organization { login } } } } } }"""
    found = data(trackers.github, query)["organization"]["projectsV2"]
    assert found["totalCount"] == 6
    assert found["nodes"][0] == {
        "number": 1, "title": "Portfolio delivery", "closed": False, "public": False,
        "owner": {"login": "harbourline"},
    }  # fmt: skip


def test_one_board_holds_the_issues_of_all_repositories(board: list[Json], world: World) -> None:
    shown = {
        (row["content"]["repository"]["name"], row["content"]["number"])
        for row in board
        if row["type"] == "ISSUE"
    }
    assert shown == {
        (team.key, item.number)
        for team in world.teams
        if team.tracker == "github"
        for item in team.items
    }
    kinds = Counter(row["type"] for row in board)
    assert kinds["PULL_REQUEST"] > 5
    assert kinds["DRAFT_ISSUE"] > 10
    assert {row["isArchived"] for row in board} == {True, False}


def test_every_kind_of_value_is_on_the_board(board: list[Json], world: World) -> None:
    """Numbers and starts where the world has facts of them, everything else always."""
    noted = {event.field for team in world.teams if team.tracker == "github"
             for item in team.items for event in item.events}  # fmt: skip
    named = Counter(
        (value["__typename"], value.get("field", {}).get("name"))
        for row in board
        for value in row["fieldValues"]["nodes"]
    )
    kind = "ProjectV2ItemField{}Value".format
    optional = {
        ("points", kind("Number"), "Estimate"), ("start", kind("Date"), "Start date"),
    }  # fmt: skip
    assert set(named) == {(a, b) for fact, a, b in optional if fact in noted} | {
        (kind("Text"), "Title"), (kind("SingleSelect"), "Status"),
        (kind("SingleSelect"), "Priority"),
        (kind("Date"), "Target date"), (kind("Iteration"), "Iteration"), (kind("Label"), None),
        (kind("User"), None), (kind("Milestone"), None), (kind("Repository"), None),
        (kind("PullRequest"), None), (kind("Reviewer"), None),
    }  # fmt: skip
    assert named[kind("Text"), "Title"] == len(board)


def test_the_column_is_what_the_world_says_of_the_item(board: list[Json], world: World) -> None:
    items = {(item.project, item.number): item for item in world.items()}
    stages = {(team.key, one.name): one.category for team in world.teams for one in team.stages}
    columns = {"todo": "Todo", "in_progress": "In progress", "done": "Done"}
    for row in board:
        if row["type"] != "ISSUE":
            continue
        item = items[row["content"]["repository"]["name"], row["content"]["number"]]
        category = stages[item.project, str(item.value("status"))]
        blocked = category != "done" and item.value("blocked")
        values = {one["field"]["name"]: one for one in row["fieldValues"]["nodes"]
                  if "field" in one}  # fmt: skip
        assert values["Status"]["name"] == ("Blocked" if blocked else columns[category])
        assert values.get("Priority", {}).get("name") == item.value("priority")


def test_iterations_are_running_ahead_or_completed(trackers: Trackers, world: World) -> None:
    query = """{ organization(login: "harbourline") { projectV2(number: 1) {
      field(name: "iteration") { ... on ProjectV2IterationField { dataType configuration {
        duration startDay iterations { title startDate duration }
        completedIterations { title startDate } } } } } } }"""
    found = data(trackers.github, query)["organization"]["projectV2"]["field"]
    assert found["dataType"] == "ITERATION"
    open_, over = (found["configuration"][one] for one in ("iterations", "completedIterations"))
    assert len(open_) == 3
    assert open_[0]["startDate"] <= world.until.isoformat() < open_[1]["startDate"]
    starts = [one["startDate"] for one in over]
    assert starts == sorted(starts, reverse=True)
    assert starts[0] < open_[0]["startDate"]


def test_an_issue_knows_its_boards_and_its_timeline_how_it_moved(trackers: Trackers) -> None:
    query = """{ repository(owner: "harbourline", name: "portal") { issue(number: 1) {
      projectItems(first: 5) { totalCount nodes { project { number } } }
      timelineItems(first: 100, itemTypes: [ADDED_TO_PROJECT_V2_EVENT,
          PROJECT_V2_ITEM_STATUS_CHANGED_EVENT]) { nodes {
        __typename
        ... on AddedToProjectV2Event { project { number } wasAutomated }
        ... on ProjectV2ItemStatusChangedEvent { previousStatus status project { number } }
      } } } } }"""
    issue = data(trackers.github, query)["repository"]["issue"]
    assert [one["project"]["number"] for one in issue["projectItems"]["nodes"]] == [1, 2]
    added, *moves = issue["timelineItems"]["nodes"]
    assert added["__typename"] == "AddedToProjectV2Event"
    assert moves[0]["previousStatus"] == ""
    for before, after in pairwise(moves):
        assert after["previousStatus"] == before["status"]


@pytest.mark.parametrize(
    ("query", "message", "found"),
    [
        (
            '{ organization(login: "harbourline") { projectV2(number: 99) { id } } }',
            "Could not resolve to a ProjectV2 with the number 99.",
            {"organization": {"projectV2": None}},
        ),
        (
            '{ user(login: "nobody") { id } }',
            "Could not resolve to a User with the login of 'nobody'.",
            {"user": None},
        ),
    ],
)
def test_a_board_that_is_not_there(
    trackers: Trackers, query: str, message: str, found: Json
) -> None:
    answer = post(trackers.github, query)
    assert [(one["type"], one["message"]) for one in answer["errors"]] == [("NOT_FOUND", message)]
    assert answer["data"] == found


def small(site: GithubSite) -> Board:
    """A user's board with a row that may not be seen, a status update, and no more."""
    at = "2026-03-01T08:00:00Z"
    return Board(
        "PVT_1", 7, site.viewer, 1, "Mine", at, at,
        (BoardField("PVTF_1", 8, "Title", "TITLE"), BoardField("PVTF_2", 9, "Note", "TEXT"),
         BoardField("PVTF_3", 12, "Cost", "NUMBER")),
        (BoardItem("PVTI_1", 10, "REDACTED", at, at),
         BoardItem("PVTI_2", 13, "DRAFT_ISSUE", at, at, draft=Draft("DI_1", "Idea", None, at, at),
                   values={"Note": "later", "Cost": 2.5})),
        (BoardStatus("PVTSU_1", 11, "AT_RISK", at, "Late", site.viewer, "2026-01-01",
                     "2026-06-30"),),
    )  # fmt: skip


def test_a_users_board_a_hidden_row_and_a_declaration(world: World) -> None:
    with GithubServer(GITHUB_TOKEN) as server:
        site = github_site(world, server.url)
        server.load(replace(site, boards=(small(site),)))
        query = """{ viewer { projectV2(number: 1) {
          items(first: 5) { nodes { type content { __typename }
            cost: fieldValueByName(name: "Cost") {
              ... on ProjectV2ItemFieldNumberValue { number } }
            note: fieldValueByName(name: "note") { ... on ProjectV2ItemFieldTextValue { text } } } }
          statusUpdates(first: 5) { nodes {
            status body startDate targetDate createdAt creator { login } } } } } }"""
        found = data(server, query)["viewer"]["projectV2"]
    assert found["items"]["nodes"] == [
        {"type": "REDACTED", "content": None, "cost": None, "note": None},
        {"type": "DRAFT_ISSUE", "content": {"__typename": "DraftIssue"}, "cost": {"number": 2.5},
         "note": {"text": "later"}},
    ]  # fmt: skip
    assert found["statusUpdates"]["nodes"] == [{
        "status": "AT_RISK", "body": "Late", "startDate": "2026-01-01", "targetDate": "2026-06-30",
        "createdAt": "2026-03-01T08:00:00Z", "creator": {"login": "portfolio-office"},
    }]  # fmt: skip


@pytest.mark.parametrize("hidden", [True, False])
def test_a_repository_that_may_not_be_read_leaves_rows_without_content(
    world: World, hidden: bool
) -> None:
    with GithubServer(GITHUB_TOKEN) as server:
        site = github_site(world, server.url)
        server.load(closed_github(site, "harbourline/portal", hidden=hidden))
        query = """{ organization(login: "harbourline") { projectV2(number: 2) {
          items(first: 9) { nodes { type content { __typename } } } } } }"""
        found = data(server, query)["organization"]["projectV2"]["items"]["nodes"]
    assert found == [{"type": "REDACTED", "content": None}] * len(found)
    assert found


def recorded_exchanges(recorded_folder: Path, name: str) -> list[Json]:
    path = recorded_folder / "github-projects-v2-recorded" / f"{name}.json"
    if not path.is_file():
        pytest.skip("the recorded boards are not here")
    found: list[Json] = json.loads(path.read_text("utf-8"))
    return found


def shape(value: Any) -> Any:
    """The names in an answer, whatever the values."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        merged: dict[Any, Any] = {}
        for one in value:
            kind = one.get("__typename") or one.get("dataType") if isinstance(one, dict) else None
            merged[kind] = shape(one)
        return merged
    return "value"


def test_a_recorded_clients_query_gets_answers_of_the_recorded_shape(
    trackers: Trackers, recorded_folder: Path
) -> None:
    """The client of the recordings asks the world's board; what has both has the same names."""
    recorded = recorded_exchanges(recorded_folder, "api.items.list")[-1]
    assert validate(published(recorded_folder), parse(recorded["query"])) == []
    ours = data(trackers.github, recorded["query"], owner="harbourline", number=1)
    theirs = recorded["response"]["data"]["data"]
    mine, was = (shape(one["userOrOrganization"]["projectV2"]) for one in (ours, theirs))
    assert mine.keys() == was.keys()
    for kind in was["fields"]["nodes"].keys() & mine["fields"]["nodes"].keys():
        assert mine["fields"]["nodes"][kind].keys() == was["fields"]["nodes"][kind].keys()
    values: Json = {}
    known: Json = {}
    for into, nodes in ((values, ours), (known, theirs)):
        for item in nodes["userOrOrganization"]["projectV2"]["items"]["nodes"]:
            into |= {one["__typename"]: shape(one) for one in item["fieldValues"]["nodes"]}
    for kind in known.keys() & values.keys():
        assert values[kind] == known[kind]


def test_recorded_refusals_are_worded_as_recorded(
    trackers: Trackers, recorded_folder: Path
) -> None:
    recorded = recorded_exchanges(recorded_folder, "getInstance-project-not-found")[-1]
    variables = recorded["variables"] | {"owner": "harbourline"}
    ours = post(trackers.github, recorded["query"], **variables)
    assert ours == recorded["response"]["data"]


def test_what_is_declared_of_a_project_is_on_its_board(world: World) -> None:
    project = next(one for one in world.portfolio.projects
                   if one.select[0].container == "harbourline/portal")  # fmt: skip
    author = next(one for one in world.people if one.accounts.get("github") and one.active)
    told_at = datetime(2026, 6, 1, 9, tzinfo=UTC)
    update = StatusUpdate(project.name, told_at, author.key, "off_track", "!")
    site = github_site(replace(world, updates=(update,)), "https://github.test")
    declared = {board.title: board.statuses for board in site.boards if board.statuses}
    assert declared.keys() == {project.name}
    (status,) = declared[project.name]
    assert (status.status, status.body) == ("OFF_TRACK", "!")
    assert status.creator == author.accounts["github"]
    assert status.target == (project.target.isoformat() if project.target else None)
