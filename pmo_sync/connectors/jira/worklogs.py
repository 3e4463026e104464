"""Time noted on items: what was noted, edited or deleted since the last sync, of the whole site.

Jira lists these for all that the login may see; what is of items outside the scope is left out.
An item that came into the scope by a move brings what was noted on it before.
"""

from __future__ import annotations

import logging
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec
from msgspec import Raw

from pmo_sync.connectors.decoding import decoder
from pmo_sync.connectors.jira.client import JiraClient
from pmo_sync.connectors.jira.crew import Begun
from pmo_sync.connectors.jira.failures import RefusedError
from pmo_sync.connectors.jira.issue import reference, utc
from pmo_sync.connectors.jira.site import person
from pmo_sync.connectors.jira.worklog_payloads import WorklogChanges, WorklogPayload, WorklogRef
from pmo_sync.model import Batch, ItemRecord, Person, Rejected, Worklog, global_id

log = logging.getLogger(__name__)

WORKLOGS = "worklogs"
A_PAGE = 1000
"""What Jira tells at once of changes."""
UNSEEN = (403, 404)
"""How a site answers that does not tell this login: a sync does without."""
_DECODER = msgspec.json.Decoder(WorklogPayload)


class Reached(msgspec.Struct, frozen=True):
    """The resume state: up to when (epoch milliseconds) changes and deletions were handed over."""

    changed: int = 0
    removed: int = 0

    def text(self) -> str:
        """Return it as the store keeps it."""
        return msgspec.json.encode(self).decode()


def reached(text: str | None) -> Reached:
    """Read a kept state; none is the beginning."""
    return decoder(Reached).decode(text) if text else Reached()


def brought_along(
    client: JiraClient, site: str, records: Iterable[ItemRecord], place: Reached
) -> Iterator[Batch]:
    """Yield all that is noted on items that came from another project since the last sync."""
    since = datetime.fromtimestamp(place.changed / 1000, UTC)
    for record in records if place.changed else ():
        moved = any(
            row.field in ("container", "key") and row.valid_from >= since for row in record.history
        )
        if moved and record.item.spent:
            item_id = record.item.item_id
            yield _mapped(site, client.worklogs_of(item_id.removeprefix(f"{site}#")), {item_id})


@dataclass(frozen=True, slots=True)
class Noted:
    """What Jira lists since a place, a page ahead of who reads it: changes with the worklogs that
    they name, and deletions."""

    changed: Begun[tuple[Sequence[WorklogRef], Sequence[Raw]]]
    removed: Begun[WorklogChanges]


def noted_since(client: JiraClient, place: Reached) -> Noted:
    """Begin to ask what was noted and what was deleted since a place."""
    return Noted(
        client.begun(_changed_since(client, place.changed)),
        client.begun(client.removed_worklogs(place.removed)),
    )


def _changed_since(
    client: JiraClient, since: int
) -> Iterator[tuple[Sequence[WorklogRef], Sequence[Raw]]]:
    for page in client.changed_worklogs(since):
        # Jira tells the last one of before again.
        fresh = [ref for ref in page.values if ref.updated_time > since]
        yield fresh, client.worklogs([ref.worklog_id for ref in fresh])


def worklog_batches(
    client: JiraClient, site: str, place: Reached, noted: Noted, scope: Container[str]
) -> Iterator[Batch]:
    """Yield what was noted on the items of ``scope`` since a place, and what was deleted; a site
    that refuses to tell is left without."""
    changed, removed = client.least.listed(A_PAGE), client.least.listed(A_PAGE)
    try:
        for fresh, raws in noted.changed:
            changed.came(len(fresh))
            client.least.add(bool(fresh))
            place = msgspec.structs.replace(place, changed=_latest(fresh, place.changed))
            yield replace(_mapped(site, raws, scope), state={WORKLOGS: place.text()})
        for page in noted.removed:
            removed.came(len(page.values))
            place = msgspec.structs.replace(place, removed=_latest(page.values, place.removed))
            gone = tuple(_worklog_id(site, ref.worklog_id) for ref in page.values)
            yield Batch(removed_worklogs=gone, state={WORKLOGS: place.text()})
    except RefusedError as error:
        if error.status not in UNSEEN:
            raise
        log.warning("%s: time noted on items cannot be seen; skipped: %s", client.name, error)


def _latest(refs: Sequence[WorklogRef], before: int) -> int:
    return max((ref.updated_time for ref in refs), default=before)


def _mapped(site: str, raws: Iterable[Raw], scope: Container[str]) -> Batch:
    worklogs: list[Worklog] = []
    persons: dict[str, Person] = {}
    rejected: list[Rejected] = []
    for raw in raws:
        try:
            payload = _DECODER.decode(raw)
            found = map_worklog(site, payload)
        except (msgspec.DecodeError, ValueError) as error:
            native = f"worklog/{reference(raw).id}"
            rejected.append(Rejected(site, native, native, str(error)))
            continue
        if found.item_id in scope:
            worklogs.append(found)
            author = person(site, payload.author) if payload.author else None
            persons |= {author.person_id: author} if author else {}
    return Batch(
        worklogs=tuple(worklogs), persons=tuple(persons.values()), rejected=tuple(rejected)
    )


def map_worklog(site: str, payload: WorklogPayload) -> Worklog:
    """Map one note; raise ValueError for a time that is none."""
    author = payload.author.identity if payload.author else ""
    return Worklog(
        _worklog_id(site, payload.id),
        site,
        global_id(site, payload.issue_id),
        global_id(site, author) if author else None,
        utc(payload.started),
        payload.time_spent_seconds,
        utc(payload.created),
        utc(payload.updated),
    )


def _worklog_id(site: str, native: str | int) -> str:
    return global_id(site, f"worklog/{native}")
