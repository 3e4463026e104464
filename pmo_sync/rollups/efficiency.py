"""Flow efficiency: the share of their cycle time in which finished items did not wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import narwhals as nw

from pmo_sync.frames import Tables
from pmo_sync.frames.durations import seconds_between
from pmo_sync.frames.tables import Frame, records
from pmo_sync.policy import Policy
from pmo_sync.rollups.scope import Scope


@dataclass(frozen=True, slots=True)
class Efficiency:
    """Seconds of ``items`` from start to finish, and how many of them in a waiting status."""

    items: int
    seconds: float
    waiting: float

    @property
    def share(self) -> float:
        """The time in which somebody could work, as a share: sums divided, not shares averaged."""
        return 1 - self.waiting / self.seconds


def efficiency(
    tables: Tables, scope: Scope, since: datetime, groups: Frame, policy: Policy
) -> dict[str, Efficiency]:
    """Return the flow efficiency by group of the items done after ``since`` that have a cycle time;
    nothing where the policy names no waiting status."""
    waiting = waiting_statuses(scope, policy)
    if not waiting:
        return {}
    done = _done(scope, since)
    waits = waits_of(tables, done, waiting)
    rows = records(
        done.join(waits, on="item_id", how="left")
        .join(groups, on="item_id", how="inner")
        .group_by("group")
        .agg(nw.len().alias("n"), nw.col("seconds").sum(), nw.col("waiting").sum())
    )
    return {
        row["group"]: Efficiency(int(row["n"]), float(row["seconds"]), float(row["waiting"] or 0))
        for row in rows
        if row["seconds"]
    }


def _done(scope: Scope, since: datetime) -> Frame:
    return (
        scope.items.filter(
            nw.col("category") == "done",
            nw.col("finished") > since,
            nw.col("started") <= nw.col("finished"),
        )
        .select("item_id", "started", "finished")
        .with_columns(
            seconds_between(nw.col("started"), nw.col("finished")).alias("seconds"),
        )
    )


def waiting_statuses(scope: Scope, policy: Policy) -> list[tuple[str, str]]:
    """Return the sites and ids of the statuses that the policy calls waiting."""
    names = {name.casefold() for name in policy.waiting_statuses}
    return [
        (each.site, each.value)
        for each in scope.meanings
        if {each.name.casefold(), each.value.casefold()} & names
    ]


def waits_of(tables: Tables, done: Frame, waiting: list[tuple[str, str]]) -> Frame:
    """Return item_id, waiting: the seconds in a waiting status between when an item was
    ``started`` and when it was ``finished``."""
    statuses = tables.rows({"site": "str", "value": "str"}, sorted(waiting))
    sites = tables["work_item"].select("item_id", "site")
    stays = (
        tables["history"]
        .filter(nw.col("entity") == "item", nw.col("field") == "status")
        .select(nw.col("entity_id").alias("item_id"), "value", "valid_from", "valid_to")
        .join(done, on="item_id", how="inner")
        .join(sites, on="item_id", how="inner")
        .join(statuses, on=["site", "value"], how="inner")
    )
    after = nw.when(nw.col("valid_from") > nw.col("started")).then(nw.col("valid_from"))
    until = nw.when(nw.col("valid_to") < nw.col("finished")).then(nw.col("valid_to"))
    within = stays.select(
        "item_id",
        after.otherwise(nw.col("started")).alias("begin"),
        until.otherwise(nw.col("finished")).alias("end"),
    ).filter(nw.col("begin") < nw.col("end"))
    spans = within.select(
        "item_id", seconds_between(nw.col("begin"), nw.col("end")).alias("waiting")
    )
    return spans.group_by("item_id").agg(nw.col("waiting").sum())
