"""Reads one repository: its changed issues page by page, then the ids of all, as batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from pmo_sync.connectors.github import issue_queries
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.issue_payloads import Issue, Tied
from pmo_sync.connectors.github.issues import Issues
from pmo_sync.connectors.github.mapping import Context
from pmo_sync.connectors.github.pages import IdPage, IssuePage, RawIssuePage, RawPage, TiedPage
from pmo_sync.connectors.github.paging import Walked, by_id, walk
from pmo_sync.connectors.github.payloads import Connection, Ref
from pmo_sync.connectors.github.repository_payloads import Repository
from pmo_sync.connectors.github.resume import Place
from pmo_sync.connectors.github.shape import Shape
from pmo_sync.connectors.github.story import Notes
from pmo_sync.connectors.github.ties import Ties, scope_of
from pmo_sync.model import Batch, Sweep


@dataclass(slots=True)
class Reading:
    """One repository's cycle. ``notes`` counts what was odd; ``read`` the issues so far."""

    client: GithubClient
    shape: Shape
    repository: Repository
    context: Context
    place: Place
    ties: Ties
    now: datetime
    notes: Notes = field(default_factory=Notes)
    read: int = 0
    _newest: datetime | None = None

    @property
    def _look(self) -> bool:
        """Whether the ties of open issues are to be looked at: a first reading sees them all."""
        return self.repository.total > 0 and not self.place.fresh and self.ties.due(self.now)

    def batches(self) -> Iterator[Batch]:
        """Yield what changed since the place, oldest change first, and the sweep, unless there is
        nothing new; then what changed without a change of its time, when that is due."""
        # What these remember, ids and persons, goes when the repository has been read.
        issues = Issues(self.client, self.shape, self.context, self.ties, self.notes)
        look = self._look
        if not self.place.settled(self.repository):
            yield from self._changed(issues)
        if look:
            yield from self._tied(issues)

    def _changed(self, issues: Issues) -> Iterator[Batch]:
        """The ids that a first, uninterrupted reading meets are its sweep."""
        first = self.place.fresh
        self._newest = self.repository.newest
        if self.repository.total or not first:
            yield from (self._page(issues.batch(page), page) for page in self._pages())
        ids = issues.ids if first and issues.whole else self._swept()
        if ids is None:
            self.notes["sweep given up: the list of ids has gaps"] += 1
            return
        self.place = self.place.swept(len(ids), self._newest)
        if first:
            self.ties.at = self.now
        sweep = Sweep(self.context.site, self.context.container, tuple(sorted(ids)))
        yield Batch(sweeps=(sweep,), state=self._state(ties=True))

    def _tied(self, issues: Issues) -> Iterator[Batch]:
        """Read the open issues again that are tied to others than was seen."""
        before, self.ties.seen = self.ties.seen, {}
        changed: list[str] = []
        for page in walk(self.client, issue_queries.ties(self.shape), self._name(), _tied_list):
            for issue in page.members():
                self.ties.note(issue)
                if self.ties.of(issue) != before.get(issue.native or ""):
                    changed.append(issue.id)
        self.notes["tied to others than before"] += len(changed)
        for again in by_id(self.client, issue_queries.again(self.shape), changed):
            yield issues.batch(again)
        self.ties.at = self.now
        yield Batch(state=self._state(ties=True))

    def _pages(self) -> Iterator[Walked[Issue | msgspec.Raw]]:
        since = self.place.asked_from
        variables = {**self._name(), "since": since.isoformat() if since else None}
        return walk(self.client, issue_queries.issues(self.shape), variables, _issue_list)

    def _page(self, batch: Batch, page: Walked[Issue | msgspec.Raw]) -> Batch:
        """Take in a page of those that changed, and go on from it."""
        changed = max((one.item.updated for one in batch.items), default=None)
        self.place = self.place.advanced(changed)
        self._newest = max((at for at in (self._newest, changed) if at), default=None)
        self.read += len(page.nodes)
        return replace(batch, state=self._state())

    def _swept(self) -> set[str] | None:
        """The ids of all issues; None if one of them is missing from the answer."""
        found: set[str] = set()
        for page in walk(self.client, issue_queries.ids(self.shape), self._name(), _id_list):
            for ref in page.nodes:
                item_id = ref.item_id(self.context.site) if ref else None
                if item_id is None:
                    return None
                found.add(item_id)
        return found

    def _name(self) -> dict[str, object]:
        owner, _, name = self.repository.name_with_owner.partition("/")
        return {"owner": owner, "name": name}

    def _state(self, *, ties: bool = False) -> dict[str, str]:
        """What to go on from; what was seen of ties is told only once all of it was read."""
        state = {self.context.container: self.place.dump()}
        return state | {scope_of(self.context.container): self.ties.dump()} if ties else state


def _issue_list(page: IssuePage | RawIssuePage) -> Connection[Issue | msgspec.Raw] | None:
    issues = page.repository.issues if page.repository else None
    return Connection(issues.nodes, issues.page_info) if isinstance(issues, RawPage) else issues


def _id_list(page: IdPage) -> Connection[Ref] | None:
    return page.repository.issues if page.repository else None


def _tied_list(page: TiedPage) -> Connection[Tied] | None:
    return page.repository.issues if page.repository else None
