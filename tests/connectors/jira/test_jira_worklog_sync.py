"""Time noted on items: what is noted, edited and deleted arrives, on both kinds of Jira."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from pmo_sync.connectors.jira.issue import moment
from pmo_sync.connectors.jira.worklog_payloads import WorklogPayload
from pmo_sync.connectors.jira.worklogs import map_worklog
from pmo_sync.demo.http import json_response
from pmo_sync.demo.jira_site import JiraSite
from pmo_sync.demo.jira_state import JiraLimits
from pmo_sync.demo.render_jira_dc import jira_dc_site
from pmo_sync.demo.world import build
from pmo_sync.model import Batch, Worklog
from tests.connectors.jira import test_jira_data_center as data_center
from tests.connectors.jira.jira_recorded import ROOT, needed, raw
from tests.connectors.jira.jira_small_site import ISSUES, NOW, PAY, connector, served, synced
from tests.connectors.jira.jira_wire import change, history, user

DAY = "2026-01-%02dT00:00:00.000+0000"
UPDATED, DELETED = "/rest/api/3/worklog/updated", "/rest/api/3/worklog/deleted"


def noted(number: int, day: int, seconds: int = 60, issue: str = "10", **more: Any) -> Any:
    return {
        "id": str(number), "issueId": issue, "author": user("bob"), "started": DAY % 2,
        "created": DAY % 3, "updated": DAY % day, "timeSpentSeconds": seconds,
    } | more  # fmt: skip


def by_issue(*logs: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for log in logs:
        found[log["issueId"]] = (*found.get(log["issueId"], ()), log)
    return found


def worklogs(batches: list[Batch]) -> dict[str, Worklog]:
    return {one.worklog_id: one for batch in batches for one in batch.worklogs}


def state_of(batches: list[Batch]) -> dict[str, str]:
    state: dict[str, str] = {}
    for batch in batches:
        state |= batch.state
    return state


def test_what_is_noted() -> None:
    with served(worklogs=by_issue(noted(1, 4, 3600), noted(2, 5, author=None))) as server:
        batches = synced(server)
    first, second = worklogs(batches).values()
    assert first == Worklog(
        "cloud-1#worklog/1", "cloud-1", "cloud-1#10", "cloud-1#bob",
        datetime(2026, 1, 2, tzinfo=UTC), 3600,
        datetime(2026, 1, 3, tzinfo=UTC), datetime(2026, 1, 4, tzinfo=UTC),
    )  # fmt: skip
    assert second.author is None
    assert "cloud-1#bob" in {one.person_id for batch in batches for one in batch.persons}


def test_only_what_changed_since_is_asked_for_again() -> None:
    with served(worklogs=by_issue(noted(1, 4), noted(2, 5))) as server:
        state = state_of(synced(server))
        site = server.site
        assert site is not None
        edited, new = noted(1, 8, 120), noted(3, 7)
        gone = ({"worklogId": 2, "updatedTime": int(moment(DAY % 9).timestamp() * 1000)},)
        server.load(replace(site, worklogs=by_issue(edited, new), removed_worklogs=gone))
        server.asked.clear()
        batches = synced(server, state)
        (listed,) = (one.json() for one in server.asked if one.path.endswith("worklog/list"))
        later = state | state_of(batches)
        server.asked.clear()
        nothing = synced(server, later)
        paths = server.paths()
    assert listed == {"ids": [3, 1]}
    assert {key: one.seconds for key, one in worklogs(batches).items()} == {
        "cloud-1#worklog/1": 120, "cloud-1#worklog/3": 60,
    }  # fmt: skip
    assert [one for batch in batches for one in batch.removed_worklogs] == ["cloud-1#worklog/2"]
    assert worklogs(nothing) == {}
    assert "worklog/list" not in paths


def test_pages_are_followed_and_each_is_committed_with_its_place() -> None:
    logs = [noted(number, number % 20 + 3) for number in range(1, 30)]
    with served(limits=JiraLimits(worklogs=4), worklogs=by_issue(*logs)) as server:
        batches = synced(server)
    assert len(worklogs(batches)) == len(logs)
    assert sum("worklogs" in batch.state for batch in batches) > len(logs) // 4


def test_what_is_noted_outside_the_scope_is_left_out() -> None:
    logs = by_issue(noted(1, 4), noted(2, 4, issue="25"), noted(3, 4, issue="999"))
    with served(worklogs=logs) as server:
        assert set(worklogs(synced(server, projects=("PAY",)))) == {"cloud-1#worklog/1"}


def test_an_item_that_moved_into_the_scope_brings_its_past_along() -> None:
    """What was noted before the last sync is in no list of changes."""
    logs = by_issue(noted(1, 4), noted(2, 5, issue="25"))
    with served(worklogs=logs) as server:
        state = state_of(synced(server, projects=("PAY",)))
        came = ISSUES[15]
        move = history(999, "2026-02-02T00:00:00.000+0000",
                       change("project", "101", "100", names=("Operations", "Payments")),
                       change("Key", None, None, names=("OPS-25", "PAY-99")))  # fmt: skip
        fields = came["fields"] | {
            "project": PAY, "timespent": 60, "updated": "2026-02-02T00:00:00.000+0000",
        }  # fmt: skip
        moved = came | {
            "key": "PAY-99", "fields": fields,
            "changelog": {"histories": [move, *came["changelog"]["histories"]]},
        }  # fmt: skip
        site = server.site
        assert site is not None
        server.load(replace(site, issues=(*ISSUES[:15], moved, *ISSUES[16:])))
        batches = synced(server, state, projects=("PAY",))
    assert "PAY-99" in {one.item.key for batch in batches for one in batch.items}
    assert set(worklogs(batches)) == {"cloud-1#worklog/2"}


def test_an_app_that_notes_time_is_no_person() -> None:
    robot = user("robot", accountType="app", timeZone="Etc/UTC")
    with served(worklogs=by_issue(noted(1, 4, author=robot))) as server:
        persons = [one for batch in synced(server) for one in batch.persons]
    assert {one.kind for one in persons if one.login == "robot"} == {"app"}


def test_one_that_makes_no_sense_is_told_and_spoils_no_other() -> None:
    logs = by_issue(noted(1, 4), noted(2, 5, started="lately"), noted(3, 6))
    with served(worklogs=logs) as server:
        batches = synced(server)
    assert set(worklogs(batches)) == {"cloud-1#worklog/1", "cloud-1#worklog/3"}
    (told,) = (one for batch in batches for one in batch.rejected)
    assert (told.native_id, "$.started" in told.reason) == ("worklog/2", True)


@pytest.mark.parametrize("path", [UPDATED, DELETED])
def test_a_site_that_refuses_to_tell_is_left_without(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with served({path: json_response({}, 403)}, worklogs=by_issue(noted(1, 4))) as server:
        batches = synced(server)
    assert batches[-1].sweeps
    assert "time noted on items cannot be seen; skipped" in caplog.text


def test_a_source_may_leave_it_out() -> None:
    with served(worklogs=by_issue(noted(1, 4))) as server:
        batches = list(connector(server, worklogs=False).sync({}, now=NOW))
        assert not any("worklog" in path for path in server.paths())
    assert worklogs(batches) == {}


@pytest.fixture(scope="module")
def center() -> JiraSite:
    world = build(5, date(2024, 7, 20))
    return jira_dc_site(
        world, "http://dc.example/jira", [t for t in world.teams if t.tracker == "jira_dc"]
    )


def test_a_data_center_tells_the_same(center: JiraSite) -> None:
    issue = center.issues[0]["id"]
    log = noted(7, 4, issue=issue, author={"key": "JIRAUSER9", "name": "ada"})
    gone = ({"worklogId": 8, "updatedTime": 1000},)
    site = replace(center, worklogs=by_issue(log), removed_worklogs=gone)
    with data_center.served(site) as server:
        batches = data_center.synced(server)
    (found,) = worklogs(batches).values()
    assert (found.item_id, found.author) == (
        f"dc.example/jira#{issue}",
        "dc.example/jira#JIRAUSER9",
    )
    removed = [one for batch in batches for one in batch.removed_worklogs]
    assert removed == ["dc.example/jira#worklog/8"]


def recorded() -> Iterator[WorklogPayload]:
    for one in raw("worklogs"):
        yield msgspec.json.decode(one, type=WorklogPayload)


@needed
def test_recorded_worklogs_are_those_of_another_program() -> None:
    """Issue, author, seconds and times; it kept the same ids."""
    path = ROOT / "jira-cloud-devlake" / "snapshot_tables" / "_tool_worklogs.csv"
    with path.open(encoding="utf-8", newline="") as file:
        theirs = {
            row["worklog_id"]: (
                f"s#{row['issue_id']}", f"s#{row['author_id']}", int(row["time_spent_seconds"]),
                datetime.fromisoformat(row["started"]), datetime.fromisoformat(row["updated"]),
            )
            for row in csv.DictReader(file)
        }  # fmt: skip
    ours = {
        payload.id: (one.item_id, one.author, one.seconds, one.started, one.updated)
        for payload in recorded()
        for one in (map_worklog("s", payload),)
    }
    assert ours == theirs
    assert len(ours) == 30
