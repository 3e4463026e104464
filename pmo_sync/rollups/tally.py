"""All measures of all groups in one pass over the items: how many, and the first of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, arrays, first_rows, records
from pmo_sync.rollups.masks import Masks, counted_by_bit
from pmo_sync.rollups.measures import ORDER, Counted, in_order
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.where.apply import judged
from pmo_sync.rollups.where.parse import parse

MOST = 48
"""Measures that one pass can tell apart: a number holds so many yes and no on every engine."""
SHOWN = (
    "item_id", "site", "container", "key", "url", "title", "type", "status", "category", "age",
    "due", "updated", "blocked",
)  # fmt: skip
"""What lists show of an item."""
PLAN = ("effort", "planned", "planned_by")
"""What they show besides, of a scope with a plan."""

Tallies = dict[str, dict[str, Counted]]
"""Measure -> group -> what it counts there."""


@dataclass(frozen=True, eq=False)
class Judged:
    """The items of a scope with what is true of each: item_id, place (in the order of lists), mask
    (a bit for each of ``measures``). As ``Rows``, what lists show of each."""

    tables: Tables
    scope: Scope
    items: Frame
    measures: tuple[str, ...]

    def tallies(
        self, groups: Frame, limit: int, measures: Collection[str] | None = None
    ) -> Tallies:
        """Count what all measures, or some, say of each of ``groups`` (item_id, group), with the
        places of up to ``limit``, oldest work first."""
        some = self.measures if measures is None else measures
        bits = {name: 1 << number for number, name in enumerate(self.measures) if name in some}
        found = counted_by_bit(*self._masks(groups, bits, limit), bits, limit)
        return {
            name: {group: Counted(total, first, self) for group, (total, first) in groups.items()}
            for name, groups in found.items()
        }

    def _masks(self, groups: Frame, bits: Mapping[str, int], limit: int) -> tuple[Masks, Masks]:
        """Return how many each group and mask has, and the places of the first of each: few rows,
        however many items."""
        items = self.items
        if len(bits) < len(self.measures):  # what nobody asks makes more masks, and so more rows
            items = items.with_columns(_only(bits.values()).alias("mask"))
        there = items.filter(nw.col("mask") > 0).join(groups, on="item_id", how="inner")
        marked = self.tables.hold(there.select("group", "mask", "place"))  # joined once, and narrow
        totals = marked.group_by("group", "mask").agg(nw.len().alias("total"))
        first = first_rows(marked, ["group", "mask"], "place", limit)
        return Masks(*arrays(totals)), Masks(*arrays(first))

    def at(self, places: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
        """Fetch what lists show of the items at some places."""
        some = self.tables.rows({"place": "int64"}, [(place,) for place in sorted(places)])
        ids = self.items.select("item_id", "place").join(some, on="place", how="semi")
        there = self.scope.items.collect_schema().names()
        plan = [name for name in PLAN if name in there]
        shown = self.scope.items.select(*SHOWN, *plan).join(ids, on="item_id", how="inner")
        return {row.pop("place"): row for row in records(shown)}


def judge(tables: Tables, scope: Scope, wheres: Mapping[str, str]) -> Judged:
    """Judge every item by measures (name -> filter); ValueError where they are too many."""
    if len(wheres) > MOST:
        raise ValueError(f"{len(wheres)} measures are too many for one pass (most: {MOST})")
    expressions = {f"is_{number}": parse(where) for number, where in enumerate(wheres.values())}
    told = judged(scope.items, scope.members, expressions, as_of=scope.at, timezone=scope.timezone)
    bits = [
        nw.col(name).cast(nw.Int64()) * (1 << number) for number, name in enumerate(expressions)
    ]
    ordered = in_order(told).select("item_id", *ORDER[:-1], nw.sum_horizontal(*bits).alias("mask"))
    placed = ordered.with_row_index("place", order_by=ORDER).select("item_id", "place", "mask")
    return Judged(tables, scope, tables.hold(placed), tuple(wheres))


def _only(bits: Iterable[int]) -> nw.Expr:
    """Return of a mask these bits alone."""
    mask = nw.col("mask")
    return nw.sum_horizontal(
        *(nw.when(mask % (2 * bit) >= bit).then(nw.lit(bit)).otherwise(nw.lit(0)) for bit in bits)
    )
