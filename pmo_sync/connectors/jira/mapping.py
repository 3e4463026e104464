"""One Jira issue -> one ItemRecord, with the people and words that it mentions: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import quote

from pmo_sync.connectors.jira.changelog import (
    Change,
    Disagreement,
    Subject,
    changes,
    history_rows,
)
from pmo_sync.connectors.jira.issue import ParsedIssue, moment, readable
from pmo_sync.connectors.jira.issue_payloads import ChangeItem
from pmo_sync.connectors.jira.links import links
from pmo_sync.connectors.jira.payloads import Named, User
from pmo_sync.connectors.jira.remote_links import remote_links
from pmo_sync.connectors.jira.site import SiteContext, iteration, person, type_rank
from pmo_sync.connectors.jira.values import readers, site_id
from pmo_sync.connectors.jira.words import words
from pmo_sync.model import (
    MAPPED_FIELDS,
    TARGET_FIELDS,
    ItemRecord,
    Iteration,
    Link,
    Person,
    Term,
    WorkItem,
    global_id,
)

_WORDS = ("status", "resolution", "priority", "type")
_PLAIN = re.compile(r"[A-Z0-9_-]+").fullmatch
"""Keys that are the same in an address, which is all that most projects have."""
TERMS = 10_000
"""Words that are remembered as mapped: every issue repeats them."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """An item and what its payload says of others.

    ``former`` are accounts that only the changelog names: person id -> the name at the time.
    ``terms`` are words as the issue used them, oldest first; the site's tables know better.
    """

    record: ItemRecord
    persons: tuple[Person, ...]
    former: Mapping[str, str]
    iterations: tuple[Iteration, ...]
    terms: tuple[Term, ...]
    disagreements: tuple[Disagreement, ...]


def map_issue(issue: ParsedIssue, context: SiteContext, epics: Mapping[str, str]) -> Mapped:
    """Map an issue; raise ValueError or msgspec.DecodeError for one that makes no sense.

    ``epics`` resolves the key of an epic to its id, where the issue names its epic by key.
    """
    in_use = (issue.field_id(ours, context.fields) for ours in context.fields.ids)
    chosen = frozenset(field_id for field_id in in_use if field_id)
    found = changes(issue.histories, context.site, context.fields, chosen)
    item = _work_item(issue, context, _parent(issue, context, found, epics))
    components = _component_names(issue, found)
    read = readers(context.site, context.projects, components, context.fields.persons)
    rows, disagreements = history_rows(_subject(issue, context, item, found), found, read)
    persons = _persons(issue, context)
    return Mapped(
        ItemRecord(item, tuple(rows), (), _links(issue, context, found)),
        tuple(persons.values()),
        {who: name for who, name in _named(context, found) if who not in persons},
        tuple(iteration(context.site, sprint) for sprint in issue.sprints(context.fields)),
        tuple(_terms(issue, context, found)),
        tuple(disagreements),
    )


def _links(issue: ParsedIssue, context: SiteContext, found: Sequence[Change]) -> tuple[Link, ...]:
    away = remote_links(context.site, issue, context.fields)
    once = {(one.from_id, one.to_id, one.kind): one for one in away}
    return (*links(context.site, issue, found), *once.values())


def _work_item(issue: ParsedIssue, context: SiteContext, parent: str | None) -> WorkItem:
    fields = issue.fields
    return WorkItem(
        item_id=global_id(context.site, issue.id),
        site=context.site,
        key=issue.key,
        container=fields.project.key,
        type=fields.issuetype.id,
        rank=context.ranks.get(fields.issuetype.id, type_rank(fields.issuetype)),
        title=readable(fields.summary),
        status=fields.status.id,
        created=moment(fields.created),
        updated=issue.updated,
        url=f"{context.url}/browse/{issue.key if _PLAIN(issue.key) else quote(issue.key)}",
        resolution=_id(fields.resolution),
        priority=_id(fields.priority),
        reporter=_account(context.site, fields.reporter),
        parent=parent,
        start=issue.day("start", context.fields),
        due=issue.day("due", context.fields),
        points=issue.points(context.fields),
        estimate=fields.timeoriginalestimate,
        remaining=fields.timeestimate,
        spent=fields.timespent,
        flagged=issue.flagged(context.fields),
        restricted=fields.security is not None,
    )


def _parent(
    issue: ParsedIssue, context: SiteContext, found: Sequence[Change], epics: Mapping[str, str]
) -> str | None:
    """Return the parent's id: of the parent field, else of the epic that is named by its key.

    An epic that nobody could resolve is taken from the changelog, which carries ids.
    """
    if issue.fields.parent:
        return global_id(context.site, issue.fields.parent.id)
    key = issue.epic_key(context.fields)
    if key is None:
        return None
    if key in epics:
        return global_id(context.site, epics[key])
    said = [change.item.to for change in found if change.field == "parent"]
    return site_id(context.site, said[-1]) if said else None


def _subject(
    issue: ParsedIssue, context: SiteContext, item: WorkItem, found: Sequence[Change]
) -> Subject:
    site, fields = context.site, issue.fields
    assignee = _account(site, fields.assignee)
    return Subject(
        item.item_id,
        site,
        item.created,
        item.updated,
        _account(site, fields.creator),
        {
            "status": item.status,
            "resolution": item.resolution,
            "priority": item.priority,
            "points": None if item.points is None else repr(item.points),
            "start": _iso(item.start),
            "due": _iso(item.due),
            "estimate": _seconds(item.estimate),
            "remaining": _seconds(item.remaining),
            "spent": _seconds(item.spent),
            "parent": item.parent,
            "flagged": "true" if item.flagged else None,
            "title": item.title,
            "key": item.key,
            "container": item.container,
            "type": item.type,
            **{
                name: _mapped(issue, context, name, found)
                for name in MAPPED_FIELDS
                if name in context.fields.ids
            },
        },
        {
            "assignee": frozenset({assignee} if assignee else ()),
            "label": frozenset(fields.labels or ()),
            "component": frozenset(component.name for component in fields.components or ()),
            "milestone": frozenset(global_id(site, v.id) for v in fields.fix_versions or ()),
            "iteration": frozenset(
                global_id(site, sprint.id) for sprint in issue.sprints(context.fields)
            ),
        },
        _resolved(issue),
    )


def _resolved(issue: ParsedIssue) -> datetime | None:
    fields = issue.fields
    category = fields.status.status_category
    done = fields.resolution and category and category.key == "done"
    return moment(fields.resolutiondate) if done and fields.resolutiondate else None


def _component_names(issue: ParsedIssue, found: Sequence[Change]) -> dict[str, str]:
    """Return components by id: under their present name, else the last name that was used."""
    used = (_pairs(change.item) for change in found if change.field == "component")
    present = {component.id: component.name for component in issue.fields.components or ()}
    return {native: name for pairs in used for native, name in pairs} | present


def _mapped(
    issue: ParsedIssue, context: SiteContext, name: str, found: Sequence[Change]
) -> str | None:
    if name in context.fields.persons:
        return _account(context.site, issue.account(name, context.fields))
    if name in TARGET_FIELDS:
        return _iso(issue.day(name, context.fields))
    said = words(issue.mapped(name, context.fields))
    if name != "tracker_team":
        return said
    # Some sites give a team's id alone; the changelog has its name.
    pairs = (_pairs(change.item) for change in found if change.field == name)
    names = {native: text for each in pairs for native, text in each}
    return words(names.get(said or "")) or said


def _persons(issue: ParsedIssue, context: SiteContext) -> dict[str, Person]:
    fields = issue.fields
    users = [history.author for history in issue.histories]
    users += [fields.creator, fields.reporter, fields.assignee]
    users += [issue.account(name, context.fields) for name in sorted(context.fields.persons)]
    accounts = {user.identity: user for user in users if user}
    known = (person(context.site, user) for user in accounts.values())
    return {one.person_id: one for one in known if one}


def _named(context: SiteContext, found: Sequence[Change]) -> Iterator[tuple[str, str]]:
    for change in found:
        if change.field == "assignee" or change.field in context.fields.persons:
            for native, name in _pairs(change.item):
                yield global_id(context.site, native), name or native


def _terms(issue: ParsedIssue, context: SiteContext, found: Sequence[Change]) -> Iterator[Term]:
    used = [
        (change.field, native, name)
        for change in found
        if change.field in _WORDS
        for native, name in _pairs(change.item)
    ]
    fields = issue.fields
    present = (fields.status, fields.resolution, fields.priority, fields.issuetype)
    used += [(field, word.id, word.name) for field, word in zip(_WORDS, present, strict=True)
             if word]  # fmt: skip
    for field, native, name in reversed(dict.fromkeys(reversed(used))):
        yield _term(context.site, field, native, name)


@lru_cache(TERMS)
def _term(site: str, field: str, native: str, name: str) -> Term:
    return Term(site, field, native, name)


def _pairs(item: ChangeItem) -> Iterator[tuple[str, str]]:
    for native, name in ((item.from_, item.from_string), (item.to, item.to_string)):
        if native:
            yield native, name or ""


def _account(site: str, user: User | None) -> str | None:
    return global_id(site, user.identity) if user and user.identity else None


def _id(entry: Named | None) -> str | None:
    return entry.id if entry else None


def _iso(day: date | datetime | None) -> str | None:
    return day.isoformat() if day else None


def _seconds(seconds: int | None) -> str | None:
    return None if seconds is None else str(seconds)
