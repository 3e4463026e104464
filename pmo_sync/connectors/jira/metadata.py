"""What a sync asks a site about itself before and beside its issues."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
from pmo_sync.model import Batch, Iteration, Milestone, Site, Term

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
    gateway = _GATEWAY.search(source.url)
    return site_record(info, gateway[1] if gateway else client.identity()), info.deployment


def view_site(client: JiraClient, source: Source) -> SiteView:
    """Ask for all that mapping an issue needs; raise ConfigError for fields that are not there."""
    record, deployment = identify(client, source)
    client.myself()
    fields = map_fields(client.fields(), source.fields)
    if fields.problems:
        raise ConfigError(f"sources.{source.name}: {'; '.join(fields.problems.values())}")
    projects, types, name = client.projects(), client.issue_types(), record.site
    terms = (
        *status_terms(name, client.statuses()),
        *type_terms(name, types),
        *ordered_terms(name, "priority", client.priorities()),
        *ordered_terms(name, "resolution", client.resolutions()),
    )
    ranks = {kind.id: type_rank(kind) for kind in types}
    keys = {project.id: project.key for project in projects}
    context = SiteContext(name, record.url, fields, ranks, keys)
    return SiteView(record, deployment, context, tuple(projects), terms)


def planning(
    client: JiraClient, source: Source, site: Site, projects: Sequence[Project], *, every: bool
) -> Batch:
    """Ask for the versions of projects and the sprints of their boards.

    ``every``: the projects are all of the site, so one list of boards serves them all.
    """
    milestones: list[Milestone] = []
    for project in projects:
        milestones += [milestone(site, project, v) for v in client.versions(project.key)]
    iterations: dict[str, Iteration] = {}
    for board in _boards(client, source, [None] if every else [p.key for p in projects]):
        for sprint in _sprints(client, site.site, board):
            iterations[sprint.iteration_id] = sprint
    found = observed(milestones, iterations.values())
    return Batch(
        milestones=tuple(milestones),
        iterations=tuple(iterations.values()),
        observations=tuple(found),
    )


def _boards(client: JiraClient, source: Source, projects: Sequence[str | None]) -> Iterator[Board]:
    """List each board with sprints once: the configured ones, else all of the projects'."""
    found: dict[int, Board] = {}
    for project in projects:
        try:
            found.update({board.id: board for board in client.boards(project)})
        except RefusedError as error:
            _skip(client, f"the boards of {project or 'the site'}", error)
    for board in found.values():
        wanted = not source.boards or {board.name, str(board.id)}.intersection(source.boards)
        if wanted and board.type not in NO_SPRINTS:
            yield board


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
