"""Releases and deployments of a repository, as nodes of the graph. Times are ISO texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pmo_sync.demo.github_connection import Node
from pmo_sync.demo.github_resolvers import connection


@dataclass(frozen=True, slots=True)
class GithubRelease:
    """A release; one without ``published_at`` is a draft."""

    node_id: str
    tag: str
    created_at: str
    published_at: str | None = None
    name: str | None = None
    prerelease: bool = False
    author: str | None = None


@dataclass(frozen=True, slots=True)
class GithubDeployment:
    """A deployment; ``steps`` are its states with their times, oldest first."""

    node_id: str
    environment: str
    state: str
    created_at: str
    creator: str
    steps: tuple[tuple[str, str], ...] = ()
    ref: str | None = None


def release_node(one: GithubRelease, repository: Node, accounts: Mapping[str, Node]) -> Node:
    """Return a release."""
    return {
        "__typename": "Release",
        "id": one.node_id,
        "databaseId": None,
        "author": accounts.get(one.author or ""),
        "createdAt": one.created_at,
        "updatedAt": one.published_at or one.created_at,
        "publishedAt": one.published_at,
        "isDraft": one.published_at is None,
        "isPrerelease": one.prerelease,
        "name": one.name,
        "tagName": one.tag,
        "repository": repository,
        "url": f"{repository['url']}/releases/tag/{one.tag}",
    }


def deployment_node(one: GithubDeployment, repository: Node, accounts: Mapping[str, Node]) -> Node:
    """Return a deployment."""
    return {
        "__typename": "Deployment",
        "id": one.node_id,
        "databaseId": None,
        "creator": accounts[one.creator],
        "createdAt": one.created_at,
        "updatedAt": max([one.created_at, *(at for _, at in one.steps)]),
        "environment": one.environment,
        "state": one.state,
        "ref": {"__typename": "Ref", "id": f"{one.node_id}:ref", "name": one.ref}
        if one.ref
        else None,
        "repository": repository,
        "statuses": connection(list(_steps(one))),
    }


def _steps(one: GithubDeployment) -> Iterable[Node]:
    for number, (state, at) in enumerate(one.steps):
        yield {"__typename": "DeploymentStatus", "id": f"{one.node_id}:{number}", "state": state,
               "createdAt": at}  # fmt: skip
