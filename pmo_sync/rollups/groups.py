"""The groups that items are counted in: item_id, group, an item in each of its groups."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame
from pmo_sync.rollups.measures import ALL, NO_PROJECT
from pmo_sync.rollups.scope import FINISHED, Scope


def by_project(scope: Scope) -> Frame:
    """Return item_id, group: each item's projects, or ``NO_PROJECT``; and ``ALL``."""
    claimed = scope.membership.select("item_id", nw.col("project").alias("group"))
    all_of_them = scope.items.select("item_id")
    outside = all_of_them.join(claimed, on="item_id", how="anti")
    return nw.concat(
        [
            claimed,
            outside.select("item_id", nw.lit(NO_PROJECT).alias("group")),
            all_of_them.select("item_id", nw.lit(ALL).alias("group")),
        ],
        how="vertical",
    )


def by_program(scope: Scope) -> Frame:
    """Return item_id, group: the programs of each item's projects, and all that those are in."""
    programs = scope.members.filter(nw.col("field") == "program")
    return programs.select("item_id", nw.col("value").alias("group"))


def by_expectation(tables: Tables, scope: Scope, expectation: Mapping[str, int]) -> Frame:
    """Return item_id, group: the projects in which an item's age is beyond the project's
    expectation (days)."""
    limits = tables.rows({"group": "str", "days": "int64"}, sorted(expectation.items()))
    ages = scope.items.filter(~nw.col("category").is_in(FINISHED)).select("item_id", "age")
    mine = scope.membership.select("item_id", nw.col("project").alias("group"))
    aged = ages.join(mine, on="item_id", how="inner").join(limits, on="group", how="inner")
    return aged.filter(nw.col("age") > nw.col("days")).select("item_id", "group")
