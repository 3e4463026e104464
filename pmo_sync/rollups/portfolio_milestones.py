"""The milestones of the portfolio at as-of: what is done of each, when the rest will be, and how
its date was moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw

from pmo_sync.config import Config, MilestoneConfig
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, distinct, records
from pmo_sync.policy import Policy
from pmo_sync.rollups.dated import History, believed, configured_dates, latest_of
from pmo_sync.rollups.defined import defined_at, records_of
from pmo_sync.rollups.forecast.forecast import Asked, Forecast, forecasts_of
from pmo_sync.rollups.forecast.joint import joint
from pmo_sync.rollups.gathering import gathered, of_milestones
from pmo_sync.rollups.projects import Recorded
from pmo_sync.rollups.scope import FINISHED, Scope


@dataclass(frozen=True, slots=True)
class Part:
    """What of a milestone is in one place (a Jira project, a repository): its items that are open
    and done, and when its work will be done."""

    name: str
    open: int
    done: int
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class PortfolioMilestone:
    """A milestone of the configuration at as-of; ``target`` is the date that is believed, None
    where there is none. ``forecast`` is that of the last of its parts."""

    name: str
    program: str | None
    project: str | None
    target: date | None
    dates: History
    parts: tuple[Part, ...]
    forecast: Forecast


@dataclass(frozen=True)
class Assembled:
    """All of them in the configuration's order; ``groups`` (item_id, group) are their items."""

    milestones: tuple[PortfolioMilestone, ...]
    groups: Frame | None


def portfolio_milestones(
    tables: Tables, config: Config, scope: Scope, dated: Mapping[str, History]
) -> Assembled:
    """Assemble the milestones of the configuration; ``dated`` are the trackers' own by id."""
    defined = defined_at(tables, config, scope.at)
    if not defined:
        return Assembled((), None)
    found = gathered(tables, config, scope, defined)
    groups = tables.hold(of_milestones(found))
    through, past = _through(found), records_of(tables)
    histories = {
        one.name: _dates(one, past.get(one.name, {}), through.get(one.name, ()), dated, scope)
        for one in defined
    }
    targets = {name: believed(dates, scope.day) for name, dates in histories.items()}
    parts = _parts(tables, scope, groups, targets, config.policy)
    return Assembled(
        tuple(
            PortfolioMilestone(
                one.name, one.program, one.project, targets[one.name], histories[one.name],
                mine := parts.get(one.name, ()),
                joint({part.name: part.forecast for part in mine}, scope.day, targets[one.name]),
            )
            for one in defined
        ),
        groups,
    )  # fmt: skip


def _dates(
    one: MilestoneConfig,
    past: Mapping[str, Sequence[Recorded]],
    through: Sequence[str],
    dated: Mapping[str, History],
    scope: Scope,
) -> History:
    """Return how it was dated: by the configuration, where that ever gave it a date."""
    told = configured_dates(one, past.get("target", ()), scope)
    if any(each.due for each in told):
        return told
    return latest_of([dated[id] for id in through if id in dated])


def _through(found: Frame) -> Mapping[str, Sequence[str]]:
    """Return the trackers' milestones (ids) that each milestone's rules name."""
    pairs = distinct(found.filter(~nw.col("member").is_null()), "group", "member")
    through: dict[str, list[str]] = {}
    for row in sorted(records(pairs), key=lambda row: (row["group"], row["member"])):
        through.setdefault(row["group"], []).append(row["member"])
    return through


def _parts(
    tables: Tables,
    scope: Scope,
    groups: Frame,
    targets: Mapping[str, date | None],
    policy: Policy,
) -> Mapping[str, tuple[Part, ...]]:
    """Return the parts of each milestone by their names, each with the forecast of its work."""
    placed = scope.items.select("item_id", "container", "category").join(
        groups, on="item_id", how="inner"
    )
    counted = _counted(placed)
    numbers = tables.rows(
        dict.fromkeys(("group", "container", "part"), "str"),
        [(row["group"], row["container"], str(n)) for n, row in enumerate(counted)],
    )
    parts = placed.join(numbers, on=["group", "container"], how="inner").select(
        "item_id", nw.col("part").alias("group")
    )
    asked = {str(n): Asked(targets[row["group"]]) for n, row in enumerate(counted)}
    forecasts = forecasts_of(scope, parts, asked, policy)
    found: dict[str, list[Part]] = {}
    for n, row in enumerate(counted):
        part = Part(row["container"], int(row["open"]), int(row["done"]), forecasts[str(n)])
        found.setdefault(row["group"], []).append(part)
    return {name: tuple(each) for name, each in found.items()}


def _counted(placed: Frame) -> list[dict[str, Any]]:
    """Return group, container, open, done."""
    open_ = nw.when(nw.col("category").is_in(FINISHED)).then(0).otherwise(1)
    done = nw.when(nw.col("category") == "done").then(1).otherwise(0)
    return records(
        placed.select("group", "container", open_.alias("open"), done.alias("done"))
        .group_by("group", "container")
        .agg(nw.col("open").sum(), nw.col("done").sum())
        .sort("group", "container")
    )
