"""A whole sync against a Jira Cloud that is served over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from threading import Event
from typing import Any

import pytest

from pmo_sync.connectors.base import Connector
from pmo_sync.connectors.jira import cloud, plan
from pmo_sync.connectors.jira.issue import moment
from pmo_sync.demo.http import Request, Response, json_response
from pmo_sync.demo.jira_state import JiraLimits
from pmo_sync.errors import AccessError, ConfigError, SourceError
from pmo_sync.model import Batch, ItemRecord, Milestone, Site, Sweep, Term
from tests.connectors.jira.jira_small_site import (
    ISSUES,
    NOW,
    SITE,
    AlteredServer,
    connector,
    minute,
    served,
    sprint,
    synced,
)
from tests.connectors.jira.jira_wire import Said, change, history, issue, user

BULK_ISSUES, BULK_CHANGES = "/rest/api/3/issue/bulkfetch", "/rest/api/3/changelog/bulkfetch"
REFUSED = json_response({"errorMessages": ["no"]}, 403)
ABSENT = json_response({"errorMessages": ["not here"]}, 404)


def items(batches: Iterable[Batch]) -> list[ItemRecord]:
    return [record for batch in batches for record in batch.items]


def keys(batches: Iterable[Batch]) -> list[str]:
    return [record.item.key for record in items(batches)]


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fetch six issues a request, and commit them."""
    monkeypatch.setattr(cloud, "ISSUES_A_PAGE", 6)
    monkeypatch.setattr(plan, "ITEMS_A_STEP", 6)


@pytest.mark.usefixtures("small_steps")
def test_what_comes_in_which_order() -> None:
    with served() as server:
        batches = synced(server)
    assert [site for batch in batches for site in batch.sites] == [
        Site("cloud-1", "jira", "https://site.example", "Small site")
    ]
    assert keys(batches) == [one["key"] for one in ISSUES]
    assert [len(batch.items) for batch in batches if batch.items] == [6, 6, 6, 2]
    assert batches[0].terms and not batches[0].items
    assert [sweep for batch in batches[:-1] for sweep in batch.sweeps] == []
    assert {sweep.container: len(sweep.item_ids) for sweep in batches[-1].sweeps} == {
        "PAY": 10,
        "OPS": 10,
    }


def test_the_sites_table_names_statuses_and_decides_their_category() -> None:
    """Not the category that an issue embeds, and not the name in an old changelog."""
    with served() as server:
        terms = [term for batch in synced(server) for term in batch.terms]
    assert [term for term in terms if term.field == "status"] == [
        Term("cloud-1", "status", "1", "Open", "todo"),
        Term("cloud-1", "status", "3", "Doing", "in_progress"),
        Term("cloud-1", "status", "9", "Inbox"),
    ]
    assert [(term.value, term.rank) for term in terms if term.field == "priority"] == [
        ("5", 0),
        ("2", 1),
    ]


def test_the_configuration_says_what_statuses_of_this_site_mean() -> None:
    """By name or id, also those that only old changelogs name; from the next sync on."""
    with served() as server:
        state = synced(server)[-1].state
        asking = connector(server, statuses={"DOING": "done", "9": "dropped"})
        batches = list(asking.sync(state, now=NOW + timedelta(minutes=1)))
        anew = list(asking.sync({}, now=NOW))
    for told in (batches, anew):
        terms = {t.value: t.category for b in told for t in b.terms if t.field == "status"}
        assert (terms["1"], terms["3"]) == ("todo", "done")
    assert terms["9"] == "dropped"


def test_versions_and_sprints() -> None:
    with served() as server:
        batches = synced(server)
    milestones = [one for batch in batches for one in batch.milestones]
    url = "https://site.example/projects/PAY/versions/"
    due = date(2026, 3, 1)
    assert milestones == [
        Milestone(
            "cloud-1#8", "cloud-1", "PAY", "v1", "released", url + "8", due=due, finished=due
        ),
        Milestone("cloud-1#9", "cloud-1", "PAY", "v2", "released", url + "9"),
    ]
    names = [(one.name, one.state) for batch in batches for one in batch.iterations]
    assert names == [("Sprint 4", "closed"), ("Sprint 5", "future")]
    observed = {(o.entity_id, o.field): o.value for batch in batches for o in batch.observations}
    assert observed["cloud-1#8", "due"] == "2026-03-01"
    assert observed["cloud-1#9", "due"] is None
    assert observed["cloud-1#5", "title"] == "Sprint 5"


def test_boards_and_sprints_beyond_the_first_fifty() -> None:
    boards = tuple(
        {"id": n, "name": f"Team {n}", "type": "scrum", "location": {"projectId": 100}}
        for n in range(1, 61)
    )
    sprints = {n: tuple(sprint(100 * n + m, f"{n}.{m}") for m in range(60)) for n in (1, 60)}
    with served(boards=boards, sprints=sprints) as server:
        batches = synced(server)
    names = {one.name for batch in batches for one in batch.iterations}
    assert names >= {f"{n}.{m}" for n in (1, 60) for m in range(60)}


def test_a_sync_soon_after_with_nothing_new_asks_for_changes_and_for_what_is_gone() -> None:
    with served() as server:
        state = synced(server)[-1].state
        server.asked.clear()
        list(connector(server).sync(state, now=NOW + timedelta(minutes=59)))
        assert sorted(server.paths()) == [
            "search/jql", "search/jql", "worklog/deleted", "worklog/updated",
        ]  # fmt: skip


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(minutes=-1)])
def test_what_is_not_remembered_is_asked_again(later: timedelta) -> None:
    with served() as server:
        state = synced(server)[-1].state
        server.asked.clear()
        again = connector(server)
        list(again.sync(state, now=NOW + later))
        paths = server.paths()
        assert paths[:2] == ["serverInfo", "myself"], "the login is tried by itself"
        assert sorted(paths[2:9]) == [
            "_edge/tenant_info", "field", "issuetype", "priority", "project/search", "resolution",
            "status",
        ]  # fmt: skip
        assert sorted(paths[9:]) == [
            "board", "board/2/sprint", "project/OPS/versions", "project/PAY/versions",
            "search/jql", "search/jql", "worklog/deleted", "worklog/updated",
        ]  # fmt: skip
        assert again.requests == len(server.asked) == 17


def asked_jql(server: Any) -> list[str]:
    return [asked.json()["jql"] for asked in server.asked if asked.path.endswith("/search/jql")]


@pytest.mark.parametrize(
    ("scope", "clause"),
    [
        ({}, 'project in ("PAY", "OPS")'),
        ({"projects": ("pay",)}, 'project in ("PAY")'),
        ({"projects": ("101",)}, 'project in ("OPS")'),
        ({"jql": "created >= 2025-01-01 ORDER BY key"}, "(created >= 2025-01-01)"),
        (
            {"projects": ("PAY",), "jql": "created >= 2025-01-01"},
            'project in ("PAY") AND (created >= 2025-01-01)',
        ),
    ],
)
def test_the_query(scope: dict[str, Any], clause: str) -> None:
    """Oldest change first; epoch milliseconds with an overlap of five minutes; no upper bound."""
    state = {"issues": '{"watermark":1769905000000}'}
    with served(limits=JiraLimits()) as server:
        synced(server, state, **scope)
        assert asked_jql(server) == [
            f"{clause} AND updated >= {1769905000000 - 300_000} ORDER BY updated ASC",
            clause,
        ]
        sweep = [asked for asked in server.asked if asked.path.endswith("/search/jql")][-1]
        assert (sweep.json()["fields"], sweep.json()["maxResults"]) == (["key"], 5000)


def test_only_what_is_mapped_is_asked_for() -> None:
    with served() as server:
        synced(server)
        searches = [asked.json() for asked in server.asked if asked.path.endswith("jql")]
    (search,) = [found for found in searches if "expand" in found]  # the others ask for ids
    assert search["expand"] == "changelog"
    assert {"cf_points", "cf_sprint", "cf_epic", "cf_flag", "cf_start", "duedate"} <= {
        *search["fields"]
    }
    assert not {"description", "comment", "*all", "worklog"} & {*search["fields"]}


@pytest.mark.usefixtures("small_steps")
def test_a_killed_sync_goes_on_from_its_last_page() -> None:
    with served() as server:
        first = connector(server).sync({}, now=NOW)
        got: list[Batch] = []
        while len(keys(got)) < 12:
            got.append(next(first))
        first.close()  # type: ignore[attr-defined]
        state = got[-1].state
        rest = synced(server, state)
    assert json.loads(state["issues"])["watermark"] == _epoch(minute(21))
    assert keys(rest)[0] == "PAY-16"  # five minutes before the last one that was committed
    assert {*keys(got), *keys(rest)} == {one["key"] for one in ISSUES}


def _epoch(text: str) -> int:
    return int(moment(text).timestamp() * 1000)


def test_what_is_gone_is_looked_for_when_it_is_due() -> None:
    with served(limits=JiraLimits()) as server:
        state = synced(server, sweep_hours=0.5)[-1].state
        asked = []
        for minutes in (29, 30, 59):
            server.asked.clear()
            later = connector(server, sweep_hours=0.5)
            batches = list(later.sync(state, now=NOW + timedelta(minutes=minutes)))
            state = {**state, **batches[-1].state}
            asked.append((len(batches[-1].sweeps), sorted(server.paths())))
    one = ["search/jql"]
    both = ["search/jql", "search/jql", "worklog/deleted", "worklog/updated"]
    assert asked == [(0, one), (2, both), (0, one)]


def test_what_is_gone_is_missing_from_the_sweep_also_where_a_whole_project_is_empty() -> None:
    with served() as server:
        state = synced(server)[-1].state
        left = tuple(one for one in ISSUES if one["key"].startswith("PAY") and one["id"] != "10")
        server.load(replace(SITE, issues=left, projects=SITE.projects[:1]))
        sweeps = synced(server, state)[-1].sweeps
    assert {sweep.container: len(sweep.item_ids) for sweep in sweeps} == {"PAY": 9, "OPS": 0}
    assert Sweep("cloud-1", "OPS", ()) in sweeps


def test_a_sweep_has_pages() -> None:
    with served(limits=JiraLimits(ids=7)) as server:
        sweeps = synced(server)[-1].sweeps
        assert sum(len(sweep.item_ids) for sweep in sweeps) == 20
        assert server.paths().count("search/jql") == 2 + 3


def test_issues_beyond_the_first_page_are_fetched_by_id() -> None:
    with served() as server:
        whole = items(synced(server))
        asked = [one for one in server.paths() if "bulkfetch" in one or one == "search/jql"]
    # A page of issues, the newest change of all, the ids of all, the issues and the sweep.
    assert sorted(asked) == ["issue/bulkfetch", *["search/jql"] * 4]
    assert asked[:3] == ["search/jql"] * 3
    with served({BULK_ISSUES: ABSENT}) as server:
        assert items(synced(server)) == whole
        # Page by page instead; the sweep may have begun before, and is then made anew.
        assert server.paths().count("search/jql") - (2 + 4) in (1, 2)


def test_what_a_bulk_request_leaves_out_is_asked_for_again() -> None:
    left_out = json_response({"issues": [], "issueErrors": [{"errorMessage": "try again"}]})
    with served() as server:
        whole = {record.item.key: record for record in items(synced(server))}
    with served({BULK_ISSUES: left_out}) as server:
        assert {record.item.key: record for record in items(synced(server))} == whole


@pytest.mark.parametrize("said", [b'{"issues": [{"id": "1', b'{"issues": 3}'])
def test_a_bulk_answer_that_is_none_is_asked_for_again(said: bytes) -> None:
    class Stumbling(AlteredServer):
        stumbled = False

        def answer(self, request: Request) -> Response:
            found = super().answer(request)
            if request.path != BULK_ISSUES or self.stumbled:
                return found
            self.stumbled = True
            return Response(said)

    with served() as server:
        whole = {record.item.key: record for record in items(synced(server))}
    with Stumbling({}, JiraLimits(page=6)) as server:
        server.load(SITE)
        assert {record.item.key: record for record in items(synced(server))} == whole
        assert server.stumbled


def test_a_bulk_answer_that_is_never_one_fails_the_sync() -> None:
    with (
        served({BULK_ISSUES: Response(b"<html>", content_type="text/html")}) as server,
        pytest.raises(SourceError, match="not whole JSON but text/html, also when asked again"),
    ):
        synced(server)


@pytest.mark.usefixtures("small_steps")
def test_what_changes_after_it_was_listed_does_not_say_how_far_the_sync_has_come() -> None:
    late = "2026-05-01T00:00:00.000+0000"

    def edit(server: AlteredServer) -> None:
        changed = tuple(_with(one, updated=late) if one["id"] == "17" else one for one in ISSUES)
        server.load(replace(SITE, issues=changed))

    with served() as server:
        server.before[BULK_ISSUES] = lambda: edit(server)
        batches = synced(server)
    place = json.loads(batches[-1].state["issues"])
    assert {record.item.updated for record in items(batches)} >= {moment(late)}
    assert place["watermark"] == _epoch(minute(29))


@pytest.mark.parametrize(
    ("place", "all_later"), [*((at, False) for at in range(6)), *((at, True) for at in range(5))]
)
def test_what_changes_between_the_first_page_and_the_newest_change_is_read_again(
    place: int, all_later: bool
) -> None:
    """The sync has come as far as that change then: the next one would not look for it. Alone, or
    before all that is not read yet changes too."""
    late = "2026-03-01T00:00:00.000+0000"
    changed = [
        _with(one, updated=late, summary="changed") if at == place
        else _with(one, updated=f"2026-03-02T00:00:{at:02}.000+0000") if at > 5 and all_later
        else one
        for at, one in enumerate(ISSUES)
    ]  # fmt: skip
    page = Event()

    class Changing(AlteredServer):
        def answer(self, request: Request) -> Response:
            newest = b'"maxResults":1,' in request.body.replace(b" ", b"").replace(b"}", b",")
            if newest:
                assert page.wait(10)
                self.load(replace(SITE, issues=tuple(changed)))
            found = super().answer(request)
            if request.path.endswith("/search/jql"):
                page.set()
            return found

    with Changing({}, JiraLimits(page=6)) as server:
        server.load(SITE)
        batches = synced(server)
    last = {record.item.key: record.item.title for record in items(batches)}
    assert last[ISSUES[place]["key"]] == "changed"


def _with(one: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**one, "fields": {**one["fields"], **fields}}


def test_what_left_its_project_while_it_was_read_is_looked_for_where_it_went() -> None:
    other = {"id": "102", "key": "SEC", "name": "Secret"}

    def move(server: AlteredServer) -> None:
        gone = tuple(
            {**_with(one, project=other), "key": "SEC-1"} if one["id"] == "17" else one
            for one in ISSUES
        )
        server.load(replace(SITE, issues=gone))

    with served() as server:
        server.before[BULK_ISSUES] = lambda: move(server)
        batches = synced(server, projects=("PAY", "OPS"))
    assert "SEC-1" in keys(batches)
    assert Sweep("cloud-1", "SEC", ()) in batches[-1].sweeps


def test_a_changelog_that_was_cut_is_read_whole() -> None:
    with served() as server:
        whole = items(synced(server))
    with served(limits=JiraLimits(page=6, changelog=1)) as server:
        cut = items(synced(server))
        assert server.paths().count("changelog/bulkfetch") == 1
    assert cut == whole
    with served({BULK_CHANGES: ABSENT}, JiraLimits(page=6, changelog=1)) as server:
        cut = items(synced(server))
        assert sum(path.endswith("/changelog") for path in server.paths()) == len(ISSUES)
    assert cut == whole


def test_a_bad_issue_is_rejected_and_the_sync_goes_on() -> None:
    bad = (
        issue(12, "PAY-12", cf_points="many", updated=minute(12)),
        issue(13, "PAY-13", reporter="a name", updated=minute(13)),
    )
    with served(issues=(*ISSUES[:2], *bad, *ISSUES[4:])) as server:
        batches = synced(server)
    assert len(keys(batches)) == 18
    rejected = [one for batch in batches for one in batch.rejected]
    assert [(one.native_id, one.key) for one in sorted(rejected, key=lambda r: r.key)] == [
        ("12", "PAY-12"),
        ("13", "PAY-13"),
    ]
    assert {"many" in one.reason or "reporter" in one.reason for one in rejected} == {True}


def test_an_epic_named_by_key_is_resolved_by_the_sync_or_one_hop_away() -> None:
    epic, outside = issue(1, "PAY-1", updated=minute(1)), issue(2, "OPS-2", updated=minute(2))
    stories = [
        issue(10, "PAY-10", updated=minute(10), cf_epic="PAY-1"),
        issue(11, "PAY-11", updated=minute(11), cf_epic="OPS-2"),
        issue(12, "PAY-12", updated=minute(12), cf_epic="OPS-2"),
        issue(13, "PAY-13", updated=minute(13), cf_epic="GONE-1"),
    ]
    with served(issues=(epic, outside, *stories)) as server:
        found = items(synced(server, projects=("PAY",)))
        parents = {record.item.key: record.item.parent for record in found}
        assert [path for path in server.paths() if path.startswith("issue/")] == [
            "issue/GONE-1",
            "issue/OPS-2",
        ]
    assert parents == {
        "PAY-1": None, "PAY-10": "cloud-1#1", "PAY-11": "cloud-1#2", "PAY-12": "cloud-1#2",
        "PAY-13": None,
    }  # fmt: skip


def test_each_person_and_word_is_said_once() -> None:
    with served() as server:
        batches = synced(server)
    persons = [one.login for batch in batches for one in batch.persons]
    assert sorted(persons) == ["ada", "bob"]
    inbox = [term for batch in batches for term in batch.terms if term.value == "9"]
    assert len(inbox) == 1


def test_former_assignees_are_asked_for_by_id() -> None:
    moved = change("assignee", "cleo", "dan", names=("Cleo", "Dan"), field_id="assignee")
    entry = history(1, "2026-01-05T00:00:00.000+0000", moved)
    answer = json_response({"values": [user("cleo", "Cleo Now", active=False)]})
    one = issue(10, "PAY-10", entry, updated=minute(10))
    path = "/rest/api/3/user/bulk"
    with served({path: answer}, issues=(one,)) as server:
        persons = [p for batch in synced(server) for p in batch.persons]
        (question,) = [asked for asked in server.asked if asked.path == path]
        assert question.query["accountId"] == ("cleo", "dan")
    assert [(p.login, p.name, p.kind, p.active) for p in persons] == [
        ("ada", "Ada", "person", True),
        ("cleo", "Cleo Now", "person", False),
        ("dan", "Dan", "unknown", False),
    ]


def test_former_assignees_stay_unnamed_where_that_is_refused(
    caplog: pytest.LogCaptureFixture,
) -> None:
    moved = change("assignee", "cleo", None, names=("Cleo", ""), field_id="assignee")
    one = issue(10, "PAY-10", history(1, "2026-01-05T00:00:00.000+0000", moved))
    with served({"/rest/api/3/user/bulk": REFUSED}, issues=(one,)) as server:
        persons = [p.login for batch in synced(server) for p in batch.persons]
    assert persons == ["ada"]
    assert "former assignees stay without a name" in caplog.text


def test_contradictions_are_counted_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    wrong = history(1, "2026-01-05T00:00:00.000+0000", change("status", "1", "9"))
    with served(issues=(issue(10, "PAY-10", wrong), issue(11, "PAY-11", wrong))) as server:
        synced(server)
    assert "changelogs end with another value than the item has (status 2)" in caplog.text


def test_boards_that_may_not_be_seen_are_named_and_their_sprints_come_from_issues(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with served({"/rest/agile/1.0/board/2/sprint": REFUSED}) as server:
        batches = synced(server)
    assert "board 'Team' (2) cannot be seen (403); skipped" in caplog.text
    assert [(one.iteration_id, one.name) for b in batches for one in b.iterations] == [
        ("cloud-1#4", "Sprint 4")
    ]


def test_a_site_without_boards_is_read_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    with served({"/rest/agile/1.0/board": ABSENT}) as server:
        assert len(keys(synced(server))) == 20
    assert "the boards of the site cannot be seen (404); skipped" in caplog.text


def test_a_board_without_sprints_is_no_news(caplog: pytest.LogCaptureFixture) -> None:
    with served({"/rest/agile/1.0/board/2/sprint": json_response({}, 400)}) as server:
        synced(server)
    assert caplog.text == ""


def test_only_configured_boards_are_read() -> None:
    with served() as server:
        synced(server, boards=("Other",))
        assert "board/2/sprint" not in server.paths()
        synced(server, boards=("Team",))
        assert "board/2/sprint" in server.paths()


@pytest.mark.parametrize(
    ("changed", "site"),
    [
        ({}, "cloud-1"),
        ({"/_edge/tenant_info": ABSENT}, "site.example"),
    ],
)
def test_the_identity_of_the_site(changed: dict[str, Response], site: str) -> None:
    with served(changed) as server:
        assert synced(server)[0].sites[0].site == site


def test_a_bad_moment_does_not_give_the_site_another_identity() -> None:
    failing = {"/_edge/tenant_info": json_response({}, 500)}
    failed = pytest.raises(SourceError, match="tenant_info: the tracker failed")
    with served(failing) as server, failed:
        synced(server)


@pytest.mark.parametrize(
    ("changed", "keys", "error", "words"),
    [
        ({}, {"projects": ("PAY", "NOPE")}, AccessError,
         r"projects not found or not visible to this login: NOPE \(known: PAY, OPS\)"),
        ({"/rest/api/3/project/search": json_response({"values": []})}, {}, AccessError,
         "can see no project"),
        ({}, {"fields": {"points": "Story Pionts"}}, ConfigError,
         r"sources.tracker: fields.points: the site has no field 'Story Pionts' \(nearest: St"),
        ({}, {"fields": {"colour": "Flagged"}}, ConfigError, "fields.colour: not a field of ours"),
        ({}, {"jql": "colour = red"}, AccessError, "Field 'colour' does not exist"),
    ],
)  # fmt: skip
def test_what_stops_a_sync(
    changed: dict[str, Response], keys: dict[str, Any], error: type[Exception], words: str
) -> None:
    with served(changed) as server, pytest.raises(error, match=words):
        synced(server, **keys)


def test_a_wrong_token_stops_before_anything_seems_deleted() -> None:
    with served() as server, pytest.raises(AccessError, match=r"the login is refused \(401\)"):
        synced(server, email="somebody@example.com")


def test_an_anonymous_view_is_not_taken_for_the_truth() -> None:
    refusal = json_response({"message": "Client must be authenticated"}, 401)
    with served({"/rest/api/3/myself": refusal}) as server, pytest.raises(AccessError):
        synced(server)


@pytest.mark.usefixtures("small_steps")
def test_progress_is_told() -> None:
    said = Said()
    with served() as server:
        list(connector(server, said).sync({}, now=NOW))
    assert [done for text, done in said.steps if text == "reading items"] == [6, 12, 18, 20]


def test_the_fingerprint_changes_with_what_is_asked_for() -> None:
    with served() as server:
        prints = {
            connector(server, **scope).fingerprint()
            for scope in (
                {}, {"projects": ("PAY",)}, {"jql": "a = b"}, {"boards": ("x",)},
                {"fields": {"points": "cf_points"}},
            )
        }  # fmt: skip
        assert len(prints) == 5
        assert connector(server).fingerprint() == connector(server).fingerprint()


def test_containers() -> None:
    with served() as server:
        one: Connector = connector(server)
        assert [(c.key, c.name) for c in one.containers()] == [
            ("PAY", "Payments"),
            ("OPS", "Operations"),
        ]
