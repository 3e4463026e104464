"""The trackers' milestones and versions whose day is past while work in them is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import narwhals as nw

from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, records
from pmo_sync.rollups.marks import members_with_ids, milestones_at
from pmo_sync.rollups.scope import FINISHED, Scope


@dataclass(frozen=True, slots=True)
class Place:
    """Where a milestone is kept: in a Jira project or a repository, on a site of a kind."""

    container: str
    kind: str


def late_milestones(tables: Tables, scope: Scope) -> Frame:
    """Return item_id, member (the milestone's id) of open items whose open milestone is past its
    day."""
    midnight = datetime(scope.day.year, scope.day.month, scope.day.day)
    past = milestones_at(tables, scope.at, midnight).filter(
        nw.col("closed") == 0, nw.col("milestone_due") < midnight
    )
    open_ = scope.items.filter(~nw.col("category").is_in(FINISHED)).select("item_id")
    held = members_with_ids(tables, scope, "milestone").join(open_, on="item_id", how="semi")
    return tables.hold(
        held.join(past.select("member"), on="member", how="semi").select("item_id", "member")
    )


def places(tables: Tables, late: Frame) -> Mapping[str, Place]:
    """Return where each of some milestones (by id) is kept."""
    rows = records(
        tables["milestone"]
        .select(nw.col("milestone_id").alias("member"), "site", "container")
        .join(late.select("member"), on="member", how="semi")
        .join(tables["site"].select("site", "kind"), on="site", how="left")
    )
    return {row["member"]: Place(row["container"] or "", row["kind"] or "") for row in rows}
