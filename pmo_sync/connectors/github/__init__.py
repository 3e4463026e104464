"""GitHub issues: github.com, its data-residency hosts and Enterprise Server, over GraphQL.

The requests of one sync, with R repositories:

=============  =====================================================  =========================
query          what for                                               how many
=============  =====================================================  =========================
Server         who we are, which fields this version knows            1
Repositories   name, milestones, count and newest change of each      1 for 25 named
Organization   the same for all of an organization                    1 for 50
Issues         issues changed since the watermark, with timelines     1 for 100 changed
More...        what did not fit: long timelines, many labels          1 for 100 more of it
Ids            the ids of all issues, to find what has gone           1 for 100 in a changed one
=============  =====================================================  =========================

A repository whose count and newest change are those of its last completed sweep is left alone:
with nothing new, a sync is 1 + R/25 requests. A first reading needs no Ids. Adding a dependency
need not move an issue's ``updatedAt``: it is seen with the next change of either issue.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from pmo_sync.config import Source
from pmo_sync.connectors.base import Container, Finding, Progress
from pmo_sync.connectors.github import queries
from pmo_sync.connectors.github.access import require_login
from pmo_sync.connectors.github.board import Board
from pmo_sync.connectors.github.boards import BoardsReading, open_boards
from pmo_sync.connectors.github.checks import findings
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.evidence_reading import EvidenceReading
from pmo_sync.connectors.github.fields import FieldPlan, field_names, field_plan
from pmo_sync.connectors.github.mapping import VERSION, observe_milestone, site_of, site_terms
from pmo_sync.connectors.github.milestones import read_context
from pmo_sync.connectors.github.payloads import Repository
from pmo_sync.connectors.github.reading import Reading
from pmo_sync.connectors.github.resume import place_of
from pmo_sync.connectors.github.scope import in_use, owned, require_scope, resolve, visible
from pmo_sync.connectors.github.shape import Shape, shape_of
from pmo_sync.connectors.github.singles import Singles
from pmo_sync.connectors.github.waits import Patience
from pmo_sync.errors import AccessError
from pmo_sync.model import Batch

IMPATIENT = Patience(retries=1, longest=10)
"""For a person who waits at the terminal."""


class GithubConnector:
    """One source of type ``github``."""

    def __init__(
        self, source: Source, progress: Progress, *, patience: Patience | None = None
    ) -> None:
        require_login(source)
        require_scope(source)
        self._source, self._progress = source, progress
        self._names = field_names(source.fields)
        self._client = GithubClient(source, progress, patience=patience)

    @property
    def requests(self) -> int:
        """HTTP requests made so far."""
        return self._client.requests

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
        shape = shape_of(self._client.ask(queries.SERVER, {}).data)
        shape = shape if self._source.boards else shape.without_boards()
        boards, problems = open_boards(self._client, self._source, shape, self._names)
        shape = shape if boards else shape.without_boards()
        plan = field_plan(self._names, {one.head.id: one.fields.values() for one in boards})
        scope = resolve(self._client, self._source)
        readings = []
        for repository in scope.repositories:
            reading, batch = self._begin(repository, shape, plan, state)
            readings.append(reading)
            yield batch
        for reading in readings:
            yield from self._read(reading)
            yield from self._evidence(reading, state)
        if boards:
            whole = not problems
            yield from self._read_boards(boards, readings, shape, plan, state, now, whole=whole)
        if problems := [*scope.problems, *problems]:
            raise AccessError(f"{self._source.name}: {'; '.join(problems)}")

    def _begin(
        self, repository: Repository, shape: Shape, plan: FieldPlan, state: Mapping[str, str]
    ) -> tuple[Reading, Batch]:
        """Prepare to read a repository, and hand over what names things there."""
        context, milestones = read_context(self._client, repository, plan)
        place = place_of(state, context.container, shape.version() + plan.version())
        observations = [one for entry in milestones for one in observe_milestone(entry)]
        batch = Batch(
            sites=(site_of(repository),),
            terms=site_terms(context.site),
            milestones=tuple(milestones),
            observations=tuple(observations),
        )
        return Reading(self._client, shape, repository, context, place), batch

    def _evidence(self, reading: Reading, state: Mapping[str, str]) -> Iterator[Batch]:
        """Read pull requests, releases and deployments, unless they are not wanted."""
        wanted = self._source.pull_requests
        if wanted == "ignore":
            return
        found = EvidenceReading(
            self._client, reading.shape, reading.repository, reading.context, wanted == "items"
        )
        yield from found.batches(state)
        for note, count in sorted((+found.notes).items()):
            self._progress.step(self._source.name, f"{reading.context.container}: {note}: {count}")

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

    def _read(self, reading: Reading) -> Iterator[Batch]:
        """Read a repository, and say how far it is and what was odd."""
        name, total = self._source.name, reading.repository.total
        for batch in reading.batches():
            text = f"{reading.context.container}: issues"
            self._progress.step(name, text, min(reading.read, total), total)
            yield batch
        for note, count in sorted((+reading.notes).items()):
            self._progress.step(name, f"{reading.context.container}: {note}: {count}")
