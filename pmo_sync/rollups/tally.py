"""All measures of all groups in one pass over the items: how many, and the first of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, records, tuples
from pmo_sync.rollups.measures import ALL, NO_PROJECT, ORDER, Counted, in_order
from pmo_sync.rollups.scope import FINISHED, Scope
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
First = dict[str, dict[str, tuple[int, list[int]]]]
"""Measure -> group -> how many, and the places of the first."""
Numbers = tuple[Any, ...]
"""A group, a mask, and a number of both: how many there are, or a place."""


@dataclass(frozen=True)
class Judged:
    """The items of a scope with what is true of each: item_id, place (in the order of lists), mask
    (a bit for each of ``measures``)."""

    tables: Tables
    scope: Scope
    items: Frame
    measures: tuple[str, ...]

    def tallies(
        self, groups: Frame, limit: int, measures: Collection[str] | None = None
    ) -> Tallies:
        """Count what all measures, or some, say of each of ``groups`` (item_id, group), with up to
        ``limit`` rows, oldest work first."""
        some = self.measures if measures is None else measures
        bits = {name: 1 << number for number, name in enumerate(self.measures) if name in some}
        totals, ordered = self._ordered(groups, bits, limit)
        return self._with_rows(_first_of(totals, ordered, bits, limit))

    def _ordered(
        self, groups: Frame, bits: Mapping[str, int], limit: int
    ) -> tuple[list[Numbers], list[Numbers]]:
        """Return how many each group and mask has, and the places of its first, in order: few
        rows, however many items."""
        items = self.items
        if len(bits) < len(self.measures):  # what nobody asks makes more masks, and so more rows
            items = items.with_columns(_only(bits.values()).alias("mask"))
        there = items.filter(nw.col("mask") > 0).join(groups, on="item_id", how="inner")
        marked = self.tables.hold(there.select("group", "mask", "place"))  # joined once, and narrow
        nth = nw.col("place").rank("ordinal").over("group", "mask").alias("nth")
        first = marked.with_columns(nth).filter(nw.col("nth") <= limit)
        totals = marked.group_by("group", "mask").agg(nw.len().alias("total"))
        places = first.select("group", "mask", "place").sort("group", "place")
        return tuples(totals.sort("group", "mask")), tuples(places)

    def _with_rows(self, first: First) -> Tallies:
        """Fetch the items that are shown, and only those."""
        places = {i for groups in first.values() for _, items in groups.values() for i in items}
        some = self.tables.rows({"place": "int64"}, [(place,) for place in sorted(places)])
        ids = self.items.select("item_id", "place").join(some, on="place", how="semi")
        there = self.scope.items.collect_schema().names()
        plan = [name for name in PLAN if name in there]
        shown = self.scope.items.select(*SHOWN, *plan).join(ids, on="item_id", how="inner")
        rows = {row.pop("place"): row for row in records(shown)}
        return {
            measure: {
                name: Counted(total, tuple(rows[place] for place in items))
                for name, (total, items) in groups.items()
            }
            for measure, groups in first.items()
        }


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
    place = nw.col("item_id").cum_count().over(order_by=ORDER)
    placed = ordered.with_columns(place.alias("place")).select("item_id", "place", "mask")
    return Judged(tables, scope, tables.hold(placed), tuple(wheres))


def by_project(scope: Scope) -> Frame:
    """Return item_id, group: each item's projects, or ``NO_PROJECT``; and ``ALL``."""
    claimed = scope.membership.select("item_id", nw.col("project").alias("group"))
    all_of_them = scope.items.select("item_id")
    outside = all_of_them.join(claimed, on="item_id", how="anti")
    return nw.concat(
        [
            claimed,
            outside.select("item_id", nw.lit(NO_PROJECT).alias("group")),
            all_of_them.select("item_id", nw.lit(ALL).alias("group")),
        ],
        how="vertical",
    )


def by_program(scope: Scope) -> Frame:
    """Return item_id, group: the programs of each item's projects, and all that those are in."""
    programs = scope.members.filter(nw.col("field") == "program")
    return programs.select("item_id", nw.col("value").alias("group"))


def by_expectation(tables: Tables, scope: Scope, expectation: Mapping[str, int]) -> Frame:
    """Return item_id, group: the projects in which an item's age is beyond the project's
    expectation (days)."""
    limits = tables.rows({"group": "str", "days": "int64"}, sorted(expectation.items()))
    ages = scope.items.filter(~nw.col("category").is_in(FINISHED)).select("item_id", "age")
    mine = scope.membership.select("item_id", nw.col("project").alias("group"))
    aged = ages.join(mine, on="item_id", how="inner").join(limits, on="group", how="inner")
    return aged.filter(nw.col("age") > nw.col("days")).select("item_id", "group")


def _only(bits: Iterable[int]) -> nw.Expr:
    """Return of a mask these bits alone."""
    mask = nw.col("mask")
    return nw.sum_horizontal(
        *(nw.when(mask % (2 * bit) >= bit).then(nw.lit(bit)).otherwise(nw.lit(0)) for bit in bits)
    )


def _first_of(
    totals: Iterable[Numbers], ordered: Iterable[Numbers], bits: Mapping[str, int], limit: int
) -> First:
    """Merge the masks of a group: a measure's first items are among the first of each mask."""
    first: First = {name: {} for name in bits}
    lists: dict[tuple[str, int], Sequence[list[int]]] = {}
    for group, mask, total in totals:
        names = [name for name, bit in bits.items() if int(mask) & bit]
        lists[group, mask] = [_counted(first[name], group, int(total)) for name in names]
    for group, mask, place in ordered:
        for places in lists[group, mask]:
            if len(places) < limit:
                places.append(place)
    return first


def _counted(groups: dict[str, tuple[int, list[int]]], group: str, more: int) -> list[int]:
    """Count so many more in a group, and return the list of its first."""
    total, places = groups.get(group, (0, []))
    groups[group] = total + more, places
    return places
