"""Reads one repository: its changed issues page by page, then the ids of all, as batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

import msgspec

from pmo_sync.connectors.github import queries
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.mapping import Context, Mapped, UnmappableError, map_issue
from pmo_sync.connectors.github.paging import Walked, gather, walk
from pmo_sync.connectors.github.payloads import (
    Connection,
    IdPage,
    Issue,
    IssuePage,
    Ref,
    Repository,
    RestPage,
)
from pmo_sync.connectors.github.queries import Query
from pmo_sync.connectors.github.refusal import said
from pmo_sync.connectors.github.resume import Place
from pmo_sync.connectors.github.shape import Shape
from pmo_sync.connectors.github.story import Notes
from pmo_sync.errors import AccessError
from pmo_sync.model import Batch, Rejected, Sweep

N = TypeVar("N")
ISSUE = msgspec.json.Decoder(Issue)
IDENTITY = msgspec.json.Decoder(Ref)


@dataclass(slots=True)
class Reading:
    """One repository's cycle. ``notes`` counts what was odd; ``read`` the issues so far."""

    client: GithubClient
    shape: Shape
    repository: Repository
    context: Context
    place: Place
    notes: Notes = field(default_factory=Notes)
    read: int = 0
    _ids: set[str] = field(default_factory=set)
    _newest: datetime | None = None

    def batches(self) -> Iterator[Batch]:
        """Yield what changed since the place, oldest change first, then the sweep, unless there
        is nothing new. The ids that a first, uninterrupted reading meets are its sweep."""
        if self.place.settled(self.repository):
            return
        complete = self.place.fresh
        self._newest = self.repository.newest
        if self.repository.total or not complete:
            yield from map(self._batch, self._pages())
        ids = self._ids if complete else self._swept()
        if ids is None:
            self.notes["sweep given up: the list of ids has gaps"] += 1
            return
        self.place = self.place.swept(len(ids), self._newest)
        sweep = Sweep(self.context.site, self.context.container, tuple(sorted(ids)))
        yield Batch(sweeps=(sweep,), state=self._state())

    def by_id(self, raws: Sequence[msgspec.Raw]) -> Batch:
        """Map single issues; they say nothing of how far the repository has been read."""
        return replace(self._batch(Walked(tuple(raws), (), None, "by id")), state={})

    def _pages(self) -> Iterator[Walked[msgspec.Raw]]:
        since = self.place.asked_from
        variables = {**self._name(), "since": since.isoformat() if since else None}
        return walk(self.client, queries.issues(self.shape), variables, _issues)

    def _batch(self, page: Walked[msgspec.Raw]) -> Batch:
        """Map a page; what cannot be mapped is rejected, and the rest goes on."""
        mapped: list[Mapped] = []
        rejected: list[Rejected] = []
        self.notes["error in a partial answer"] += len(page.errors)
        for index, raw in enumerate(page.nodes):
            try:
                mapped.append(self._mapped(raw))
            except (msgspec.DecodeError, UnmappableError) as error:
                rejected.append(self._rejected(raw, f"{page.after or 'start'}/{index}", error))
        changed = max((one.record.item.updated for one in mapped), default=None)
        self.place = self.place.advanced(changed)
        self._newest = max((at for at in (self._newest, changed) if at), default=None)
        self._ids.update(one.record.item.item_id for one in mapped)
        self.read += len(page.nodes)
        return Batch(
            items=tuple(one.record for one in mapped),
            persons=tuple(
                {person.person_id: person for one in mapped for person in one.persons}.values()
            ),
            terms=tuple(dict.fromkeys(term for one in mapped for term in one.terms)),
            milestones=tuple(dict.fromkeys(entry for one in mapped for entry in one.milestones)),
            rejected=tuple(rejected),
            state=self._state(),
        )

    def _mapped(self, raw: msgspec.Raw | None) -> Mapped:
        if raw is None or bytes(raw) == b"null":
            raise UnmappableError("the server left it out of a partial answer")
        mapped = map_issue(self._completed(ISSUE.decode(raw)), self.context)
        self.notes.update(mapped.notes)
        return mapped

    def _completed(self, issue: Issue) -> Issue:
        """Fetch what did not fit into the page: the rest of a long list, or a list left out."""
        shape = self.shape
        issue = msgspec.structs.replace(
            issue,
            timeline_items=self._gather(queries.more_events(shape), issue, issue.timeline_items),
            labels=self._gather(queries.more_labels(shape), issue, issue.labels),
            assignees=self._gather(queries.more_assignees(shape), issue, issue.assignees),
        )
        if shape.has("Issue.blockedBy"):
            more = self._gather(queries.more_issues("blockedBy", shape), issue, issue.blocked_by)
            issue = msgspec.structs.replace(issue, blocked_by=more)
        if shape.has("Issue.blocking"):
            more = self._gather(queries.more_issues("blocking", shape), issue, issue.blocking)
            issue = msgspec.structs.replace(issue, blocking=more)
        return issue

    def _gather(
        self, query: Query[RestPage[N]], issue: Issue, begun: Connection[N] | None
    ) -> Connection[N] | None:
        try:
            return gather(self.client, query, {"id": issue.id}, _rest, begun)
        except AccessError:
            self.notes["list that this token may not read"] += 1
            return begun

    def _swept(self) -> set[str] | None:
        """The ids of all issues; None if one of them is missing from the answer."""
        found: set[str] = set()
        for page in walk(self.client, queries.ids(self.shape), self._name(), _id_list):
            for ref in page.nodes:
                item_id = ref.item_id(self.context.site) if ref else None
                if item_id is None:
                    return None
                found.add(item_id)
        return found

    def _rejected(self, raw: msgspec.Raw | None, where: str, error: Exception) -> Rejected:
        """Name what was rejected as well as its payload lets us."""
        reason, place = said(str(error)), f"{self.context.container}@{where}"
        try:
            ref = IDENTITY.decode(raw if raw is not None else b"null")
        except msgspec.DecodeError:
            return Rejected(self.context.site, place, place, reason)
        self._ids.update(filter(None, [ref.item_id(self.context.site)]))
        return Rejected(self.context.site, ref.native or place, ref.key or place, reason)

    def _name(self) -> dict[str, object]:
        owner, _, name = self.repository.name_with_owner.partition("/")
        return {"owner": owner, "name": name}

    def _state(self) -> dict[str, str]:
        return {self.context.container: self.place.dump()}


def _issues(page: IssuePage) -> Connection[msgspec.Raw] | None:
    issues = page.repository.issues if page.repository else None
    return Connection(issues.nodes, issues.page_info) if issues else None


def _id_list(page: IdPage) -> Connection[Ref] | None:
    return page.repository.issues if page.repository else None


def _rest(page: RestPage[N]) -> Connection[N] | None:
    return page.node.rest if page.node else None
