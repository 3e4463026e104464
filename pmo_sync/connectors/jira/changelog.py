"""Jira's changelog -> history rows: pure.

Histories come newest or oldest first, sometimes twice, with names as they were at the time; ids
are what counts. What the changelog does not know of, the item's present value corrects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from pmo_sync.connectors.jira.fields import FieldMap
from pmo_sync.connectors.jira.issue import moment
from pmo_sync.connectors.jira.issue_payloads import ChangeItem, History
from pmo_sync.connectors.jira.timeline import Span, Step, Timeline, timeline, unchanged
from pmo_sync.connectors.jira.values import Members, Read, Readers
from pmo_sync.model import (
    ATTRIBUTE_FIELDS,
    MAPPED_FIELDS,
    SEVERAL_FIELDS,
    SINGLE_FIELDS,
    HistoryRow,
    global_id,
)

_BY_ID = {
    "status": "status", "resolution": "resolution", "priority": "priority", "issuetype": "type",
    "summary": "title", "timeoriginalestimate": "estimate", "timeestimate": "remaining",
    "timespent": "spent", "assignee": "assignee", "labels": "label", "components": "component",
    "fixVersions": "milestone",
}  # fmt: skip
_BY_NAME = _BY_ID | {
    "Fix Version": "milestone", "Component": "component", "Parent": "parent",
    "Epic Link": "parent", "IssueParentAssociation": "parent", "Sprint": "iteration",
    "Flagged": "flagged", "Key": "key", "project": "container", "duedate": "due",
    "Link": "link", "Workflow": "workflow",
}  # fmt: skip
"""Entries without a field id: those of old changelogs and those that are no field."""

_CLOSING = ("status", "resolution")
_ONE_VALUE = (*SINGLE_FIELDS, *MAPPED_FIELDS, *ATTRIBUTE_FIELDS)
_WHOLE = ("label", "iteration")
"""Fields whose changes name all members before and after, not only those that came or went."""
TICK = timedelta(milliseconds=1)
"""The shortest time that Jira tells apart."""


class Change(Struct, frozen=True, gc=False):
    """One field of one change, under our name of the field."""

    at: datetime
    order: tuple[datetime, int, str]
    field: str
    item: ChangeItem
    actor: str | None
    migration: bool


class Subject(Struct, frozen=True):
    """What the rows are of, and what holds now: single values, and members by field.

    ``resolved`` is when the tracker says that a finished issue was finished.
    """

    item_id: str
    site: str
    created: datetime
    updated: datetime
    creator: str | None
    now: Mapping[str, str | None]
    members: Mapping[str, frozenset[str]]
    resolved: datetime | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field whose changelog does not end with the value that the item has."""

    item_id: str
    field: str
    said: str | None
    now: str | None


def changes(
    histories: Sequence[History], site: str, fields: FieldMap, chosen: frozenset[str]
) -> list[Change]:
    """List what changed in fields of ours, oldest first, each change once.

    ``chosen`` are the ids of mapped fields that have a value here: where a site has two fields
    for one of ours, the changes of the one in use count.
    """
    found: list[Change] = []
    known = fields.by_id()
    for history in {history.id: history for history in histories}.values():
        at = moment(history.created)
        actor = person_id(site, history)
        order, items = (at, len(history.id), history.id), history.items
        migration = False
        if len(items) > 1:
            migration = "Workflow" in [item.field for item in items]
            # An item may leave one parent field for another in one change: the new value is last.
            items = sorted(items, key=_set_last)
        found += [
            Change(at, order, name, item, actor, migration)
            for item in items
            if (name := _ours(item, fields, known, chosen))
        ]
    found.sort(key=attrgetter("order"))
    return found


def _set_last(item: ChangeItem) -> bool:
    return bool(item.to)


def person_id(site: str, history: History) -> str | None:
    """Return who made a change, where Jira says so."""
    account = history.author.identity if history.author else ""
    return global_id(site, account) if account else None


def history_rows(
    subject: Subject, found: Sequence[Change], readers: Readers
) -> tuple[list[HistoryRow], list[Disagreement]]:
    """Build every history row of an item, by the rules of ``HistoryRow``."""
    rows: list[HistoryRow] = []
    disagreements: list[Disagreement] = []
    by_field: dict[str, list[Change]] = {}
    for change in found:
        by_field.setdefault(change.field, []).append(change)
    rows.extend(_always(subject, by_field))
    for name, line in _lines(subject, by_field, readers):
        spans = _held(line) if name in SEVERAL_FIELDS else line.spans
        rows += [
            HistoryRow("item", subject.item_id, name, s.value, s.start, s.end, s.actor, s.origin)
            for s in spans
        ]
        if not line.agrees:
            now = line.spans[-1].value
            disagreements.append(Disagreement(subject.item_id, name, line.said, now))
    return rows, disagreements


def _always(subject: Subject, by_field: Mapping[str, Sequence[Change]]) -> Iterator[HistoryRow]:
    """Yield the rows of values that the changelog does not name, which are most of all: they have
    held since the beginning."""
    item, created, creator = subject.item_id, subject.created, subject.creator
    for name, value in subject.now.items():
        if (
            value is not None
            and name not in by_field
            and name not in ATTRIBUTE_FIELDS
            and not (subject.resolved and name in _CLOSING)
        ):
            yield HistoryRow("item", item, name, value, created, None, creator)
    for name, members in subject.members.items():
        if members and name not in by_field:
            for member in sorted(members):
                yield HistoryRow("item", item, name, member, created, None, creator)


def _ours(
    item: ChangeItem, fields: FieldMap, known: Mapping[str, str], chosen: frozenset[str]
) -> str | None:
    field_id = item.field_id
    if field_id is None and item.kind == "custom":
        field_id = fields.named(item.field)
    if field_id is None:
        return _BY_NAME.get(item.field)
    ours = known.get(field_id)
    if ours is None:
        return _BY_ID.get(field_id)
    in_use = chosen.intersection(fields.ids[ours])
    return ours if not in_use or field_id in in_use else None


def _lines(
    subject: Subject, by_field: Mapping[str, Sequence[Change]], readers: Readers
) -> Iterator[tuple[str, Timeline]]:
    """Lay out the fields that the changelog names, and those that were only set when resolved."""
    for name in _ONE_VALUE:
        if name in by_field:
            line = _single(subject, name, by_field[name], readers.single[name])
        elif subject.resolved and name in _CLOSING:
            line = _since_resolved(subject, subject.now.get(name), subject.resolved)
        else:
            continue
        if any(span.value is not None for span in line.spans):
            yield name, line
    for name in SEVERAL_FIELDS:
        if name in by_field:
            for line in _several(subject, name, by_field[name], readers.several[name]):
                yield name, line


def _single(subject: Subject, name: str, mine: Sequence[Change], read: Read) -> Timeline:
    now = subject.now.get(name)
    steps = [
        Step(
            change.at,
            read(change.item.to, change.item.to_string),
            change.actor,
            "migration" if change.migration and name == "status" else "changelog",
        )
        for change in mine
    ]
    together = [change.item for change in mine if change.order == mine[0].order]
    before = [read(item.from_, item.from_string) for item in together]
    start = next((value for value in before if value is not None), None)
    return timeline(Step(subject.created, start, subject.creator), steps, now, subject.updated)


def _since_resolved(subject: Subject, now: str | None, resolved: datetime) -> Timeline:
    """Lay out how an item was closed that was imported, or is older than its changelog: it was not
    finished before it was resolved, but what it was nobody says."""
    first = Step(subject.created, None, subject.creator)
    return timeline(first, [Step(resolved, now)], now, subject.updated)


def _several(
    subject: Subject, name: str, mine: Sequence[Change], read: Members
) -> Iterator[Timeline]:
    now = subject.members.get(name, frozenset())
    if not mine:
        yield from (unchanged(Step(subject.created, one, subject.creator)) for one in sorted(now))
        return
    pairs = [
        (read(each.item.from_, each.item.from_string), read(each.item.to, each.item.to_string))
        for each in mine
    ]
    # One that came with the last change and is gone was there for the shortest time there is.
    latest = max(subject.updated, max(subject.created, mine[-1].at) + TICK)
    for member in sorted(now.union(*(old | new for old, new in pairs))):
        steps = [
            Step(each.at, member if member in new else None, each.actor)
            for each, (old, new) in zip(mine, pairs, strict=True)
            if member in old ^ new
        ]
        there = member in pairs[0][0] if name in _WHOLE else not steps or steps[0].value is None
        first = Step(subject.created, member if there else None, subject.creator)
        yield timeline(first, steps, member if member in now else None, latest)


def _held(line: Timeline) -> Iterator[Span]:
    """Yield when a member was there; what it lost without a change was corrected at its end."""
    for span, after in zip_longest(line.spans, line.spans[1:]):
        if span.value is not None:
            lost = after is not None and after.origin == "corrected"
            yield replace(span, origin="corrected") if lost else span
