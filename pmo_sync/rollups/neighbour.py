"""The portfolio of a day, found from that of another: most items are the same on both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import narwhals as nw

from pmo_sync.config import Config, Project
from pmo_sync.frames import Portrait, Tables
from pmo_sync.frames.tables import Frame, records
from pmo_sync.frames.touched import only, touched
from pmo_sync.rollups.members import CLAIMS, claims
from pmo_sync.rollups.scope import (
    Scope,
    Setting,
    belonging,
    of_the_day,
    scope_at,
    scope_on,
    setting,
)
from pmo_sync.rollups.wanted import Wanted

MANY = 0.3
"""The share of a day's items that may differ on another day: of more, all are looked at anew."""
OF_THE_DAY = {
    "age": {"category", "created", "started"},
    "overdue": {"category", "due"},
}
"""The columns that differ on each day, and what they follow from."""


@dataclass(frozen=True)
class Differ:
    """A scope, and item_id of all items that may differ from those of the other day; None: any
    may."""

    scope: Scope
    differing: Frame | None = None


def neighbour(tables: Tables, config: Config, day: date, wanted: Wanted, known: Scope) -> Differ:
    """Return what ``scope_at`` returns of ``day``, found from the scope ``known`` of another day
    where that knows enough and few items may differ."""
    if not _knows(known.wanted, wanted):
        return Differ(scope_at(tables, config, day, wanted))
    there = setting(tables, config, day, wanted)
    ids = touched(tables, there.at, known.at)
    if _count(ids) > MANY * _count(known.items):
        return Differ(scope_on(tables, config, there, wanted))
    return Differ(_found(tables, config, there, wanted, known, ids), ids)


def _knows(known: Wanted, wanted: Wanted) -> bool:
    resting = {name for day in wanted.columns & {*OF_THE_DAY} for name in OF_THE_DAY[day]}
    return known.columns >= wanted.columns | resting and known.members >= wanted.members


def _count(frame: Frame) -> int:
    return int(records(frame.select(nw.len().alias("n")))[0]["n"])


def _found(
    tables: Tables, config: Config, there: Setting, wanted: Wanted, known: Scope, ids: Frame
) -> Scope:
    few = scope_on(only(tables, ids), config, there, wanted)

    def joined(same: Frame, other: Frame) -> Frame:
        """Take of ``ids`` what ``other`` tells, and of all others what was known."""
        kept = same.join(ids, on="item_id", how="anti")
        return nw.concat([kept, other.join(ids, on="item_id", how="semi")], how="vertical")

    belongs = few.membership
    if wanted.members & {*CLAIMS}:
        if _alike(known.projects, there.projects):
            belongs = tables.hold(joined(known.membership, few.membership))
        else:
            belongs = belonging(tables, config, there, wanted)
    told = joined(_told(known.members, wanted), few.members.filter(~_claimed()))
    members = nw.concat([told, claims(tables, belongs, there.projects, config)], how="vertical")
    same = of_the_day(known.items, there, wanted.columns)
    items = joined(same, few.items)
    portrait = _portrait(known.portrait, few.portrait, items, joined)
    return replace(few, items=items, members=members, membership=belongs, portrait=portrait)


def _portrait(
    known: Portrait, few: Portrait, items: Frame, joined: Callable[[Frame, Frame], Frame]
) -> Portrait:
    went = few.went and known.went and joined(known.went, few.went)
    return replace(few, items=items, went=went)


def _alike(some: Sequence[Project], others: Sequence[Project]) -> bool:
    """Say whether an item that does not differ belongs to the same projects: an epic's rule tells
    of items by what is above them."""
    rules, same = ([(p.name, p.select) for p in projects] for projects in (some, others))
    return rules == same and not any(rule.epic for _, each in rules for rule in each)


def _told(members: Frame, wanted: Wanted) -> Frame:
    """Leave of members what items tell, in the fields that such a scope has."""
    fields = {*wanted.members} - {*CLAIMS}
    if fields & {"assignee", "team"}:
        fields |= {"assignee", "team"}
    return members.filter(nw.col("field").is_in(sorted(fields)))


def _claimed() -> nw.Expr:
    return nw.col("field").is_in(list(CLAIMS))
