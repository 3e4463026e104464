"""A first configuration from what the logins see."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pmo_sync.config import Portfolio, Project, Secret, Select, Source
from pmo_sync.config.write import render_first
from pmo_sync.connectors.base import Progress
from pmo_sync.errors import PmoSyncError
from pmo_sync.pipeline.syncing import connector


@dataclass(frozen=True, slots=True)
class Wanted:
    """What ``init`` was told; tokens by the name of the variable that holds them."""

    portfolio: str | None = None
    timezone: str | None = None
    jira_url: str | None = None
    jira_email: str | None = None
    jira_token_env: str | None = None
    github_url: str | None = None
    github_organization: str | None = None
    github_token_env: str | None = None


@dataclass(frozen=True, slots=True)
class First:
    """The text of a first configuration, and a line for each thing that the logins see."""

    text: str
    found: tuple[str, ...]


def first_config(wanted: Wanted, progress: Progress) -> First:
    """Make a first configuration with a project for each container that the logins see.

    A source that cannot be asked yet (no token set, no network) is written all the same, and
    named with the reason.
    """
    sources = list(_wanted_sources(wanted))
    projects: list[Project] = []
    found: list[str] = []
    for source in sources:
        try:
            seen = connector(source, progress).containers()
        except PmoSyncError as error:
            found.append(f"{source.name}: not listed: {error}")
            continue
        found += [f"{source.name}: {container.key}  {container.name}" for container in seen]
        projects += [
            Project(_unused(container.name, projects), select=(Select(source.name, container.key),))
            for container in seen
        ]
    portfolio = Portfolio(wanted.portfolio or "Portfolio", wanted.timezone or "UTC")
    text = render_first(portfolio=portfolio, sources=sources, projects=projects)
    return First(text, tuple(found))


def _wanted_sources(wanted: Wanted) -> Iterator[Source]:
    def token(variable: str | None) -> Secret:
        return Secret("env", variable or "", "token")

    if wanted.jira_url:
        yield Source("jira", "jira", wanted.jira_url, email=wanted.jira_email or None,
                     token=token(wanted.jira_token_env))  # fmt: skip
    if wanted.github_url and (wanted.github_organization or not wanted.jira_url):
        yield Source("github", "github", wanted.github_url,
                     organization=wanted.github_organization or None,
                     token=token(wanted.github_token_env))  # fmt: skip


def _unused(name: str, projects: Sequence[Project]) -> str:
    taken = {project.name for project in projects}
    numbered = (f"{name} {number}" for number in itertools.count(2))
    return name if name not in taken else next(n for n in numbered if n not in taken)
