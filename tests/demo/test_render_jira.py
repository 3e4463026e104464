"""What the simulated Jira shows is what happened in the world, history included."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from pmo_sync.demo.facts import World
from pmo_sync.demo.jira_fields import FLAGGED, POINTS, SPRINT
from pmo_sync.demo.jira_site import JiraSite, Json
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.demo.world import UNTIL, build


@pytest.fixture(scope="module")
def site(world: World) -> JiraSite:
    return jira_site(world, "http://jira.invalid")


def changes(issue: Json, name: str) -> list[Json]:
    """The changelog items of a field, oldest first."""
    return [
        item
        for history in reversed(issue["changelog"]["histories"])
        for item in history["items"]
        if item["field"] == name
    ]


def present(issue: Json, name: str) -> Any:
    """A field's value as the changelog would write it."""
    value = issue["fields"][name]
    if isinstance(value, list):
        return ", ".join(str(one["id"]) for one in value)
    return value["id"] if isinstance(value, dict) else value


@pytest.mark.parametrize("field", ["status", "assignee", "resolution", "priority"])
def test_a_changelog_is_a_chain_that_ends_at_the_present_value(site: JiraSite, field: str) -> None:
    key = "accountId" if field == "assignee" else "id"
    for issue in site.issues:
        value = issue["fields"][field]
        chain = changes(issue, field)
        for before, after in pairwise(chain):
            assert before["to"] == after["from"]
        if chain:
            assert chain[-1]["to"] == (value[key] if value else None)


def test_sprints_and_points_end_at_the_present_value(site: JiraSite) -> None:
    planned = estimated = 0
    for issue in site.issues:
        if chain := changes(issue, "Sprint"):
            planned += 1
            assert chain[0]["from"] == ""
            assert chain[-1]["to"] == present(issue, SPRINT)
        if chain := changes(issue, "Story Points"):
            estimated += 1
            assert float(chain[-1]["toString"]) == issue["fields"][POINTS]
    assert planned > 100
    assert estimated > 100


def test_a_flag_is_raised_and_lowered(site: JiraSite) -> None:
    for issue in site.issues:
        chain = changes(issue, "Flagged")
        assert [item["toString"] for item in chain] == [
            ("Impediment", "")[number % 2] for number in range(len(chain))
        ]
        assert bool(issue["fields"][FLAGGED]) == (len(chain) % 2 == 1)


def test_both_ends_of_a_link_show_it_with_one_id(site: JiraSite) -> None:
    ends: dict[str, list[str]] = {}
    for issue in site.issues:
        for link in issue["fields"]["issuelinks"]:
            ends.setdefault(link["id"], []).append(
                "outward" if "outwardIssue" in link else "inward"
            )
    assert ends
    assert all(sorted(pair) == ["inward", "outward"] for pair in ends.values())


def test_what_an_issue_was_born_with_is_not_in_its_changelog(world: World, site: JiraSite) -> None:
    by_key = {issue["key"]: issue for issue in site.issues}
    item = next(one for one in world.items() if one.project == "WHS" and one.level == 0)
    born = {event.field for event in item.events if event.at == item.created}
    assert {"status", "component", "priority"} <= born
    assert not changes(by_key[item.key], "Component")
    assert by_key[item.key]["fields"]["components"]


def test_ids_stay_when_the_world_goes_on(world: World, site: JiraSite) -> None:
    earlier = jira_site(build(until=UNTIL - timedelta(days=60)), "http://jira.invalid")
    later = {issue["key"]: issue for issue in site.issues}
    for issue in earlier.issues:
        same = later[issue["key"]]
        assert same["id"] == issue["id"]
        histories = {one["id"]: one for one in same["changelog"]["histories"]}
        for history in issue["changelog"]["histories"]:
            assert histories[history["id"]]["items"] == history["items"]


def test_times_are_written_in_the_logins_zone(site: JiraSite) -> None:
    offsets = {issue["fields"]["created"][-5:] for issue in site.issues}
    assert offsets == {"+0200", "+0300"}
    for issue in site.issues:
        created, updated = (
            datetime.strptime(issue["fields"][name], "%Y-%m-%dT%H:%M:%S.%f%z")
            for name in ("created", "updated")
        )
        assert created <= updated


def test_a_leavers_account_is_closed(world: World, site: JiraSite) -> None:
    users = {
        user["displayName"]: user
        for issue in site.issues
        for user in (issue["fields"]["assignee"], issue["fields"]["reporter"])
        if user
    }
    here = {person.name: person.active for person in world.people}
    assert {name: user["active"] for name, user in users.items()} == {
        name: here[name] for name in users
    }
    left = [user for user in users.values() if not user["active"]]
    assert left
    assert all("emailAddress" not in user for user in left)


def test_a_project_without_items_yet_is_there() -> None:
    empty = jira_site(build(until=date(2024, 6, 30)), "http://jira.invalid")
    assert empty.issues == ()
    assert [one["key"] for one in empty.projects] == ["BIL", "CRM", "IDN", "LOY", "PAY", "WHS"]
