"""The history of what an issue has one of: status, title, type, parent, container. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from pmo_sync.connectors.github.issue_payloads import Event, Issue
from pmo_sync.connectors.github.payloads import Named
from pmo_sync.connectors.github.spans import Change, in_order, single_rows
from pmo_sync.connectors.github.story import Story, Told
from pmo_sync.model import HistoryRow

OPEN = "open"
COMPLETED = "completed"
DISCUSSION = "discussion"
"""An issue that became a discussion is closed as completed, but nothing was delivered."""
DEFAULT_TYPE = "Issue"
COLUMN = "column/"
"""Before the name of a column that is a status."""
MOVED = "ProjectV2ItemStatusChangedEvent"


def status_of(issue: Issue) -> str:
    """The status id: ``open``, or in lower case why it was closed."""
    return OPEN if issue.state.upper() == "OPEN" else _closed_as(issue.state_reason)


def status_changes(story: Story, boards: Sequence[str] = ()) -> list[Change]:
    """Opened, closed and why, reopened, became a discussion; while it is open the column on the
    first of ``boards`` that it ever moved on. The last value is today's."""
    states = _open_or_closed(story)
    columns = _columns(story, boards) if boards else []
    if not columns:
        return states
    changes = []
    state, column = OPEN, None
    both = [(one.at, False, one) for one in states] + [(one.at, True, one) for one in columns]
    for at, on_board, change in sorted(both, key=lambda one: one[:2]):
        if on_board:
            column = change.value
        else:
            state = change.value or OPEN
        value = column or OPEN if state == OPEN else state
        changes.append(Change(at, value, change.actor))
    return in_order(changes)


def column_status(name: str) -> str:
    """The status id of a column: the same on every board, as its name is what it means."""
    return COLUMN + name


def _columns(story: Story, boards: Sequence[str]) -> list[Change]:
    """The columns that an issue stood in on the board that rules it."""
    told = story.of("column")
    moved = {one.event.project.id for one in told if one.event.project and one.event.status}
    ruling = next((board for board in boards if board in moved), None)
    changes = []
    for one in told:
        if ruling is None or one.event.project is None or one.event.project.id != ruling:
            continue
        name = one.event.status if one.kind == MOVED else None
        changes.append(Change(one.at, column_status(name) if name else None, one.actor))
    return in_order(changes)


def _open_or_closed(story: Story) -> list[Change]:
    now = status_of(story.issue)
    events = story.of("state")
    last = next((told for told in reversed(events) if told.kind == "ClosedEvent"), None)
    changes = [story.opened(OPEN)]
    converted = False
    for told in events:
        if told.kind == "ReopenedEvent":
            value, converted = OPEN, False
        elif converted or told.kind == "ConvertedToDiscussionEvent":
            value, converted = DISCUSSION, True
        elif told is last and not told.event.state_reason and now != OPEN:
            value = now
        else:
            value = _closed_as(told.event.state_reason)
        changes.append(Change(told.at, value, told.actor))
    if converted and now != OPEN:
        now = DISCUSSION
    closed = story.issue.closed_at if now != OPEN else None
    return story.settled("status", changes, now, closed)


def title_rows(story: Story) -> list[HistoryRow]:
    """The titles of an issue that was renamed."""
    renames = story.of("title")
    if not renames:
        return []
    changes = [story.opened(renames[0].event.previous_title)]
    changes += [Change(told.at, told.event.current_title, told.actor) for told in renames]
    changes = story.settled("title", changes, story.issue.title)
    return _if_changed(single_rows(story.item_id, "title", changes))


def type_rows(story: Story) -> list[HistoryRow]:
    """The types of an issue that was given another."""
    told = story.of("type")
    if not told:
        return []
    changes = [story.opened(_type_before(told[0]))]
    changes += [Change(one.at, _type_after(one), one.actor) for one in told]
    changes = story.settled("type", changes, type_name(story.issue.issue_type))
    return _if_changed(single_rows(story.item_id, "type", changes))


def parent_rows(story: Story, site: str) -> list[HistoryRow]:
    """The issues that it has been a sub-issue of."""
    parent = story.issue.parent.item_id(site) if story.issue.parent else None
    told = [one for one in story.of("parent") if one.event.parent]
    if not told:
        return single_rows(story.item_id, "parent", [story.opened(parent)]) if parent else []
    first = told[0]
    before = _parent_id(first.event, site) if first.kind == "ParentIssueRemovedEvent" else None
    changes = [story.opened(before)]
    for one in told:
        added = one.kind == "ParentIssueAddedEvent"
        changes.append(Change(one.at, _parent_id(one.event, site) if added else None, one.actor))
    return single_rows(story.item_id, "parent", story.settled("parent", changes, parent))


def container_rows(story: Story, container: str, key: str) -> list[HistoryRow]:
    """Where an issue that was transferred has been. Its key before is not known."""
    transfers = story.of("container")
    if not transfers:
        return []
    changes = []
    at = story.issue.created_at
    for told in transfers:
        if told.event.from_repository is None:
            story.notes["transfer from an unknown repository"] += 1
        else:
            changes.append(Change(at, told.event.from_repository.name_with_owner))
        at = told.at
    arrival = transfers[-1]
    changes.append(Change(arrival.at, container, arrival.actor))
    arrived = [Change(arrival.at, key, arrival.actor)]
    rows = single_rows(story.item_id, "container", in_order(changes))
    return rows + single_rows(story.item_id, "key", arrived)


def type_name(issue_type: Named | None) -> str:
    """The type's name; GitHub has no word for an issue without one."""
    return issue_type.name if issue_type and issue_type.name else DEFAULT_TYPE


def _closed_as(reason: str | None) -> str:
    word = (reason or "").lower()
    return COMPLETED if word in ("", "reopened") else word


def _type_before(told: Told) -> str:
    before = {
        "IssueTypeChangedEvent": told.event.prev_issue_type,
        "IssueTypeRemovedEvent": told.event.issue_type,
    }
    return type_name(before.get(told.kind))


def _type_after(told: Told) -> str:
    return type_name(None if told.kind == "IssueTypeRemovedEvent" else told.event.issue_type)


def _parent_id(event: Event, site: str) -> str | None:
    return event.parent.item_id(site) if event.parent else None


def _if_changed(rows: list[HistoryRow]) -> list[HistoryRow]:
    """A column of the item is true for always until it has changed: then its rows say when."""
    return rows if len(rows) > 1 else []
