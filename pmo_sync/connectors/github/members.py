"""The history of what an issue may have several of: labels, assignees, milestones. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pmo_sync.connectors.github.payloads import Connection
from pmo_sync.connectors.github.people import People
from pmo_sync.connectors.github.spans import Change, member_rows
from pmo_sync.connectors.github.story import Story, Told
from pmo_sync.model import HistoryRow

N = TypeVar("N")
CAME = frozenset(("LabeledEvent", "AssignedEvent"))
"""Events by which something came; by the others of their topics it went."""
ENTERED, LEFT = "MilestonedEvent", "DemilestonedEvent"
Toggles = dict[str, list[Told]]
"""Member -> the events by which it came and went, oldest first."""


def label_rows(story: Story) -> list[HistoryRow]:
    """The labels. An event keeps the name that a label had then: where one label is there that no
    event told of, and one has gone without an event, it is the same label renamed."""
    toggles: Toggles = {}
    for told in story.of("label"):
        label = told.event.label
        if label is None or not label.name:
            story.notes["label event without a label"] += 1
        else:
            toggles.setdefault(label.name, []).append(told)
    present = {label.name for label in _members(story.issue.labels)}
    untold = present - toggles.keys()
    if len(untold) == 1:
        vanished = [name for name in toggles.keys() - present if _there(toggles[name])]
        if len(vanished) == 1:
            toggles[untold.pop()] = toggles.pop(vanished.pop())
    return _rows(story, "label", toggles, present)


def assignee_rows(story: Story, people: People) -> list[HistoryRow]:
    """The assignees. Older servers do not list bots among the present ones: events tell."""
    toggles: Toggles = {}
    bots = set()
    for told in story.of("assignee"):
        assignee = told.event.assignee
        person = people.id_of(assignee)
        if person is None or assignee is None:
            story.notes["assignment of nobody"] += 1
            continue
        if assignee.typename == "Bot":
            bots.add(person)
        toggles.setdefault(person, []).append(told)
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


def _there(events: Sequence[Told]) -> bool:
    return events[-1].kind in CAME


def _rows(story: Story, field: str, toggles: Toggles, present: set[str]) -> list[HistoryRow]:
    """Rows a member; what is there now, or went before it came, was there from the start."""
    rows: list[HistoryRow] = []
    item_id = story.item_id
    for member in sorted(present.union(toggles)):
        events = toggles.get(member, ())
        if len(events) == 1 and member in present and _there(events):  # as most: it came and stayed
            (came,) = events
            rows.append(HistoryRow("item", item_id, field, member, came.at, None, came.actor))
            continue
        now = member if member in present else None
        settled = story.settled(field, _changes(story, member, events), now)
        rows += member_rows(item_id, field, settled)
    return rows


def _changes(story: Story, member: str, events: Sequence[Told]) -> list[Change]:
    """When a member came and went."""
    changes = [Change(one.at, member if one.kind in CAME else None, one.actor) for one in events]
    if not changes or changes[0].value is None:
        changes.insert(0, story.opened(member))
    return changes
