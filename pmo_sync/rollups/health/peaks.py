"""How full a project's people are over the next weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, distinct, records
from pmo_sync.rollups.health.table import Peak
from pmo_sync.rollups.resources.holders import holders
from pmo_sync.rollups.resources.load import PersonLoad, resources
from pmo_sync.rollups.resources.plan import RESTS_ON, with_plan
from pmo_sync.rollups.scope import FINISHED, Scope

OF_PEAKS = ("category", "due", "points", "assignee", "project")
"""What must be known of items for it."""


def peaks(tables: Tables, config: Config, scope: Scope) -> Mapping[str, Peak]:
    """Return by project how full those are who have open work in it, with what they have in all
    their projects; none where nobody's hours are known.

    Critical is work that another open item waits for.
    """
    if not any(person.hours or person.accounts for person in config.people):
        return {}
    unfinished = scope.items.filter(~nw.col("category").is_in(FINISHED)).select(
        *RESTS_ON, "category"
    )
    planned = with_plan(tables, replace(scope, items=tables.hold(unfinished)), config)
    held = holders(tables, planned)
    loads = {load.human.name: load for load in resources(planned, held, config).persons}
    work = planned.items.select("item_id", "effort_seconds").join(
        scope.membership, on="item_id", how="inner"
    )
    crews: dict[str, list[tuple[PersonLoad, bool]]] = {}
    for row in records(_parts(tables, scope, work, held)):
        load = loads.get(row["human"])
        if load is not None and load.room is not None:
            crews.setdefault(row["project"], []).append((load, bool(row["critical"])))
    estimated = _estimated(work)
    return {project: _peak(crew, estimated[project]) for project, crew in sorted(crews.items())}


def _peak(crew: Sequence[tuple[PersonLoad, bool]], estimated: float) -> Peak:
    ordered = sorted(crew, key=lambda one: one[0].human.name)  # so that sums are the same always
    fullest = max((load for load, _ in ordered), key=_height)
    return Peak(
        who=fullest.human.shown,
        fullness=fullest.ahead / fullest.room if fullest.room else None,
        hours=sum(load.ahead for load, _ in ordered),
        capacity=sum(load.room or 0.0 for load, _ in ordered),
        critical=any(critical for _, critical in ordered),
        estimated=estimated,
    )


def _height(load: PersonLoad) -> float:
    if load.room:
        return load.ahead / load.room
    return float("inf") if load.ahead else 0.0


def _estimated(work: Frame) -> Mapping[str, float]:
    rows = records(
        work.group_by("project").agg(
            nw.len().alias("n"), nw.col("effort_seconds").count().alias("known")
        )
    )
    return {row["project"]: row["known"] / row["n"] for row in rows}


def _parts(tables: Tables, scope: Scope, work: Frame, held: Frame) -> Frame:
    """Return project, human, critical (1 or 0): who has open work where."""
    unfinished = distinct(work, "item_id")
    there = nw.col("valid_from").is_null() | (nw.col("valid_from") <= scope.at)
    held_then = nw.col("valid_to").is_null() | (nw.col("valid_to") > scope.at)
    links = tables["link"].filter(nw.col("kind") == "blocks", there, held_then)
    waiting = links.join(unfinished.rename({"item_id": "to_id"}), on="to_id", how="semi")
    blocking = distinct(waiting, "from_id").select(
        nw.col("from_id").alias("item_id"), nw.lit(1).alias("waits")
    )
    return (
        work.join(held, on="item_id", how="inner")
        .join(blocking, on="item_id", how="left")
        .group_by("project", "human")
        .agg(nw.col("waits").fill_null(0).max().alias("critical"))
    )
