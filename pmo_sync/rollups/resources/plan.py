"""How much is left of each open item, and by when it is planned to be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame
from pmo_sync.rollups.marks import members_with_ids, milestones_at
from pmo_sync.rollups.scope import FINISHED, Scope

HOUR = 3600
RESTS_ON = ("item_id", "due", "points", "remaining")
"""What is planned by, of an item's own columns."""


def with_plan(tables: Tables, scope: Scope, config: Config) -> Scope:
    """Return the scope with what open items are planned for, as more columns of its items.

    ``effort_seconds`` (whole; ``effort`` is hours): the remaining estimate, else points by the
    hours that a point weighs; null where neither says. ``planned``: the due date, else the last
    end of its iterations that are not over, else the first date of its open milestones, else the
    first target of its projects; null where none says. ``planned_by`` names which of them.
    """
    unfinished = scope.items.filter(~nw.col("category").is_in(FINISHED)).select(*RESTS_ON)
    plan = _dated(tables, scope, _weighed(tables, scope, unfinished, config)).select(
        "item_id", "effort_seconds", (nw.col("effort_seconds") / HOUR).alias("effort"),
        "planned", "planned_by",
    )  # fmt: skip
    return replace(
        scope, items=tables.hold(scope.items.join(tables.hold(plan), on="item_id", how="left"))
    )


def _weighed(tables: Tables, scope: Scope, items: Frame, config: Config) -> Frame:
    weights = [
        (project.name, place, project.hours_per_point)
        for place, project in enumerate(scope.projects)
        if project.hours_per_point is not None
    ]
    own = tables.rows({"project": "str", "place": "int64", "weight": "float64"}, weights)
    first = scope.membership.join(own, on="project", how="inner")
    place = first.group_by("item_id").agg(nw.col("place").min())
    chosen = place.join(own.select("place", "weight"), on="place", how="inner")
    usual = nw.lit(config.policy.hours_per_point, nw.Float64())
    weight = nw.when(nw.col("weight").is_null()).then(usual).otherwise(nw.col("weight"))
    pointed = nw.when(nw.col("points") >= 0).then((nw.col("points") * weight * HOUR).round(0))
    left = nw.when(nw.col("remaining") >= 0).then(nw.col("remaining"))
    return items.join(chosen.select("item_id", "weight"), on="item_id", how="left").with_columns(
        nw.when(left.is_null()).then(pointed).otherwise(left).alias("effort_seconds")
    )


def _dated(tables: Tables, scope: Scope, items: Frame) -> Frame:
    dates = {
        "iteration": _iteration_ends(tables, scope),
        "milestone": _milestone_dates(tables, scope),
        "target": _targets(tables, scope),
    }
    for name, found in dates.items():
        items = items.join(found.rename({"date": name}), on="item_id", how="left")
    day, said = nw.lit(None, nw.Datetime("us")), nw.lit(None, nw.String())
    for name, words in reversed(
        [("due", "due date"), *((name, name) for name in dates)]  # the first that is there counts
    ):
        there = ~nw.col(name).is_null()
        day = nw.when(there).then(nw.col(name).cast(nw.Datetime("us"))).otherwise(day)
        said = nw.when(there).then(nw.lit(words)).otherwise(said)
    return items.with_columns(day.alias("planned"), said.alias("planned_by"))


def _iteration_ends(tables: Tables, scope: Scope) -> Frame:
    """As observed last before as-of, else as it is; what is completed plans nothing any more."""
    seen = tables["history"].filter(
        nw.col("entity") == "iteration",
        nw.col("field") == "due",
        nw.col("valid_from") <= scope.at,
        nw.col("valid_to").is_null() | (nw.col("valid_to") > scope.at),
    )
    then = seen.select(nw.col("entity_id").alias("member"), nw.col("value").alias("due_then"))
    over = nw.col("completed") <= scope.at
    closed = nw.col("completed").is_null() & (nw.col("state") == "closed")
    running = tables["iteration"].filter(~(over.fill_null(value=False) | closed))
    observed = nw.col("due_then").str.slice(0, 10).str.to_datetime(format="%Y-%m-%d")
    ends = running.rename({"iteration_id": "member"}).join(then, on="member", how="left").select(
        "member",
        nw.when(observed.is_null()).then(nw.col("end").dt.truncate("1d").cast(nw.Datetime("us")))
        .otherwise(observed.cast(nw.Datetime("us"))).alias("date"),
    )  # fmt: skip
    held = members_with_ids(tables, scope, "iteration").join(ends, on="member", how="inner")
    return held.group_by("item_id").agg(nw.col("date").max())


def _milestone_dates(tables: Tables, scope: Scope) -> Frame:
    midnight = datetime(scope.day.year, scope.day.month, scope.day.day)
    open_ones = milestones_at(tables, scope.at, midnight).filter(nw.col("closed") == 0)
    held = members_with_ids(tables, scope, "milestone").join(open_ones, on="member", how="inner")
    return held.group_by("item_id").agg(nw.col("milestone_due").min().alias("date"))


def _targets(tables: Tables, scope: Scope) -> Frame:
    rows = [
        (project.name, datetime(project.target.year, project.target.month, project.target.day))
        for project in scope.projects
        if project.target
    ]
    targets = tables.rows({"project": "str", "target": "datetime64[us]"}, rows)
    held = scope.membership.join(targets, on="project", how="inner")
    return held.group_by("item_id").agg(nw.col("target").min().alias("date"))
