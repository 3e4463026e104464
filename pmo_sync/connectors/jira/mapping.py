"""One Jira issue -> one ItemRecord, with the people and words that it mentions: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import quote

from msgspec import Struct

from pmo_sync.connectors.jira.changelog import (
    Changes,
    Disagreement,
    Subject,
    always,
    changes,
    history_rows,
)
from pmo_sync.connectors.jira.issue import ParsedIssue, readable, utc
from pmo_sync.connectors.jira.issue_payloads import ChangeItem
from pmo_sync.connectors.jira.links import links
from pmo_sync.connectors.jira.payloads import Named, User
from pmo_sync.connectors.jira.prepared import Prepared
from pmo_sync.connectors.jira.remote_links import DEVELOPMENT, remote_links
from pmo_sync.connectors.jira.site import iteration, type_rank
from pmo_sync.connectors.jira.values import site_id
from pmo_sync.connectors.jira.words import words
from pmo_sync.model import TARGET_FIELDS, ItemRecord, Iteration, Link, WorkItem

_WORDS = ("status", "resolution", "priority", "type")
_PLAIN = re.compile(r"[A-Z0-9_-]+").fullmatch
"""Keys that are the same in an address, which is all that most projects have."""


class Mapped(Struct, frozen=True, gc=False):
    """An item and what its payload says of others.

    ``users`` are accounts by what the site knows them by, as they are now; ``former`` those that
    only the changelog names: person id -> the name at the time. ``used`` are words that are not
    known yet, as the issue used them, by field and id.
    """

    record: ItemRecord
    users: Mapping[str, User]
    former: Mapping[str, str]
    iterations: tuple[Iteration, ...]
    used: Mapping[tuple[str, str], str]
    disagreements: tuple[Disagreement, ...]


def map_issue(issue: ParsedIssue, site: Prepared, epics: Mapping[str, str]) -> Mapped:
    """Map an issue; raise ValueError or msgspec.DecodeError for one that makes no sense.

    ``epics`` resolves the key of an epic to its id, where the issue names its epic by key.
    """
    found = changes(issue.histories, site, issue.used)
    item = _work_item(issue, site, _parent(issue, site, found, epics))
    sprints = [iteration(site.context.site, sprint) for sprint in issue.sprints()]
    subject = _subject(issue, site, item, found, sprints)
    readers = site.readers
    if "component" in found:
        readers = readers.naming(_component_names(issue, found))
    rows, disagreements = history_rows(subject, found, readers)
    users = _users(issue, site)
    record = ItemRecord(
        item, tuple(rows), (), _links(issue, site, found), tuple(always(subject, found)),
        subject.creator,
    )  # fmt: skip
    return Mapped(
        record,
        users,
        _former(site, found, users),
        tuple(sprints),
        _used(issue, site, found),
        tuple(disagreements),
    )


def _links(issue: ParsedIssue, site: Prepared, found: Changes) -> tuple[Link, ...]:
    if not (issue.fields.issuelinks or issue.remote_links or DEVELOPMENT in issue.values):
        return ()
    name = site.context.site
    here = links(name, issue, found.get("link", ()))
    once = {(one.from_id, one.to_id, one.kind): one for one in remote_links(name, issue)}
    return (*here, *once.values())


def _work_item(issue: ParsedIssue, site: Prepared, parent: str | None) -> WorkItem:
    fields, context = issue.fields, site.context
    kind, key = fields.issuetype, issue.key
    rank = context.ranks.get(kind.id)
    return WorkItem(
        item_id=site.prefix + issue.id,
        site=context.site,
        key=key,
        container=fields.project.key,
        type=kind.id,
        rank=type_rank(kind) if rank is None else rank,
        title=readable(fields.summary),
        status=fields.status.id,
        created=utc(fields.created),
        updated=issue.updated,
        url=f"{context.url}/browse/{key if _PLAIN(key) else quote(key)}",
        resolution=_id(fields.resolution),
        priority=_id(fields.priority),
        reporter=_account(site, fields.reporter),
        parent=parent,
        start=issue.day("start"),
        due=issue.day("due"),
        points=issue.points(),
        estimate=fields.timeoriginalestimate,
        remaining=fields.timeestimate,
        spent=fields.timespent,
        flagged=issue.flagged(),
        restricted=fields.security is not None,
    )


def _parent(
    issue: ParsedIssue, site: Prepared, found: Changes, epics: Mapping[str, str]
) -> str | None:
    """Return the parent's id: of the parent field, else of the epic that is named by its key.

    An epic that nobody could resolve is taken from the changelog, which carries ids.
    """
    if issue.fields.parent:
        return site.prefix + issue.fields.parent.id
    key = issue.epic_key()
    if key is None:
        return None
    if key in epics:
        return site.prefix + epics[key]
    said = found.get("parent")
    return site_id(site.context.site, said[-1].item.to) if said else None


def _subject(
    issue: ParsedIssue, site: Prepared, item: WorkItem, found: Changes, sprints: list[Iteration]
) -> Subject:
    now = {
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
    }
    for name in site.mapped:
        now[name] = _mapped(issue, site, name, found)
    return Subject(
        item.item_id,
        item.created,
        item.updated,
        _account(site, issue.fields.creator),
        now,
        {
            "title": item.title,
            "key": item.key,
            "container": item.container,
            "type": item.type,
        },
        _members(issue, site, sprints),
        _resolved(issue),
    )


def _members(issue: ParsedIssue, site: Prepared, sprints: list[Iteration]) -> dict[str, list[str]]:
    fields, members = issue.fields, {}
    assignee = _account(site, fields.assignee)
    if assignee:
        members["assignee"] = [assignee]
    if fields.labels:
        members["label"] = fields.labels
    if fields.components:
        members["component"] = [component.name for component in fields.components]
    if fields.fix_versions:
        members["milestone"] = [site.prefix + version.id for version in fields.fix_versions]
    if sprints:
        members["iteration"] = [sprint.iteration_id for sprint in sprints]
    return members


def _resolved(issue: ParsedIssue) -> datetime | None:
    fields = issue.fields
    category = fields.status.status_category
    done = fields.resolution and category and category.key == "done"
    return utc(fields.resolutiondate) if done and fields.resolutiondate else None


def _component_names(issue: ParsedIssue, found: Changes) -> dict[str, str]:
    """Return components by id: under their present name, else the last name that was used."""
    used = (_pairs(change.item) for change in found.get("component", ()))
    present = {component.id: component.name for component in issue.fields.components or ()}
    return {native: name for pairs in used for native, name in pairs} | present


def _mapped(issue: ParsedIssue, site: Prepared, name: str, found: Changes) -> str | None:
    if name in site.context.fields.persons:
        return _account(site, issue.account(name))
    if name in TARGET_FIELDS:
        return _iso(issue.day(name))
    said = words(issue.values.get(name))
    if name != "tracker_team":
        return said
    # Some sites give a team's id alone; the changelog has its name.
    pairs = (_pairs(change.item) for change in found.get(name, ()))
    names = {native: text for each in pairs for native, text in each}
    return words(names.get(said or "")) or said


def _users(issue: ParsedIssue, site: Prepared) -> dict[str, User]:
    fields, persons = issue.fields, site.context.fields.persons
    found: dict[str, User] = {}
    for history in issue.histories:
        if author := history.author:
            found[author.account_id or author.key or author.name] = author
    for user in (fields.creator, fields.reporter, fields.assignee):
        if user:
            found[user.account_id or user.key or user.name] = user
    for name in sorted(persons) if persons else ():
        if user := issue.account(name):
            found[user.identity] = user
    found.pop("", None)
    return found


def _former(site: Prepared, found: Changes, users: Mapping[str, User]) -> dict[str, str]:
    return {
        site.prefix + native: name or native
        for field in ("assignee", *site.context.fields.persons)
        for change in found.get(field, ())
        for native, name in _pairs(change.item)
        if native not in users
    }


def _used(issue: ParsedIssue, site: Prepared, found: Changes) -> dict[tuple[str, str], str]:
    used: dict[tuple[str, str], str] = {}
    fields = issue.fields
    present = (fields.status, fields.resolution, fields.priority, fields.issuetype)
    for field, now in zip(_WORDS, present, strict=True):
        known = site.words.get(field, ())
        for change in found.get(field, ()):
            item = change.item
            if item.from_ and item.from_ not in known:
                used[field, item.from_] = item.from_string or ""
            if item.to and item.to not in known:
                used[field, item.to] = item.to_string or ""
        if now and now.id not in known:
            used[field, now.id] = now.name
    return used


def _pairs(item: ChangeItem) -> Iterator[tuple[str, str]]:
    for native, name in ((item.from_, item.from_string), (item.to, item.to_string)):
        if native:
            yield native, name or ""


def _account(site: Prepared, user: User | None) -> str | None:
    account = user and (user.account_id or user.key or user.name)
    return site.prefix + account if account else None


def _id(entry: Named | None) -> str | None:
    return entry.id if entry else None


def _iso(day: date | datetime | None) -> str | None:
    return day.isoformat() if day else None


def _seconds(seconds: int | None) -> str | None:
    return None if seconds is None else str(seconds)
