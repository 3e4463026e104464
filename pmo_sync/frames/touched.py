"""Which items may differ between two instants: most of a portfolio does not change in a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import narwhals as nw

from pmo_sync.frames.tables import Frame, Tables, distinct


def touched(tables: Tables, one: datetime, other: datetime) -> Frame:
    """Return item_id, once each, of all items of which ``items_at`` may tell something else at the
    two instants: with a value, a presence or a link that began or ended between them, with an
    ``updated`` between them, or that another such item blocks."""
    first, last = sorted((one, other))

    def between(column: str) -> nw.Expr:
        moment = nw.col(column)
        return ((moment > first) & (moment <= last)).fill_null(value=False)

    moved = between("valid_from") | between("valid_to")
    own = [
        tables["history"].filter(nw.col("entity") == "item", moved).select(item_id="entity_id"),
        tables["presence"].filter(moved).select("item_id"),
        tables["work_item"].filter(between("updated")).select("item_id"),
    ]
    changed = tables.hold(distinct(nw.concat(own, how="vertical"), "item_id"))
    links = tables["link"].filter(nw.col("kind") == "blocks")
    blocked = [
        links.filter(moved),
        links.join(changed.rename({"item_id": "from_id"}), on="from_id", how="semi"),
    ]
    waiting = [each.select(item_id="to_id") for each in blocked]
    return tables.hold(distinct(nw.concat([changed, *waiting], how="vertical"), "item_id"))


def only(tables: Tables, ids: Frame) -> Tables:
    """Return the tables with no other items' past than that of ``ids`` (item_id) and of what blocks
    them: enough for ``items_at`` and ``members_at`` to tell of ``ids`` what all tables tell; of the
    others they tell something, or nothing."""
    links = tables["link"].filter(nw.col("kind") == "blocks")
    blocking = links.join(ids.rename({"item_id": "to_id"}), on="to_id", how="semi")
    both = nw.concat([ids, blocking.select(item_id="from_id")], how="vertical")
    some = tables.hold(distinct(both, "item_id"))
    past = tables["history"].filter(nw.col("entity") == "item")
    frames = {
        "history": past.join(some.rename({"item_id": "entity_id"}), on="entity_id", how="semi"),
        "presence": tables["presence"].join(some, on="item_id", how="semi"),
    }
    held = {name: tables.hold(frame) for name, frame in frames.items()}
    return replace(tables, frames={**tables.frames, **held})
