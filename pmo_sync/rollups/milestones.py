"""The milestones and versions that a project's items are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import narwhals as nw

from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.rollups.marks import members_with_ids, milestones_at
from pmo_sync.rollups.scope import FINISHED, Scope


@dataclass(frozen=True, slots=True)
class Gathered:
    """A milestone with a project's items in it: how many are open, how many done."""

    id: str
    name: str
    due: date | None
    closed: bool
    open: int
    done: int


def milestones(tables: Tables, scope: Scope) -> Mapping[str, Sequence[Gathered]]:
    """Return by project the milestones that are not closed or have open items, by their date."""
    midnight = datetime(scope.day.year, scope.day.month, scope.day.day)
    held = members_with_ids(tables, scope, "milestone")
    inside = scope.items.filter(nw.col("category") != "dropped").select(
        "item_id",
        nw.when(nw.col("category").is_in(FINISHED)).then(0).otherwise(1).alias("open"),
    )
    rows = records(
        held.join(inside, on="item_id", how="inner")
        .join(scope.membership, on="item_id", how="inner")
        .group_by("project", "member")
        .agg(nw.col("open").sum(), nw.len().alias("n"))
        .join(milestones_at(tables, scope.at, midnight), on="member", how="inner")
        .join(
            tables["milestone"].select(nw.col("milestone_id").alias("member"), "name"),
            on="member", how="inner",
        )
    )  # fmt: skip
    found: dict[str, list[Gathered]] = {}
    for row in rows:
        one = Gathered(
            row["member"], row["name"] or "", row["milestone_due"].date()
            if row["milestone_due"] else None, row["closed"] == 1, int(row["open"]),
            int(row["n"]) - int(row["open"]),
        )  # fmt: skip
        if one.open or not one.closed:
            found.setdefault(row["project"], []).append(one)
    return {
        project: sorted(each, key=lambda one: (one.due or date.max, one.name, one.id))
        for project, each in found.items()
    }
