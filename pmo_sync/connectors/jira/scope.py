"""What of a site is in scope, in Jira's query language, and how far a sync has come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from pmo_sync.config import Source
from pmo_sync.connectors.jira.payloads import Project
from pmo_sync.errors import AccessError

ISSUES = "issues"
OVERLAP = timedelta(minutes=5)
_ORDER = re.compile(r"\border\s+by\b[^\"']*$", re.IGNORECASE)


class Place(msgspec.Struct, frozen=True):
    """The resume state: the newest ``updated`` (epoch milliseconds) that was handed over, and
    the projects that had items at the end of the last complete sync."""

    watermark: int | None = None
    containers: tuple[str, ...] = ()

    def text(self) -> str:
        """Return it as the store keeps it."""
        return msgspec.json.encode(self).decode()

    def moved_to(self, updated: datetime | None) -> Place:
        """Return the place after handing over items that changed up to ``updated``."""
        if updated is None:
            return self
        reached = int(updated.timestamp() * 1000)
        return msgspec.structs.replace(self, watermark=max(self.watermark or 0, reached))


def place_of(text: str | None) -> Place:
    """Read a kept state; none is the beginning."""
    return msgspec.json.decode(text, type=Place) if text else Place()


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
    clauses = []
    if source.projects or not source.jql:
        clauses.append(f"project in ({', '.join(f'{_quoted(p.key)}' for p in projects)})")
    if source.jql:
        clauses.append(f"({_ORDER.sub('', source.jql).strip()})")
    return " AND ".join(clauses)


def changed_clause(clause: str, place: Place) -> str:
    """Return the JQL of what changed, oldest change first.

    Epoch milliseconds, because JQL reads dates in the account's own time zone; no upper bound,
    because clocks differ.
    """
    if place.watermark is not None:
        since = place.watermark - int(OVERLAP.total_seconds() * 1000)
        clause = f"{clause} AND updated >= {since}"
    return f"{clause} ORDER BY updated ASC"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _listed(keys: Iterable[str]) -> str:
    names = list(keys)
    shown = ", ".join(names[:10]) or "none"
    return shown + (f" and {len(names) - 10} more" if len(names) > 10 else "")
