"""Which repositories a source means, and which of them this login can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pmo_sync.config import Source
from pmo_sync.connectors.github import queries
from pmo_sync.connectors.github.client import GithubClient, Reply
from pmo_sync.connectors.github.paging import walk
from pmo_sync.connectors.github.payloads import Connection, GraphqlError, OwnerPage, Repository
from pmo_sync.connectors.github.refusal import advice
from pmo_sync.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Scope:
    """The repositories that can be read, and why the others cannot."""

    repositories: tuple[Repository, ...]
    problems: tuple[str, ...] = ()


def require_scope(source: Source) -> None:
    """Raise ConfigError unless the source names repositories or an organization."""
    if not source.repositories and not source.organization:
        raise ConfigError(f"{source.name}: wants repositories = ['owner/name'] or an organization")
    for name in source.repositories:
        owner, _, rest = name.partition("/")
        if not owner or not rest or "/" in rest:
            raise ConfigError(f"{source.name}: repositories: want 'owner/name', not {name!r}")


def resolve(client: GithubClient, source: Source) -> Scope:
    """Find the repositories that are named, then those of the organization that are its own and
    in use: not archived, not disabled, no fork, with issues. One request for 25 or 50 of them
    tells also whether there is anything new."""
    found: dict[str, Repository] = {}
    problems: list[str] = []
    for group in _groups(source.repositories):
        reply = client.ask(queries.repositories(len(group)), _variables(group))
        for alias, name in enumerate(group):
            repository = reply.data.get(f"r{alias}")
            if repository is None or repository.issues is None:
                problems.append(f"{name}: {advice(_about(reply, f'r{alias}'))}")
            else:
                found[repository.name_with_owner] = repository
    if source.organization:
        for repository in owned(client, source.organization):
            if repository.issues is None:
                problems.append(f"{repository.name_with_owner}: {advice(())}")
            elif in_use(repository):
                found.setdefault(repository.name_with_owner, repository)
    return Scope(tuple(found.values()), tuple(problems))


def owned(client: GithubClient, login: str) -> Iterator[Repository]:
    """List all repositories of an organization."""
    pages = walk(client, queries.ORGANIZATION, {"login": login}, _repositories, size=50)
    for page in pages:
        yield from (repository for repository in page.nodes if repository)


def visible(client: GithubClient) -> Iterator[Repository]:
    """List the repositories that the login owns or works on."""
    for page in walk(client, queries.VIEWER, {}, _repositories):
        yield from (repository for repository in page.nodes if repository)


def in_use(repository: Repository) -> bool:
    """Say whether work may be going on there that issues tell of."""
    off = repository.is_archived or repository.is_disabled or repository.is_fork
    return repository.has_issues_enabled and not off


def _repositories(page: OwnerPage) -> Connection[Repository] | None:
    return page.owner.repositories if page.owner else None


def _groups(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), queries.REPOSITORIES):
        yield names[start : start + queries.REPOSITORIES]


def _variables(names: Sequence[str]) -> dict[str, object]:
    variables: dict[str, object] = {}
    for index, name in enumerate(names):
        variables[f"o{index}"], _, variables[f"n{index}"] = name.partition("/")
    return variables


def _about(reply: Reply[dict[str, Repository | None]], alias: str) -> list[GraphqlError]:
    """The errors that concern one repository of several."""
    return [error for error in reply.errors if error.path and error.path[0] == alias]
