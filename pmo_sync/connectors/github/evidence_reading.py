"""Reads the evidence of one repository, newest first, back to what is known already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from pmo_sync.connectors.decoding import decoder
from pmo_sync.connectors.github import evidence_queries
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.evidence import (
    map_deployment,
    map_pull,
    map_release,
    pull_item,
    pull_terms,
)
from pmo_sync.connectors.github.evidence_payloads import (
    Deployment,
    EvidenceLists,
    EvidencePage,
    Pull,
    Release,
)
from pmo_sync.connectors.github.mapping import Context, UnmappableError
from pmo_sync.connectors.github.paging import Walked, walk
from pmo_sync.connectors.github.payloads import Connection, When
from pmo_sync.connectors.github.people import People
from pmo_sync.connectors.github.queries import Query
from pmo_sync.connectors.github.repository_payloads import Repository, Touched
from pmo_sync.connectors.github.shape import Shape
from pmo_sync.connectors.github.story import Notes
from pmo_sync.model import Batch, Delivery, ItemRecord, PullRecord

OVERLAP = timedelta(minutes=2)
N = TypeVar("N", Pull, Release, Deployment)


class Known(msgspec.Struct, frozen=True, array_like=True):
    """How many there were of a list, and the newest change of any."""

    total: int = 0
    newest: When | None = None


class EvidenceState(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was known of each list when it was last read to its end."""

    version: str = ""
    pulls: Known = Known()
    releases: Known = Known()
    deployments: Known = Known()


@dataclass(slots=True)
class EvidenceReading:
    """One repository's evidence; ``items`` says that pull requests are work items too."""

    client: GithubClient
    shape: Shape
    repository: Repository
    context: Context
    items: bool
    notes: Notes = field(default_factory=Notes)

    def batches(self, state: Mapping[str, str]) -> Iterator[Batch]:
        """Yield what is new of each list; nothing where the counts and newest changes stayed."""
        scope = f"evidence {self.context.container}"
        last = _state(state.get(scope, ""), self.shape.version())
        now = EvidenceState(
            self.shape.version(),
            self._known(self.repository.pull_requests, last.pulls),
            self._known(self.repository.releases, last.releases),
            self._known(self.repository.deployments, last.deployments),
        )
        if now.pulls != last.pulls:
            query = evidence_queries.pulls(self.shape, items=self.items)
            yield from map(self._pulls, self._new(query, _pulls, last.pulls))
        if now.releases != last.releases:
            pages = self._new(evidence_queries.RELEASES, _releases, last.releases)
            yield from (self._deliveries(page, map_release) for page in pages)
        if now.deployments != last.deployments:
            pages_ = self._new(evidence_queries.DEPLOYMENTS, _deployments, last.deployments)
            yield from (self._deliveries(page, map_deployment) for page in pages_)
        if now != last:
            yield Batch(state={scope: msgspec.json.encode(now).decode()})

    def _known(self, listed: Connection[Touched] | None, last: Known) -> Known:
        """What the probe says of a list; as before where this token may not read it."""
        if listed is None:
            self.notes["list of evidence that this token may not read"] += 1
            return last
        changes = [one.updated_at for one in listed.members()]
        return Known(listed.total_count or 0, max(changes, default=None))

    def _new(
        self,
        query: Query[EvidencePage],
        connection: Callable[[EvidencePage], Connection[N] | None],
        last: Known,
    ) -> Iterator[list[N]]:
        """Pages down to the last known change. Of deliveries, which are in the order of their
        making, a page of the newest is looked at for changes."""
        owner, _, name = self.repository.name_with_owner.partition("/")
        since = last.newest - OVERLAP if last.newest else None
        pages: Iterator[Walked[N]] = walk(
            self.client, query, {"owner": owner, "name": name}, connection
        )
        for page in pages:
            self.notes["error in a partial answer"] += len(page.errors)
            found = [one for one in page.nodes if one is not None]
            yield [one for one in found if since is None or one.updated_at >= since]
            if since and any(_order(one) < since for one in found):
                return

    def _pulls(self, page: list[Pull]) -> Batch:
        people = People(self.context.site)
        told: list[PullRecord] = []
        items: list[ItemRecord] = []
        for pull in page:
            try:
                record = map_pull(pull, self.context, people)
            except UnmappableError:
                self.notes["pull request without an id"] += 1
                continue
            told.append(record)
            if self.items:
                items.append(pull_item(pull, record, self.context, people))
        terms = pull_terms(self.context.site) if self.items else ()
        return Batch(items=tuple(items), pulls=tuple(told), persons=people.persons(), terms=terms)

    def _deliveries(self, page: list[N], mapped: Callable[[N, Context, People], Delivery]) -> Batch:
        people = People(self.context.site)
        found = tuple(mapped(one, self.context, people) for one in page)
        return Batch(deliveries=found, persons=people.persons())


def _order(one: Pull | Release | Deployment) -> datetime:
    """By what a list is ordered."""
    return one.updated_at if isinstance(one, Pull) else one.created_at


def _state(text: str, version: str) -> EvidenceState:
    try:
        state = decoder(EvidenceState).decode(text)
    except msgspec.DecodeError:
        return EvidenceState(version)
    return state if state.version == version else EvidenceState(version)


def _lists(page: EvidencePage) -> EvidenceLists:
    return page.repository or EvidenceLists()


def _pulls(page: EvidencePage) -> Connection[Pull] | None:
    return _lists(page).pull_requests


def _releases(page: EvidencePage) -> Connection[Release] | None:
    return _lists(page).releases


def _deployments(page: EvidencePage) -> Connection[Deployment] | None:
    return _lists(page).deployments
