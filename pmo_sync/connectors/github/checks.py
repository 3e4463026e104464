"""Proves a source: what is reachable, permitted and known, and what reports will lack."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from pmo_sync.config import Source
from pmo_sync.connectors.base import Finding
from pmo_sync.connectors.github import queries
from pmo_sync.connectors.github.address import is_loopback
from pmo_sync.connectors.github.boards import WANTED, open_board
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.fields import FieldNames, field_names
from pmo_sync.connectors.github.refusal import hidden_by_single_sign_on, said
from pmo_sync.connectors.github.repository_payloads import Repository
from pmo_sync.connectors.github.scope import BoardPlace, Scope, board_places, resolve
from pmo_sync.connectors.github.shape import Shape, shape_of
from pmo_sync.errors import AccessError, PmoSyncError

BOARD_SCOPES = {"read:project", "project"}
EVIDENCE = (
    ("pull requests", "Pull requests: read"),
    ("releases", "Contents: read"),
    ("deployments", "Deployments: read"),
)
"""What a repository shows of evidence, and the permission that it wants."""


def findings(client: GithubClient, source: Source) -> Iterator[Finding]:
    """Look at the server, the token, and each repository; stop at what makes the rest moot."""
    try:
        server = client.ask(queries.SERVER, {}).data
        login = server.viewer.login if server.viewer else "an app"
        yield Finding("ok", "server", f"{urlsplit(client.base).netloc} knows us as {said(login)}")
        yield from transport(source)
        yield from _token(client, source)
        shape = shape_of(server)
        for loss in shape.losses(boards=bool(source.boards)):
            yield Finding("warning", "server version", f"too old for: {loss}")
        scope = resolve(client, source)
        if hidden := hidden_by_single_sign_on(client.headers):
            yield Finding("error", "single sign-on", hidden)
        yield from _repositories(scope, source)
        for place in board_places(source):
            yield _board(client, place, shape, field_names(source.fields))
    except PmoSyncError as error:
        yield Finding("error", "access", str(error))


def transport(source: Source) -> Iterator[Finding]:
    """Warn of a token that would travel in the clear."""
    if source.url.startswith("http:") and not is_loopback(source.url):
        yield Finding("warning", "url", "http sends the token unencrypted; use https")


def _token(client: GithubClient, source: Source) -> Iterator[Finding]:
    """What the headers of the last answer say of the token; fine-grained ones have no scopes."""
    headers = client.headers
    scopes = headers.get("x-oauth-scopes")
    if scopes is not None and "repo" not in scopes.split(", "):
        text = f"scopes: {said(scopes) or 'none'}; private repositories want the scope repo"
        yield Finding("warning", "token", text)
    if scopes is not None and source.boards and not BOARD_SCOPES & set(scopes.split(", ")):
        yield Finding("error", "token", f"scopes: {said(scopes) or 'none'}; {WANTED}")
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
        if source.pull_requests != "ignore":
            yield from _evidence(repository)
    found = {repository.name_with_owner.casefold() for repository in scope.repositories}
    missed = {problem.partition(":")[0] for problem in scope.problems}
    for name in source.repositories:
        if name.casefold() not in found and name not in missed:
            yield Finding("warning", "repository", f"{name}: has another name now; use it")
    if not scope.repositories and not scope.problems:
        yield Finding("error", "organization", f"{source.organization}: no repository with issues")


def _evidence(repository: Repository) -> Iterator[Finding]:
    """Name the permission of each list that could not be read."""
    listed = (repository.pull_requests, repository.releases, repository.deployments)
    for connection, (what, permission) in zip(listed, EVIDENCE, strict=True):
        if connection is None:
            text = f"{repository.name_with_owner}: {what} cannot be read; the token needs"
            yield Finding("warning", "permission", f"{text} {permission}")


def _board(client: GithubClient, place: BoardPlace, shape: Shape, names: FieldNames) -> Finding:
    """Open a board, and say which of its fields are read as what."""
    try:
        board = open_board(client, place, shape, names)
    except AccessError as error:
        return Finding("error", "board", str(error))
    called = {one.id: one.name for one in board.head.fields.members()} if board.head.fields else {}
    told = [f"{said(called[field])} as {ours}" for field, ours in board.fields.items()]
    text = f"{place.key}: {said(board.head.title)}; reads {', '.join(told) or 'its columns alone'}"
    missing = sorted({*names.named} - set(board.fields.values()))
    if missing:
        return Finding("warning", "board", f"{text}; it has no field for {', '.join(missing)}")
    return Finding("ok", "board", text)
