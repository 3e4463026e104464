"""Every state that each item was in: its status's category, refined by labels, replayed in order.

Definitions (see docs/glossary.md): an item is in progress while its status says so, or while it
is open and carries a label that says so. An administrator's workflow migration is not a move: it
never starts an item, and it does not reopen one that keeps its resolution.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import narwhals as nw

from pmo_sync.frames.tables import Frame, Tables
from pmo_sync.frames.words import lowered
from pmo_sync.policy import Meaning

_FINISHED = ("done", "dropped")


def states(
    tables: Tables, at: datetime, meanings: Sequence[Meaning], in_progress_labels: Sequence[str]
) -> Frame:
    """Return one row a state: item_id, category, valid_from, valid_to (null: still at ``at``),
    migrated (begun by a migration), resolved_from (when a resolution then held was set)."""
    rows = tables["history"].filter(nw.col("entity") == "item", nw.col("valid_from") <= at)
    events = nw.concat(
        [
            _status_events(tables, rows, meanings),
            *_label_events(rows, at, in_progress_labels),
        ],
        how="vertical",
    )
    return _as_intervals(_carried(tables.hold(_replayed(tables.hold(events)))))


def _status_events(tables: Tables, rows: Frame, meanings: Sequence[Meaning]) -> Frame:
    known = tables.rows(
        {"site": "str", "value": "str", "meaning": "str"},
        [(m.site, m.value, m.category) for m in meanings if m.field == "status"],
    )
    status = (
        rows.filter(nw.col("field") == "status")
        .join(tables["work_item"].select("item_id", "site"), left_on="entity_id",
              right_on="item_id", how="inner")
        .join(known, on=["site", "value"], how="left")
    )  # fmt: skip
    migrations = status.filter(nw.col("origin") == "migration").select(
        "entity_id", nw.col("valid_from").alias("at")
    )
    resolutions = rows.filter(nw.col("field") == "resolution", ~nw.col("value").is_null()).select(
        "entity_id",
        nw.col("valid_from").alias("set_from"),
        nw.col("valid_to").alias("set_to"),
    )
    resolved = (
        migrations.join(resolutions, on="entity_id", how="inner")
        .filter(
            nw.col("set_from") <= nw.col("at"),
            nw.col("set_to").is_null() | (nw.col("set_to") > nw.col("at")),
        )
        .group_by("entity_id", "at")
        .agg(nw.col("set_from").min().alias("resolved_from"))
    )
    return (
        status.with_columns(
            nw.col("valid_from").alias("at"),
            nw.col("meaning").fill_null(nw.lit("todo")).alias("category"),
            (nw.col("origin") == "migration").alias("migrated"),
            nw.lit(0).alias("delta"),
        )
        .join(resolved, on=["entity_id", "at"], how="left")
        .select("entity_id", "at", "category", "migrated", "resolved_from", "delta")
    )


def _label_events(rows: Frame, at: datetime, labels: Sequence[str]) -> list[Frame]:
    if not labels:
        return []
    worked = rows.filter(
        nw.col("field") == "label",
        nw.col("value").str.to_lowercase().is_in(lowered(labels)),
    )
    empty = nw.lit(None)

    def event(column: str, delta: int, source: Frame) -> Frame:
        return source.select(
            "entity_id",
            nw.col(column).alias("at"),
            empty.cast(nw.String()).alias("category"),
            nw.lit(False).alias("migrated"),
            empty.cast(nw.Datetime("us")).alias("resolved_from"),
            nw.lit(delta).alias("delta"),
        )

    ended = worked.filter(nw.col("valid_to") <= at)
    return [event("valid_from", 1, worked), event("valid_to", -1, ended)]


def _replayed(events: Frame) -> Frame:
    """Give every event the status and the number of working labels that hold from then on."""
    order = ["at", "delta", "category"]
    return (
        events.with_columns(
            nw.col("category").fill_null(strategy="forward").over("entity_id", order_by=order)
            .alias("status"),
            nw.col("delta").cum_sum().over("entity_id", order_by=order).alias("working"),
            nw.col("at").shift(-1).over("entity_id", order_by=order).alias("until"),
        )
        .filter(~nw.col("status").is_null())
        # Of several events at one instant only the last leaves a state.
        .filter(nw.col("until").is_null() | (nw.col("until") > nw.col("at")))
        .with_columns(
            nw.when(nw.col("status").is_in(_FINISHED)).then(nw.col("status"))
            .when(nw.col("working") > 0).then(nw.lit("in_progress"))
            .otherwise(nw.col("status")).alias("said")
        )
    )  # fmt: skip


def _carried(replayed: Frame) -> Frame:
    """Keep finished what a migration moved on paper only: while the resolution stays set."""
    order = ["at"]
    return replayed.with_columns(
        nw.when(~nw.col("migrated")).then(nw.col("said")).alias("moved")
    ).with_columns(
        nw.col("moved").fill_null(strategy="forward").over("entity_id", order_by=order)
        .alias("before")
    ).with_columns(
        nw.when(
            nw.col("migrated") & nw.col("before").is_in(_FINISHED)
            & ~nw.col("resolved_from").is_null()
        ).then(nw.col("before")).otherwise(nw.col("said")).alias("category")
    )  # fmt: skip


def _as_intervals(carried: Frame) -> Frame:
    return carried.select(
        nw.col("entity_id").alias("item_id"),
        nw.col("category"),
        nw.col("at").alias("valid_from"),
        nw.col("until").alias("valid_to"),
        nw.col("migrated"),
        nw.col("resolved_from"),
    )


def progress(replayed: Frame) -> Frame:
    """Return one row an item: category and since when, started, finished.

    started: the first move into progress. finished: the beginning of the last unbroken run of
    finished states, for an item that is finished; where a migration began that run, the time its
    resolution was set, else null: done, but nobody knows when.
    """
    # 1 and 0 rather than true and false: what a shift leaves empty stays a number everywhere.
    finished = nw.when(nw.col("category").is_in(_FINISHED)).then(1).otherwise(0)
    marked = replayed.with_columns(finished.alias("is_finished")).with_columns(
        nw.col("is_finished").shift(1).over("item_id", order_by=["valid_from"]).alias("was")
    )
    entering = (nw.col("is_finished") == 1) & (nw.col("was").fill_null(0) == 0)
    current = nw.col("valid_to").is_null()
    columns = marked.with_columns(
        nw.when(entering).then(nw.col("valid_from")).alias("entered"),
        nw.when((nw.col("category") == "in_progress") & ~nw.col("migrated"))
        .then(nw.col("valid_from")).alias("start_at"),
        nw.when(current).then(nw.col("category")).alias("now"),
        nw.when(current).then(nw.col("valid_from")).alias("now_since"),
    )  # fmt: skip
    summary = columns.group_by("item_id").agg(
        nw.col("now").max().alias("category"),
        nw.col("now_since").max().alias("since"),
        nw.col("start_at").min().alias("started"),
        nw.col("entered").max().alias("entered"),
    )
    known = columns.filter(entering).select(
        "item_id",
        nw.col("valid_from").alias("entered"),
        nw.when(nw.col("migrated")).then(nw.col("resolved_from"))
        .otherwise(nw.col("valid_from")).alias("known_finish"),
    )  # fmt: skip
    return summary.join(known, on=["item_id", "entered"], how="left").select(
        "item_id",
        "category",
        "since",
        "started",
        nw.when(nw.col("category").is_in(_FINISHED)).then(nw.col("known_finish")).alias("finished"),
    )
