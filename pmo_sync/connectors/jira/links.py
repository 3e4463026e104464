"""Issue links -> Link records: pure.

Both ends of a link give the same record, but for milliseconds of when their changelogs say it
was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pmo_sync.connectors.jira.changelog import Change
from pmo_sync.connectors.jira.issue import ParsedIssue
from pmo_sync.connectors.jira.issue_payloads import IssueLink, IssueRef, LinkType
from pmo_sync.model import Link, LinkKind, global_id

_WORDS: tuple[tuple[str, LinkKind], ...] = (
    ("block", "blocks"),
    ("duplicat", "duplicates"),
    ("cause", "causes"),
)


def links(site: str, issue: ParsedIssue, added: Sequence[Change]) -> tuple[Link, ...]:
    """Map the links of an issue, each read from its outward side: from kind to; ``added`` are the
    changes of its links."""
    if not issue.fields.issuelinks:
        return ()
    me = IssueRef(issue.id, issue.key)
    found = {}
    for link in issue.fields.issuelinks:
        other = link.outward_issue or link.inward_issue
        if other is None:
            continue
        start, end = (me, other) if link.outward_issue else (other, me)
        found[link.id] = Link(
            global_id(site, start.id),
            global_id(site, end.id),
            link_kind(link.type),
            link.id,
            start.key,
            end.key,
            _since(link, other, added),
        )
    return tuple(found.values())


def link_kind(link_type: LinkType) -> LinkKind:
    """Decide what a kind of link means by its name and its outward words."""
    words = f"{link_type.name} {link_type.outward}".casefold()
    return next((kind for word, kind in _WORDS if word in words), "relates")


def _since(link: IssueLink, other: IssueRef, added: Sequence[Change]) -> datetime | None:
    """Return when the link was made last, where the changelog says it in the link's words."""
    words = link.type.outward if link.outward_issue else link.type.inward
    sentence = f"This issue {words} {other.key}"
    times = [
        change.at
        for change in added
        if change.item.to == other.key and change.item.to_string == sentence
    ]
    return max(times, default=None)
