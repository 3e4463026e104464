"""What of a site every issue is mapped with, made once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType

from pmo_sync.connectors.jira.issue_payloads import ChangeItem
from pmo_sync.connectors.jira.site import SiteContext
from pmo_sync.connectors.jira.values import Readers, readers
from pmo_sync.model import MAPPED_FIELDS, global_id

_BY_ID = {
    "status": "status", "resolution": "resolution", "priority": "priority", "issuetype": "type",
    "summary": "title", "timeoriginalestimate": "estimate", "timeestimate": "remaining",
    "timespent": "spent", "assignee": "assignee", "labels": "label", "components": "component",
    "fixVersions": "milestone",
}  # fmt: skip
_BY_NAME = _BY_ID | {
    "Fix Version": "milestone", "Component": "component", "Parent": "parent",
    "Epic Link": "parent", "Parent Link": "parent", "IssueParentAssociation": "parent",
    "Sprint": "iteration", "Flagged": "flagged", "Key": "key", "project": "container",
    "duedate": "due", "Link": "link", "Workflow": "workflow",
}  # fmt: skip
"""Entries without a field id: those of old changelogs and those that are no field."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """``prefix`` begins all ids of the site; ``by_id`` has our fields by theirs, ``contested`` are
    ours of which the site has several, where each has a history of its own: an item's parent is in
    one field or another by its level, and its history is all of them; ``mapped`` those of
    MAPPED_FIELDS that it has."""

    context: SiteContext
    prefix: str
    by_id: Mapping[str, str]
    contested: frozenset[str]
    mapped: tuple[str, ...]
    readers: Readers
    words: Mapping[str, Set[str]]
    """Ids that need no name any more, by field."""

    def named(self, item: ChangeItem) -> tuple[str | None, str | None]:
        """Return our name and the site's id of what an entry without an id is of."""
        fields = self.context.fields
        field_id = fields.named(item.field) if item.kind == "custom" else None
        return (_BY_NAME.get(item.field) if field_id is None else self.by_id[field_id]), field_id


def prepared(
    context: SiteContext, words: Mapping[str, Set[str]] = MappingProxyType({})
) -> Prepared:
    """Get ready to map the issues of a site, of which some words are known by field and id."""
    fields = context.fields
    return Prepared(
        context,
        global_id(context.site, ""),
        {**_BY_ID, **fields.by_id()},
        frozenset(ours for ours, ids in fields.ids.items() if len(ids) > 1 and ours != "parent"),
        tuple(name for name in MAPPED_FIELDS if name in fields.ids),
        readers(context.site, context.projects, fields.persons),
        words,
    )
