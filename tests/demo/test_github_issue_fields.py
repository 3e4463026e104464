"""The organization's issue fields: what they are, their values, and what timelines tell of them.

What must be told is recounted from the world's own events.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import pytest
from github import Github

from pmo_sync.demo.facts import Event, Field, Team, World
from pmo_sync.demo.servers import Trackers
from tests.demo.github_clients import connect

FIELDS: dict[Field, str] = {
    "priority": "Priority", "points": "Estimate", "start": "Start date", "due": "Target date",
    "response": "Risk response",
}  # fmt: skip
NAME = "... on IssueFieldCommon { name }"
DEFINED = """
{ organization(login: "harbourline") { issueFields(first: 10) { totalCount nodes {
  __typename ... on IssueFieldCommon { name dataType visibility }
  ... on IssueFieldSingleSelect { options { name color priority } }
} } } }
"""
VALUES = f"""
query($name: String!, $after: String) {{
  repository(owner: "harbourline", name: $name) {{ issues(first: 100, after: $after) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{
      number updatedAt
      issueFieldValues(first: 25) {{ nodes {{
        ... on IssueFieldSingleSelectValue {{ name value color field {{ {NAME} }} }}
        ... on IssueFieldTextValue {{ text: value field {{ {NAME} }} }}
        ... on IssueFieldNumberValue {{ number: value field {{ {NAME} }} }}
        ... on IssueFieldDateValue {{ date: value field {{ {NAME} }} }}
      }} }}
      timelineItems(first: 50, itemTypes: [
        ISSUE_FIELD_ADDED_EVENT, ISSUE_FIELD_CHANGED_EVENT, ISSUE_FIELD_REMOVED_EVENT
      ]) {{ nodes {{
        ... on IssueFieldAddedEvent {{ createdAt value issueField {{ {NAME} }} }}
        ... on IssueFieldChangedEvent {{
          createdAt previousValue newValue issueField {{ {NAME} }}
        }}
        ... on IssueFieldRemovedEvent {{ createdAt issueField {{ {NAME} }} }}
      }} }}
    }}
  }} }}
}}
"""


@pytest.fixture(scope="module")
def client(trackers: Trackers) -> Iterator[Github]:
    client = connect(trackers.github.url)
    yield client
    client.close()


def asked(client: Github, query: str, **variables: Any) -> dict[str, Any]:
    _, answer = client.requester.graphql_query(query, variables)
    found: dict[str, Any] = answer["data"]
    return found


def issues(client: Github, name: str) -> Iterator[dict[str, Any]]:
    after = None
    while True:
        page = asked(client, VALUES, name=name, after=after)["repository"]["issues"]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def team_of(world: World, name: str) -> Team:
    return next(one for one in world.teams if one.container == f"harbourline/{name}")


def test_the_organization_has_a_field_of_every_kind(client: Github) -> None:
    fields = asked(client, DEFINED)["organization"]["issueFields"]
    assert fields["totalCount"] == 5
    assert {one["name"]: (one["__typename"], one["dataType"]) for one in fields["nodes"]} == {
        "Priority": ("IssueFieldSingleSelect", "SINGLE_SELECT"),
        "Estimate": ("IssueFieldNumber", "NUMBER"),
        "Start date": ("IssueFieldDate", "DATE"),
        "Target date": ("IssueFieldDate", "DATE"),
        "Risk response": ("IssueFieldText", "TEXT"),
    }
    options = [one.get("options") for one in fields["nodes"] if "options" in one]
    assert [one["name"] for one in options[0]] == ["Highest", "High", "Medium", "Low", "Lowest"]


def test_every_value_is_the_worlds(client: Github, world: World) -> None:
    items = {one.number: one for one in team_of(world, "data-platform").items}
    kinds = set()
    for issue in issues(client, "data-platform"):
        item = items.pop(issue["number"])
        found = {}
        for value in issue["issueFieldValues"]["nodes"]:
            (said,) = (value[one] for one in ("name", "text", "number", "date") if one in value)
            found[value["field"]["name"]] = said
        kinds |= set(found)
        held = {name: item.value(field) for field, name in FIELDS.items()}
        expected: dict[str, str | float] = {name: one for name, one in held.items() if one}
        if "Estimate" in expected:
            expected["Estimate"] = float(expected["Estimate"])
        assert found == expected, item.key
    assert not items
    assert kinds == set(FIELDS.values())


def test_the_timelines_tell_every_change(client: Github, world: World) -> None:
    items = {one.number: one for one in team_of(world, "data-platform").items}
    changed = 0
    for issue in issues(client, "data-platform"):
        told = []
        for event in issue["timelineItems"]["nodes"]:
            new = event.get("value", event.get("newValue"))
            told.append((event["createdAt"], event["issueField"]["name"],
                         event.get("previousValue"), new))  # fmt: skip
            assert event["createdAt"] <= issue["updatedAt"]
        events = items[issue["number"]].events
        assert told == [change(one) for one in events if one.field in FIELDS]
        changed += any(before for _, _, before, _ in told)
    assert changed


def change(event: Event) -> tuple[str, str, str | None, str | None]:
    at = f"{event.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return at, FIELDS[event.field], event.old, event.new


def test_the_other_repositories_do_not_use_them(client: Github) -> None:
    for issue in issues(client, "gateway"):
        assert issue["issueFieldValues"]["nodes"] == []
        assert issue["timelineItems"]["nodes"] == []
