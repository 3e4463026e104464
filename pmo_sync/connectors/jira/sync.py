"""One sync: the site, then what changed page by page, then a sweep of all that is there."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import msgspec

from pmo_sync.config import Source
from pmo_sync.connectors.base import Progress
from pmo_sync.connectors.jira.batches import ItemBatches
from pmo_sync.connectors.jira.client import JiraClient
from pmo_sync.connectors.jira.failures import RefusedError
from pmo_sync.connectors.jira.memory import SITE, Memory, memory_of, recalled
from pmo_sync.connectors.jira.metadata import SiteView, planning, view_site
from pmo_sync.connectors.jira.plan import gathered
from pmo_sync.connectors.jira.reading import IssueReader
from pmo_sync.connectors.jira.scope import (
    ISSUES,
    place_of,
    projects_in_scope,
    query_of,
    scope_clause,
)
from pmo_sync.connectors.jira.site import overridden
from pmo_sync.connectors.jira.worklogs import WORKLOGS, brought_along, reached, worklog_batches
from pmo_sync.errors import AccessError
from pmo_sync.model import RISK_QUERY, Batch, Marking, Sweep, global_id

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
    place = place_of(state.get(ISSUES))
    progress.step(source.name, "reading the site")
    view = memory.view if memory else view_site(client, source)
    client.expect(view.deployment)
    projects = projects_in_scope(source, view.projects)
    if not projects:
        raise AccessError(f"{source.name}: this login can see no project")
    # What the configuration says of statuses holds from the next sync on, remembered site or not.
    yield Batch(sites=(view.record,), terms=view.terms if source.statuses or not memory else ())
    items = ItemBatches(client, view, remote_links=source.remote_links)
    items.know(memory.iterations if memory else ())
    # Which projects a query alone touches is known only after the sweep.
    keys = [project.key for project in projects] if source.projects or not source.jql else []
    plans = Batch()
    if keys and not memory:
        plans = _planning(client, source, view, keys)
        items.know(one.iteration_id for one in plans.iterations)
        yield plans

    clause = scope_clause(source, projects)
    done, noted = 0, reached(state.get(WORKLOGS))
    pages = client.issues(clause, place, IssueReader(view.context.fields))
    for page in gathered(pages):
        batch, place = items.batch(page, place)
        if source.worklogs:
            yield from brought_along(client, view.record.site, batch.items, noted)
        yield batch
        done += len(page.issues)
        progress.step(source.name, "reading items", done)
    items.report_disagreements()
    yield Batch(persons=tuple(items.former_persons()))

    place = place.arrived()
    if (keys or memory) and not place.sweep_is_due(now, source.sweep_hours):
        kept = memory or memory_of(now, view, plans.iterations)
        yield Batch(state={ISSUES: place.text(), SITE: kept.text()})
        return
    progress.step(source.name, "looking for what is gone")
    sweeps = _sweeps(client, clause, view.record.site, {*keys, *place.containers})
    if source.worklogs:
        progress.step(source.name, "reading the time noted on items")
        ids = {item for sweep in sweeps for item in sweep.item_ids}
        yield from worklog_batches(client, view.record.site, noted, ids)
    if source.risk_jql:
        yield _risks(client, f"{clause} AND ({query_of(source.risk_jql)})", view.record.site)
    held = tuple(sweep.container for sweep in sweeps if sweep.item_ids)
    if not keys and not memory:
        plans = _planning(client, source, view, held)
        yield plans
    # Only where it is needed: a sync with nothing new leaves all else as it was.
    swept = now if source.sweep_hours else None
    place = msgspec.structs.replace(place, containers=held, swept=swept)
    kept = memory or memory_of(now, view, plans.iterations)
    yield Batch(sweeps=sweeps, state={ISSUES: place.text(), SITE: kept.text()})


def _planning(client: JiraClient, source: Source, view: SiteView, keys: Iterable[str]) -> Batch:
    wanted = set(keys)
    projects = [project for project in view.projects if project.key in wanted]
    every = len(projects) == len(view.projects)
    return planning(client, source, view.record, projects, every=every)


def _risks(client: JiraClient, clause: str, site: str) -> Batch:
    found = [global_id(site, one.id) for page in client.references(clause) for one in page]
    return Batch(markings=(Marking(site, RISK_QUERY, tuple(sorted(set(found)))),))


def _sweeps(
    client: JiraClient, clause: str, site: str, expected: Iterable[str]
) -> tuple[Sweep, ...]:
    """Ask for all that is in scope now, by project: a key begins with its project's key.

    ``expected`` are projects to sweep also where nothing is in them any more.
    """
    ids: dict[str, list[str]] = {container: [] for container in sorted(expected)}
    for page in client.references(clause):
        for issue in page:
            container = issue.key.rpartition("-")[0]
            ids.setdefault(container, []).append(global_id(site, issue.id))
    return tuple(Sweep(site, container, tuple(found)) for container, found in ids.items())
