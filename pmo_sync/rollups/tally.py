"""All measures of all groups in one pass over the items: how many, and the first of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
Marked = Mapping[int, Sequence[tuple[int, str]]]
"""Of one group: what applies, a bit a measure -> the items of which just that is true."""


def tallies(tables: Tables, scope: Scope, wheres: Mapping[str, str], limit: int) -> Tallies:
    """Return measure -> project (or ``NO_PROJECT``, ``ALL``) -> what it counts there, with up to
    ``limit`` rows, oldest work first."""
    of: dict[str, list[str]] = {}
    for row in records(scope.membership):
        of.setdefault(row["item_id"], []).append(row["project"])
    items = _masked(scope, wheres)
    return _told(tables, scope, wheres, _grouped(items, of, [NO_PROJECT], ALL), limit)


def by_program(tables: Tables, scope: Scope, wheres: Mapping[str, str], limit: int) -> Tallies:
    """Return the same by program, each item once in a program."""
    of: dict[str, list[str]] = {}
    held = scope.members.filter(nw.col("field") == "program").select("item_id", "value")
    for row in records(held):
        of.setdefault(row["item_id"], []).append(row["value"])
    return _told(tables, scope, wheres, _grouped(_masked(scope, wheres), of, [], None), limit)


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


def _told(
    tables: Tables,
    scope: Scope,
    wheres: Mapping[str, str],
    groups: Mapping[str, Marked],
    limit: int,
) -> Tallies:
    found = {
        measure: {
            name: counted
            for name, masks in groups.items()
            if (counted := _first(masks, 1 << number, limit))[0]
        }
        for number, measure in enumerate(wheres)
    }
    ids = {item for by in found.values() for _, items in by.values() for item in items}
    some = tables.rows({"item_id": "str"}, [(item,) for item in sorted(ids)])
    rows = {row["item_id"]: row for row in records(_semi(scope.items, some))}
    return {
        measure: {
            name: Counted(total, tuple(rows[item] for item in items))
            for name, (total, items) in by.items()
        }
        for measure, by in found.items()
    }


def _semi(items: Frame, some: Frame) -> Frame:
    return items.join(some, on="item_id", how="semi")


def _first(masks: Marked, bit: int, limit: int) -> tuple[int, list[str]]:
    held = [items for mask, items in masks.items() if mask & bit]
    first = sorted(each for items in held for each in items[:limit])[:limit]
    return sum(len(items) for items in held), [item for _, item in first]
