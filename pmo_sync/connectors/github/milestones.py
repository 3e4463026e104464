"""Reads and maps the milestones of a repository, which every cycle sees as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from pmo_sync.connectors.github import queries
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.fields import FieldPlan
from pmo_sync.connectors.github.mapping import Context, map_milestone
from pmo_sync.connectors.github.pages import MilestonePage
from pmo_sync.connectors.github.paging import gather
from pmo_sync.connectors.github.payloads import Connection
from pmo_sync.connectors.github.repository_payloads import Milestone as MilestonePayload
from pmo_sync.connectors.github.repository_payloads import Repository
from pmo_sync.model import Milestone


def read_context(
    client: GithubClient, repository: Repository, plan: FieldPlan
) -> tuple[Context, Sequence[Milestone]]:
    """What mapping needs to know of a repository, and its milestones: one more request for each
    hundred of them after the first, which came with the repository."""
    context = Context(
        site=urlsplit(repository.url).netloc,
        container=repository.name_with_owner,
        repository=str(repository.database_id or repository.name_with_owner),
        restricted=repository.is_private,
        labels=plan.labels,
        issue_fields=plan.issue_fields,
        boards=plan.boards,
    )
    owner, _, name = repository.name_with_owner.partition("/")
    variables = {"owner": owner, "name": name}
    listed = gather(client, queries.MILESTONES, variables, _list, repository.milestones)
    milestones = [map_milestone(payload, context) for payload in listed.members()]
    ids = {milestone.name: milestone.milestone_id for milestone in milestones}
    return replace(context, milestones=ids), milestones


def _list(page: MilestonePage) -> Connection[MilestonePayload] | None:
    return page.repository.milestones if page.repository else None
