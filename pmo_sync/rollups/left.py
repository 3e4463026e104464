"""What left a project's scope between two days, and where it went."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from pmo_sync.frames import Tables, items_at
from pmo_sync.frames.tables import Frame, distinct, records
from pmo_sync.policy import Policy
from pmo_sync.rollups.marks import Before
from pmo_sync.rollups.measures import ALL, Counted
from pmo_sync.rollups.scope import Scope

SHOWN = ("item_id", "site", "container", "key", "url", "title", "type", "status", "updated")
ENDS = {
    "gone": "deleted, or not visible any more",
    "out of scope": "out of its source's scope",
}
"""Why a source does not see an item any more -> what is said of it."""

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Rows that are known already."""

    rows: Rows

    def at(self, places: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
        """Return the rows at some places."""
        return {place: self.rows[place] for place in places}


@dataclass(frozen=True, slots=True)
class Left:
    """The items that left a project, as they were on the earlier day, each with ``went``: where it
    is now; and how many went where, the most first."""

    items: Counted
    keys: tuple[str, ...]
    ways: Mapping[str, int]


def left(
    tables: Tables, now: Scope, before: Before, policy: Policy, limit: int
) -> Mapping[str, Left]:
    """Return by project (and of all, each item once) what was in it before and is not now; at most
    ``limit`` rows of each."""
    pairs = before.membership.join(now.membership, on=["item_id", "project"], how="anti")
    gone = tables.hold(distinct(pairs, "item_id", "project"))
    told = records(gone)
    if not told:
        return {}
    ids = tables.hold(distinct(gone, "item_id"))
    rows = _as_they_were(tables, ids, before, policy)
    ways = _ways(tables, ids, now, rows)
    groups: dict[str, set[str]] = {ALL: {row["item_id"] for row in told}}
    for row in told:
        groups.setdefault(row["project"], set()).add(row["item_id"])
    return {name: _left(sorted(found), rows, ways, limit) for name, found in groups.items()}


def _left(
    ids: Sequence[str], rows: Mapping[str, Mapping[str, Any]], ways: Mapping[str, str], limit: int
) -> Left:
    found = sorted(({**rows[id], "went": ways[id]} for id in ids), key=lambda row: row["key"])
    counts: dict[str, int] = {}
    for row in found:
        counts[row["went"]] = counts.get(row["went"], 0) + 1
    order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    keys = tuple(str(row["key"]) for row in found)
    first = found[:limit]
    return Left(Counted(len(found), range(len(first)), Held(first)), keys, dict(order))


def _as_they_were(
    tables: Tables, ids: Frame, before: Before, policy: Policy
) -> Mapping[str, Mapping[str, Any]]:
    """Return the rows of items as of the earlier day, as lists show them."""
    known = items_at(tables, before.at, policy, SHOWN).items.join(ids, on="item_id", how="semi")
    judged = before.items.select("item_id", "category", "blocked", "due")
    rows = records(known.join(judged, on="item_id", how="inner"))
    return {row["item_id"]: {**row, "age": None} for row in rows}


def _ways(
    tables: Tables, ids: Frame, now: Scope, rows: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, str]:
    """Say of each item where it is now."""
    there = now.items.select("item_id", "container").join(ids, on="item_id", how="semi")
    places = {row["item_id"]: row["container"] for row in records(there)}
    mine: dict[str, list[str]] = {}
    for row in records(now.membership.join(ids, on="item_id", how="semi")):
        mine.setdefault(row["item_id"], []).append(row["project"])
    ends = records(
        tables["presence"].filter(nw.col("valid_to") <= now.at).join(ids, on="item_id", how="semi")
        .select("item_id", "reason", "valid_to").sort("valid_to")
    )  # fmt: skip
    why = {row["item_id"]: row["reason"] for row in ends}
    return {
        id: _way(rows[id]["container"], places[id], mine.get(id, ()))
        if id in places else ENDS.get(why.get(id) or "", "not there any more")
        for id in rows
    }  # fmt: skip


def _way(was: str, place: str, projects: Sequence[str]) -> str:
    into = f"now in {', '.join(sorted(projects))}" if projects else "now in no project"
    return f"moved to {place}, {into}" if was != place else f"re-labelled, {into}"
