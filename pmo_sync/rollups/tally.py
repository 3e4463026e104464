"""All measures of all groups in one pass over the items: how many, and the first of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import narwhals as nw

from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, records
from pmo_sync.rollups.measures import ALL, NO_PROJECT, ORDER, Counted, in_order
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.where.apply import judged
from pmo_sync.rollups.where.parse import parse

MOST = 48
"""Measures that one pass can tell apart: a number holds so many yes and no on every engine."""

Tallies = dict[str, dict[str, Counted]]
First = dict[str, dict[str, tuple[int, list[str]]]]
"""Measure -> group -> how many, and the ids of the first."""
Marked = Mapping[int, Sequence[tuple[int, str]]]
"""Of one group: what applies, a bit a measure -> the items of which just that is true."""


def tallies(
    tables: Tables,
    scope: Scope,
    wheres: Mapping[str, str],
    of_programs: Collection[str],
    limit: int,
) -> tuple[Tallies, Tallies]:
    """Return measure -> project (or ``NO_PROJECT``, ``ALL``) -> what it counts there, with up to
    ``limit`` rows, oldest work first; and of some measures the same by program."""
    items = _masked(scope, wheres)
    projects = _names(scope.membership, "project")
    programs = _names(scope.members.filter(nw.col("field") == "program"), "value")
    bits = {name: 1 << number for number, name in enumerate(wheres)}
    some = {name: bits[name] for name in of_programs}
    found = (
        _first_of(_grouped(items, projects, [NO_PROJECT], ALL), bits, limit),
        _first_of(_grouped(items, programs, [], None), some, limit),
    )
    by_project, by_program = _with_rows(tables, scope, found)
    return by_project, by_program


def _names(held: Frame, column: str) -> Mapping[str, Sequence[str]]:
    """Return item_id -> its groups."""
    of: dict[str, list[str]] = {}
    for row in records(held.select("item_id", column)):
        of.setdefault(row["item_id"], []).append(row[column])
    return of


def _masked(scope: Scope, wheres: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return item_id and mask of every item, in the order of lists."""
    if len(wheres) > MOST:
        raise ValueError(f"{len(wheres)} measures are too many for one pass (most: {MOST})")
    expressions = {f"is_{number}": parse(where) for number, where in enumerate(wheres.values())}
    told = judged(scope.items, scope.members, expressions, as_of=scope.at, timezone=scope.timezone)
    bits = [
        nw.col(name).cast(nw.Int64()) * (1 << number) for number, name in enumerate(expressions)
    ]
    ordered = in_order(told).select("item_id", *ORDER[:-1], nw.sum_horizontal(*bits).alias("mask"))
    return records(ordered.sort(*ORDER).select("item_id", "mask"))


def _grouped(
    items: Iterable[Mapping[str, Any]],
    of: Mapping[str, Sequence[str]],
    outside: Sequence[str],
    everything: str | None,
) -> Mapping[str, Marked]:
    groups: dict[str, dict[int, list[tuple[int, str]]]] = {}
    for place, row in enumerate(items):
        item, mask = row["item_id"], int(row["mask"])
        names = of.get(item, outside)
        for name in names if everything is None else (*names, everything):
            groups.setdefault(name, {}).setdefault(mask, []).append((place, item))
    return groups


def _first_of(groups: Mapping[str, Marked], bits: Mapping[str, int], limit: int) -> First:
    return {
        measure: {
            name: first for name, masks in groups.items() if (first := _first(masks, bit, limit))[0]
        }
        for measure, bit in bits.items()
    }


def _first(masks: Marked, bit: int, limit: int) -> tuple[int, list[str]]:
    held = [items for mask, items in masks.items() if mask & bit]
    first = sorted(each for items in held for each in items[:limit])[:limit]
    return sum(len(items) for items in held), [item for _, item in first]


def _with_rows(tables: Tables, scope: Scope, found: Sequence[First]) -> list[Tallies]:
    """Fetch the items that are shown, and only those."""
    ids = {
        item
        for first in found
        for groups in first.values()
        for _, items in groups.values()
        for item in items
    }
    some = tables.rows({"item_id": "str"}, [(item,) for item in sorted(ids)])
    shown = records(scope.items.join(some, on="item_id", how="semi"))
    rows = {row["item_id"]: row for row in shown}
    return [
        {
            measure: {
                name: Counted(total, tuple(rows[item] for item in items))
                for name, (total, items) in groups.items()
            }
            for measure, groups in first.items()
        }
        for first in found
    ]
