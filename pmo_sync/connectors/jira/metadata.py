"""What a sync asks a site about itself before and beside its issues."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from pmo_sync.config import Source
from pmo_sync.connectors.jira.client import JiraClient
from pmo_sync.connectors.jira.failures import RefusedError
from pmo_sync.connectors.jira.fields import map_fields
from pmo_sync.connectors.jira.payloads import Board, Project
from pmo_sync.connectors.jira.plan import Deployment
from pmo_sync.connectors.jira.site import (
    SiteContext,
    iteration,
    milestone,
    observed,
    ordered_terms,
    site_record,
    status_terms,
    type_rank,
    type_terms,
)
from pmo_sync.errors import ConfigError
from pmo_sync.model import Batch, Iteration, Site, Term

log = logging.getLogger(__name__)

NO_SPRINTS = ("kanban",)
_GATEWAY = re.compile(r"/ex/jira/([0-9a-f-]{36})(?:/|$)")


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site as this login sees it."""

    record: Site
    deployment: Deployment
    context: SiteContext
    projects: tuple[Project, ...]
    terms: tuple[Term, ...]


def identify(client: JiraClient, source: Source) -> tuple[Site, Deployment]:
    """Ask the site who it is, and what kind of Jira."""
    info = client.server_info()
    return site_record(info, _identity(client, source)), info.deployment


def _identity(client: JiraClient, source: Source) -> str | None:
    gateway = _GATEWAY.search(source.url)
    return gateway[1] if gateway else client.identity()


def view_site(client: JiraClient, source: Source) -> SiteView:
    """Ask for all that mapping an issue needs; raise ConfigError for fields that are not there."""
    info = client.server_info()
    client.myself()  # by itself: a wrong login that is tried several times at once is locked
    with client.crew() as crew:
        identity = crew.ask(_identity, client, source)
        said = crew.ask(client.fields)
        visible, kinds = crew.ask(client.projects), crew.ask(client.issue_types)
        statuses, priorities = crew.ask(client.statuses), crew.ask(client.priorities)
        resolutions = crew.ask(client.resolutions)
        record = site_record(info, identity.result())
        fields = map_fields(said.result(), source.fields)
        if fields.problems:
            raise ConfigError(f"sources.{source.name}: {'; '.join(fields.problems.values())}")
        projects, types, name = visible.result(), kinds.result(), record.site
        terms = (
            *status_terms(name, statuses.result()),
            *type_terms(name, types),
            *ordered_terms(name, "priority", priorities.result()),
            *ordered_terms(name, "resolution", resolutions.result()),
        )
    ranks = {kind.id: type_rank(kind) for kind in types}
    keys = {project.id: project.key for project in projects}
    context = SiteContext(name, record.url, fields, ranks, keys)
    return SiteView(record, info.deployment, context, tuple(projects), terms)


def planning(
    client: JiraClient, source: Source, site: Site, projects: Sequence[Project], *, every: bool
) -> Batch:
    """Ask for the versions of projects and the sprints of their boards.

    ``every``: the projects are all of the site, so one list of boards serves them all.
    """
    keys = [project.key for project in projects]
    iterations: dict[str, Iteration] = {}
    with client.begun(client.side_by_side(client.versions, keys)) as versions:
        boards = _boards(client, source, [None] if every else keys)
        for sprints in client.side_by_side(partial(_sprints, client, site.site), boards):
            iterations |= {sprint.iteration_id: sprint for sprint in sprints}
        milestones = [
            milestone(site, project, version)
            for project, found in zip(projects, versions, strict=True)
            for version in found
        ]
    return Batch(
        milestones=tuple(milestones),
        iterations=tuple(iterations.values()),
        observations=tuple(observed(milestones, iterations.values())),
    )


def _boards(client: JiraClient, source: Source, projects: Sequence[str | None]) -> Iterator[Board]:
    """List each board with sprints once: the configured ones, else all of the projects'."""
    found: dict[int, Board] = {}
    for boards in client.side_by_side(partial(_boards_of, client), projects):
        found.update({board.id: board for board in boards})
    for board in found.values():
        wanted = not source.boards or {board.name, str(board.id)}.intersection(source.boards)
        if wanted and board.type not in NO_SPRINTS:
            yield board


def _boards_of(client: JiraClient, project: str | None) -> list[Board]:
    try:
        return client.boards(project)
    except RefusedError as error:
        _skip(client, f"the boards of {project or 'the site'}", error)
        return []


def _sprints(client: JiraClient, site: str, board: Board) -> list[Iteration]:
    try:
        return [iteration(site, sprint) for sprint in client.sprints(board.id)]
    except RefusedError as error:
        if error.status != 400:  # 400: a simple board without sprints
            _skip(client, f"board {board.name!r} ({board.id})", error)
        return []


def _skip(client: JiraClient, what: str, error: RefusedError) -> None:
    if error.status not in (400, 403, 404):
        raise error
    log.warning("%s: %s cannot be seen (%s); skipped", client.name, what, error.status)
