"""The relations of an issue to others: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from pmo_sync.connectors.github.payloads import Connection, Ref
from pmo_sync.connectors.github.story import Story
from pmo_sync.model import NAMED, Link, LinkKind, WorkItem, global_id

_KEY = re.compile(r"(?<![\w.#-])[A-Z][A-Z0-9_]+-[1-9][0-9]{0,6}(?!\w)")
_NO_PROJECTS = frozenset(
    (
        "AES",
        "CVE",
        "CWE",
        "GH",
        "HTTP",
        "ISO",
        "MD",
        "PEP",
        "RFC",
        "RSA",
        "SHA",
        "TLS",
        "UTF",
        "WCAG",
    )
)
"""What precedes a hyphen and a number without being a project's key."""


def links_of(story: Story, site: str) -> tuple[Link, ...]:
    """Dependencies, the blocker first, and duplicates, the later one first; each once."""
    issue, found = story.issue, _duplicates(story, site) if "duplicate" in story.told else []
    if not found and not _refs(issue.blocked_by) and not _refs(issue.blocking):  # as most issues
        return ()
    since = _added(story) if story.of("dependency") else {}
    for other in _refs(issue.blocked_by):
        found.append(_link("blocks", other, issue, site, since.get((other.native, issue.native))))
    for other in _refs(issue.blocking):
        found.append(_link("blocks", issue, other, site, since.get((issue.native, other.native))))
    links = {link.native: link for link in found if link}
    return tuple(links.values())


def keys_in(*texts: str) -> tuple[str, ...]:
    """The keys of Jira issues that texts name, in capitals, each once."""
    found = (key for text in texts if "-" in text for key in _KEY.findall(text))
    return tuple(dict.fromkeys(key for key in found if key.rpartition("-")[0] not in _NO_PROJECTS))


def key_links(
    from_id: str, from_key: str, keys: Iterable[str], since: datetime | None
) -> tuple[Link, ...]:
    """Relations to items of another tracker, known by their keys alone."""
    return tuple(
        Link(from_id, global_id(NAMED, key), "relates", f"names {key}", from_key, key, since)
        for key in keys
    )


def named_links(item: WorkItem) -> tuple[Link, ...]:
    """The items of another tracker that an issue's title names; since when is not told."""
    return key_links(item.item_id, item.key, keys_in(item.title), None)


def _added(story: Story) -> dict[tuple[str | None, str | None], datetime]:
    """Blocker and blocked -> when that was last said of them; older servers do not tell."""
    me = story.issue.native
    since: dict[tuple[str | None, str | None], datetime] = {}
    for told in story.of("dependency"):
        if told.event.blocking_issue:
            since[told.event.blocking_issue.native, me] = told.at
        if told.event.blocked_issue:
            since[me, told.event.blocked_issue.native] = told.at
    return since


def _duplicates(story: Story, site: str) -> list[Link | None]:
    """What is marked as a duplicate and was not unmarked since."""
    marked: dict[tuple[str, str], Link | None] = {}
    for told in story.of("duplicate"):
        later, canonical = told.event.duplicate, told.event.canonical
        if not (later and canonical and later.native and canonical.native):
            story.notes["duplicate of something unknown"] += 1
            continue
        added = told.kind == "MarkedAsDuplicateEvent"
        link = _link("duplicates", later, canonical, site, told.at)
        marked[later.native, canonical.native] = link if added else None
    return list(marked.values())


def _link(
    kind: LinkKind, one: Ref, other: Ref, site: str, since: datetime | None = None
) -> Link | None:
    """None where the far end is hidden from us."""
    from_id, to_id = one.item_id(site), other.item_id(site)
    if from_id is None or to_id is None:
        return None
    return Link(
        from_id, to_id, kind, f"{kind} {one.native} {other.native}", one.key, other.key, since
    )


def _refs(connection: Connection[Ref] | None) -> tuple[Ref, ...]:
    return connection.members() if connection else ()
