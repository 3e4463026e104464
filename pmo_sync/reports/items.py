"""The list of work items that ``pmo-sync items`` shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.rollups.calendar import local_day, period_before
from pmo_sync.rollups.marks import with_marks
from pmo_sync.rollups.measures import member_names, select
from pmo_sync.rollups.resources.plan import PLANNED, with_plan
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import fields_of

SEVERAL = ("project", "program", "assignee", "label", "component", "milestone", "iteration")
COLUMNS = (
    "tracker", "container", "key", "title", "type", "status", "category", "priority", "assignee",
    "project", "program", "label", "component", "milestone", "iteration", "parent", "created",
    "updated", "started", "finished", "due", "age", "points", "estimate", "remaining", "spent",
    "blocked", "overdue", "probability", "impact", "score", "response", "risk_owner", "proximity",
    "url",
)  # fmt: skip
"""Every column that can be asked for, in order."""
DEFAULT_COLUMNS = ("key", "title", "project", "status", "assignee", "due", "age")
_HOURS = ("estimate", "remaining", "spent")
_MOMENTS = ("created", "updated", "started", "finished")


def item_rows(
    tables: Tables, config: Config, where: str | None, day: date, since: date | None
) -> list[Mapping[str, object]]:
    """Return a row of ``COLUMNS`` for each item that ``where`` selects (None: all), by tracker,
    container and age, the oldest first. Effort is in hours, times are days."""
    scope = scope_at(tables, config, day)
    if where:
        earlier = since or period_before(day, config.portfolio.period)
        scope = _marked(tables, config, scope, fields_of(parse(where)), earlier)
    found = records(select(scope, where) if where else scope.items)
    ids = [row["item_id"] for row in found]
    several = {name: member_names(scope, ids, name) for name in SEVERAL}
    found.sort(key=lambda r: (r["source"] or "", r["container"], -(r["age"] or -1), r["key"]))
    return [_plain(row, several, config.portfolio.timezone) for row in found]


def _marked(
    tables: Tables, config: Config, scope: Scope, asked: frozenset[str], earlier: date
) -> Scope:
    """Add the plan and the marks that a filter asks for: they cost as much as all the rest."""
    if asked & set(PLANNED):
        scope = with_plan(tables, scope, config)
    if not asked & {"change", "quality"}:
        return scope
    before = scope_at(tables, config, earlier) if "change" in asked else None
    return replace(scope, members=with_marks(tables, scope, before))


def _plain(
    row: Mapping[str, Any], several: Mapping[str, Mapping[str, Sequence[str]]], timezone: str
) -> Mapping[str, object]:
    plain: dict[str, object] = {name: row.get(name) for name in COLUMNS}
    plain["tracker"] = row["source"]
    plain["age"] = int(row["age"]) if row["age"] is not None else None
    plain["due"] = row["due"].date() if row["due"] else None
    for name in _HOURS:
        plain[name] = row[f"{name}_hours"]
    for name in _MOMENTS:
        plain[name] = local_day(row[name], timezone) if row[name] else None
    for name in SEVERAL:
        plain[name] = tuple(several[name].get(row["item_id"], ()))
    return plain
