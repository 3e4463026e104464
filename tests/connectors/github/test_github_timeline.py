"""Each case: events, and what the issue says of itself now -> rows of (value, from, to) in days."""

from typing import Any

import pytest

from pmo_sync.connectors.github.shape import EVENTS
from pmo_sync.connectors.github.story import TOPICS
from tests.connectors.github.github_samples import (
    ANN,
    BOB,
    day,
    event,
    history,
    mapped,
    rows,
    stamp,
)

REF = {"databaseId": 900, "number": 9, "repository": {"nameWithOwner": "acme/shop"}}
OTHER = {"databaseId": 901, "number": 10, "repository": {"nameWithOwner": "acme/shop"}}


def closed(at: float, reason: str | None = None) -> dict[str, Any]:
    return event("ClosedEvent", at, stateReason=reason)


def now_closed(at: float, reason: str | None = "COMPLETED") -> dict[str, Any]:
    return {"state": "CLOSED", "stateReason": reason, "closedAt": stamp(day(at))}


@pytest.mark.parametrize(
    ("events", "now", "expected"),
    [
        pytest.param([], {}, [("open", 0, None)], id="opened"),
        pytest.param(
            [closed(3, "COMPLETED")],
            now_closed(3),
            [("open", 0, 3), ("completed", 3, None)],
            id="closed",
        ),
        pytest.param(
            [closed(3)],
            now_closed(3, "NOT_PLANNED"),
            [("open", 0, 3), ("not_planned", 3, None)],
            id="the last closing does not say why, the issue does",
        ),
        pytest.param(
            [closed(3), event("ReopenedEvent", 5)],
            {"stateReason": "REOPENED"},
            [("open", 0, 3), ("completed", 3, 5), ("open", 5, None)],
            id="reopened is open",
        ),
        pytest.param(
            [closed(3, "DUPLICATE")],
            now_closed(3, "DUPLICATE"),
            [("open", 0, 3), ("duplicate", 3, None)],
            id="duplicate",
        ),
        pytest.param(
            [closed(7, "COMPLETED"), event("ReopenedEvent", 5), closed(3), closed(3)],
            now_closed(7),
            [("open", 0, 3), ("completed", 3, 5), ("open", 5, 7), ("completed", 7, None)],
            id="out of order, and twice",
        ),
        pytest.param(
            [closed(0)], now_closed(0), [("completed", 0, None)], id="closed as it was opened"
        ),
        pytest.param(
            [event("ConvertedToDiscussionEvent", 4)],
            now_closed(4.5),
            [("open", 0, 4), ("discussion", 4, None)],
            id="became a discussion: not delivered, though GitHub says completed",
        ),
        pytest.param(
            [event("ConvertedToDiscussionEvent", 4), closed(5)],
            now_closed(5),
            [("open", 0, 4), ("discussion", 4, None)],
            id="closing what became a discussion",
        ),
    ],
)
def test_status(events: Any, now: Any, expected: Any) -> None:
    result = mapped(*events, **now)
    assert rows(result, "status") == expected
    assert result.record.item.status == expected[-1][0]
    assert not result.notes


@pytest.mark.parametrize(
    ("events", "now", "expected"),
    [
        pytest.param(
            [], now_closed(8), [("open", 0, 8), ("completed", 8, None)], id="closed unheard"
        ),
        pytest.param(
            [closed(3)], {}, [("open", 0, 3), ("completed", 3, 100), ("open", 100, None)],
            id="open again, unheard: by the last update",
        ),
        pytest.param(
            [closed(3, "COMPLETED")], now_closed(3, "NOT_PLANNED"),
            [("open", 0, 3), ("not_planned", 3, None)],
            id="the reason was changed",
        ),
    ],
)  # fmt: skip
def test_the_present_status_overrules_the_events(events: Any, now: Any, expected: Any) -> None:
    result = mapped(*events, **now)
    assert rows(result, "status") == expected
    assert result.notes["status disagrees with its events"] == 1


def test_a_reason_that_we_do_not_know_is_kept_as_a_word_without_category() -> None:
    result = mapped(closed(3, "SPAM"), **now_closed(3, "SPAM"))
    assert rows(result, "status")[-1] == ("spam", 3, None)
    [term] = result.terms
    assert (term.field, term.value, term.name, term.category) == ("status", "spam", "Spam", None)


def label(kind: str, at: float, name: str | None) -> dict[str, Any]:
    return event(kind, at, label=name and {"name": name})


@pytest.mark.parametrize(
    ("events", "present", "expected"),
    [
        ([label("LabeledEvent", 1, "bug")], ["bug"], [("bug", 1, None)]),
        ([label("LabeledEvent", 1, "bug"), label("UnlabeledEvent", 4, "bug")], [], [("bug", 1, 4)]),
        ([], ["bug"], [("bug", 0, None)]),
        ([label("UnlabeledEvent", 4, "bug")], [], [("bug", 0, 4)]),
        ([label("LabeledEvent", 1, "bug"), label("UnlabeledEvent", 1, "bug")], [], []),
        ([label("LabeledEvent", 1, "bug")], [], [("bug", 1, 100)]),
        ([label("LabeledEvent", 1, "smell")], ["tweak"], [("tweak", 1, None)]),
        (
            [label("LabeledEvent", 1, "a"), label("LabeledEvent", 2, "b")],
            ["c", "d"],
            [("a", 1, 100), ("b", 2, 100), ("c", 0, None), ("d", 0, None)],
        ),
        ([label("LabeledEvent", 1, None)], [], []),
    ],
    ids=[
        "added", "added and removed", "there but never added", "removed but never added",
        "there for no time", "gone, unheard", "renamed", "too many renamed to tell", "nameless",
    ],
)  # fmt: skip
def test_labels(events: Any, present: list[str], expected: Any) -> None:
    result = mapped(*events, labels={"nodes": [{"name": name} for name in present]})
    assert rows(result, "label") == expected


def test_points_and_priority_follow_the_labels() -> None:
    result = mapped(
        label("LabeledEvent", 1, "size/3"),
        label("LabeledEvent", 4, "size/5"),
        label("UnlabeledEvent", 6, "size/3"),
        label("LabeledEvent", 2, "priority: High"),
        label("UnlabeledEvent", 7, "priority: High"),
        labels={"nodes": [{"name": "size/5"}]},
    )
    assert rows(result, "points") == [(None, 0, 1), ("3.0", 1, 4), ("5.0", 4, None)]
    assert rows(result, "priority") == [(None, 0, 2), ("high", 2, 7), (None, 7, None)]
    assert (result.record.item.points, result.record.item.priority) == (5.0, None)
    assert [(term.value, term.name) for term in result.terms] == [("high", "High")]


def assigned(kind: str, at: float, who: Any) -> dict[str, Any]:
    return event(kind, at, assignee=who)


def test_assignees_are_persons_each_with_rows_of_their_own() -> None:
    result = mapped(
        assigned("AssignedEvent", 1, ANN),
        assigned("AssignedEvent", 2, BOB),
        assigned("UnassignedEvent", 3, ANN),
        assigned("AssignedEvent", 5, ANN),
        assigned("AssignedEvent", 6, None),
        assignees={"nodes": [ANN, BOB]},
    )
    assert rows(result, "assignee") == [
        ("github.test#1", 1, 3), ("github.test#1", 5, None), ("github.test#2", 2, None),
    ]  # fmt: skip
    assert result.notes == {"assignment of nobody": 1}


def test_an_assigned_bot_is_believed_where_the_server_lists_users_alone() -> None:
    bot = {"__typename": "Bot", "login": "helper", "databaseId": 9}
    result = mapped(assigned("AssignedEvent", 1, bot), assigned("AssignedEvent", 1, BOB))
    assert rows(result, "assignee") == [("github.test#2", 1, 100), ("github.test#9", 1, None)]


def test_titles_have_rows_once_they_have_changed() -> None:
    assert rows(mapped(), "title") == []
    renamed = event("RenamedTitleEvent", 5, previousTitle="Pay", currentTitle="Pay by card")
    assert rows(mapped(renamed), "title") == [("Pay", 0, 5), ("Pay by card", 5, None)]


def test_parents_come_and_go() -> None:
    added, removed = "ParentIssueAddedEvent", "ParentIssueRemovedEvent"
    assert rows(mapped(), "parent") == []
    assert rows(mapped(parent=REF), "parent") == [("github.test#900", 0, None)]
    moved = mapped(
        event(added, 2, parent=REF), event(removed, 5, parent=REF), event(added, 5, parent=OTHER),
        event(added, 6, parent=None), parent=OTHER,
    )  # fmt: skip
    assert rows(moved, "parent") == [
        (None, 0, 2), ("github.test#900", 2, 5), ("github.test#901", 5, None),
    ]  # fmt: skip
    assert moved.record.item.parent == "github.test#901"
    assert rows(mapped(event(removed, 5, parent=REF)), "parent") == [
        ("github.test#900", 0, 5), (None, 5, None),
    ]  # fmt: skip


def test_a_transferred_issue_was_elsewhere_under_a_key_that_nobody_tells() -> None:
    result = mapped(event("TransferredEvent", 5, fromRepository={"nameWithOwner": "acme/old"}))
    assert rows(result, "container") == [("acme/old", 0, 5), ("acme/shop", 5, None)]
    assert rows(result, "key") == [("acme/shop#12", 5, None)]
    hidden = mapped(event("TransferredEvent", 5, fromRepository=None))
    assert rows(hidden, "container") == [("acme/shop", 5, None)]


def test_types_have_rows_once_they_have_changed() -> None:
    added = event("IssueTypeAddedEvent", 2, issueType={"name": "Task"})
    changed = event(
        "IssueTypeChangedEvent", 4, prevIssueType={"name": "Task"}, issueType={"name": "Bug"}
    )
    removed = event("IssueTypeRemovedEvent", 6, issueType={"name": "Bug"})
    assert rows(mapped(issueType={"name": "Bug"}), "type") == []
    assert rows(mapped(changed, added, issueType={"name": "Bug"}), "type") == [
        ("Issue", 0, 2), ("Task", 2, 4), ("Bug", 4, None),
    ]  # fmt: skip
    assert rows(mapped(removed), "type") == [("Bug", 0, 6), ("Issue", 6, None)]


def test_what_cannot_be_used_of_a_timeline_is_counted() -> None:
    result = mapped(
        event("NewfangledEvent", 3), closed(3) | {"createdAt": None}, {"__typename": ""}
    )
    assert rows(result, "status") == [("open", 0, None)]
    assert result.notes == {"event of an unknown type": 2, "event without a time": 1}


def test_an_event_without_an_actor_counts_and_one_before_the_opening_is_drawn_to_it() -> None:
    result = mapped(closed(3) | {"actor": None}, label("LabeledEvent", -2, "bug"),
                    labels={"nodes": [{"name": "bug"}]}, **now_closed(3))  # fmt: skip
    [opened, ended] = history(result, "status")
    assert (opened.actor, ended.actor) == ("github.test#1", None)
    assert rows(result, "label") == [("bug", 0, None)]


def test_every_event_that_is_asked_for_tells_of_something() -> None:
    asked = {name.title().replace("_", "") for name in EVENTS}
    assert asked == TOPICS.keys()
