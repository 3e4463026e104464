"""The history of what an issue may have several of: labels, assignees, milestones. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeVar

from pmo_sync.connectors.github.payloads import Connection
from pmo_sync.connectors.github.people import People
from pmo_sync.connectors.github.spans import Change, member_rows
from pmo_sync.connectors.github.story import Story
from pmo_sync.model import HistoryRow

N = TypeVar("N")
ENTERED, LEFT = "MilestonedEvent", "DemilestonedEvent"
Toggles = dict[str, list[Change]]
"""Member -> when it came (its own name) and went (None)."""


def label_rows(story: Story) -> list[HistoryRow]:
    """The labels. An event keeps the name that a label had then: where one label is there that no
    event told of, and one has gone without an event, it is the same label renamed."""
    toggles: Toggles = defaultdict(list)
    for told in story.of("label"):
        label = told.event.label
        if label is None or not label.name:
            story.notes["label event without a label"] += 1
            continue
        name = label.name
        toggles[name].append(
            Change(told.at, name if told.kind == "LabeledEvent" else None, told.actor)
        )
    present = {label.name for label in _members(story.issue.labels)}
    untold = present - toggles.keys()
    if len(untold) == 1:
        vanished = [name for name in toggles.keys() - present if _there(toggles[name])]
        if len(vanished) == 1:
            _rename(toggles, vanished.pop(), untold.pop())
    return _rows(story, "label", toggles, present)


def assignee_rows(story: Story, people: People) -> list[HistoryRow]:
    """The assignees. Older servers do not list bots among the present ones: events tell."""
    toggles: Toggles = defaultdict(list)
    bots = set()
    for told in story.of("assignee"):
        assignee = told.event.assignee
        person = people.id_of(assignee)
        if person is None or assignee is None:
            story.notes["assignment of nobody"] += 1
            continue
        if assignee.typename == "Bot":
            bots.add(person)
        toggles[person].append(
            Change(told.at, person if told.kind == "AssignedEvent" else None, told.actor)
        )
    present = {
        person for actor in _members(story.issue.assignees) if (person := people.id_of(actor))
    }
    present |= {bot for bot in bots if _there(toggles[bot])}
    return _rows(story, "assignee", toggles, present)


def milestone_rows(
    story: Story, ids: Mapping[str, str], current: str | None, made: dict[str, str], prefix: str
) -> list[HistoryRow]:
    """The milestones, one at a time. Events carry titles, which change: the last event's is the
    present milestone whatever it was called, another is looked up in ``ids``, and one that
    nobody bears any more gets an id made of it, noted in ``made`` (id -> title)."""
    events = story.of("milestone")
    if not events:
        return member_rows(story.item_id, "milestone", [story.opened(current)])
    last = events[-1]
    entered = last.kind == ENTERED and current
    latest = {last.event.milestone_title: current} if entered else {}

    def id_of(title: str | None) -> str | None:
        if not title:
            return None
        known = ids.get(title) or latest.get(title)
        if not known:
            known = f"{prefix}{title}"
            made[known] = title
        return known

    before = id_of(events[0].event.milestone_title) if events[0].kind == LEFT else None
    changes = [story.opened(before)]
    for told in events:
        arrived = None
        if told.kind == ENTERED:
            arrived = current if told is last and current else id_of(told.event.milestone_title)
        changes.append(Change(told.at, arrived, told.actor))
    return member_rows(story.item_id, "milestone", story.settled("milestone", changes, current))


def _members(connection: Connection[N] | None) -> tuple[N, ...]:
    return connection.members() if connection else ()


def _there(changes: Sequence[Change]) -> bool:
    return changes[-1].value is not None


def _rename(toggles: Toggles, old: str, new: str) -> None:
    toggles[new] = [
        Change(change.at, new if change.value else None, change.actor)
        for change in toggles.pop(old)
    ]


def _rows(story: Story, field: str, toggles: Toggles, present: set[str]) -> list[HistoryRow]:
    """Rows a member; what is there now, or went before it came, was there from the start."""
    rows: list[HistoryRow] = []
    for member in sorted(present.union(toggles)):
        changes: Sequence[Change] = toggles.get(member, ())
        if not changes or changes[0].value is None:
            changes = [story.opened(member), *changes]
        if len(changes) == 1 and member in present:  # as most: it came and stayed
            (came,) = changes
            rows.append(HistoryRow("item", story.item_id, field, member, came.at, None, came.actor))
            continue
        now = member if member in present else None
        rows += member_rows(story.item_id, field, story.settled(field, [*changes], now))
    return rows
