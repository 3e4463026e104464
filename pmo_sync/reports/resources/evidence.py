"""Everything that the rollups say for one resources report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame
from pmo_sync.rollups.measures import ALL, Counted, Measure, count, in_order, tally
from pmo_sync.rollups.resources.carriers import Carrier, carried, carriers
from pmo_sync.rollups.resources.holders import holders
from pmo_sync.rollups.resources.load import Resources, resources
from pmo_sync.rollups.resources.overload import Contribution, contributions
from pmo_sync.rollups.resources.plan import with_plan
from pmo_sync.rollups.scope import FINISHED, Scope, scope_at

NOBODY = "nobody"
COLUMNS = (
    "item_id", "site", "container", "key", "url", "title", "type", "status", "category", "age",
    "due", "updated", "finished", "blocked", "effort", "planned", "planned_by", "project",
)  # fmt: skip


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
    scope = with_plan(tables, scope_at(tables, config, day), config)
    held = holders(tables, scope)
    groups = _groups(tables, scope, held)
    found = resources(scope, held, config)
    table = {measure.name: measure for measure in measures(day)}
    alone = carriers(tables, scope, held, config.policy)
    return Evidence(
        config=config,
        scope=scope,
        measures=table,
        counted={
            name: count(scope, groups, m.where, config.policy.list_limit)
            for name, m in table.items()
        },
        resources=found,
        contributions=contributions(tables, scope, held, found, config),
        carriers=alone,
        carried=_carried(tables, scope, held, alone, config),
    )


def carried_group(place: int, *, done: bool) -> str:
    """Return the group of what a carrier has finished, or still has."""
    return f"{'done' if done else 'open'} {place}"


def _carried(
    tables: Tables, scope: Scope, held: Frame, alone: Sequence[Carrier], config: Config
) -> Mapping[str, Counted]:
    """Count what each carrier has of their part; of teams alone nobody's own part is told."""
    who = held.select("item_id") if config.policy.people == "teams" else held
    rows = tables.hold(carried(tables, scope, who, alone)).unique()
    found: dict[str, Counted] = {}
    for done in (True, False):
        groups = tables.rows(
            {"place": "int64", "project": "str"},
            [(n, carried_group(n, done=done)) for n in range(len(alone))],
        )
        items = rows.filter(nw.col("done") == int(done)).join(groups, on="place", how="inner")
        listed = scope.items.join(items.select("item_id", "project"), on="item_id", how="inner")
        held_rows = tables.hold(in_order(tables.hold(listed.select(*COLUMNS))))
        found |= tally(held_rows, config.policy.list_limit)
    return found


def _groups(tables: Tables, scope: Scope, held: Frame) -> Frame:
    """Return open items by group: of each person, of each team, of nobody, and all."""
    unfinished = scope.items.filter(~nw.col("category").is_in(FINISHED))
    names = tables.rows(
        {"human": "str", "person": "str", "team": "str"},
        [(h.name, person(h.shown), team(h.team)) for h in scope.people.humans],
    )
    named = held.join(names, on="human", how="inner")
    members = nw.concat(
        [named.select("item_id", nw.col(column).alias("project")) for column in ("person", "team")],
        how="vertical",
    ).unique()
    assigned = unfinished.join(members, on="item_id", how="inner")
    unassigned = unfinished.join(held, on="item_id", how="anti")
    everything = nw.concat(
        [
            assigned.select(*COLUMNS),
            unassigned.with_columns(nw.lit(NOBODY).alias("project")).select(*COLUMNS),
            unfinished.with_columns(nw.lit(ALL).alias("project")).select(*COLUMNS),
        ],
        how="vertical",
    )
    return tables.hold(in_order(tables.hold(everything)))
