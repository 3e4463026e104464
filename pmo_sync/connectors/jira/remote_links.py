"""Links to pages elsewhere -> Link records, where the page is that of another tracker's item: pure.

Which item that is, only the store can know: the other end is named by the address of its page
(see ``model.NAMED``). A link that both trackers tell is one there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import unquote, urlsplit

from pmo_sync.connectors.jira.issue import ParsedIssue, utc
from pmo_sync.connectors.jira.issue_payloads import ChangeItem, History, LinkType
from pmo_sync.connectors.jira.links import link_kind
from pmo_sync.connectors.jira.words import words
from pmo_sync.model import NAMED, Link, global_id

CHANGED = "RemoteIssueLink"
DEVELOPMENT = "development"
_ADDRESS = re.compile(r"https?://[^\s<>\"'|\]}),]+")
_REPOSITORY = re.compile(r"/([^/]+/[^/]+)/(?:issues|pull)/(\d+)")
_BROWSED = re.compile(r"(?:/[^/]+)*/browse/([A-Za-z][A-Za-z0-9_]*-\d+)")


def is_linked(histories: Sequence[History]) -> bool:
    """Say by its whole changelog whether an issue links to pages elsewhere: only then it is worth
    a request."""
    for history in histories:
        for item in history.items:
            if item.field == CHANGED:
                return bool(_made(histories))
    return False


def remote_links(site: str, issue: ParsedIssue) -> Iterator[Link]:
    """Yield the links to items of other trackers: remote links, and addresses in the field that
    the configuration names for development."""
    made = _made(issue.histories) if issue.remote_links else {}
    here = global_id(site, issue.id)
    for remote in issue.remote_links:
        page = tracked_page(remote.page.url)
        if page:
            said = remote.relationship or ""
            kind = link_kind(LinkType(outward=said))
            link = Link(here, global_id(NAMED, page[0]), kind, f"remote {remote.id}", issue.key,
                        page[1], made.get(str(remote.id)))  # fmt: skip
            yield _turned(link) if kind != "relates" and _is_inward(said) else link
    named = words(issue.values.get(DEVELOPMENT)) if DEVELOPMENT in issue.values else None
    for address in _ADDRESS.findall(named or ""):
        if page := tracked_page(address):
            native = f"{DEVELOPMENT} {page[0]}"
            yield Link(here, global_id(NAMED, page[0]), "relates", native, issue.key, page[1])


def tracked_page(address: str) -> tuple[str, str] | None:
    """Return the address of an item's page, without what follows it, and the item's key; None for
    a page of another kind: of a commit, say."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    path = unquote(parts.path).rstrip("/")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    page = f"{parts.scheme}://{parts.netloc}{path}"
    if found := _REPOSITORY.fullmatch(path):
        return page, f"{found[1]}#{found[2]}"
    browsed = _BROWSED.fullmatch(path)
    return (page, browsed[1]) if browsed else None


def _turned(link: Link) -> Link:
    return Link(link.to_id, link.from_id, link.kind, link.native, link.to_key, link.from_key,
                link.valid_from)  # fmt: skip


def _is_inward(relationship: str) -> bool:
    """Say whether the words are of the passive kind: is blocked by, caused by."""
    return re.search(r"\bby\b", relationship, re.IGNORECASE) is not None


def _made(histories: Sequence[History]) -> Mapping[str, datetime | None]:
    """Return the links that the changelog leaves there, by number, with when each was made: None
    where it was there before its first change."""
    made: dict[str, datetime | None] = {}
    for at, item in sorted(_changes(histories), key=lambda each: each[0]):
        if item.from_ and not item.to:
            made.pop(item.from_, None)
        elif item.to and item.from_:
            made.setdefault(item.to, None)
        elif item.to:
            made[item.to] = at
    return made


def _changes(histories: Sequence[History]) -> Iterator[tuple[datetime, ChangeItem]]:
    for history in histories:
        for item in history.items:
            if item.field == CHANGED:
                yield utc(history.created), item
