"""What an issue's timeline tells, made fit for use: in order, in time, with persons' ids.

Events come late, twice, out of order, without an actor or a time, and under names that have
changed since. What the issue says of itself now overrules events that disagree with it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from pmo_sync.connectors.github.payloads import Event, Issue
from pmo_sync.connectors.github.people import People
from pmo_sync.connectors.github.shape import EVENTS
from pmo_sync.connectors.github.spans import Change, in_order

Notes = Counter[str]
"""How often something odd was tolerated, by what it was."""

KNOWN = frozenset(name.title().replace("_", "") for name in EVENTS)


class Told(NamedTuple):
    """One event that can be placed in time."""

    # A tuple, not a dataclass: they are made by the million.

    at: datetime
    kind: str
    actor: str | None
    event: Event


@dataclass(frozen=True, slots=True)
class Story:
    """An issue, who opened it, and its events, oldest first; none is before it was opened."""

    issue: Issue
    item_id: str
    author: str | None
    told: tuple[Told, ...]
    notes: Notes
    kinds: frozenset[str] = frozenset()
    """The types that there are."""

    def of(self, *kinds: str) -> list[Told]:
        """The events of some types."""
        if self.kinds.isdisjoint(kinds):
            return []
        return [told for told in self.told if told.kind in kinds]

    def opened(self, value: str | None) -> Change:
        """The value that a field had when the issue was opened."""
        return Change(self.issue.created_at, value, self.author)

    def settled(
        self, what: str, changes: list[Change], now: str | None, since: datetime | None = None
    ) -> list[Change]:
        """Let today's value overrule the last change where they disagree: from ``since`` (by
        default the last update), but not before what it overrules."""
        ordered = in_order(changes)
        last = ordered[-1]
        if last.value == now:
            return ordered
        self.notes[f"{what} disagrees with its events"] += 1
        return [*ordered, Change(max(since or self.issue.updated_at, last.at), now)]


def story_of(issue: Issue, item_id: str, people: People, notes: Notes) -> Story:
    """Take what can be used of an issue's timeline, and count what cannot."""
    told = []
    for event in issue.timeline_items.members() if issue.timeline_items else ():
        if event.typename not in KNOWN:
            notes["event of an unknown type"] += 1
        elif event.created_at is None:
            notes["event without a time"] += 1
        else:
            at = max(event.created_at, issue.created_at)
            told.append(Told(at, event.typename, people.id_of(event.actor), event))
    told.sort(key=attrgetter("at"))
    kinds = frozenset(one.kind for one in told)
    return Story(issue, item_id, people.id_of(issue.author), tuple(told), notes, kinds)
