"""The forecast of one milestone, for ``pmo-sync forecast --milestone``: its parts, and the last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from pmo_sync.config import Config, MilestoneConfig
from pmo_sync.config.problems import hint
from pmo_sync.errors import ConfigError
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import distinct, records
from pmo_sync.reports.forecast import MILESTONE, TIMES, forecast_row, forecast_rows
from pmo_sync.rollups.dated import tracker_dates
from pmo_sync.rollups.forecast.joint import joint
from pmo_sync.rollups.portfolio_milestones import PortfolioMilestone, portfolio_milestones
from pmo_sync.rollups.scope import scope_at
from pmo_sync.rollups.wanted import NOTHING, Wanted
from pmo_sync.rollups.where.syntax import Compare
from pmo_sync.rollups.work import work_fields


def milestone_rows(
    tables: Tables, config: Config, name: str, day: date, target: date | None
) -> list[Mapping[str, object]]:
    """Return a row for each part of a milestone of the portfolio with open work, and then one for
    all of it; of a tracker's milestone or version, the only row. Raise ConfigError for a name that
    is neither's."""
    known = {one.name.casefold(): one for one in config.milestones}
    if name.casefold() in known:
        return _gathered(tables, config, known[name.casefold()], day, target)
    named = distinct(tables["milestone"], "name")
    names = sorted({row["name"] for row in records(named) if row["name"]})
    if name.casefold() not in {each.casefold() for each in names}:
        both = [*(one.name for one in config.milestones), *names]
        raise ConfigError(f"--milestone: no milestone is called {name!r}{hint(name, both)}")
    where = str(Compare("milestone", "=", name))
    rows = forecast_rows(tables, config, where, MILESTONE, day, target)
    # What is in it may be in others as well.
    mine = [row for row in rows if str(row["group"]).casefold() == name.casefold()]
    return mine or [
        {**row, "group": name} for row in forecast_rows(tables, config, where, None, day, target)
    ]


def _gathered(
    tables: Tables, config: Config, one: MilestoneConfig, day: date, target: date | None
) -> list[Mapping[str, object]]:
    wanted = NOTHING.with_fields({*TIMES, "key", "container", *work_fields(config.policy)})
    scope = scope_at(
        tables, config, day, Wanted(wanted.columns | {"parent_id"}, wanted.members)
    )  # fmt: skip
    alone = replace(config, milestones=(one,))
    (found,) = portfolio_milestones(tables, alone, scope, tracker_dates(tables, scope)).milestones
    return _rows(found, day, target)


def _rows(found: PortfolioMilestone, day: date, target: date | None) -> list[Mapping[str, object]]:
    asked = target or found.target
    parts = {part.name: part.forecast for part in found.parts if part.forecast.open}
    told = {
        name: joint({name: each}, day, target) if target else each for name, each in parts.items()
    }
    if len(told) < 2:
        told = {}
    whole = joint(parts, day, asked)
    return [forecast_row(name, each, asked) for name, each in (*told.items(), (found.name, whole))]
