"""The items that left a project since the day that is compared with, and where they went."""

from __future__ import annotations

from collections.abc import Iterator

from pmo_sync.reports.base import Change
from pmo_sync.reports.lists import Lists
from pmo_sync.reports.status.evidence import Evidence
from pmo_sync.rollups.left import Left
from pmo_sync.rollups.measures import ALL
from pmo_sync.rollups.where.syntax import Compare, Empty, Expression, OneOf, all_of

LONGEST = 9_000
"""Characters of keys that a filter has room for."""
WAYS = 3
"""So many ways are told in words; the list tells that of each item."""


def departed(evidence: Evidence, lists: Lists, group: str, id: str) -> Iterator[Change]:
    """Tell of what left a project (or ``ALL``): the list has the items as they were before."""
    found = evidence.left.get(group)
    if found is None:
        return
    name = "Portfolio" if group == ALL else group
    whose = "their project" if group == ALL else "the project"
    where, exact = _where(found, group)
    title = f"{name}: left {whose}" + ("" if exact else " (the command lists all that were there)")
    opens = lists.add(f"{id}-left", title, found.items, str(where), evidence.previous)
    yield Change("left", f"Left {whose}: {_told(found)}", found.items.total, opens)


def _told(found: Left) -> str:
    ways = [f"{count:,} {way}" for way, count in found.ways.items()]
    more = sum(list(found.ways.values())[WAYS:])
    return "; ".join([*ways[:WAYS], *([f"{more:,} elsewhere"] if more else [])])


def _where(found: Left, group: str) -> tuple[Expression, bool]:
    """Return the filter of these items as of the earlier day, and whether it names each of them."""
    inside: Expression = (
        Empty("project", negated=True) if group == ALL else Compare("project", "=", group)
    )
    exact = sum(map(len, found.keys)) + 4 * len(found.keys) <= LONGEST
    return (all_of([inside, OneOf("key", found.keys)]) if exact else inside), exact
