"""Forecasts of any items, for ``pmo-sync forecast``: of a filter's, and of groups of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.errors import ConfigError
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, records
from pmo_sync.rollups.asked import with_asked
from pmo_sync.rollups.calendar import period_before
from pmo_sync.rollups.dimensions import DIMENSIONS, keyed
from pmo_sync.rollups.forecast.forecast import Asked, Forecast, forecasts_of, stood_still
from pmo_sync.rollups.forecast.record import Record
from pmo_sync.rollups.measures import select
from pmo_sync.rollups.milestone_dates import latest_dues
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.wanted import wanted_by
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import fields_of
from pmo_sync.rollups.work import only_work, work_fields

COLUMNS = (
    "group", "open", "p50", "p85", "p95", "target", "odds", "cut", "needed", "pace", "arriving",
    "weeks", "since", "since_earliest", "since_latest", "record", "reason",
)  # fmt: skip
DEFAULT_COLUMNS = ("group", "open", "p50", "p85", "p95", "odds", "record", "reason")
EPIC, MILESTONE = "epic", "milestone"
BY = (EPIC, *(name for name, each in DIMENSIONS.items() if each.kind != "month"))
"""What forecasts can be made of, each group by what its own weeks brought."""
ALL = "these items"
NONE = "none"
TIMES = ("created", "category", "finished", "started")
"""What a forecast looks at."""


def forecast_rows(
    tables: Tables, config: Config, where: str | None, by: str | None, day: date,
    target: date | None,
) -> list[Mapping[str, object]]:  # fmt: skip
    """Return a row for each group with open work, by its name, of the items that a filter selects;
    without ``by`` they are one group. The odds are those of ``target``, else of the day that a
    project or a milestone has itself. Raise ConfigError for a dimension that is not known."""
    if by is not None and by not in BY:
        raise ConfigError(f"--by: no dimension {by!r} (known: {', '.join(BY)})")
    scope = _scope(tables, config, where, by, day)
    whole = only_work(tables, scope, config.policy)
    items = tables.hold(select(scope, where) if where else scope.items)
    chosen = replace(scope, items=items)
    groups, names = _groups(tables, chosen, by)
    own = {} if target else _own_targets(tables, chosen, groups, names, by)
    asked = {key: Asked(target or own.get(key)) for key in names}
    # A holiday is everybody's: what a report knows of it is known of a few items, too.
    still = stood_still(whole) if config.projects else None
    found = forecasts_of(whole, groups, asked, config.policy, still)
    return [
        forecast_row(names[key], each, asked[key].target)
        for key, each in sorted(found.items(), key=lambda pair: (pair[0] == "", names[pair[0]]))
        if each.open or not by
    ]


def _scope(tables: Tables, config: Config, where: str | None, by: str | None, day: date) -> Scope:
    asked = fields_of(parse(where)) if where else frozenset()
    field = set() if by is None else {"parent"} if by == EPIC else {DIMENSIONS[by].field}
    wanted = wanted_by(
        parse(where) if where else None, {*TIMES, *field, *work_fields(config.policy), "project"}
    )
    scope = scope_at(tables, config, day, wanted)
    return with_asked(tables, config, scope, asked, period_before(day, config.portfolio.period))


def _groups(tables: Tables, scope: Scope, by: str | None) -> tuple[Frame, Mapping[str, str]]:
    """Return item_id, group, and what each group is called."""
    if by is None:
        return scope.items.select("item_id", nw.lit(ALL).alias("group")), {ALL: ALL}
    if by == EPIC:
        below = scope.items.filter(~nw.col("parent").is_null())
        groups = tables.hold(below.select("item_id", nw.col("parent").alias("group")))
        keys = (row["group"] for row in records(groups.select("group").unique()))
        return groups, {key: key for key in keys}
    found = keyed(scope, scope.items, DIMENSIONS[by], "key_")
    groups = tables.hold(found.items.select("item_id", nw.col("key_").alias("group")))
    return groups, {"": NONE, **found.names}


def _own_targets(
    tables: Tables, scope: Scope, groups: Frame, names: Mapping[str, str], by: str | None
) -> Mapping[str, date | None]:
    """Return by group the day that it has itself."""
    if by == "project":
        targets = {each.name: each.target for each in scope.projects}
        return {key: targets.get(name) for key, name in names.items()}
    return dict(latest_dues(tables, scope, groups)) if by == MILESTONE else {}


def forecast_row(name: str, found: Forecast, target: date | None) -> Mapping[str, object]:
    """Return a forecast as a row of ``COLUMNS``."""
    return {
        "group": name, "open": found.open, "p50": found.p50, "p85": found.p85, "p95": found.p95,
        "target": target, "odds": _odds(found.probability), "cut": found.cut,
        "needed": _round(found.needed, 1), "pace": _round(found.pace, 1),
        "arriving": _round(found.arriving, 1), "weeks": found.weeks or None, "since": found.since,
        "since_earliest": found.since_earliest, "since_latest": found.since_latest,
        "record": _record(found.record), "reason": found.reason,
    }  # fmt: skip


def _odds(probability: float | None) -> float | None:
    """Round odds; nothing that is open is certain, nor out of the question."""
    return None if probability is None else min(max(round(probability, 3), 0.001), 0.999)


def _record(record: Record | None) -> str | None:
    if record is None or not record.tried:
        return None
    verdict = "" if record.calibrated else ", uncalibrated"
    return f"{record.held} of {record.tried} held ({record.low} to {record.high}{verdict})"


def _round(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
