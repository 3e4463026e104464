"""What a sync ends with: what is there still, what its query for risks finds, time noted on items.

It is asked for as soon as all that changed is listed, while that is read and mapped.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from concurrent.futures import Future
from functools import cached_property

from pmo_sync.config import Source
from pmo_sync.connectors.jira.client import JiraClient
from pmo_sync.connectors.jira.crew import Crew
from pmo_sync.connectors.jira.scope import query_of
from pmo_sync.connectors.jira.worklogs import Noted, Reached, noted_since, worklog_batches
from pmo_sync.model import RISK_QUERY, Batch, Marking, Sweep, global_id

Found = dict[str, list[str]]
"""The ids of what is in scope now, by project."""


class Closing:
    """Asks what comes last; ``crew`` does so meanwhile."""

    def __init__(
        self, client: JiraClient, source: Source, crew: Crew, clause: str, site: str, place: Reached
    ) -> None:
        """``place`` is how far worklogs were read before."""
        self._client, self._source, self._crew = client, source, crew
        self._clause, self._site, self._place = clause, site, place
        self._found: Future[Found] | None = None
        self._risks: Future[list[str]] | None = None
        self._noted: Future[Noted] | None = None

    def begin(self) -> None:
        """Ask, also where it was asked before."""
        self._found = self._crew.ask(self._present)
        if self._source.risk_jql:
            self._risks = self._crew.ask(self._risky, query_of(self._source.risk_jql))
        if self._source.worklogs:
            self._noted = self._crew.ask(noted_since, self._client, self._place)

    def sweeps(self, expected: Iterable[str], read: Collection[str]) -> tuple[Sweep, ...]:
        """Return all that is in scope now, by project: also of projects that are ``expected``
        where nothing is in them any more. ``read`` are those of what was read: where nothing is
        found in one, something came there after all was listed, so that is listed once more."""
        found = self._found.result() if self._found else self._present()
        if not found.keys() >= set(read):
            found = self._present()
        self._client.note_references(sum(map(len, found.values())))
        every: Found = {name: [] for name in sorted(expected)} | found
        return tuple(Sweep(self._site, name, tuple(ids)) for name, ids in every.items())

    def worklogs(self, sweeps: Sequence[Sweep]) -> Iterator[Batch]:
        """Yield time that was noted on the items which are there."""
        if self._noted:
            noted, scope = self._noted.result(), _Present(sweeps)
            yield from worklog_batches(self._client, self._site, self._place, noted, scope)

    def risks(self) -> Iterator[Batch]:
        """Yield what the source's query for risks finds."""
        if self._risks:
            risks = tuple(self._risks.result())
            self._client.note_references(len(risks))
            yield Batch(markings=(Marking(self._site, RISK_QUERY, risks),))

    def _present(self) -> Found:
        """A key begins with its project's key."""
        found: Found = {}
        for page in self._client.references(self._clause):
            for issue in page:
                container = issue.key.rpartition("-")[0]
                found.setdefault(container, []).append(global_id(self._site, issue.id))
        return found

    def _risky(self, query: str) -> list[str]:
        pages = self._client.references(f"{self._clause} AND ({query})")
        return sorted({global_id(self._site, one.id) for page in pages for one in page})


class _Present(Container[str]):
    """The items that sweeps found; gathered only once anybody asks for one."""

    def __init__(self, sweeps: Sequence[Sweep]) -> None:
        self._sweeps = sweeps

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._ids

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(item for sweep in self._sweeps for item in sweep.item_ids)
