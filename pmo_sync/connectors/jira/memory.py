"""What a sync remembers of its site, so that one soon after need not ask the same again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from pmo_sync.connectors.decoding import decoder
from pmo_sync.connectors.jira.metadata import SiteView
from pmo_sync.model import Iteration

SITE = "site"
LIFETIME = timedelta(hours=1)
"""A scheduler that syncs more often still sees a new version or status within the hour."""


class Memory(msgspec.Struct, frozen=True):
    """A site as it was read at ``read``, and the sprints that were handed over then."""

    read: datetime
    view: SiteView
    iterations: tuple[str, ...]

    def text(self) -> str:
        """Return it as the store keeps it."""
        return msgspec.json.encode(self, order="sorted").decode()


def memory_of(now: datetime, view: SiteView, iterations: Iterable[Iteration]) -> Memory:
    """Remember what was just read: the same in whatever order, and however often, it was listed."""
    projects = {project.id: project for project in view.projects}
    terms = {(term.field, term.value): term for term in view.terms}
    once = replace(
        view,
        projects=tuple(projects[key] for key in sorted(projects)),
        terms=tuple(terms[key] for key in sorted(terms)),
    )
    return Memory(now, once, tuple(sorted({one.iteration_id for one in iterations})))


def recalled(text: str | None, now: datetime) -> Memory | None:
    """Read a kept memory; None where there is none to go by: too old, or of another version."""
    try:
        memory = decoder(Memory).decode(text or "null")
    except msgspec.DecodeError:
        return None
    return memory if timedelta() <= now - memory.read < LIFETIME else None
