"""Jira's changelog -> history rows: pure.

Histories come newest or oldest first, sometimes twice, with names as they were at the time; ids
are what counts. What the changelog does not know of, the item's present value corrects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pmo_sync.connectors.jira.issue import utc
from pmo_sync.connectors.jira.issue_payloads import ChangeItem, History
from pmo_sync.connectors.jira.prepared import Prepared
from pmo_sync.connectors.jira.timeline import Step, Timeline, timeline
from pmo_sync.connectors.jira.values import Members, Read, Readers
from pmo_sync.model import (
    ATTRIBUTE_FIELDS,
    HistoryRow,
    Origin,
)

_CLOSING = ("status", "resolution")
_WHOLE = ("label", "iteration")
"""Fields whose changes name all members before and after, not only those that came or went."""
TICK = timedelta(milliseconds=1)
"""The shortest time that Jira tells apart."""


class Change(Struct, frozen=True, gc=False):
    """One field of one change; ``native`` is the change's own id."""

    at: datetime
    native: str
    item: ChangeItem
    actor: str | None
    migration: bool


Changes = Mapping[str, Sequence[Change]]
"""Our field -> how it changed, the oldest first."""


class Subject(Struct, frozen=True, gc=False):
    """What the rows are of, and what holds now: single values (``attributes`` are those that have
    rows only once they changed), and members by field, where there are some.

    ``resolved`` is when the tracker says that a finished issue was finished.
    """

    item_id: str
    created: datetime
    updated: datetime
    creator: str | None
    now: Mapping[str, str | None]
    attributes: Mapping[str, str | None]
    members: Mapping[str, Sequence[str]]
    resolved: datetime | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field whose changelog does not end with the value that the item has."""

    item_id: str
    field: str
    said: str | None
    now: str | None


def changes(
    histories: Sequence[History], site: Prepared, used: Mapping[str, str]
) -> dict[str, list[Change]]:
    """Sort what changed by fields of ours, oldest first, each change once.

    ``used`` are the ids of mapped fields that have a value here: where a site has two fields
    for one of ours, the changes of the one in use count.
    """
    found: dict[str, list[Change]] = {}
    prefix, by_id, contested = site.prefix, site.by_id, site.contested
    once = {history.id: history for history in histories}
    timed = [(utc(each.created), len(native), native, each) for native, each in once.items()]
    timed.sort()  # the ids, of which there are no two alike, decide before the changes themselves
    for at, _, native, history in timed:
        author = history.author
        account = author and (author.account_id or author.key or author.name)
        actor = prefix + account if account else None
        items, migration = history.items, False
        if len(items) > 1:
            migration = "Workflow" in [item.field for item in items]
            # An item may leave one parent field for another in one change: the new value is last.
            items = sorted(items, key=_set_last)
        for item in items:
            field_id = item.field_id
            if field_id is None:
                name, field_id = site.named(item)
            else:
                name = by_id.get(field_id)
            if name is None or (name in contested and used.get(name, field_id) != field_id):
                continue
            change = Change(at, native, item, actor, migration)
            if name in found:
                found[name].append(change)
            else:
                found[name] = [change]
    return found


def _set_last(item: ChangeItem) -> bool:
    return bool(item.to)


def history_rows(
    subject: Subject, found: Changes, readers: Readers
) -> tuple[list[HistoryRow], list[Disagreement]]:
    """Build the history rows of what changed, by the rules of ``HistoryRow``."""
    rows: list[HistoryRow] = []
    disagreements: list[Disagreement] = []
    for name, line in _lines(subject, found, readers):
        rows += line.rows if name in readers.single else _held(line)
        if not line.agrees:
            now = line.rows[-1].value
            disagreements.append(Disagreement(subject.item_id, name, line.said, now))
    return rows, disagreements


def always(subject: Subject, found: Changes) -> list[tuple[str, str]]:
    """List the values that the changelog does not name: they have held since the beginning."""
    late = _CLOSING if subject.resolved else ()
    held = [
        (name, value)
        for name, value in subject.now.items()
        if value is not None and name not in found and name not in late
    ]
    for name, members in subject.members.items():
        if name not in found:
            held += [(name, member) for member in sorted({*members})]
    return held


def _lines(subject: Subject, found: Changes, readers: Readers) -> Iterator[tuple[str, Timeline]]:
    """Lay out the fields that the changelog names, and those that were only set when resolved."""
    for name in sorted(found):
        if read := readers.single.get(name):
            line = _single(subject, name, found[name], read)
            if len(line.rows) > 1 or line.rows[0].value is not None:
                yield name, line
        elif members := readers.several.get(name):
            for line in _several(subject, name, found[name], members):
                yield name, line
    if subject.resolved:
        for name in _CLOSING:
            now = subject.now[name]
            if name not in found and now is not None:
                yield name, _since_resolved(subject, name, now, subject.resolved)


def _single(subject: Subject, name: str, mine: Sequence[Change], read: Read) -> Timeline:
    now = subject.attributes[name] if name in ATTRIBUTE_FIELDS else subject.now.get(name)
    migrates = name == "status"
    steps: list[Step] = []
    for change in mine:
        item = change.item
        origin: Origin = "migration" if migrates and change.migration else "changelog"
        steps.append((change.at, read(item.to, item.to_string), change.actor, origin))
    native, start = mine[0].native, None
    for change in mine:
        if start is not None or change.native != native:
            break
        start = read(change.item.from_, change.item.from_string)
    first: Step = (subject.created, start, subject.creator, "changelog")
    return timeline(subject.item_id, name, first, steps, now, subject.updated)


def _since_resolved(subject: Subject, name: str, now: str, resolved: datetime) -> Timeline:
    """Lay out how an item was closed that was imported, or is older than its changelog: it was not
    finished before it was resolved, but what it was nobody says."""
    first: Step = (subject.created, None, subject.creator, "changelog")
    steps: list[Step] = [(resolved, now, None, "changelog")]
    return timeline(subject.item_id, name, first, steps, now, subject.updated)


def _several(
    subject: Subject, name: str, mine: Sequence[Change], read: Members
) -> Iterator[Timeline]:
    now = frozenset(subject.members.get(name, ()))
    pairs = [
        (read(each.item.from_, each.item.from_string), read(each.item.to, each.item.to_string))
        for each in mine
    ]
    # One that came with the last change and is gone was there for the shortest time there is.
    latest = max(subject.updated, max(subject.created, mine[-1].at) + TICK)
    for member in sorted(now.union(*(old | new for old, new in pairs))):
        steps: list[Step] = [
            (each.at, member if member in new else None, each.actor, "changelog")
            for each, (old, new) in zip(mine, pairs, strict=True)
            if member in old ^ new
        ]
        there = member in pairs[0][0] if name in _WHOLE else not steps or steps[0][1] is None
        value = member if there else None
        first: Step = (subject.created, value, subject.creator, "changelog")
        current = member if member in now else None
        yield timeline(subject.item_id, name, first, steps, current, latest)


def _held(line: Timeline) -> list[HistoryRow]:
    """List when a member was there; what it lost without a change was corrected at its end."""
    there = [row for row in line.rows if row.value is not None]
    if not line.agrees and line.rows[-1].value is None:
        there[-1:] = [replace(row, origin="corrected") for row in there[-1:]]
    return there
