"""What of a site is in scope, in Jira's query language, and how far a sync has come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from pmo_sync.config import Source
from pmo_sync.connectors.decoding import decoder
from pmo_sync.connectors.jira.payloads import Project
from pmo_sync.errors import AccessError

ISSUES = "issues"
OVERLAP = timedelta(minutes=5)
_ORDER = re.compile(r"\border\s+by\b[^\"']*$", re.IGNORECASE)


class Walk(msgspec.Struct, frozen=True):
    """A search by position on its way: what had changed when it began (epoch milliseconds, None
    where nothing had), how many issues are done, and the id of the last of them."""

    until: int | None
    done: int = 0
    last: str | None = None


class Place(msgspec.Struct, frozen=True):
    """The resume state: up to which change (``updated`` in epoch milliseconds) all was handed
    over, the projects that had items at the end of the last complete sync, a walk that is not at
    its end, and when what is gone was looked for last."""

    watermark: int | None = None
    containers: tuple[str, ...] = ()
    walk: Walk | None = None
    swept: datetime | None = None

    def text(self) -> str:
        """Return it as the store keeps it."""
        return msgspec.json.encode(self).decode()

    def after(self, walk: Walk | None, updated: datetime | None) -> Place:
        """Return the place after a page: where its walk stands, else its newest change."""
        return msgspec.structs.replace(self, walk=walk) if walk else self.moved_to(updated)

    def holding(self, containers: Iterable[str]) -> Place:
        """Return the place with projects that had items: one that left its own while it was read
        is looked for where it went."""
        every = {*self.containers, *containers}
        return msgspec.structs.replace(self, containers=tuple(sorted(every)))

    def sweep_is_due(self, now: datetime, hours: float) -> bool:
        """Say whether what is gone must be looked for again."""
        fresh = timedelta(hours=hours)
        return self.swept is None or not timedelta() <= now - self.swept < fresh

    def arrived(self) -> Place:
        """Return the place after the last page: what changed during a walk is still to come."""
        if self.walk is None or self.walk.until is None:
            return msgspec.structs.replace(self, walk=None)
        reached = max(self.watermark or 0, self.walk.until)
        return msgspec.structs.replace(self, watermark=reached, walk=None)

    def moved_to(self, updated: datetime | None) -> Place:
        """Return the place after handing over items that changed up to ``updated``."""
        if updated is None:
            return self
        reached = int(updated.timestamp() * 1000)
        return msgspec.structs.replace(self, watermark=max(self.watermark or 0, reached))


def place_of(text: str | None) -> Place:
    """Read a kept state; none is the beginning."""
    return decoder(Place).decode(text) if text else Place()


def projects_in_scope(source: Source, visible: Sequence[Project]) -> list[Project]:
    """Return the configured projects, else all that are visible; raise AccessError that names
    those which are not there for this login."""
    if not source.projects:
        return list(visible)
    by_name = {name.casefold(): p for p in visible for name in (p.key, p.id)}
    missing = [key for key in source.projects if key.casefold() not in by_name]
    if missing:
        raise AccessError(
            f"{source.name}: projects not found or not visible to this login: "
            f"{', '.join(missing)} (known: {_listed(p.key for p in visible)})"
        )
    return [by_name[key.casefold()] for key in source.projects]


def scope_clause(source: Source, projects: Sequence[Project]) -> str:
    """Return the JQL of the whole scope; Jira refuses one without any restriction."""
    keys = [p.key for p in projects] if source.projects or not source.jql else []
    return clause_of(source, keys)


def clause_of(source: Source, keys: Sequence[str]) -> str:
    """Return the JQL of what the source's own query finds in projects; without keys in all."""
    clauses = [f"project in ({', '.join(map(_quoted, keys))})"] if keys else []
    if source.jql:
        clauses.append(f"({query_of(source.jql)})")
    return " AND ".join(clauses)


def query_of(jql: str) -> str:
    """Return a query without its order, to be a part of another."""
    return _ORDER.sub("", jql).strip()


def changed_clause(clause: str, place: Place) -> str:
    """Return the JQL of what changed.

    Epoch milliseconds, because JQL reads dates in the account's own time zone; no upper bound,
    because clocks differ.
    """
    if place.watermark is None:
        return clause
    since = place.watermark - int(OVERLAP.total_seconds() * 1000)
    return f"{clause} AND updated >= {since}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _listed(keys: Iterable[str]) -> str:
    names = list(keys)
    shown = ", ".join(names[:10]) or "none"
    return shown + (f" and {len(names) - 10} more" if len(names) > 10 else "")
