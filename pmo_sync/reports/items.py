"""The list of work items that ``pmo-sync items`` shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.rollups.calendar import local_day, period_before
from pmo_sync.rollups.marks import with_marks
from pmo_sync.rollups.measures import member_names, select
from pmo_sync.rollups.scope import scope_at
from pmo_sync.rollups.where.parse import parse

SEVERAL = ("project", "program", "assignee", "label", "component", "milestone", "iteration")
COLUMNS = (
    "tracker", "container", "key", "title", "type", "status", "category", "priority", "assignee",
    "project", "program", "label", "component", "milestone", "iteration", "parent", "created",
    "updated", "started", "finished", "due", "age", "points", "estimate", "remaining", "spent",
    "blocked", "overdue", "url",
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
    expression = parse(where) if where else None
    scope = scope_at(tables, config, day)
    before = None
    if expression is not None and "change" in str(expression):
        before = scope_at(tables, config, since or period_before(day, config.portfolio.period))
    if expression is not None:
        scope = replace(scope, members=with_marks(tables, scope, before))
    found = records(select(scope, str(expression)) if expression is not None else scope.items)
    ids = [row["item_id"] for row in found]
    several = {name: member_names(scope, ids, name) for name in SEVERAL}
    found.sort(key=lambda r: (r["source"] or "", r["container"], -(r["age"] or -1), r["key"]))
    timezone = config.portfolio.timezone
    rows: list[Mapping[str, object]] = []
    for row in found:
        plain: dict[str, object] = {name: row.get(name) for name in COLUMNS}
        plain["tracker"] = row["source"]
        plain["age"] = int(row["age"]) if row["age"] is not None else None
        plain["due"] = row["due"].date() if row["due"] else None
        for name in _HOURS:
            plain[name] = row[name] / 3600 if row[name] is not None else None
        for name in _MOMENTS:
            plain[name] = local_day(row[name], timezone) if row[name] else None
        for name in SEVERAL:
            plain[name] = tuple(several[name].get(row["item_id"], ()))
        rows.append(plain)
    return rows
