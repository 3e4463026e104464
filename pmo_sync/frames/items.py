"""``items_at``: all work items as they were at an instant; the rollups' only input."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import narwhals as nw

from pmo_sync.frames.attributes import attributes
from pmo_sync.frames.states import progress, states
from pmo_sync.frames.tables import Frame, Tables, records
from pmo_sync.frames.words import lowered
from pmo_sync.model import Term
from pmo_sync.policy import Meaning, Policy, status_meanings

_NUMBERS = ("points",)
_SECONDS = ("estimate", "remaining", "spent")
_DATES = ("start", "due")
_TEXTS = ("status", "resolution", "priority", "parent", "flagged")
_ATTRIBUTES = ("title", "key", "container", "type")
MASK = "(restricted)"


@dataclass(frozen=True)
class Portrait:
    """The portfolio at an instant.

    ``items``: item_id, site, key, container, type, rank, title, status (name), status_id,
    category, since, started, finished, resolution, priority, priority_rank, parent, created,
    updated, start, due, points, estimate, remaining, spent (seconds), flagged, blocked, url, and
    what ``attributes`` tells of it as a risk.
    ``states``: item_id, category, valid_from, valid_to, up to the instant.
    """

    at: datetime
    items: Frame
    states: Frame
    meanings: tuple[Meaning, ...]


def items_at(tables: Tables, at: datetime, policy: Policy) -> Portrait:
    """Return every item that was there at ``at`` (naive UTC), with the values it had then."""
    meanings = tuple(status_meanings(_terms(tables), policy))
    replayed = tables.hold(states(tables, at, meanings, policy.in_progress_labels))
    active = _active(tables["history"], at).filter(nw.col("entity") == "item")
    items = (
        _present(tables, at)
        .join(_values(active), on="item_id", how="left")
        .join(_touched(tables["history"], at), on="item_id", how="left")
        .join(progress(replayed), on="item_id", how="left")
        .join(attributes(tables, active, policy.risk), on="item_id", how="left")
        .with_columns(
            nw.max_horizontal("updated", "touched", "created").alias("updated"),
            nw.col("category").fill_null(nw.lit("todo")),
        )
        .drop(["touched"])
    )
    typed = tables.hold(_typed(tables.hold(items)))
    named = tables.hold(_named(tables, typed, policy))
    items = tables.hold(_masked(_blocked(tables, named, active, at, policy), policy))
    return Portrait(at, items, replayed, meanings)


def members_at(tables: Tables, at: datetime) -> Frame:
    """Return item_id, field, value (id), name for every several-valued field at ``at``."""
    active = _active(tables["history"], at).filter(
        nw.col("entity") == "item",
        nw.col("field").is_in(["assignee", "label", "component", "milestone", "iteration"]),
    )
    names = nw.concat(
        [
            tables["person"].select(nw.col("person_id").alias("value"), nw.col("name")),
            tables["milestone"].select(nw.col("milestone_id").alias("value"), nw.col("name")),
            tables["iteration"].select(nw.col("iteration_id").alias("value"), nw.col("name")),
        ],
        how="vertical",
    )
    return (
        active.select(nw.col("entity_id").alias("item_id"), "field", "value")
        .filter(~nw.col("value").is_null())
        .join(names, on="value", how="left")
        .with_columns(
            nw.when(nw.col("name").is_null() | (nw.col("field") == "label"))
            .then(nw.col("value")).otherwise(nw.col("name")).alias("name")
        )
    )  # fmt: skip


def _active(history: Frame, at: datetime) -> Frame:
    return history.filter(
        nw.col("valid_from") <= at, nw.col("valid_to").is_null() | (nw.col("valid_to") > at)
    )


def _present(tables: Tables, at: datetime) -> Frame:
    there = _active(tables["presence"], at).select("item_id").unique()
    return (
        tables["work_item"]
        .join(there, on="item_id", how="semi")
        .select(
            "item_id", "site", "url", "rank", "created", "restricted",
            nw.when(nw.col("updated") <= at).then(nw.col("updated")).alias("updated"),
            *(nw.col(name).alias(f"{name}_now") for name in _ATTRIBUTES),
        )
    )  # fmt: skip


def _touched(history: Frame, at: datetime) -> Frame:
    """When something last changed, as far as was known at ``at``: the tracker's own ``updated``
    tells only of today."""
    rows = history.filter(nw.col("entity") == "item", nw.col("valid_from") <= at)
    return rows.group_by(nw.col("entity_id").alias("item_id")).agg(
        nw.col("valid_from").max().alias("touched")
    )


def _values(active: Frame) -> Frame:
    names = (*_NUMBERS, *_SECONDS, *_DATES, *_TEXTS, *_ATTRIBUTES)
    spread = active.filter(nw.col("field").is_in(names)).select(
        nw.col("entity_id").alias("item_id"),
        *(nw.when(nw.col("field") == name).then(nw.col("value")).alias(name) for name in names),
    )
    return spread.group_by("item_id").agg(*(nw.col(name).max() for name in names))


def _typed(items: Frame) -> Frame:
    return items.with_columns(
        # Seconds too: whole numbers add up exactly, and a missing one stays missing everywhere.
        *(nw.col(name).cast(nw.Float64()) for name in (*_NUMBERS, *_SECONDS)),
        *(nw.col(name).str.to_datetime(format="%Y-%m-%d") for name in _DATES),
        (nw.col("flagged") == "true").fill_null(value=False).alias("flagged"),
        *(
            nw.when(nw.col(name).is_null()).then(nw.col(f"{name}_now"))
            .otherwise(nw.col(name)).alias(name)
            for name in _ATTRIBUTES
        ),
    ).drop([f"{name}_now" for name in _ATTRIBUTES])  # fmt: skip


def _named(tables: Tables, items: Frame, policy: Policy) -> Frame:
    """Replace the trackers' ids by names, and done by dropped where the resolution says so."""
    for field in ("status", "resolution", "priority", "type"):
        words = tables["term"].filter(nw.col("field") == field).select(
            "site",
            nw.col("value").alias(f"{field}_id"),
            nw.col("name").alias(f"{field}_name"),
            *([nw.col("rank").alias("priority_rank")] if field == "priority" else []),
        )  # fmt: skip
        items = (
            items.rename({field: f"{field}_id"})
            .join(words, on=["site", f"{field}_id"], how="left")
            .with_columns(
                nw.when(nw.col(f"{field}_name").is_null()).then(nw.col(f"{field}_id"))
                .otherwise(nw.col(f"{field}_name")).alias(field)
            )
            .drop([f"{field}_name"])
        )  # fmt: skip
    dropped = nw.col("resolution").str.to_lowercase().is_in(lowered(policy.dropped_resolutions))
    return items.with_columns(
        nw.when((nw.col("category") == "done") & dropped.fill_null(value=False))
        .then(nw.lit("dropped")).otherwise(nw.col("category")).alias("category")
    )  # fmt: skip


def _blocked(tables: Tables, items: Frame, active: Frame, at: datetime, policy: Policy) -> Frame:
    """Mark open items that are flagged, labelled as blocked, or blocked by an open item."""
    unfinished = items.filter(~nw.col("category").is_in(["done", "dropped"]))
    links = tables["link"].filter(
        nw.col("kind") == "blocks",
        nw.col("valid_from").is_null() | (nw.col("valid_from") <= at),
        nw.col("valid_to").is_null() | (nw.col("valid_to") > at),
    )
    by_link = links.join(
        unfinished.select(nw.col("item_id").alias("from_id")), on="from_id", how="semi"
    ).select(nw.col("to_id").alias("item_id"))
    by_label = active.filter(
        nw.col("field") == "label",
        nw.col("value").str.to_lowercase().is_in(lowered(policy.blocked_labels)),
    ).select(nw.col("entity_id").alias("item_id"))
    by_flag = unfinished.filter(nw.col("flagged")).select("item_id")
    blocked = (
        nw.concat([by_link, by_label, by_flag], how="vertical")
        .unique()
        .join(unfinished.select("item_id"), on="item_id", how="semi")
        .with_columns(nw.lit(1).alias("marked"))
    )
    return (
        items.join(blocked, on="item_id", how="left")
        .with_columns((nw.col("marked").fill_null(0) == 1).alias("blocked"))
        .drop(["marked"])
    )


def _masked(items: Frame, policy: Policy) -> Frame:
    """Hide the titles of restricted items where the policy says so: no later stage has them."""
    if policy.restricted == "show":
        return items
    hidden = nw.col("restricted").fill_null(value=False)
    return items.with_columns(
        nw.when(hidden).then(nw.lit(MASK)).otherwise(nw.col("title")).alias("title")
    )


def _terms(tables: Tables) -> list[Term]:
    rows = records(tables["term"].filter(nw.col("field") == "status"))
    return sorted((Term(**row) for row in rows), key=lambda term: (term.site, term.value))
