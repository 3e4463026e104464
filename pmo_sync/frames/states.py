"""Every state that each item was in: its status's category, refined by labels and migrations.

Definitions (see docs/glossary.md): an item is in progress while its status says so, or while it
is open and carries a label that says so. An administrator's workflow migration is not a move: it
never starts an item, and it does not reopen one that keeps its resolution.

Most items have neither such a label nor a migration: their statuses are their states. Only the
others are replayed, event by event.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import narwhals as nw

from pmo_sync.frames.tables import Frame, Tables, records
from pmo_sync.frames.words import lowered
from pmo_sync.policy import Meaning

_FINISHED = ("done", "dropped")


def states(
    tables: Tables, at: datetime, meanings: Sequence[Meaning], in_progress_labels: Sequence[str]
) -> Frame:
    """Return one row a state: item_id, category, valid_from, valid_to (null: still at ``at``),
    migrated (begun by a migration), resolved_from (when a resolution then held was set)."""
    rows = tables["history"].filter(nw.col("entity") == "item", nw.col("valid_from") <= at)
    statuses = _statuses(tables, rows, meanings)
    working = _working(rows, in_progress_labels)
    entangled = tables.hold(
        nw.concat(
            [
                rows.filter(nw.col("origin") == "migration").select("entity_id"),
                *([working.select("entity_id")] if working is not None else []),
            ],
            how="vertical",
        ).unique()
    )
    if not records(entangled.head(1)):
        return _plain(statuses, at)
    replayed = _replay(
        tables,
        nw.concat(
            [
                _status_events(rows, statuses.join(entangled, on="entity_id", how="semi")),
                *(_label_events(working, at) if working is not None else []),
            ],
            how="vertical",
        ),
    )
    plain = _plain(statuses.join(entangled, on="entity_id", how="anti"), at)
    return nw.concat([plain, replayed], how="vertical")


def _statuses(tables: Tables, rows: Frame, meanings: Sequence[Meaning]) -> Frame:
    """Return the status rows with what each means."""
    known = tables.rows(
        {"site": "str", "value": "str", "meaning": "str"},
        [(m.site, m.value, m.category) for m in meanings if m.field == "status"],
    )
    sites = tables["work_item"].select(nw.col("item_id").alias("entity_id"), "site")
    return (
        rows.filter(nw.col("field") == "status")
        .join(sites, on="entity_id", how="inner")
        .join(known, on=["site", "value"], how="left")
        .select(
            "entity_id", "valid_from", "valid_to",
            nw.col("meaning").fill_null(nw.lit("todo")).alias("category"),
            (nw.col("origin") == "migration").alias("migrated"),
        )
    )  # fmt: skip


def _working(rows: Frame, labels: Sequence[str]) -> Frame | None:
    """Return the rows of the labels that say that work goes on."""
    if not labels:
        return None
    return rows.filter(
        nw.col("field") == "label",
        nw.col("value").str.to_lowercase().is_in(lowered(labels)),
    )


def _plain(statuses: Frame, at: datetime) -> Frame:
    """A status is a state; the rows of one item follow each other without a gap."""
    lasted = nw.col("valid_to").is_null() | (nw.col("valid_to") > nw.col("valid_from"))
    return statuses.filter(lasted).select(
        nw.col("entity_id").alias("item_id"),
        "category",
        "valid_from",
        nw.when(nw.col("valid_to") <= at).then(nw.col("valid_to")).alias("valid_to"),
        "migrated",
        nw.lit(None).cast(nw.Datetime("us")).alias("resolved_from"),
    )


def _status_events(rows: Frame, statuses: Frame) -> Frame:
    migrations = statuses.filter(nw.col("migrated")).select(
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
        statuses.with_columns(nw.col("valid_from").alias("at"), nw.lit(0).alias("delta"))
        .join(resolved, on=["entity_id", "at"], how="left")
        .select("entity_id", "at", "category", "migrated", "resolved_from", "delta")
    )


def _label_events(working: Frame, at: datetime) -> list[Frame]:
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

    ended = working.filter(nw.col("valid_to") <= at)
    return [event("valid_from", 1, working), event("valid_to", -1, ended)]


def _replay(tables: Tables, events: Frame) -> Frame:
    carried = _carried(tables.hold(_replayed(tables.hold(events))))
    return tables.hold(
        carried.select(
            nw.col("entity_id").alias("item_id"),
            nw.col("category"),
            nw.col("at").alias("valid_from"),
            nw.col("until").alias("valid_to"),
            nw.col("migrated"),
            nw.col("resolved_from"),
        )
    )


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


def progress(states: Frame) -> Frame:
    """Return one row an item: category and since when, started, finished.

    started: the first move into progress. finished: the beginning of the last unbroken run of
    finished states, for an item that is finished; where a migration began that run, the time its
    resolution was set, else null: done, but nobody knows when.
    """
    finished, current = nw.col("category").is_in(_FINISHED), nw.col("valid_to").is_null()
    working = (nw.col("category") == "in_progress") & ~nw.col("migrated")
    summary = (
        states.select(
            "item_id",
            nw.col("valid_from").alias("first"),
            nw.when(~finished).then(nw.col("valid_to")).alias("left"),
            nw.when(working).then(nw.col("valid_from")).alias("started"),
            nw.when(current).then(nw.col("category")).alias("category"),
            nw.when(current).then(nw.col("valid_from")).alias("since"),
        )
        .group_by("item_id")
        .agg(
            nw.col("category").max(),
            nw.col("since").max(),
            nw.col("started").min(),
            nw.col("left").max(),
            nw.col("first").min(),
        )
        .with_columns(
            nw.when(finished)
            .then(nw.when(nw.col("left").is_null()).then(nw.col("first")).otherwise(nw.col("left")))
            .alias("entered")
        )
    )
    on_paper = states.filter(nw.col("migrated"), finished).select(
        "item_id",
        nw.col("valid_from").alias("entered"),
        "resolved_from",
        nw.lit(1).alias("on_paper"),
    )
    return summary.join(on_paper, on=["item_id", "entered"], how="left").select(
        "item_id",
        "category",
        "since",
        "started",
        nw.when(nw.col("on_paper") == 1).then(nw.col("resolved_from"))
        .otherwise(nw.col("entered")).alias("finished"),
    )  # fmt: skip
