"""Single issues, wherever they are: what a board leads to is mapped as its repository's are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from pmo_sync.connectors.github import queries
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.fields import FieldPlan
from pmo_sync.connectors.github.issues import Issues
from pmo_sync.connectors.github.mapping import Context, observe_milestone
from pmo_sync.connectors.github.milestones import read_context
from pmo_sync.connectors.github.paging import Walked
from pmo_sync.connectors.github.repository_payloads import Repository
from pmo_sync.connectors.github.shape import Shape
from pmo_sync.connectors.github.story import Notes
from pmo_sync.connectors.github.ties import Ties
from pmo_sync.model import Batch


@dataclass(slots=True)
class Singles:
    """Reads issues by themselves; ``known`` are the repositories that were met."""

    client: GithubClient
    shape: Shape
    plan: FieldPlan
    known: dict[str, tuple[Repository, Context]] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)

    def __call__(self, container: str, raws: Sequence[msgspec.Raw]) -> Iterator[Batch]:
        """Yield the issues of a repository, and its milestones where it is met first."""
        if container not in self.known and (found := self._meet(container)):
            yield found
        if container not in self.known:
            self.notes["repository of a board's issue that this token may not read"] += 1
            return
        _, context = self.known[container]
        issues = Issues(self.client, self.shape, context, Ties(""), self.notes)
        yield issues.batch(Walked(tuple(raws), (), None, "by id"))

    def _meet(self, container: str) -> Batch | None:
        owner, _, name = container.partition("/")
        reply = self.client.ask_once(queries.repositories(1), {"o0": owner, "n0": name})
        repository = reply.data.get("r0")
        if repository is None:
            return None
        context, milestones = read_context(self.client, repository, self.plan)
        self.known[container] = repository, context
        observed = (one for entry in milestones for one in observe_milestone(entry))
        return Batch(milestones=tuple(milestones), observations=tuple(observed))
