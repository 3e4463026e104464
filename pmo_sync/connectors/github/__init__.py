"""GitHub issues: github.com, its data-residency hosts and Enterprise Server, over GraphQL.

The requests of one sync:

=============  =====================================================  =========================
query          what for                                               how many
=============  =====================================================  =========================
Server         who we are, which fields this version knows            1 a day
Repositories   name, milestones, count and newest change of each      1 for 50 named
Organization   the same for all of an organization                    1 for 50
Issues         issues changed since the watermark, with timelines     1 for 100 changed
More...        what did not fit: long timelines, many labels          1 for 20 issues' next 100
Ids            the ids of all issues, to find what has gone           1 for 100 in a changed one
Ties           what open issues block and are blocked by              1 a day for 100 open
Again          issues whose ties or board rows changed, whole         1 for 100 of them
Board          a board, its fields, status updates, first 100 rows    1
BoardItems     its other rows; their values move no ``updatedAt``     1 for 100
Pulls          pull requests that changed; Releases, Deployments      1 for 100
=============  =====================================================  =========================

A repository whose count and newest change are those of its last completed sweep is left alone:
with nothing new, a sync of R repositories is R/50 requests. A first reading needs no Ids. What an
issue is tied to may change without its ``updatedAt``: that is what Ties is for. Repositories are
read several at a time, each in its order; what the server does not manage is asked for in halves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from pmo_sync.config import Source
from pmo_sync.connectors.base import Container, Finding, Progress
from pmo_sync.connectors.github import queries
from pmo_sync.connectors.github.abreast import abreast
from pmo_sync.connectors.github.access import require_login
from pmo_sync.connectors.github.board import Board
from pmo_sync.connectors.github.boards import BoardsReading, open_boards
from pmo_sync.connectors.github.checks import findings
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.departed import departed
from pmo_sync.connectors.github.evidence_reading import EvidenceReading
from pmo_sync.connectors.github.fields import FieldPlan, field_names, field_plan
from pmo_sync.connectors.github.mapping import VERSION, observe_milestone, site_of, site_terms
from pmo_sync.connectors.github.milestones import read_context
from pmo_sync.connectors.github.queries import PAGE, REPOSITORIES
from pmo_sync.connectors.github.reading import Reading
from pmo_sync.connectors.github.repository_payloads import Repository
from pmo_sync.connectors.github.resume import place_of
from pmo_sync.connectors.github.scope import in_use, owned, require_scope, resolve, visible
from pmo_sync.connectors.github.server import known_shape
from pmo_sync.connectors.github.shape import Shape
from pmo_sync.connectors.github.singles import Singles
from pmo_sync.connectors.github.ties import ties_of
from pmo_sync.connectors.github.waits import Patience
from pmo_sync.errors import AccessError
from pmo_sync.model import Batch, Spent

POINTS = 5
"""What a page of issues costs, about; after the first one the server has said it."""
IMPATIENT = Patience(retries=1, longest=10)
"""For a person who waits at the terminal."""


class GithubConnector:
    """One source of type ``github``."""

    def __init__(
        self,
        source: Source,
        progress: Progress,
        *,
        patience: Patience | None = None,
        connections: int | None = None,
    ) -> None:
        require_login(source)
        require_scope(source)
        self._source, self._progress = source, progress
        self._names = field_names(source.fields)
        self._connections = connections or source.connections
        self._client = GithubClient(
            source,
            progress,
            patience=patience or Patience(longest=60 * source.patience),
            connections=self._connections,
        )

    @property
    def requests(self) -> int:
        """HTTP requests made so far."""
        return self._client.requests

    @property
    def spent(self) -> Spent:
        """All but what asks who we are and what the server offers are for data."""
        site = self._client.asked[queries.SERVER.name]
        return Spent(self.requests - site, self._client.least.count, site)

    def check(self) -> Sequence[Finding]:
        """Prove the source; what a person must mend is a finding."""
        self._client.patience = IMPATIENT
        return tuple(findings(self._client, self._source))

    def containers(self) -> Sequence[Container]:
        """The organization's repositories with issues, or all that the login works on."""
        self._client.patience = IMPATIENT
        login = self._source.organization
        listed = owned(self._client, login) if login else visible(self._client)
        return tuple(
            Container(repository.name_with_owner, repository.url)
            for repository in listed
            if in_use(repository)
        )

    def fingerprint(self) -> str:
        """Change when the scope, the label patterns or the mapping do."""
        source = self._source
        asked = [
            VERSION,
            self._client.base,
            sorted(source.repositories),
            source.organization,
            [sorted(source.include), sorted(source.exclude), source.archived, source.forks],
            [source.boards, source.pull_requests],
            sorted(source.fields.items()),
        ]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]

    def sync(self, state: Mapping[str, str], *, now: datetime) -> Iterator[Batch]:
        """Yield what changed; where some repositories or boards cannot be read the others are, and
        an AccessError names them at the end."""
        shape, learnt = known_shape(self._client, state, now)
        shape = shape if self._source.boards else shape.without_boards()
        boards, problems = open_boards(self._client, self._source, shape, self._names)
        shape = shape if boards else shape.without_boards()
        plan = field_plan(self._names, {one.head.id: one.fields.values() for one in boards})
        scope = resolve(self._client, self._source)
        readings: list[Reading] = []
        for group in _groups(scope.repositories, REPOSITORIES):
            begun = [self._begin(repository, shape, plan, state, now) for repository in group]
            readings += [reading for reading, _ in begun]
            yield _joined([batch for _, batch in begun], learnt)
        self._foretell(readings)
        tasks = [partial(self._read, reading, state) for reading in readings]
        yield from abreast(tasks, self._connections, self._client.stopped)
        if boards:
            whole = not problems
            yield from self._read_boards(boards, readings, shape, plan, state, now, whole=whole)
        if self._source.organization and readings and not scope.problems:
            names = [one.context.container for one in readings]
            site = readings[0].context.site
            if left := departed(self._client, self._source, state, names, site):
                yield left
        each = ", ".join(f"{name} {count}" for name, count in self._client.asked.most_common())
        spent = f"{self.requests:,} requests ({each}), {self._client.meter.told()}"
        self._progress.step(self._source.name, spent)
        if problems := [*scope.problems, *problems]:
            raise AccessError(f"{self._source.name}: {'; '.join(problems)}")

    def _begin(
        self,
        repository: Repository,
        shape: Shape,
        plan: FieldPlan,
        state: Mapping[str, str],
        now: datetime,
    ) -> tuple[Reading, Batch]:
        """Prepare to read a repository, and hand over what names things there."""
        context, milestones = read_context(self._client, repository, plan)
        version = shape.version() + plan.version()
        place = place_of(state, context.container, version)
        ties = ties_of(state, context.container, version)
        observations = [one for entry in milestones for one in observe_milestone(entry)]
        batch = Batch(
            sites=(site_of(repository),),
            terms=site_terms(context.site),
            milestones=tuple(milestones),
            observations=tuple(observations),
        )
        return Reading(self._client, shape, repository, context, place, ties, now), batch

    def _foretell(self, readings: Sequence[Reading]) -> None:
        """Say what first readings will cost of the hour's points, where that is not there."""
        pages = sum(-(-one.repository.total // PAGE) for one in readings if one.place.fresh)
        points, left = pages * POINTS, self._client.meter.left
        if left is not None and points > left:
            text = f"about {points:,} points are needed, {left:,} are left of this hour"
            self._progress.step(self._source.name, text)

    def _read(self, reading: Reading, state: Mapping[str, str]) -> Iterator[Batch]:
        """Read a repository, and say how far it is and what was odd."""
        name, total = self._source.name, reading.repository.total
        for batch in reading.batches():
            text = f"{reading.context.container}: issues"
            self._progress.step(name, text, min(reading.read, total), total)
            yield batch
        yield from self._evidence(reading, state)
        for note, count in sorted((+reading.notes).items()):
            self._progress.step(name, f"{reading.context.container}: {note}: {count}")

    def _evidence(self, reading: Reading, state: Mapping[str, str]) -> Iterator[Batch]:
        """Read pull requests, releases and deployments, unless they are not wanted."""
        wanted = self._source.pull_requests
        if wanted == "ignore":
            return
        found = EvidenceReading(
            self._client, reading.shape, reading.repository, reading.context, wanted == "items"
        )
        yield from found.batches(state)
        reading.notes.update(found.notes)

    def _read_boards(
        self,
        boards: Sequence[Board],
        readings: Sequence[Reading],
        shape: Shape,
        plan: FieldPlan,
        state: Mapping[str, str],
        now: datetime,
        *,
        whole: bool,
    ) -> Iterator[Batch]:
        """Read the boards, and the issues that they lead to."""
        known = {one.context.container: (one.repository, one.context) for one in readings}
        singles = Singles(self._client, shape, plan, dict(known))
        reading = BoardsReading(
            self._client,
            self._source,
            shape,
            shape.version() + plan.version(),
            frozenset(known),
            now,
            singles,
            self._progress,
            singles.notes,
        )
        yield from reading.batches(boards, state, complete=whole)


def _joined(batches: Sequence[Batch], state: Mapping[str, str]) -> Batch:
    """One batch for several repositories: to commit each by itself takes longer than to ask."""
    return Batch(
        sites=tuple(dict.fromkeys(site for batch in batches for site in batch.sites)),
        terms=tuple(dict.fromkeys(term for batch in batches for term in batch.terms)),
        milestones=tuple(one for batch in batches for one in batch.milestones),
        observations=tuple(one for batch in batches for one in batch.observations),
        state=state,
    )


def _groups(repositories: Sequence[Repository], size: int) -> Iterator[Sequence[Repository]]:
    for start in range(0, len(repositories), size):
        yield repositories[start : start + size]
