"""Sees what changes of an issue without moving its ``updatedAt``: what it blocks, what blocks it,
whose sub-issue it is. What was seen of open issues is kept, as short digests, to compare with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from pmo_sync.connectors.decoding import decoder
from pmo_sync.connectors.github.issue_payloads import Tied
from pmo_sync.connectors.github.issue_queries import TIES
from pmo_sync.connectors.github.payloads import Connection, Ref, When

INTERVAL = timedelta(days=1)
"""How often the open issues are looked at."""


class Ties(msgspec.Struct, omit_defaults=True):
    """What was seen of a repository's open issues, by their native ids; those without any ties
    are left out. ``shape`` names what the server could be asked."""

    shape: str
    at: When | None = None
    seen: dict[str, str] = {}

    def due(self, now: datetime) -> bool:
        """Whether it is time to look again."""
        return self.at is None or now - self.at >= INTERVAL

    def note(self, issue: Tied) -> None:
        """Remember an issue as it is now."""
        digest, native = digest_of(issue), issue.native
        if native and digest:
            self.seen[native] = digest
        elif native:
            self.seen.pop(native, None)

    def of(self, issue: Tied) -> str | None:
        """What was seen of an issue."""
        return self.seen.get(issue.native or "")

    def dump(self) -> str:
        """As text, to be handed back."""
        return msgspec.json.encode(self, order="sorted").decode()


def scope_of(container: str) -> str:
    """The scope of the resume state that the ties of a repository are kept in."""
    return f"{container} ties"


def ties_of(state: Mapping[str, str], container: str, shape: str) -> Ties:
    """What was seen; nothing if the state is none that we know, or of another shape."""
    try:
        ties = decoder(Ties).decode(state.get(scope_of(container), ""))
    except msgspec.DecodeError:
        return Ties(shape)
    return ties if ties.shape == shape else Ties(shape)


def digest_of(issue: Tied) -> str | None:
    """What an open issue is tied to, in short; None where it is to nothing, or is closed."""
    if issue.state.upper() != "OPEN":
        return None
    parent = issue.parent.native if issue.parent else None
    named = [parent, _natives(issue.blocked_by), _natives(issue.blocking)]
    if not any(named):
        return None
    return hashlib.blake2b(msgspec.json.encode(named), digest_size=6).hexdigest()


def _natives(connection: Connection[Ref] | None) -> list[str]:
    """In an order of their own: a list may come in another one."""
    members = connection.members()[:TIES] if connection else ()
    return sorted(ref.native for ref in members if ref.native)
