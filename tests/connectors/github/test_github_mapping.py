from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_sync.connectors.github.mapping import (
    UnmappableError,
    map_milestone,
    observe_milestone,
    site_of,
    site_terms,
)
from pmo_sync.connectors.github.repository_payloads import Milestone, Repository
from pmo_sync.model import Link, Site, WorkItem
from tests.connectors.github.github_samples import (
    ANN,
    BOB,
    CONTEXT,
    SITE,
    day,
    event,
    mapped,
    stamp,
    user,
)

OPENED = datetime(2024, 1, 1, tzinfo=UTC)
END = datetime(9999, 1, 1, tzinfo=UTC)


def ref(number: int) -> dict[str, Any]:
    repository = {"nameWithOwner": "acme/api"}
    return {
        "__typename": "Issue",
        "databaseId": 900 + number,
        "number": number,
        "repository": repository,
    }


def test_an_issue_becomes_an_item() -> None:
    assert mapped().record.item == WorkItem(
        item_id=f"{SITE}#1000",
        site=SITE,
        key="acme/shop#12",
        container="acme/shop",
        type="Issue",
        rank=0,
        title="Pay by card",
        status="open",
        created=OPENED,
        updated=day(100),
        url="https://github.test/acme/shop/issues/12",
        reporter=f"{SITE}#1",
    )


@pytest.mark.parametrize(
    ("fields", "item_id"),
    [
        ({"databaseId": 5, "fullDatabaseId": None}, f"{SITE}#5"),
        ({"databaseId": None, "fullDatabaseId": "6000000000"}, f"{SITE}#6000000000"),
        ({"databaseId": 5, "fullDatabaseId": 6000000000}, f"{SITE}#6000000000"),
    ],
)
def test_the_id_is_the_immutable_number_of_64_bits(fields: Any, item_id: str) -> None:
    assert mapped(**fields).record.item.item_id == item_id


def test_an_issue_without_an_id_cannot_be_mapped() -> None:
    with pytest.raises(UnmappableError):
        mapped(databaseId=None, fullDatabaseId=None)


def test_what_is_hidden_or_absent_is_left_empty() -> None:
    context = replace(CONTEXT, restricted=True)
    item = mapped(
        context=context, author=None, title=None, url="javascript:alert(1)", labels=None,
        assignees=None, timelineItems=None, subIssuesSummary={"total": 2},
        issueType={"name": "Epic"},
    ).record.item  # fmt: skip
    assert (item.reporter, item.title, item.url) == (None, "", "")
    assert (item.restricted, item.rank, item.type) == (True, 1, "Epic")


@pytest.mark.parametrize(
    ("actor", "kind"),
    [
        (user("ann", 1), "person"),
        (user("dependabot", 2, "Bot"), "app"),
        (user("ghost", 10137), "unknown"),
        (user("imported", 3, "Mannequin"), "unknown"),
        (user("acme", 4, "Organization"), "unknown"),
    ],
)
def test_accounts_become_persons(actor: dict[str, Any], kind: str) -> None:
    [person] = mapped(author=actor).persons
    assert (person.person_id, person.login, person.name, person.kind) == (
        f"{SITE}#{actor['databaseId']}", actor["login"], actor["login"], kind,
    )  # fmt: skip


def test_dependencies_are_links_from_the_blocker_each_once() -> None:
    result = mapped(blockedBy={"nodes": [ref(1), ref(1)]}, blocking={"nodes": [ref(2), None, {}]})
    me = (f"{SITE}#1000", "acme/shop#12")
    one, two = (f"{SITE}#901", "acme/api#1"), (f"{SITE}#902", "acme/api#2")
    assert result.record.links == (
        Link(one[0], me[0], "blocks", "blocks 901 1000", one[1], me[1]),
        Link(me[0], two[0], "blocks", "blocks 1000 902", me[1], two[1]),
    )


def test_a_dependency_begins_with_the_event_that_says_so() -> None:
    added = event("BlockedByAddedEvent", 5, blockingIssue=ref(1))
    adding = event("BlockingAddedEvent", 7, blockedIssue=ref(2))
    result = mapped(added, adding, blockedBy={"nodes": [ref(1)]}, blocking={"nodes": [ref(2)]})
    assert [link.valid_from for link in result.record.links] == [day(5), day(7)]


def test_duplicates_are_links_until_they_are_unmarked() -> None:
    def marked(kind: str, at: float, canonical: Any) -> dict[str, Any]:
        return event(kind, at, duplicate=ref(3), canonical=canonical)

    result = mapped(
        marked("MarkedAsDuplicateEvent", 1, ref(1)),
        marked("MarkedAsDuplicateEvent", 2, ref(2)),
        marked("UnmarkedAsDuplicateEvent", 3, ref(1)),
        marked("MarkedAsDuplicateEvent", 4, {"__typename": "PullRequest"}),
    )
    [link] = result.record.links
    assert (link.kind, link.from_id, link.to_id) == ("duplicates", f"{SITE}#903", f"{SITE}#902")
    assert link.valid_from == day(2)
    assert result.notes == {"duplicate of something unknown": 1}


def test_a_milestone_is_observed_for_github_keeps_no_history_of_it() -> None:
    milestone = map_milestone(
        Milestone(3, "2.0", "CLOSED", "https://x/3", day(31), day(40)), CONTEXT
    )
    assert (milestone.milestone_id, milestone.state) == (f"{SITE}#77/milestone/3", "closed")
    assert (milestone.due, milestone.finished) == (date(2024, 2, 1), date(2024, 2, 10))
    observed = {one.field: one.value for one in observe_milestone(milestone)}
    assert observed == {"name": "2.0", "state": "closed", "due": "2024-02-01"}


def test_the_site_is_where_its_repositories_say_they_are() -> None:
    repository = Repository("acme/shop", "https://git.corp:8443/acme/shop")
    assert site_of(repository) == Site(
        "git.corp:8443", "github", "https://git.corp:8443", "git.corp:8443"
    )


def test_every_status_has_a_category() -> None:
    categories = {term.value: term.category for term in site_terms(SITE) if term.field == "status"}
    assert categories == {
        "open": "todo", "completed": "done", "not_planned": "dropped", "duplicate": "dropped",
        "discussion": "dropped",
    }  # fmt: skip


names = st.sampled_from(["a", "b", "size/3", "size/5"])
times = st.none() | st.integers(-3, 60)
parent = st.none() | st.integers(1, 2).map(ref)
person = st.sampled_from([ANN, BOB, user("helper", 9, "Bot"), None])
events = st.lists(
    st.one_of(
        st.builds(lambda at, reason: event("ClosedEvent", at, stateReason=reason), times,
                  st.sampled_from([None, "COMPLETED", "NOT_PLANNED"])),
        st.builds(lambda at, kind: event(kind, at), times,
                  st.sampled_from(["ReopenedEvent", "ConvertedToDiscussionEvent", "Unknown"])),
        st.builds(lambda at, kind, name: event(kind, at, label={"name": name}), times,
                  st.sampled_from(["LabeledEvent", "UnlabeledEvent"]), names),
        st.builds(lambda at, kind, who: event(kind, at, assignee=who), times,
                  st.sampled_from(["AssignedEvent", "UnassignedEvent"]), person),
        st.builds(lambda at, kind, title: event(kind, at, milestoneTitle=title), times,
                  st.sampled_from(["MilestonedEvent", "DemilestonedEvent"]), names),
        st.builds(lambda at, kind, one: event(kind, at, parent=one), times,
                  st.sampled_from(["ParentIssueAddedEvent", "ParentIssueRemovedEvent"]), parent),
        st.builds(lambda at, old, new: event("RenamedTitleEvent", at, previousTitle=old,
                                             currentTitle=new), times, names, names),
    ),
    max_size=12,
)  # fmt: skip
present = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["OPEN", "CLOSED"]),
        "closedAt": st.none() | st.integers(0, 60).map(lambda days: stamp(day(days))),
        "labels": st.lists(names, unique=True).map(
            lambda found: {"nodes": [{"name": name} for name in found]}
        ),
        "assignees": st.lists(st.sampled_from([ANN, BOB]), unique_by=id).map(
            lambda found: {"nodes": found}
        ),
        "milestone": st.none() | st.just({"number": 3, "title": "c"}),
        "parent": parent,
    }
)


@settings(max_examples=200)
@given(events, present)
def test_whatever_the_timeline_says_history_holds_together(told: Any, now: Any) -> None:
    result = mapped(*told, **now)
    history = result.record.history
    for row in history:
        assert row.valid_from >= OPENED
        assert row.valid_to is None or row.valid_from < row.valid_to
        assert row.entity_id == result.record.item.item_id
    several = {"label", "assignee"}
    spans = sorted(
        (row.field, row.value if row.field in several else "", row.valid_from, row.valid_to or END)
        for row in history
    )
    for one, other in pairwise(spans):
        assert one[:2] != other[:2] or one[3] <= other[2], "intervals overlap"
    open_rows = [(row.field, row.value) for row in history if row.valid_to is None]
    assert len(open_rows) == len(set(open_rows))


@settings(max_examples=200)
@given(events, present)
def test_the_open_rows_are_what_the_issue_says_of_itself_now(told: Any, now: Any) -> None:
    result = mapped(*told, **now)
    open_rows = {(row.field, row.value) for row in result.record.history if row.valid_to is None}
    labels = {name for field, name in open_rows if field == "label"}
    assert labels == {node["name"] for node in now["labels"]["nodes"]}
    users = {f"{SITE}#{node['databaseId']}" for node in now["assignees"]["nodes"]}
    assigned = {who for field, who in open_rows if field == "assignee"}
    assert assigned - {f"{SITE}#9"} == users
    milestones = {one for field, one in open_rows if field == "milestone"}
    assert milestones == ({f"{SITE}#77/milestone/3"} if now["milestone"] else set())
    status = {value for field, value in open_rows if field == "status"}
    assert status == {result.record.item.status}
    assert (result.record.item.status == "open") == (now["state"] == "OPEN")


@settings(max_examples=100)
@given(events, present)
def test_repeated_events_change_nothing(told: Any, now: Any) -> None:
    assert mapped(*told, *told, **now).record == mapped(*told, **now).record
