"""One sync: the site, then what changed page by page, then a sweep of all that is there."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from pmo_sync.config import Source
from pmo_sync.connectors.base import Progress
from pmo_sync.connectors.jira.batches import ItemBatches
from pmo_sync.connectors.jira.client import JiraClient
from pmo_sync.connectors.jira.closing import Closing
from pmo_sync.connectors.jira.failures import RefusedError
from pmo_sync.connectors.jira.memory import SITE, Memory, memory_of, recalled
from pmo_sync.connectors.jira.metadata import SiteView, planning, view_site
from pmo_sync.connectors.jira.payloads import Project
from pmo_sync.connectors.jira.plan import Page, gathered
from pmo_sync.connectors.jira.reading import IssueReader
from pmo_sync.connectors.jira.scope import (
    ISSUES,
    Place,
    place_of,
    projects_in_scope,
    scope_clause,
)
from pmo_sync.connectors.jira.site import overridden
from pmo_sync.connectors.jira.worklogs import WORKLOGS, Reached, brought_along, reached
from pmo_sync.errors import AccessError
from pmo_sync.model import Batch, Departed, Sweep

log = logging.getLogger(__name__)


def sync(
    client: JiraClient,
    source: Source,
    progress: Progress,
    state: Mapping[str, str],
    now: datetime,
) -> Iterator[Batch]:
    """Yield everything that changed since ``state``, then the sweeps.

    Where the site is no longer as it is remembered, all is asked again: what was yielded until
    then is only yielded once more.
    """
    for batch in _batches(client, source, progress, state, now):
        yield replace(batch, terms=overridden(batch.terms, source.statuses))


def _batches(
    client: JiraClient,
    source: Source,
    progress: Progress,
    state: Mapping[str, str],
    now: datetime,
) -> Iterator[Batch]:
    memory = recalled(state.get(SITE), now)
    if memory:
        try:
            yield from _cycle(client, source, progress, state, now, memory)
        except RefusedError as error:
            log.info("%s: not as remembered (%s): reading the site anew", source.name, error)
        else:
            return
    yield from _cycle(client, source, progress, state, now, None)


def _cycle(
    client: JiraClient,
    source: Source,
    progress: Progress,
    state: Mapping[str, str],
    now: datetime,
    memory: Memory | None,
) -> Iterator[Batch]:
    client.least.clear()
    progress.step(source.name, "reading the site")
    view = memory.view if memory else view_site(client, source)
    client.expect(view.deployment)
    projects = _in_scope(client, source, view)
    if not projects:
        raise AccessError(f"{source.name}: this login can see no project")
    # What the configuration says of statuses holds from the next sync on, remembered site or not.
    yield Batch(sites=(view.record,), terms=view.terms if source.statuses or not memory else ())
    # Which projects a query alone touches is known only after the sweep.
    keys = [project.key for project in projects] if source.projects or not source.jql else []
    cycle = _Cycle(client, source, progress, view, now, memory, keys)
    yield from cycle.batches(scope_clause(source, projects), state)


def _in_scope(client: JiraClient, source: Source, view: SiteView) -> list[Project]:
    """The projects to read; AccessError names those which are not there, and which are archived."""
    try:
        return projects_in_scope(source, view.projects)
    except AccessError as error:
        if not (left := client.departed(source.projects)):
            raise
        text = f"archived or deleted: {', '.join(sorted(left))}: take them out of projects"
        raise AccessError(f"{error}; {text}") from None


class _Cycle:
    """What follows once the site is known: its plans and what changed, then what is gone."""

    def __init__(
        self,
        client: JiraClient,
        source: Source,
        progress: Progress,
        view: SiteView,
        now: datetime,
        memory: Memory | None,
        keys: Sequence[str],
    ) -> None:
        self._client, self._source, self._progress = client, source, progress
        self._view, self._now, self._memory, self._keys = view, now, memory, keys
        self._plans = Batch()
        self._read: set[str] = set()
        self._items = ItemBatches(client, view, remote_links=source.remote_links)
        self._items.know(memory.iterations if memory else ())

    def batches(self, clause: str, state: Mapping[str, str]) -> Iterator[Batch]:
        """Yield them; what comes later is asked for while it is mapped what came."""
        place, noted = place_of(state.get(ISSUES)), reached(state.get(WORKLOGS))
        known, hours = bool(self._keys or self._memory), self._source.sweep_hours
        due = not known or place.sweep_is_due(self._now, hours)
        reader = IssueReader(self._view.context.fields)
        with self._client.crew() as crew:
            closing = Closing(
                self._client, self._source, crew, clause, self._view.record.site, noted
            )
            pages = self._client.issues(
                clause, place, reader, closing.begin if due else lambda: None
            )
            with self._client.begun(gathered(pages)) as gathering:
                if self._keys and not self._memory:
                    yield self._planned(self._keys)
                place = yield from self._changed(gathering, place, noted)
            yield from self._closed(closing, place) if due else self._reached(place)

    def _changed(
        self, gathering: Iterable[Sequence[Page]], place: Place, noted: Reached
    ) -> Generator[Batch, None, Place]:
        done, site = 0, self._view.record.site
        for pages in gathering:
            for batch, after in self._items.batches(pages, place):
                if self._source.worklogs:
                    yield from brought_along(self._client, site, batch.items, noted)
                yield batch
                self._read.update(record.item.container for record in batch.items)
                place = after
            done += sum(page.count for page in pages)
            self._progress.step(self._source.name, "reading items", done)
        self._items.report_disagreements()
        yield Batch(persons=tuple(self._items.former_persons()))
        return place.arrived()

    def _closed(self, closing: Closing, place: Place) -> Iterator[Batch]:
        self._progress.step(self._source.name, "looking for what is gone")
        sweeps = closing.sweeps({*self._keys, *place.containers}, self._read)
        departed = self._departed(sweeps, place)
        sweeps = tuple(one for one in sweeps if one.container not in departed)
        if self._source.worklogs:
            self._progress.step(self._source.name, "reading the time noted on items")
        yield from closing.worklogs(sweeps)
        yield from closing.risks()
        held = tuple(sweep.container for sweep in sweeps if sweep.item_ids)
        if not self._keys and not self._memory:
            yield self._planned(held)
        # Only where it is needed: a sync with nothing new leaves all else as it was.
        swept = self._now if self._source.sweep_hours else None
        place = msgspec.structs.replace(place, containers=held, swept=swept)
        left = tuple(Departed(self._view.record.site, key) for key in departed)
        yield replace(next(self._reached(place)), sweeps=sweeps, departed=left)

    def _departed(self, sweeps: Iterable[Sweep], place: Place) -> list[str]:
        """Projects that held items and hold none, as they are archived or deleted: that many are
        gone at once is no failure then."""
        emptied = {one.container for one in sweeps if not one.item_ids}
        return sorted(self._client.departed(sorted(emptied.intersection(place.containers))))

    def _reached(self, place: Place) -> Iterator[Batch]:
        kept = self._memory or memory_of(self._now, self._view, self._plans.iterations)
        yield Batch(state={ISSUES: place.text(), SITE: kept.text()})

    def _planned(self, keys: Iterable[str]) -> Batch:
        wanted = set(keys)
        projects = [project for project in self._view.projects if project.key in wanted]
        every = len(projects) == len(self._view.projects)
        self._plans = planning(self._client, self._source, self._view.record, projects, every=every)
        self._items.know(one.iteration_id for one in self._plans.iterations)
        return self._plans
