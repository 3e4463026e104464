"""The list of work items that ``pmo-sync items`` shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.model import TARGET_FIELDS
from pmo_sync.rollups.asked import with_asked
from pmo_sync.rollups.calendar import local_day, period_before
from pmo_sync.rollups.measures import member_names, select
from pmo_sync.rollups.scope import scope_at
from pmo_sync.rollups.wanted import HOURS, wanted_by
from pmo_sync.rollups.where.fields import FIELDS
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import fields_of

SEVERAL = (
    "project", "program", "assignee", "team", "label", "component", "milestone", "iteration",
)  # fmt: skip
COLUMNS = (
    "tracker", "container", "key", "title", "type", "status", "category", "priority", "assignee",
    "team", "project", "program", "label", "component", "milestone", "iteration", "parent",
    "created", "updated", "started", "finished", "due", *TARGET_FIELDS, "tracker_team",
    "age", "points", "estimate", "remaining", "spent", "blocked", "overdue", "probability",
    "impact", "score", "response", "risk_owner", "proximity", "url",
)  # fmt: skip
"""Every column that can be asked for, in order."""
DEFAULT_COLUMNS = ("key", "title", "project", "status", "assignee", "due", "age")
_CALLED = {"tracker": "source", **{name: f"{name}_hours" for name in HOURS}}
_ORDER = ("tracker", "container", "age", "key")
_MOMENTS = ("created", "updated", "started", "finished")
_DAYS = ("due", *TARGET_FIELDS)
_WHOLE = ("age", "probability", "impact", "score")


def item_rows(
    tables: Tables,
    config: Config,
    where: str | None,
    day: date,
    since: date | None,
    columns: Sequence[str] = COLUMNS,
) -> list[Mapping[str, object]]:
    """Return a row of ``columns`` for each item that ``where`` selects (None: all), by tracker,
    container and age, the oldest first. Effort is in hours, times are days."""
    expression = parse(where) if where else None
    wanted = wanted_by(expression, [*_ORDER, *(name for name in columns if name in FIELDS)])
    if "url" in columns:
        wanted = replace(wanted, columns=wanted.columns | {"url"})
    scope = scope_at(tables, config, day, wanted)
    if expression:
        earlier = since or period_before(day, config.portfolio.period)
        scope = with_asked(tables, config, scope, fields_of(expression), earlier)
    found = records(select(scope, where) if where else scope.items)
    ids = {row["item_id"] for row in found}
    several = member_names(tables, scope, ids, [name for name in SEVERAL if name in columns])
    found.sort(key=lambda r: (r["source"] or "", r["container"], -(r["age"] or -1), r["key"]))
    return [_plain(row, several, columns, config.portfolio.timezone) for row in found]


def _plain(
    row: Mapping[str, Any],
    several: Mapping[str, Mapping[str, Sequence[str]]],
    columns: Sequence[str],
    timezone: str,
) -> Mapping[str, object]:
    plain: dict[str, object] = {}
    for name in columns:
        if name in SEVERAL:
            plain[name] = tuple(several[name].get(row["item_id"], ()))
        elif name in _MOMENTS:
            plain[name] = local_day(row[name], timezone) if row[name] else None
        elif name in _DAYS:
            plain[name] = row[name].date() if row[name] else None
        elif name in _WHOLE:
            plain[name] = int(row[name]) if row[name] is not None else None
        else:
            plain[name] = row[_CALLED.get(name, name)]
    return plain
