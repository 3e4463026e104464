"""What a server's version offers: fields newer than it are not asked for, and check says so."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from pmo_sync.connectors.github.server_payloads import SchemaType, ServerPage

LOSSES: Mapping[str, str] = {
    "Issue.stateReason": "why an issue was closed: what was dropped counts as done",
    "Issue.stateReason(enableDuplicate)": "duplicates: they count as not planned",
    "ClosedEvent.stateReason": "why an issue was closed earlier",
    "ClosedEvent.stateReason(enableDuplicate)": "",
    "Issue.fullDatabaseId": "",
    "Issue.parent": "the hierarchy of sub-issues",
    "Issue.subIssuesSummary": "which issues have sub-issues",
    "Issue.issueType": "issue types",
    "Issue.assignedActors": "agents among the present assignees (their events are read)",
    "Issue.blockedBy": "dependencies: what an issue is blocked by",
    "Issue.blocking": "dependencies: what an issue blocks",
    "Issue.issueFieldValues": "fields of issues: dates, numbers and choices that are on no board",
    "ProjectV2.statusUpdates": "what the owners of boards declare of them",
    "ProjectV2.fullDatabaseId": "",
}
"""Field (or field with argument) -> what reports lose without it; empty: nothing of note."""

EVENTS: Mapping[str, str] = {
    "CLOSED_EVENT": "",
    "REOPENED_EVENT": "",
    "ASSIGNED_EVENT": "",
    "UNASSIGNED_EVENT": "",
    "LABELED_EVENT": "",
    "UNLABELED_EVENT": "",
    "MILESTONED_EVENT": "",
    "DEMILESTONED_EVENT": "",
    "RENAMED_TITLE_EVENT": "",
    "TRANSFERRED_EVENT": "",
    "CONVERTED_TO_DISCUSSION_EVENT": "conversions to discussions: they count as done",
    "MARKED_AS_DUPLICATE_EVENT": "links between duplicates",
    "UNMARKED_AS_DUPLICATE_EVENT": "",
    "PARENT_ISSUE_ADDED_EVENT": "when an issue became a sub-issue",
    "PARENT_ISSUE_REMOVED_EVENT": "when an issue ceased to be a sub-issue",
    "BLOCKED_BY_ADDED_EVENT": "since when an issue is blocked",
    "BLOCKING_ADDED_EVENT": "",
    "ISSUE_TYPE_ADDED_EVENT": "when an issue's type changed",
    "ISSUE_TYPE_CHANGED_EVENT": "",
    "ISSUE_TYPE_REMOVED_EVENT": "",
    "PROJECT_V2_ITEM_STATUS_CHANGED_EVENT": "columns over time: a status is open or closed alone",
    "REMOVED_FROM_PROJECT_V2_EVENT": "",
    "ISSUE_FIELD_ADDED_EVENT": "the history of issue fields: they are observed at each sync",
    "ISSUE_FIELD_CHANGED_EVENT": "",
    "ISSUE_FIELD_REMOVED_EVENT": "",
}
"""Timeline item type -> what reports lose without it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields and timeline events of ours that a server knows."""

    fields: frozenset[str]
    events: tuple[str, ...]

    def has(self, field: str) -> bool:
        """Say whether the field, e.g. ``Issue.parent``, can be asked for."""
        return field in self.fields

    def without_boards(self) -> Shape:
        """Leave out what is of use only where boards are read: it wants a permission more."""
        events = tuple(event for event in self.events if "PROJECT_V2" not in event)
        return Shape(self.fields - {name for name in LOSSES if _of_boards(name)}, events)

    def losses(self, *, boards: bool = True) -> list[str]:
        """Say what reports lack because the server is older than we are."""
        known = {*self.fields, *self.events}
        return [
            text
            for name, text in {**LOSSES, **EVENTS}.items()
            if name not in known and text and (boards or not _of_boards(name))
        ]

    def version(self) -> str:
        """A short name: a server that offers more is read anew."""
        text = ",".join([*sorted(self.fields), *self.events])
        return hashlib.sha256(text.encode()).hexdigest()[:8]


FULL = Shape(frozenset(LOSSES), tuple(EVENTS))
"""Everything that we know of."""


def _of_boards(name: str) -> bool:
    return "PROJECT_V2" in name or name.startswith("ProjectV2.")


def shape_of(server: ServerPage) -> Shape:
    """Read off the schema what of ours it has."""
    offered = _fields("Issue", server.issue) | _fields("ClosedEvent", server.closed)
    offered |= _fields("ProjectV2", server.board)
    items = server.items.enum_values if server.items and server.items.enum_values else ()
    known = {item.name for item in items}
    return Shape(
        frozenset(field for field in LOSSES if field in offered),
        tuple(event for event in EVENTS if event in known),
    )


def _fields(owner: str, type_: SchemaType | None) -> set[str]:
    names: set[str] = set()
    for field in (type_.fields if type_ else None) or ():
        names.add(f"{owner}.{field.name}")
        names.update(f"{owner}.{field.name}({argument.name})" for argument in field.args)
    return names
