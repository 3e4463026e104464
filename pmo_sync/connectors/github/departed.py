"""Repositories that were read before and are no longer of the scope: deleted, hidden, archived."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pmo_sync.config import Source
from pmo_sync.connectors.github import queries
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.refusal import ACCESS_TYPES
from pmo_sync.connectors.github.scope import wanted
from pmo_sync.model import Batch, Departed

_CONTAINER = re.compile(r"[^\s/()]+/[^\s/]+")
_GONE = "NOT_FOUND"


def departed(
    client: GithubClient,
    source: Source,
    state: Mapping[str, str],
    present: Sequence[str],
    site: str,
) -> Batch | None:
    """Say which repositories of the organization have left since they were read, with their pull
    requests; each is asked for by its name, as a list may have gaps. Its resume state is forgotten,
    should it come back."""
    known = [name for name, place in state.items() if place and _CONTAINER.fullmatch(name)]
    missing = sorted(set(known) - set(present) - set(source.repositories))
    gone = [name for name in missing if _has_left(client, source, name)]
    if not gone:
        return None
    left = [place for name in gone for place in (name, f"{name}/pulls")]
    forgotten = [scope for name in gone for scope in (name, f"evidence {name}")]
    return Batch(
        departed=tuple(Departed(site, place) for place in left), state=dict.fromkeys(forgotten, "")
    )


def _has_left(client: GithubClient, source: Source, name: str) -> bool:
    owner, _, rest = name.partition("/")
    reply = client.ask_once(queries.repositories(1), {"o0": owner, "n0": rest})
    found = reply.data.get("r0")
    if found is None:
        refused = {error.type for error in reply.errors} & set(ACCESS_TYPES)
        return refused == {_GONE}
    return found.name_with_owner != name or not wanted(found, source)
