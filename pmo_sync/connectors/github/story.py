"""What an issue's timeline tells, made fit for use: in order, in time, with persons' ids.

Events come late, twice, out of order, without an actor or a time, and under names that have
changed since. What the issue says of itself now overrules events that disagree with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Literal

from msgspec import Struct

from pmo_sync.connectors.github.issue_payloads import Event, Issue
from pmo_sync.connectors.github.people import People
from pmo_sync.connectors.github.spans import Change, in_order

Notes = Counter[str]
"""How often something odd was tolerated, by what it was."""
Topic = Literal[
    "state", "assignee", "label", "milestone", "title", "container", "duplicate", "parent",
    "dependency", "type", "column", "field",
]  # fmt: skip

TOPICS: Mapping[str, Topic] = {
    "ClosedEvent": "state",
    "ReopenedEvent": "state",
    "ConvertedToDiscussionEvent": "state",
    "AssignedEvent": "assignee",
    "UnassignedEvent": "assignee",
    "LabeledEvent": "label",
    "UnlabeledEvent": "label",
    "MilestonedEvent": "milestone",
    "DemilestonedEvent": "milestone",
    "RenamedTitleEvent": "title",
    "TransferredEvent": "container",
    "MarkedAsDuplicateEvent": "duplicate",
    "UnmarkedAsDuplicateEvent": "duplicate",
    "ParentIssueAddedEvent": "parent",
    "ParentIssueRemovedEvent": "parent",
    "BlockedByAddedEvent": "dependency",
    "BlockingAddedEvent": "dependency",
    "IssueTypeAddedEvent": "type",
    "IssueTypeChangedEvent": "type",
    "IssueTypeRemovedEvent": "type",
    "ProjectV2ItemStatusChangedEvent": "column",
    "RemovedFromProjectV2Event": "column",
    "IssueFieldAddedEvent": "field",
    "IssueFieldChangedEvent": "field",
    "IssueFieldRemovedEvent": "field",
}
"""Type of an event -> what it tells of: each reader looks at its own events alone."""

_AT = attrgetter("at")


class Told(Struct, frozen=True, gc=False):
    """One event that can be placed in time."""

    # No dataclass: they are made by the million.

    at: datetime
    kind: str
    actor: str | None
    event: Event


class Story(Struct, frozen=True):
    """An issue, who opened it, and its events by topic, oldest first; none is before it was
    opened."""

    issue: Issue
    item_id: str
    author: str | None
    told: Mapping[Topic, Sequence[Told]]
    notes: Notes

    def of(self, topic: Topic) -> Sequence[Told]:
        """The events that tell of something."""
        return self.told.get(topic, ())

    def opened(self, value: str | None) -> Change:
        """The value that a field had when the issue was opened."""
        return Change(self.issue.created_at, value, self.author)

    def settled(
        self, what: str, changes: list[Change], now: str | None, since: datetime | None = None
    ) -> list[Change]:
        """Put changes in order, and let today's value overrule the last one where they disagree:
        from ``since`` (by default the last update), but not before what it overrules."""
        ordered = in_order(changes)
        last = ordered[-1]
        if last.value == now:
            return ordered
        self.notes[f"{what} disagrees with its events"] += 1
        return in_order([*ordered, Change(max(since or self.issue.updated_at, last.at), now)])


def story_of(issue: Issue, item_id: str, people: People, notes: Notes) -> Story:
    """Take what can be used of an issue's timeline, and count what cannot."""
    told: dict[Topic, list[Told]] = {}
    opened = last = issue.created_at
    orderly, id_of = True, people.id_of
    for event in issue.timeline_items.members() if issue.timeline_items else ():
        topic, at = TOPICS.get(event.typename), event.created_at
        if topic is None:
            notes["event of an unknown type"] += 1
            continue
        if at is None:
            notes["event without a time"] += 1
            continue
        if at < last:
            at, orderly = max(at, opened), False
        last = at
        one = Told(at, event.typename, id_of(event.actor), event)
        if topic in told:
            told[topic].append(one)
        else:
            told[topic] = [one]
    if not orderly:
        for events in told.values():
            events.sort(key=_AT)
    return Story(issue, item_id, id_of(issue.author), told, notes)
