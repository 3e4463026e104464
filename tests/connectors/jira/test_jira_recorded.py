"""What real Jira Cloud data does that naive code does not expect, one sentence a test."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec

from pmo_sync.connectors.jira.issue import moment, utc
from pmo_sync.connectors.jira.issue_payloads import History
from pmo_sync.connectors.jira.payloads import Project
from pmo_sync.connectors.jira.site import iteration, person, status_terms
from pmo_sync.model import HistoryRow
from tests.connectors.jira.jira_recorded import (
    SITE,
    context,
    decoded,
    mapped,
    needed,
    parsed,
    raw,
    second_site,
    sprints,
    statuses,
    users,
)
from tests.connectors.jira.jira_wire import mapped_by

pytestmark = needed


def rows(key: str, field: str) -> list[HistoryRow]:
    """An item's rows of a field, oldest first."""
    found = [row for row in mapped()[key].record.rows() if row.field == field]
    return sorted(found, key=lambda row: (row.valid_from, str(row.value)))


def values(key: str, field: str) -> list[str | None]:
    return [
        None if row.value is None else row.value.removeprefix(f"{SITE}#")
        for row in rows(key, field)
    ]


def test_everything_recorded_decodes() -> None:
    assert len(parsed()) == 33
    assert len([msgspec.json.decode(one, type=History) for one in raw("issue_changelogs")]) == 279
    assert len([msgspec.json.decode(one, type=Project) for one in raw("projects")]) == 12
    assert (len(statuses()), len(sprints()), len(users())) == (53, 30, 30)
    assert Counter(path.split("/")[0] for path in second_site()) == {
        "complete_sample": 6, "testdata": 6,
    }  # fmt: skip


def test_histories_come_newest_first_and_the_order_does_not_matter() -> None:
    newest_first = 0
    for one in raw("issues"):
        payload = json.loads(one)
        histories = payload["changelog"]["histories"]
        times = [moment(history["created"]) for history in histories]
        newest_first += len(times) > 1 and times == sorted(times, reverse=True)
        payload["changelog"]["histories"] = [*reversed(histories), *histories[:2]]
        turned = mapped_by(json.dumps(payload).encode(), context())
        known = mapped()[payload["key"]].record.rows()
        assert sorted(turned.record.rows(), key=repr) == sorted(known, key=repr)
    assert newest_first == 32


def test_a_workflow_migration_moves_nobodys_work() -> None:
    """EE-1 was closed on 19 June 2020; in March 2021 an administrator renamed its status."""
    last = rows("EE-1", "status")[-1]
    assert (last.value, last.origin) == ("10068", "migration")
    assert last.valid_from == datetime(2021, 3, 28, 8, 6, 8, 715000, tzinfo=UTC)
    worked = [row for row in rows("EE-1", "status") if row.origin == "changelog"]
    assert worked[-1].value == "6"
    assert worked[-1].valid_from == datetime(2020, 6, 19, 6, 31, 18, 526000, tzinfo=UTC)
    days = Counter(
        row.valid_from.date().isoformat()
        for one in mapped().values()
        for row in one.record.rows()
        if row.origin == "migration"
    )
    assert days == {"2020-06-12": 51, "2021-03-28": 30}


def test_a_migration_does_not_count_as_an_update() -> None:
    """So an incremental sync sees it only with the item's next change."""
    later = [
        issue.key
        for issue in parsed().values()
        if any(utc(h.created) > issue.updated + timedelta(days=1) for h in issue.histories)
    ]
    assert len(later) == 29


def test_the_sites_table_decides_the_category() -> None:
    terms = {term.value: term for term in status_terms(SITE, statuses())}
    embedded = json.loads(raw("issues")[0])["fields"]["status"]
    assert (embedded["id"], embedded["statusCategory"]["key"]) == ("10068", "new")
    assert terms["10068"].category == "done"


def test_a_status_name_contradicts_its_category() -> None:
    terms = {term.value: term for term in status_terms(SITE, statuses())}
    assert (terms["10144"].name, terms["10144"].category) == ("已解决", "in_progress")


def test_a_name_stands_for_several_ids() -> None:
    names = Counter(term.name for term in status_terms(SITE, statuses()))
    assert {name: n for name, n in names.items() if n > 1} == {
        "To Do": 6, "In Progress": 6, "Done": 6,
    }  # fmt: skip


def test_one_id_carries_several_names_over_time() -> None:
    words: dict[tuple[str, str], set[str]] = {}
    for one in mapped().values():
        for word, name in one.used.items():
            words.setdefault(word, set()).add(name)
    assert words["status", "3"] == {"In Development", "In Progress"}
    assert values("EE-1", "status") == ["10020", "10029", "3", "1", "6", "10068"]
    # Version 10026 was called SaaS when it was set and is called v2.7.0 now: one member, open.
    assert values("EE-1", "milestone") == ["10008", "10026"]
    assert [row.valid_to is None for row in rows("EE-1", "milestone")] == [False, True]


def test_statuses_of_old_workflows_have_a_word_but_no_category() -> None:
    listed = {status.id for status in statuses()}
    seen = {
        native: name
        for one in mapped().values()
        for (field, native), name in one.used.items()
        if field == "status"
    }
    gone = {native: name for native, name in seen.items() if native not in listed}
    assert set(gone) == {"5", "10000", "10020", "10029"}
    assert gone["5"] == "Resolved"


def test_a_renamed_sprint_is_found_by_its_id() -> None:
    named = [
        item.to_string
        for history in parsed()["EE-1"].histories
        for item in history.items
        if item.field == "Sprint"
    ]
    assert named == ["Sprints Sprint 1"]
    assert values("EE-1", "iteration") == ["7"]
    assert {one.name for one in mapped()["EE-1"].iterations} == {"EE Sprint 7"}


def test_no_sprint_is_an_empty_text_not_null() -> None:
    before = {
        item.from_
        for issue in parsed().values()
        for history in issue.histories
        for item in history.items
        if item.field == "Sprint"
    }
    assert "" in before
    assert None not in before
    assert f"{SITE}#" not in {row.value for one in mapped().values() for row in one.record.rows()}


def test_a_sprint_completes_weeks_after_its_end_or_early() -> None:
    late = {one.id: iteration(SITE, one) for one in sprints()}
    assert late[20].completed is not None and late[20].end is not None
    assert late[20].completed - late[20].end > timedelta(weeks=8)
    assert late[7].completed is not None and late[7].end is not None
    assert late[7].completed < late[7].end


def test_changelog_times_have_an_offset_and_sprint_times_are_utc() -> None:
    created = [history.created for one in parsed().values() for history in one.histories]
    assert {isinstance(at, datetime) and at.utcoffset() for at in created} == {timedelta(hours=8)}
    assert {one.start_date[-1] for one in sprints() if one.start_date} == {"Z"}
    item = mapped()["EE-1"].record.item
    assert item.created == datetime(2020, 6, 12, 0, 13, 13, 360000, tzinfo=UTC)
    assert iteration(SITE, sprints()[0]).start == datetime(
        2020, 6, 12, 0, 38, 51, 882000, tzinfo=UTC
    )


def test_most_changelog_entries_are_noise() -> None:
    fields = Counter(item["field"] for one in decoded("issue_changelogs") for item in one["items"])
    assert fields.most_common(1) == [("RemoteIssueLink", 243)]
    known = {row.field for one in mapped().values() for row in one.record.rows()}
    assert known == {
        "status", "resolution", "priority", "points", "start", "due", "estimate", "remaining",
        "spent", "parent", "type", "assignee", "label", "milestone", "iteration",
    }  # fmt: skip


def test_inactive_users_and_apps() -> None:
    people = {one.login: one for one in (person(SITE, user) for user in users()) if one}
    assert len(people) == 30
    inactive = [user for user in users() if not user.active]
    assert len(inactive) == 8
    assert sum(one.kind == "app" for one in people.values()) == 2
    hidden = person(SITE, next(user for user in inactive if not user.email_address))
    assert hidden is not None
    assert (hidden.login, hidden.active) == (hidden.person_id.removeprefix(f"{SITE}#"), False)


def test_an_author_without_an_account_is_nobody() -> None:
    entries = [msgspec.json.decode(one, type=History) for one in raw("issue_changelogs")]
    nameless = [one.author for one in entries if one.author and not one.author.account_id]
    assert len(nameless) == 1
    assert person(SITE, nameless[0]) is None


def test_null_assignee() -> None:
    alone = [key for key, issue in parsed().items() if issue.fields.assignee is None]
    assert alone == ["K5-2", "K5-3", "K5-4"]
    assert [rows(key, "assignee") for key in alone] == [[], [], []]


def test_custom_fields_are_many_and_some_are_packed() -> None:
    """We decode those that are mapped and leave the rest, e.g. time in status, packed in text."""
    counts = [len(one["fields"]) for one in decoded("issues")]
    assert (min(counts), max(counts)) == (153, 162)
    (packed,) = (
        one["fields"]["customfield_10023"] for one in decoded("issues") if one["key"] == "EE-1"
    )
    assert packed.startswith("10029_*:*_1_*:*_")


def test_a_deleted_epic_leaves_no_trace_in_the_changelog() -> None:
    """14 items say in their changelog that they are in an epic, and are in none."""
    found = [one for each in mapped().values() for one in each.disagreements]
    assert Counter(one.field for one in found) == {"parent": 14}
    assert {one.now for one in found} == {None}
    last = rows("EE-1", "parent")[-1]
    assert (last.valid_from, last.origin) == (parsed()["EE-1"].updated, "corrected")


def test_a_title_that_ends_with_a_nul() -> None:
    assert "\0" in str(parsed()["EE-4"].fields.summary)
    assert "\0" not in mapped()["EE-4"].record.item.title


def test_points_kept_as_text() -> None:
    assert parsed()["EE-1"].points() == -1.0
    one = second_site()["testdata/SP-13.json"].record
    assert one.item.points == 13.0
    points = [(row.value, row.valid_to is None) for row in one.rows() if row.field == "points"]
    assert points == [(None, False), ("13.0", True)]


def test_flags_go_up_and_down() -> None:
    ups = {
        path: [row.value for row in one.record.rows() if row.field == "flagged"]
        for path, one in second_site().items()
        if one.record.item.flagged
    }
    assert ups
    assert all(flags[-1] == "true" for flags in ups.values())
    downs = [
        [row.value for row in one.record.rows() if row.field == "flagged"]
        for one in second_site().values()
        if not one.record.item.flagged
    ]
    assert [None, "true", None] in downs


def test_links_with_the_day_they_were_made() -> None:
    links = second_site()["testdata/SP-15.json"].record.links
    assert {(link.kind, link.to_key, link.valid_from is not None) for link in links} == {
        ("relates", "SP-13", True),
        ("blocks", "SP-15", True),
    }


def test_the_second_sites_changelogs_agree_with_its_items() -> None:
    disagreeing = {path: one.disagreements for path, one in second_site().items()}
    assert {path for path, found in disagreeing.items() if found} == set()
