"""Everything that the rollups say for one resources report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, distinct
from pmo_sync.rollups.measures import ALL, Counted, Measure
from pmo_sync.rollups.resources.carriers import Carrier, carried, carriers
from pmo_sync.rollups.resources.holders import holders
from pmo_sync.rollups.resources.load import Resources, resources
from pmo_sync.rollups.resources.overload import Contribution, contributions
from pmo_sync.rollups.resources.plan import with_plan
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.shared import whole_scope
from pmo_sync.rollups.tally import judge

NOBODY = "nobody"
CARRIED = "carried"
"""The measure of all that can be carried, done or open: groups say of what and whose."""


@dataclass(frozen=True)
class Evidence:
    """The rollups of a report's day; ``counted`` is by measure and group (see ``person``)."""

    config: Config
    scope: Scope
    measures: Mapping[str, Measure]
    counted: Mapping[str, Mapping[str, Counted]]
    resources: Resources
    contributions: Mapping[str, tuple[Contribution, ...]]
    carriers: tuple[Carrier, ...]
    carried: Mapping[str, Counted]
    """By ``done`` or ``open`` and the carrier's place."""

    def count(self, measure: str, group: str) -> Counted | None:
        """Return what a measure counts in a group; None is nothing."""
        return self.counted[measure].get(group)

    def total(self, measure: str, group: str) -> int:
        """Return how many items that is."""
        found = self.count(measure, group)
        return found.total if found else 0


def person(shown: str) -> str:
    """Return the group of what a person has."""
    return f"person {shown}"


def team(name: str) -> str:
    """Return the group of what a team's people have."""
    return f"team {name}"


def measures(day: date) -> tuple[Measure, ...]:
    """Return what is counted of open work as of ``day``."""
    return (
        Measure("open", "Open", "category = open"),
        Measure("placed", "Open, estimated and dated",
                "category = open and effort is not empty and planned is not empty"),
        Measure("unestimated", "Open, without an estimate", "category = open and effort is empty"),
        Measure("undated", "Open, without a date", "category = open and planned is empty"),
        Measure("overdue", "Planned for a day that is past",
                f"category = open and planned < {day.isoformat()}"),
    )  # fmt: skip


def gather(tables: Tables, config: Config, day: date) -> Evidence:
    """Compute the evidence for a resources report as of ``day``."""
    scope = with_plan(tables, whole_scope(tables, config, day), config)
    held = holders(tables, scope)
    found = resources(scope, held, config)
    table = {measure.name: measure for measure in measures(day)}
    wheres = {name: measure.where for name, measure in table.items()}
    judged = judge(tables, scope, wheres | {CARRIED: "category in (open, done)"})
    alone, limit = carriers(tables, scope, held, config.policy), config.policy.list_limit
    part = judged.tallies(_carried(tables, scope, held, alone, config), limit, [CARRIED])
    return Evidence(
        config=config,
        scope=scope,
        measures=table,
        counted=judged.tallies(_groups(tables, scope, held), limit),
        resources=found,
        contributions=contributions(tables, scope, held, found, config),
        carriers=alone,
        carried=part[CARRIED],
    )


def carried_group(place: int, *, done: bool) -> str:
    """Return the group of what a carrier has finished, or still has."""
    return f"{'done' if done else 'open'} {place}"


def _carried(
    tables: Tables, scope: Scope, held: Frame, alone: Sequence[Carrier], config: Config
) -> Frame:
    """Return item_id, group: what each carrier has of their part; of teams alone nobody's own part
    is told."""
    who = held.select("item_id") if config.policy.people == "teams" else held
    groups = tables.rows(
        {"place": "int64", "done": "int64", "group": "str"},
        [(n, int(done), carried_group(n, done=done))
         for n in range(len(alone)) for done in (True, False)],
    )  # fmt: skip
    rows = carried(tables, scope, who, alone).join(groups, on=["place", "done"], how="inner")
    return distinct(rows, "item_id", "group")


def _groups(tables: Tables, scope: Scope, held: Frame) -> Frame:
    """Return item_id, group: of each person, of each team, of nobody, and all."""
    names = tables.rows(
        {"human": "str", "person": "str", "team": "str"},
        [(h.name, person(h.shown), team(h.team)) for h in scope.people.humans],
    )
    named = held.join(names, on="human", how="inner")
    members = [
        named.select("item_id", nw.col(column).alias("group")) for column in ("person", "team")
    ]
    everything = scope.items.select("item_id")
    unassigned = everything.join(held.select("item_id"), on="item_id", how="anti")
    return nw.concat(
        [
            distinct(nw.concat(members, how="vertical"), "item_id", "group"),
            unassigned.select("item_id", nw.lit(NOBODY).alias("group")),
            everything.select("item_id", nw.lit(ALL).alias("group")),
        ],
        how="vertical",
    )
