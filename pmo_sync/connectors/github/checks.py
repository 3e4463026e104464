"""Proves a source: what is reachable, permitted and known, and what reports will lack."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from pmo_sync.config import Source
from pmo_sync.connectors.base import Finding
from pmo_sync.connectors.github import queries
from pmo_sync.connectors.github.address import is_loopback
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.refusal import said
from pmo_sync.connectors.github.scope import Scope, resolve
from pmo_sync.connectors.github.shape import shape_of
from pmo_sync.errors import PmoSyncError


def findings(client: GithubClient, source: Source) -> Iterator[Finding]:
    """Look at the server, the token, and each repository; stop at what makes the rest moot."""
    try:
        server = client.ask(queries.SERVER, {}).data
        login = server.viewer.login if server.viewer else "an app"
        yield Finding("ok", "server", f"{urlsplit(client.base).netloc} knows us as {said(login)}")
        yield from transport(source)
        yield from _token(client)
        for loss in shape_of(server).losses():
            yield Finding("warning", "server version", f"too old for: {loss}")
        yield from _repositories(resolve(client, source), source)
    except PmoSyncError as error:
        yield Finding("error", "access", str(error))


def transport(source: Source) -> Iterator[Finding]:
    """Warn of a token that would travel in the clear."""
    if source.url.startswith("http:") and not is_loopback(source.url):
        yield Finding("warning", "url", "http sends the token unencrypted; use https")


def _token(client: GithubClient) -> Iterator[Finding]:
    """What the headers of the last answer say of the token; fine-grained ones have no scopes."""
    headers = client.headers
    scopes = headers.get("x-oauth-scopes")
    if scopes is not None and "repo" not in scopes.split(", "):
        text = f"scopes: {said(scopes) or 'none'}; private repositories want the scope repo"
        yield Finding("warning", "token", text)
    end = headers.get("github-authentication-token-expiration")
    if end:
        yield Finding("ok", "token", f"is valid until {said(end)}")
    remaining, limit = headers.get("x-ratelimit-remaining"), headers.get("x-ratelimit-limit")
    if remaining and limit:
        yield Finding("ok", "rate limit", f"{said(remaining)} of {said(limit)} points are left")


def _repositories(scope: Scope, source: Source) -> Iterator[Finding]:
    for problem in scope.problems:
        yield Finding("error", "repository", problem)
    for repository in scope.repositories:
        name = repository.name_with_owner
        if repository.has_issues_enabled:
            yield Finding("ok", "repository", f"{name}: {repository.total} issues")
        else:
            yield Finding("warning", "repository", f"{name}: issues are disabled")
    found = {repository.name_with_owner.casefold() for repository in scope.repositories}
    missed = {problem.partition(":")[0] for problem in scope.problems}
    for name in source.repositories:
        if name.casefold() not in found and name not in missed:
            yield Finding("warning", "repository", f"{name}: has another name now; use it")
    if not scope.repositories and not scope.problems:
        yield Finding("error", "organization", f"{source.organization}: no repository with issues")
