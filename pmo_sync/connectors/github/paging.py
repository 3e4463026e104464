"""Walks a connection page by page, and through nodes by their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.pages import NodesPage
from pmo_sync.connectors.github.payloads import Connection, GraphqlError
from pmo_sync.connectors.github.queries import PAGE, Query
from pmo_sync.connectors.github.refusal import from_errors
from pmo_sync.errors import SourceError

T = TypeVar("T")
N = TypeVar("N")
M = TypeVar("M", covariant=True)


@dataclass(frozen=True, slots=True)
class Walked(Generic[M]):
    """One page: its nodes (None: the server could not give it), and what went wrong."""

    nodes: tuple[M | None, ...]
    errors: tuple[GraphqlError, ...]
    total: int | None
    after: str | None
    """The cursor that the page was asked with."""

    def members(self) -> tuple[M, ...]:
        """The nodes that were given."""
        return tuple(node for node in self.nodes if node is not None)

    def reason(self, index: int) -> str:
        """Why a node is not there, in the server's words."""
        words = [error.message for error in self.errors if error.path and index in error.path]
        return "; ".join(dict.fromkeys(words)) or "the server left it out of a partial answer"


def walk(
    client: GithubClient,
    query: Query[T],
    variables: Mapping[str, object],
    connection: Callable[[T], Connection[N] | None],
    *,
    after: str | None = None,
    size: int = PAGE,
    begun: Connection[N] | None = None,
) -> Iterator[Walked[N]]:
    """Yield the pages of what ``connection`` finds in the answers, of at most ``size`` nodes. A
    first page that came with something else is ``begun``."""
    listed = client.least.listed(size)
    while True:
        page = begun
        errors: tuple[GraphqlError, ...] = ()
        if page is None or page.nodes is None:
            reply = client.ask(query, {**variables, "after": after}, largest=size)
            page, errors = connection(reply.data), reply.errors
            listed.came(len(page.nodes or ()) if page else 0)
        if page is None:
            raise from_errors(client.where(query), errors)
        yield Walked(page.nodes or (), errors, page.total_count, after)
        following = page.page_info.end_cursor
        if not page.page_info.has_next_page:
            return
        if following is None or following == after:
            raise SourceError(f"{client.where(query)}: the server repeats a page of its list")
        after, begun = following, None


def by_id(
    client: GithubClient, query: Query[NodesPage], ids: Sequence[str], *, size: int = PAGE
) -> Iterator[Walked[msgspec.Raw]]:
    """Yield nodes by their ids, in groups of at most ``size``; those that are gone, or of
    another type than the query is for, are left out."""
    if ids:
        client.least.listed(size).came(len(ids))
    done = 0
    while done < len(ids):
        reply = client.ask(query, {"ids": ids[done:]}, largest=size, fit=_first_ids)
        nodes = reply.data.nodes
        if not nodes:
            raise from_errors(client.where(query), reply.errors)
        there = tuple(raw for raw in nodes if bytes(raw) not in (b"null", b"{}"))
        yield Walked(there, (), None, f"{query.name} {done}")
        done += len(nodes)


def gather(
    client: GithubClient,
    query: Query[T],
    variables: Mapping[str, object],
    connection: Callable[[T], Connection[N] | None],
    begun: Connection[N] | None,
) -> Connection[N]:
    """Complete a list that was begun in a larger answer, or left out of it."""
    if begun is not None and begun.nodes is not None and not begun.page_info.has_next_page:
        return begun
    after = begun.page_info.end_cursor if begun and begun.nodes is not None else None
    nodes = list(begun.nodes or ()) if begun and after else []
    for page in walk(client, query, variables, connection, after=after):
        nodes += page.nodes
    return Connection(nodes=tuple(nodes))


def _first_ids(variables: Mapping[str, object], count: int) -> Mapping[str, object]:
    ids = variables["ids"]
    return {"ids": ids[:count] if isinstance(ids, Sequence) else ids}
