"""Which repositories a source means, and which of them this login can read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import msgspec

from pmo_sync.config import Source
from pmo_sync.connectors.github import queries
from pmo_sync.connectors.github.client import GithubClient, Reply
from pmo_sync.connectors.github.paging import Walked, walk
from pmo_sync.connectors.github.payloads import Connection, GraphqlError
from pmo_sync.connectors.github.refusal import PERMISSIONS, advice
from pmo_sync.connectors.github.repository_payloads import OwnerPage, OwnerRepositories, Repository
from pmo_sync.errors import ConfigError

ISSUES = "Issues: read (a classic token: the scope repo)"
_BOARD_PAGE = re.compile(r"https?://[^/]+/(?:orgs|users)/([^/]+)/projects/(\d+)(?:/.*)?")
_BOARD = re.compile(r"([^/\s]+)/(\d+)")


@dataclass(frozen=True, slots=True)
class BoardPlace:
    """A Projects v2 board: an organization's or a user's, by its number there."""

    owner: str
    number: int

    @property
    def key(self) -> str:
        """``owner/projects/5``: what drafts have as their container."""
        return f"{self.owner}/projects/{self.number}"


@dataclass(frozen=True, slots=True)
class Scope:
    """The repositories that can be read, and why the others cannot."""

    repositories: tuple[Repository, ...]
    problems: tuple[str, ...] = ()


def require_scope(source: Source) -> None:
    """Raise ConfigError unless the source names repositories, boards or an organization."""
    if not source.repositories and not source.organization and not source.boards:
        known = "repositories = ['owner/name'], boards = ['owner/5'] or an organization"
        raise ConfigError(f"{source.name}: wants {known}")
    for name in source.repositories:
        owner, _, rest = name.partition("/")
        if not owner or not rest or "/" in rest:
            raise ConfigError(f"{source.name}: repositories: want 'owner/name', not {name!r}")
    if (source.include or source.exclude) and not source.organization:
        raise ConfigError(f"{source.name}: include and exclude choose from an organization")
    board_places(source)


def board_places(source: Source) -> tuple[BoardPlace, ...]:
    """The boards of the source, the one that rules an item's status first; ConfigError where one
    is written as none that we know."""
    return tuple(_board_place(source.name, text) for text in source.boards)


def _board_place(name: str, text: str) -> BoardPlace:
    found = _BOARD_PAGE.fullmatch(text) or _BOARD.fullmatch(text)
    if not found:
        raise ConfigError(f"{name}: boards: want 'owner/5' or the board's address, not {text!r}")
    return BoardPlace(found[1], int(found[2]))


def resolve(client: GithubClient, source: Source) -> Scope:
    """Find the repositories that are named, then those of the organization that are wanted. One
    request for 50 of them tells also whether there is anything new."""
    found: dict[str, Repository] = {}
    problems: list[str] = []
    evidence = source.pull_requests != "ignore"
    for group in _groups(source.repositories):
        query = queries.repositories(len(group), evidence=evidence)
        reply = client.ask_once(query, _variables(group))
        for alias, name in enumerate(group):
            repository = reply.data.get(f"r{alias}")
            if repository is None or repository.issues is None:
                errors = _about(reply, f"r{alias}")
                problems.append(f"{name}: {advice(errors, _needed(errors))}")
            else:
                beside = {name: reply.data.get(f"{name}{alias}") for name in queries.EVIDENCE}
                found[repository.name_with_owner] = _with_evidence(repository, beside)
    for page in _owned(client, source.organization, evidence=evidence):
        hidden = sum(repository is None for repository in page.nodes)
        if hidden:
            text = f"{source.organization}: {hidden} of its repositories"
            problems.append(f"{text}: {advice(page.errors, ISSUES)}")
        for repository in page.nodes:
            if repository and wanted(repository, source):
                found.setdefault(repository.name_with_owner, repository)
    return Scope(tuple(found.values()), tuple(problems))


def owned(client: GithubClient, login: str) -> Iterator[Repository]:
    """List all repositories of an organization."""
    for page in _owned(client, login, evidence=False):
        yield from (repository for repository in page.nodes if repository)


def _owned(
    client: GithubClient, login: str | None, *, evidence: bool
) -> Iterator[Walked[Repository]]:
    """Pages of an organization's repositories; of none where there is no organization."""
    if login:
        query = queries.organization(evidence=evidence)
        size = queries.REPOSITORIES
        yield from walk(client, query, {"login": login}, _repositories, size=size)


def visible(client: GithubClient) -> Iterator[Repository]:
    """List the repositories that the login owns or works on."""
    for page in walk(client, queries.VIEWER, {}, _repositories):
        yield from (repository for repository in page.nodes if repository)


def in_use(repository: Repository) -> bool:
    """Say whether work may be going on there that issues tell of."""
    off = repository.is_archived or repository.is_disabled or repository.is_fork
    return repository.has_issues_enabled and not off


def wanted(repository: Repository, source: Source) -> bool:
    """Say whether a repository of the organization is in scope: its name is (patterns are for the
    name alone, in any case), and it is in use, or archived ones and forks are asked for."""
    name = repository.name_with_owner.rpartition("/")[2].casefold()

    def matches(patterns: Sequence[str]) -> bool:
        return any(fnmatchcase(name, pattern.casefold()) for pattern in patterns)

    if (source.include and not matches(source.include)) or matches(source.exclude):
        return False
    off = (repository.is_archived and not source.archived) or repository.is_disabled
    fork = repository.is_fork and not source.forks
    return repository.has_issues_enabled and not off and not fork


def _repositories(page: OwnerPage) -> Connection[Repository] | None:
    """The repositories with their evidence, which comes in lists of the same order."""
    if page.owner is None or page.owner.repositories is None:
        return None
    listed = page.owner.repositories
    beside = {name: _nodes(getattr(page, name)) for name in queries.EVIDENCE}
    nodes = [
        _with_evidence(one, {name: dict(enumerate(beside[name])).get(at) for name in beside})
        if one
        else None
        for at, one in enumerate(listed.nodes or ())
    ]
    return Connection(tuple(nodes), listed.page_info, listed.total_count)


def _nodes(owner: OwnerRepositories | None) -> Sequence[Repository | None]:
    return (owner.repositories.nodes if owner and owner.repositories else None) or ()


def _with_evidence(repository: Repository, beside: Mapping[str, Repository | None]) -> Repository:
    """Add what was answered beside a repository; nothing where the token may not read it."""
    pulls, releases, deployments = (beside.get(name) for name in queries.EVIDENCE)
    return msgspec.structs.replace(
        repository,
        pull_requests=pulls.pull_requests if pulls else None,
        releases=releases.releases if releases else None,
        deployments=deployments.deployments if deployments else None,
    )


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


def _needed(errors: Sequence[GraphqlError]) -> str:
    """The permission that a repository's errors are about."""
    return ISSUES if any(len(error.path or ()) > 1 for error in errors) else PERMISSIONS
