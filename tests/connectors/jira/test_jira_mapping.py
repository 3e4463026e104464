"""What a Jira issue becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from pmo_sync.connectors.jira.fields import FieldMap, map_fields
from pmo_sync.connectors.jira.mapping import Mapped
from pmo_sync.connectors.jira.payloads import Field, FieldSchema
from pmo_sync.connectors.jira.site import SiteContext
from pmo_sync.model import Link
from tests.connectors.jira.jira_wire import (
    change,
    encoded,
    history,
    issue,
    mapped_by,
    persons_of,
    user,
)

FIELDS = FieldMap(
    {
        "points": ("cf_points", "cf_estimate"),
        "iteration": ("cf_sprint",),
        "parent": ("cf_epic", "cf_parent"),
        "flagged": ("cf_flag",),
        "start": ("cf_start",),
        "due": ("duedate",),
    },
    {},
)
CONTEXT = SiteContext("site", "https://site", FIELDS, {"10": 2}, {"100": "PAY", "101": "OLD"})
DAY = "2026-01-%02dT00:00:00.000+0000"


def mapped(
    *histories: dict[str, Any], epics: dict[str, str] | None = None, **fields: Any
) -> Mapped:
    payload = issue(1, "PAY-1", *histories, **fields)
    return mapped_by(encoded(payload), CONTEXT, epics or {})


def told(result: Mapped, field: str) -> list[str]:
    """The rows of a field as 'value day-day origin'."""
    rows = [row for row in result.record.rows() if row.field == field]
    return [
        f"{row.value} {row.valid_from:%m%d}-{f'{row.valid_to:%m%d}' if row.valid_to else ''}"
        + ("" if row.origin == "changelog" else f" {row.origin}")
        for row in sorted(rows, key=lambda row: (row.valid_from, str(row.value)))
    ]


def test_the_item() -> None:
    item = mapped(
        created="2026-01-01T08:00:00.000+0800",
        reporter=user("rita"),
        assignee=user("ada"),
        priority={"id": "3", "name": "Medium"},
        resolution={"id": "7", "name": "Done"},
        parent={"id": "9", "key": "PAY-9"},
        cf_start="2026-01-05",
        duedate="2026-03-01",
        cf_points=5,
        timeoriginalestimate=3600,
        timeestimate=0,
        timespent=60,
        cf_flag=[{"value": "Impediment", "id": "1"}],
        security={"id": "1", "name": "Board only"},
    ).record.item
    assert (item.item_id, item.key, item.container) == ("site#1", "PAY-1", "PAY")
    assert (item.type, item.rank, item.status) == ("10", 2, "1")
    assert item.created == datetime(2026, 1, 1, tzinfo=UTC)
    assert (item.resolution, item.priority, item.reporter) == ("7", "3", "site#rita")
    assert (item.parent, item.points) == ("site#9", 5.0)
    assert (item.start, item.due) == (date(2026, 1, 5), date(2026, 3, 1))
    assert (item.estimate, item.remaining, item.spent) == (3600, 0, 60)
    assert (item.flagged, item.restricted) == (True, True)
    assert item.url == "https://site/browse/PAY-1"


def test_an_item_with_nothing_but_what_it_must_have() -> None:
    nothing = ("summary", "reporter", "assignee", "priority", "cf_points", "labels", "components")
    more = ("fixVersions", "issuelinks", "cf_sprint", "parent", "timespent")
    result = mapped(**dict.fromkeys((*nothing, *more)))
    item = result.record.item
    assert (item.title, item.reporter, item.priority, item.points) == ("", None, None, None)
    assert (item.flagged, item.restricted) == (False, False)
    assert [row.field for row in result.record.rows()] == ["status"]


@pytest.mark.parametrize(
    ("fields", "points"),
    [
        ({"cf_points": 3}, 3.0),
        ({"cf_points": "13.0"}, 13.0),
        ({"cf_points": ""}, None),
        ({"cf_estimate": 0.5}, 0.5),
        ({"cf_points": None, "cf_estimate": 8}, 8.0),
        ({"cf_points": 1, "cf_estimate": 8}, 1.0),
    ],
)
def test_points_from_either_field(fields: dict[str, Any], points: float | None) -> None:
    assert mapped(**fields).record.item.points == points


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"cf_points": "many"}, ValueError),
        ({"cf_points": "NaN"}, ValueError),
        ({"cf_points": {"value": 1}}, ValueError),
        ({"duedate": "tomorrow"}, ValueError),
        ({"cf_parent": {"data": "X-9"}}, msgspec.ValidationError),
        ({"created": "2026-01-01T00:00:00"}, ValueError),
        ({"status": None}, msgspec.ValidationError),
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        mapped(**fields)


def status(number: int, day: int, before: str, after: str, *more: dict[str, Any]) -> dict[str, Any]:
    return history(number, DAY % day, change("status", before, after, field_id="status"), *more)


def test_status_from_creation_to_now() -> None:
    result = mapped(status(2, 9, "5", "1"), status(1, 4, "3", "5"))
    assert told(result, "status") == ["3 0101-0104", "5 0104-0109", "1 0109-"]


def test_changes_of_one_moment_are_ordered_by_their_number() -> None:
    """Number 10 comes after number 9, though not as text."""
    assert told(mapped(status(10, 4, "5", "1"), status(9, 4, "3", "5")), "status") == [
        "3 0101-0104", "1 0104-",
    ]  # fmt: skip


def test_a_migration_moves_status_only_by_administration() -> None:
    entry = status(1, 4, "3", "1", change("Workflow", "a", "b"), change("Flagged", "", "[1]"))
    result = mapped(entry, cf_flag=[{"id": "1"}])
    assert told(result, "status") == ["3 0101-0104", "1 0104- migration"]
    assert told(result, "flagged") == ["None 0101-0104", "true 0104-"]


@pytest.mark.parametrize(
    ("items", "fields", "field", "rows"),
    [
        pytest.param(
            [change("resolution", None, "7", field_id="resolution")],
            {"resolution": {"id": "7"}}, "resolution", ["None 0101-0105", "7 0105-"], id="null",
        ),
        pytest.param(
            [change("Story Points", None, None, names=("", "13"), field_id="cf_points")],
            {"cf_points": 13}, "points", ["None 0101-0105", "13.0 0105-"], id="points in text only",
        ),
        pytest.param(
            [change("Estimate", None, None, names=("1", "2"), field_id="cf_estimate")],
            {"cf_points": 13}, "points", ["13.0 0101-"], id="the other points field",
        ),
        pytest.param(
            [change("duedate", "2026-02-01", "2026-03-01",
                    names=("2026-02-01 00:00:00.0", "2026-03-01 00:00:00.0"), field_id="duedate")],
            {"duedate": "2026-03-01"}, "due", ["2026-02-01 0101-0105", "2026-03-01 0105-"],
            id="due",
        ),
        pytest.param(
            [change("timeestimate", "7200", "0", field_id="timeestimate")],
            {"timeestimate": 0}, "remaining", ["7200 0101-0105", "0 0105-"], id="zero is a value",
        ),
        pytest.param(
            [change("Flagged", "[1]", "", names=("Impediment", ""), field_id="cf_flag")],
            {}, "flagged", ["true 0101-0105", "None 0105-"], id="unflagged",
        ),
        pytest.param(
            [change("Epic Link", None, "7", names=("", "PAY-7"), field_id="cf_epic")],
            {"cf_epic": "PAY-7"}, "parent", ["None 0101-0105", "site#7 0105-"], id="epic by key",
        ),
        pytest.param(
            [change("Parent Link", "8", "9", names=("X-8", "X-9"), field_id="cf_parent")],
            {"cf_parent": "X-9"}, "parent", ["site#8 0101-0105", "site#9 0105-"],
            id="above an epic",
        ),
        pytest.param(
            [change("Parent Link", None, "9"), change("Epic Link", "6", None, field_id="cf_epic")],
            {"cf_parent": "X-9"}, "parent", ["site#6 0101-0105", "site#9 0105-"],
            id="out of an epic to above one",
        ),
        pytest.param(
            [change("IssueParentAssociation", "6", "7"), change("Epic Link", "6", None)],
            {"parent": {"id": "7", "key": "PAY-7"}}, "parent",
            ["site#6 0101-0105", "site#7 0105-"], id="from one parent field to another",
        ),
        pytest.param(
            [change("Sprint", "3", "3, 4", field_id="cf_sprint")],
            {"cf_sprint": [{"id": 3}, {"id": 4}]}, "iteration", ["site#3 0101-", "site#4 0105-"],
            id="sprints as a list",
        ),
        pytest.param(
            [change("Sprint", "3", "", field_id="cf_sprint")],
            {}, "iteration", ["site#3 0101-0105"], id="out of all sprints",
        ),
        pytest.param(
            [change("labels", None, None, names=("a b", "b c"), field_id="labels")],
            {"labels": ["b", "c"]}, "label", ["a 0101-0105", "b 0101-", "c 0105-"], id="labels",
        ),
        pytest.param(
            [change("Fix Version", "8", None, names=("v1", "")),
             change("Fix Version", None, "9", names=("", "v2"))],
            {"fixVersions": [{"id": "9"}, {"id": "5"}]}, "milestone",
            ["site#5 0101-", "site#8 0101-0105", "site#9 0105-"], id="versions by id",
        ),
        pytest.param(
            [change("Component", None, "2", names=("", "Old name"), field_id="components")],
            {"components": [{"id": "2", "name": "New name"}]}, "component", ["New name 0105-"],
            id="a renamed component",
        ),
        pytest.param(
            [change("assignee", "ada", "bob", field_id="assignee")],
            {"assignee": user("bob")}, "assignee", ["site#ada 0101-0105", "site#bob 0105-"],
            id="assignee",
        ),
        pytest.param([change("summary", None, None, names=("Old", "Title of PAY-1"))],
            {}, "title", ["Old 0101-0105", "Title of PAY-1 0105-"], id="title"),
        pytest.param([change("Key", None, None, names=("OLD-3", "PAY-1"))],
            {}, "key", ["OLD-3 0101-0105", "PAY-1 0105-"], id="moved, key"),
        pytest.param([change("project", "101", "100", names=("Old name", "Payments"))],
            {}, "container", ["OLD 0101-0105", "PAY 0105-"], id="moved, project by id"),
        pytest.param([change("project", "555", "100", names=("A hidden project", "Payments"))],
            {}, "container", ["A hidden project 0101-0105", "PAY 0105-"], id="moved from hidden"),
        pytest.param([change("issuetype", "11", "10", field_id="issuetype")],
            {}, "type", ["11 0101-0105", "10 0105-"], id="type"),
        pytest.param([change("RemoteIssueLink", "1", "1")], {}, "title", [], id="noise"),
        pytest.param([change("Key", "a", "b", field_id="cf_own")], {}, "key", [],
            id="a custom field with a name of ours"),
    ],
)  # fmt: skip
def test_history(
    items: list[dict[str, Any]], fields: dict[str, Any], field: str, rows: list[str]
) -> None:
    result = mapped(history(1, DAY % 5, *items), **fields)
    assert told(result, field) == rows
    assert not result.disagreements


TARGETS = ["None 0101-0105", "2026-03-01 0105-"]


@pytest.mark.parametrize(
    ("item", "fields", "field", "rows"),
    [
        (change("Target end", None, "2026-03-01", field_id="cf_end"), {"cf_end": "2026-03-01"},
         "target_end", TARGETS),
        (change("Target start", None, None, names=("", "2026-03-01"), field_id="cf_begin"),
         {"cf_begin": "2026-03-01T00:00:00.000+0000"}, "target_start", TARGETS),
        (change("Team", None, "t-1", names=("", "Blue"), field_id="cf_team"),
         {"cf_team": {"id": "t-1", "name": "Blue"}}, "tracker_team",
         ["None 0101-0105", "Blue 0105-"]),
        (change("Team", None, "t-1", names=("", "Blue"), field_id="cf_team"),
         {"cf_team": "t-1"}, "tracker_team", ["None 0101-0105", "Blue 0105-"]),
        (change("Team", "Red", "Blue", field_id="cf_team"), {"cf_team": {"value": "Blue"}},
         "tracker_team", ["Red 0101-0105", "Blue 0105-"]),
    ],
)  # fmt: skip
def test_targets_and_team(
    item: dict[str, Any], fields: dict[str, Any], field: str, rows: list[str]
) -> None:
    ids = {"target_start": ("cf_begin",), "target_end": ("cf_end",), "tracker_team": ("cf_team",)}
    context = replace(CONTEXT, fields=FieldMap(ids, {}))
    payload = issue(1, "PAY-1", history(1, DAY % 5, item), **fields)
    result = mapped_by(encoded(payload), context)
    assert told(result, field) == rows
    assert not result.disagreements


def test_a_field_that_never_had_a_value_has_no_rows() -> None:
    entry = history(1, DAY % 5, change("resolution", None, "", field_id="resolution"))
    assert told(mapped(entry), "resolution") == []


def test_who_changed_what() -> None:
    result = mapped(
        history(1, DAY % 5, change("status", "3", "1", field_id="status"), by="bob"),
        {"id": "2", "created": DAY % 6, "items": [change("status", "1", "1", field_id="status")]},
    )
    actors = [row.actor for row in result.record.rows() if row.field == "status"]
    assert actors == ["site#ada", "site#bob"]


def test_the_items_own_value_counts_and_the_disagreement_is_told() -> None:
    result = mapped(
        history(1, DAY % 5, change("status", "3", "9", field_id="status")),
        history(2, DAY % 6, change("Sprint", "", "4", field_id="cf_sprint")),
        cf_sprint=[{"id": 5}],
        updated=DAY % 20,
    )
    assert told(result, "status") == ["3 0101-0105", "9 0105-0120", "1 0120- corrected"]
    assert told(result, "iteration") == [
        "site#4 0106-0120 corrected",
        "site#5 0120- corrected",
    ]
    assert [(one.field, one.said, one.now) for one in result.disagreements] == [
        ("iteration", "site#4", None),
        ("iteration", None, "site#5"),
        ("status", "9", "1"),
    ]


@pytest.mark.parametrize(
    ("fields", "epics", "parent"),
    [
        ({"parent": {"id": "7", "key": "X-7"}, "cf_epic": "X-8"}, {"X-8": "8"}, "site#7"),
        ({"cf_epic": "X-8"}, {"X-8": "8"}, "site#8"),
        ({"cf_epic": "X-8"}, {}, None),
        ({"cf_parent": "X-9"}, {"X-9": "9"}, "site#9"),
        ({"cf_epic": "X-8", "cf_parent": {"showField": False}}, {"X-8": "8"}, "site#8"),
        ({"cf_parent": {"showField": False}}, {}, None),
        ({"cf_parent": {"showField": True, "data": {"id": 9, "key": "X-9"}}}, {"X-9": "9"},
         "site#9"),
        ({}, {"X-8": "8"}, None),
    ],
)  # fmt: skip
def test_the_parent(fields: dict[str, Any], epics: dict[str, str], parent: str | None) -> None:
    assert mapped(epics=epics, **fields).record.item.parent == parent


def test_the_fields_of_a_parent_are_found_by_kind_in_every_language_or_by_name() -> None:
    kind = FieldSchema("any", "com.atlassian.jpo:jpo-custom-field-parent")
    said = [Field("cf_1", "Übergeordnet", field_schema=kind), Field("cf_2", "Epic Link")]
    assert map_fields(said, {}).ids["parent"] == ("cf_2", "cf_1")
    assert map_fields([Field("cf_3", "Parent Link")], {}).ids["parent"] == ("cf_3",)


def link(name: str, inward: str, outward: str, **ends: Any) -> dict[str, Any]:
    return {
        "id": "77",
        "type": {"id": "1", "name": name, "inward": inward, "outward": outward},
    } | ends


THERE = {"id": "2", "key": "PAY-2"}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (
            link("Blocks", "is blocked by", "blocks", outwardIssue=THERE),
            ("site#1", "site#2", "blocks", "77", "PAY-1", "PAY-2"),
        ),
        (
            link("Blocks", "is blocked by", "blocks", inwardIssue=THERE),
            ("site#2", "site#1", "blocks", "77", "PAY-2", "PAY-1"),
        ),
        (
            link("Duplicate", "is duplicated by", "duplicates", inwardIssue=THERE),
            ("site#2", "site#1", "duplicates", "77", "PAY-2", "PAY-1"),
        ),
        (
            link("Problem/Incident", "is caused by", "causes", outwardIssue=THERE),
            ("site#1", "site#2", "causes", "77", "PAY-1", "PAY-2"),
        ),
        (
            link("Cloners", "is cloned by", "clones", outwardIssue=THERE),
            ("site#1", "site#2", "relates", "77", "PAY-1", "PAY-2"),
        ),
    ],
)
def test_links(payload: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert mapped(issuelinks=[payload, payload]).record.links == (Link(*expected),)  # type: ignore[arg-type]


def test_both_ends_tell_the_same_link() -> None:
    here = {"id": "1", "key": "PAY-1"}
    one = link("Blocks", "is blocked by", "blocks", outwardIssue=THERE)
    other = link("Blocks", "is blocked by", "blocks", inwardIssue=here)
    far = mapped_by(encoded(issue(2, "PAY-2", issuelinks=[other])), CONTEXT)
    assert mapped(issuelinks=[one]).record.links == far.record.links


def test_a_link_counts_from_when_it_was_made_last() -> None:
    made = change("Link", None, "PAY-2", names=("", "This issue blocks PAY-2"))
    cut = change("Link", "PAY-2", None, names=("This issue blocks PAY-2", ""))
    other = change("Link", None, "PAY-2", names=("", "This issue clones PAY-2"))
    days = [(3, made), (4, cut), (6, made), (8, other)]
    blocks = link("Blocks", "is blocked by", "blocks", outwardIssue=THERE)
    found = mapped(*(history(n, DAY % n, item) for n, item in days), issuelinks=[blocks])
    assert found.record.links[0].valid_from == datetime(2026, 1, 6, tzinfo=UTC)


def test_people() -> None:
    result = mapped(
        history(1, DAY % 5, change("assignee", "old", "bob", names=("An Old Hand", "Bob"))),
        {"id": "2", "created": DAY % 6, "author": user("robot", accountType="app"), "items": []},
        {"id": "3", "created": DAY % 7, "author": {"accountId": ""}, "items": []},
        assignee=user("bob", "Bob", emailAddress="bob@example.com", timeZone="Asia/Tokyo"),
        reporter={"accountId": "gone", "active": False},
    )
    assert {one.login: (one.name, one.kind, one.active) for one in persons_of(result, "site")} == {
        "ada": ("Ada", "person", True),
        "robot": ("Robot", "app", True),
        "bob@example.com": ("Bob", "person", True),
        "gone": ("gone", "person", False),
    }
    zones = {one.login: one.timezone for one in persons_of(result, "site") if one.timezone}
    assert zones == {"bob@example.com": "Asia/Tokyo"}
    assert result.former == {"site#old": "An Old Hand"}


def test_words_of_today_take_the_place_of_those_of_old_changelogs() -> None:
    old = change("status", "5", "1", names=("Resolved", "Opened"), field_id="status")
    used = mapped(history(1, DAY % 5, old)).used
    assert {native: name for (field, native), name in used.items() if field == "status"} == {
        "5": "Resolved", "1": "Open",
    }  # fmt: skip


def test_sprints_of_an_issue_are_iterations() -> None:
    sprint = {
        "id": 4, "name": "Sprint 4", "state": "CLOSED", "boardId": 2,
        "startDate": "2026-01-02T00:00:00.000Z", "completeDate": "2026-01-20T00:00:00.000Z",
    }  # fmt: skip
    (one,) = mapped(cf_sprint=[sprint]).iterations
    assert (one.iteration_id, one.state, one.board, one.end) == ("site#4", "closed", "2", None)
    assert one.completed == datetime(2026, 1, 20, tzinfo=UTC)


def test_a_type_that_the_site_does_not_list_brings_its_own_level() -> None:
    empty = replace(CONTEXT, ranks={})
    kinds: list[tuple[dict[str, Any], int]] = [
        ({"hierarchyLevel": 1}, 1),
        ({"subtask": True}, -1),
        ({}, 0),
    ]
    for kind, rank in kinds:
        payload = issue(issuetype={"id": "99", "name": "x"} | kind)
        assert mapped_by(encoded(payload), empty).record.item.rank == rank


DONE = {"id": "3", "name": "Closed", "statusCategory": {"key": "done"}}
OPEN = {"id": "1", "name": "Open", "statusCategory": {"key": "new"}}
FIXED = {"id": "7", "name": "Fixed"}
MOVED = history(1, DAY % 9, change("status", "1", "3", field_id="status"))


@pytest.mark.parametrize(
    ("histories", "fields", "status"),
    [
        ((), {"status": DONE, "resolution": FIXED, "resolutiondate": DAY % 5},
         ["None 0101-0105", "3 0105-"]),
        ((MOVED,), {"status": DONE, "resolution": FIXED, "resolutiondate": DAY % 5},
         ["1 0101-0109", "3 0109-"]),
        ((), {"status": DONE, "resolution": FIXED}, ["3 0101-"]),
        ((), {"status": DONE, "resolutiondate": DAY % 5}, ["3 0101-"]),
        ((), {"status": OPEN, "resolution": FIXED, "resolutiondate": DAY % 5}, ["1 0101-"]),
        ((), {"status": DONE, "resolution": FIXED,
              "resolutiondate": "2025-12-05T00:00:00.000+0000"}, ["3 0101-"]),
    ],
    ids=["imported", "in the changelog", "undated", "unresolved", "open", "before it was there"],
)  # fmt: skip
def test_what_was_finished_before_the_changelog_began(
    histories: tuple[Any, ...], fields: dict[str, Any], status: list[str]
) -> None:
    """An import has no changelog: the resolution date says when it was finished, and what its
    status was before is not known."""
    assert told(mapped(*histories, **fields), "status") == status
