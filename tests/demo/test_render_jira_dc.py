"""A team's work is the same on a Jira Data Center as on Jira Cloud, in that site's own words."""

from __future__ import annotations

import json
import re

import pytest

from pmo_sync.demo.facts import World
from pmo_sync.demo.jira_dc_fields import DC_IDS, EPIC_NAME
from pmo_sync.demo.jira_dc_issues import dc_issue
from pmo_sync.demo.jira_fields import EPIC_LINK, FLAGGED, POINTS, SPRINT
from pmo_sync.demo.jira_site import JiraSite, Json
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.demo.render_jira_dc import jira_dc_site
from tests.demo.noted_world import noted


@pytest.fixture(scope="module")
def cloud(world: World) -> JiraSite:
    return jira_site(noted(world), "http://jira.invalid")


@pytest.fixture(scope="module")
def site(world: World) -> JiraSite:
    teams = [team for team in noted(world).teams if team.tracker == "jira"]
    return jira_dc_site(noted(world), "http://jira.invalid/jira", teams)


def pairs(cloud: JiraSite, site: JiraSite) -> list[tuple[Json, Json]]:
    """The same issue on both sites."""
    own = {issue["key"]: issue for issue in site.issues}
    return [(issue, own[issue["key"]]) for issue in cloud.issues]


def test_a_site_holds_the_teams_that_live_on_it(world: World) -> None:
    on_cloud, on_premises = (
        [team for team in world.teams if team.key in keys] for keys in (("PAY",), ("IDN", "WHS"))
    )
    here = jira_site(world, "http://cloud.invalid", on_cloud)
    there = jira_dc_site(world, "http://own.invalid/jira", on_premises)
    assert [project["key"] for project in here.projects] == ["PAY"]
    assert [project["key"] for project in there.projects] == ["IDN", "WHS"]
    assert {issue["key"][:3] for issue in there.issues} == {"IDN", "WHS"}


def test_nothing_names_an_account_id_or_a_level(site: JiraSite) -> None:
    text = json.dumps([site.issues, site.account, site.users, site.issue_types, site.statuses])
    for word in ("accountId", "accountType", "hierarchyLevel", "untranslatedName", "fieldId"):
        assert f'"{word}"' not in text
    assert "/rest/api/3/" not in text
    assert all({"name", "key", "displayName"} <= set(user) for user in site.users)


def test_ids_are_not_clouds(cloud: JiraSite, site: JiraSite) -> None:
    for name in ("statuses", "issue_types", "resolutions", "projects", "issues"):
        here, there = ({one["id"] for one in getattr(one_site, name)} for one_site in (cloud, site))
        assert here
        assert not here & there
    customs = [{one["id"] for one in each.fields if one["custom"]} for each in (cloud, site)]
    assert not customs[0] & customs[1]


def test_the_values_are_the_same(cloud: JiraSite, site: JiraSite) -> None:
    for here, there in pairs(cloud, site):
        for name in ("summary", "duedate", "labels", "timespent"):
            assert there["fields"][name] == here["fields"][name]
        for name in ("status", "issuetype", "priority", "resolution"):
            values = (each["fields"][name] or {"name": None} for each in (here, there))
            assert len({value["name"] for value in values}) == 1
        for name in (POINTS, EPIC_LINK):
            assert there["fields"][DC_IDS[name]] == here["fields"][name]
        assert bool(there["fields"][DC_IDS[FLAGGED]]) == bool(here["fields"][FLAGGED])


def test_a_story_names_its_epic_in_a_field_of_its_own(site: JiraSite) -> None:
    epics = {one["key"] for one in site.issues if one["fields"]["issuetype"]["name"] == "Epic"}
    linked = [one["fields"][DC_IDS[EPIC_LINK]] for one in site.issues]
    assert {key for key in linked if key} == epics
    assert not any("parent" in one["fields"] for one in site.issues)
    named = {one["key"] for one in site.issues if one["fields"].get(EPIC_NAME)}
    assert named == epics


def test_a_sub_task_names_its_parent(cloud: JiraSite) -> None:
    story = next(one for one in cloud.issues if "parent" in one["fields"])
    moved = {"field": "IssueParentAssociation", "fieldtype": "jira", "fieldId": "parent",
             "from": None, "fromString": None, "to": "20001", "toString": "PAY-1"}  # fmt: skip
    kind = {**story["fields"]["issuetype"], "name": "Sub-task", "subtask": True}
    history = {**story["changelog"]["histories"][0], "items": [moved]}
    subtask = dc_issue({
        **story, "changelog": {"histories": [history]},
        "fields": {**story["fields"], "issuetype": kind},
    })  # fmt: skip
    assert subtask["fields"]["parent"] == story["fields"]["parent"]
    assert subtask["fields"][DC_IDS[EPIC_LINK]] is None
    assert subtask["changelog"]["histories"][0]["items"][0]["field"] == "Parent"


def test_a_changelog_tells_the_same_oldest_first(cloud: JiraSite, site: JiraSite) -> None:
    words = {"IssueParentAssociation": "Epic Link"}
    for here, there in pairs(cloud, site):
        told = [
            [(words.get(item["field"], item["field"]), item["toString"] or "")
             for history in histories for item in history["items"]]
            for histories in (reversed(here["changelog"]["histories"]),
                              there["changelog"]["histories"])
        ]  # fmt: skip
        assert told[0] == told[1]


def test_a_sprint_is_a_string(cloud: JiraSite, site: JiraSite) -> None:
    form = re.compile(
        r"^com\.atlassian\.greenhopper\.service\.sprint\.Sprint@[0-9a-f]+\[activatedDate=.*"
        r",completeDate=(?P<done>[^,]+),.*,id=(?P<id>\d+),.*,name=(?P<name>[^,]+),"
        r"rapidViewId=\d+,.*,state=(?P<state>CLOSED|ACTIVE|FUTURE),synced=false\]$"
    )
    states = set()
    for here, there in pairs(cloud, site):
        sprints = there["fields"][DC_IDS[SPRINT]] or ()
        for before, text in zip(here["fields"][SPRINT] or (), sprints, strict=True):
            found = form.match(text)
            assert found is not None, text
            assert found["name"] == before["name"]
            assert int(found["id"]) == before["id"]
            assert (found["done"] == "<null>") == (found["state"] != "CLOSED")
            states.add(found["state"])
    assert {"CLOSED", "ACTIVE"} <= states


def test_times_are_written_in_the_servers_zone(site: JiraSite) -> None:
    assert {issue["fields"]["created"][-5:] for issue in site.issues} == {"+0000"}
    assert site.time_zone == "America/Toronto"


def test_an_entry_by_an_account_that_is_gone_has_no_author(cloud: JiraSite) -> None:
    issue = next(one for one in cloud.issues if one["changelog"]["histories"])
    entry = {**issue["changelog"]["histories"][0], "author": None}
    (history,) = dc_issue({**issue, "changelog": {"histories": [entry]}})["changelog"]["histories"]
    assert "author" not in history
