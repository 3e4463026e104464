"""What is remarkable about single items: what changed between two days, and doubtful data.

Each mark is a row (item_id, field, value) with field ``change`` or ``quality``, so that filters
can name it: ``change = reopened``, ``quality = closed_milestone``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, distinct
from pmo_sync.rollups.neighbour import Differ, neighbour
from pmo_sync.rollups.scope import FINISHED, Scope, scope_at
from pmo_sync.rollups.wanted import NOTHING, Wanted

CHANGES = {
    "reopened": "finished before, open again now",
    "blocked": "not blocked before, blocked now",
    "unblocked": "blocked before, not blocked now",
    "postponed": "the due date moved later",
    "brought_forward": "the due date moved earlier",
    "riskier": "the risk score rose",
    "less_risky": "the risk score fell",
    "newly_high": "open with a high risk score, and not so before",
    "re_estimated": "the points changed, or were given for the first time",
    "moved_in": "existed before, but was not in the portfolio's scope",
}
COMPARED = ("category", "blocked", "due", "points", "score")
"""The fields whose change is a mark."""
QUALITY = {
    "closed_milestone": "open, but its milestone or version is closed or released",
    "overdue_milestone": "open, and its open milestone or version is past its date",
    "finished_blocker": "marked as blocked, but all that blocks it by a link is finished",
    "finished_parent": "open, but its parent is finished",
    "inactive_assignee": "open, but assigned to a deactivated account",
    "unmapped_status": "in a status that neither the policy nor the tracker maps",
    "contradicted": "the tracker's history ends with another value than the item has",
    "overlapping": "selected by more than one project",
}


@dataclass(frozen=True)
class Before:
    """What is compared with: the portfolio at an earlier instant, of ``items`` (item_id,
    ``COMPARED``), and their ``membership`` (item_id, project); ``differing`` is item_id of all that
    may differ, None: any may."""

    at: datetime
    items: Frame
    membership: Frame
    differing: Frame | None = None


def with_marks(tables: Tables, now: Scope, before: Before | None, high: int) -> Frame:
    """Return the members of ``now`` with the marks added; changes only where ``before`` is
    given. A risk score is high from ``high`` on."""
    marks = [*_quality(tables, now), *(_changes(tables, now, before, high) if before else [])]
    return nw.concat([now.members, tables.hold(nw.concat(marks, how="vertical"))], how="vertical")


def scope_before(
    tables: Tables, config: Config, day: date, now: Scope | None, wanted: Wanted = NOTHING
) -> Differ:
    """Return of an earlier day what tells what changed since then, and what else is wanted; found
    from ``now`` where that is known."""
    asked = wanted.with_fields(COMPARED)
    if now is None:
        found = Differ(scope_at(tables, config, day, asked))
    else:
        found = neighbour(tables, config, day, asked, now)
    return replace(found, scope=replace(found.scope, items=tables.hold(found.scope.items)))


def before_of(found: Differ) -> Before:
    """Return of an earlier day's scope what is compared with."""
    scope = found.scope
    return Before(
        scope.at, scope.items.select("item_id", *COMPARED), scope.membership, found.differing
    )


def _mark(items: Frame, field: str, value: str) -> Frame:
    """Mark items that are told once each."""
    return items.select("item_id", nw.lit(field).alias("field"), nw.lit(value).alias("value"))


def _changes(tables: Tables, now: Scope, before: Before, high: int) -> list[Frame]:
    there, then = (_differing(items, before) for items in (now.items, before.items))
    was = then.select("item_id", *(nw.col(name).alias(f"was_{name}") for name in COMPARED))
    both = there.select("item_id", *COMPARED).join(was, on="item_id", how="inner")
    finished, was_finished = (nw.col(c).is_in(FINISHED) for c in ("category", "was_category"))
    blocked, was_blocked = nw.col("blocked"), nw.col("was_blocked")
    changes = {
        "reopened": was_finished & ~finished,
        "blocked": blocked & ~was_blocked,
        "unblocked": ~blocked & was_blocked,
        "postponed": nw.col("due") > nw.col("was_due"),
        "brought_forward": nw.col("due") < nw.col("was_due"),
        "riskier": nw.col("score") > nw.col("was_score"),
        "less_risky": nw.col("score") < nw.col("was_score"),
        "newly_high": _high("", high) & ~_high("was_", high),
        "re_estimated": nw.col("points").fill_null(-1) != nw.col("was_points").fill_null(-1),
    }
    # All of them in one pass: a mark of its own would join the two days anew.
    bits = (
        nw.when(changed).then(nw.lit(1 << place)).otherwise(nw.lit(0))
        for place, changed in enumerate(changes.values())
    )
    named = tables.rows(
        {"mask": "int64", "field": "str", "value": "str"},
        [
            (mask, "change", name)
            for mask in range(1 << len(changes))
            for place, name in enumerate(changes) if mask & 1 << place
        ],
    )  # fmt: skip
    told = both.select("item_id", nw.sum_horizontal(*bits).cast(nw.Int64()).alias("mask"))
    fresh = there.join(then.select("item_id"), on="item_id", how="anti")
    return [
        told.join(named, on="mask", how="inner").select("item_id", "field", "value"),
        _mark(fresh.filter(nw.col("created") <= before.at), "change", "moved_in"),
        _mark(fresh.filter(_high("", high)), "change", "newly_high"),
    ]


def _differing(items: Frame, before: Before) -> Frame:
    ids = before.differing
    return items if ids is None else items.join(ids, on="item_id", how="semi")


def _high(prefix: str, high: int) -> nw.Expr:
    """Say whether an item is open with a high score."""
    open_ = ~nw.col(f"{prefix}category").is_in(FINISHED)
    return open_ & (nw.col(f"{prefix}score").fill_null(0) >= high)


def _quality(tables: Tables, now: Scope) -> list[Frame]:
    unfinished = now.items.filter(~nw.col("category").is_in(FINISHED))
    several = now.membership.group_by("item_id").agg(nw.len().alias("n")).filter(nw.col("n") > 1)
    # A status that no table of the site names has no meaning at all.
    mapped = tables.rows(
        {"site": "str", "status_id": "str"},
        [(m.site, m.value) for m in now.meanings if m.via != "unmapped"],
    )
    finished = now.items.filter(nw.col("category").is_in(FINISHED)).select("item_id")
    under = unfinished.join(finished.rename({"item_id": "parent_id"}), on="parent_id", how="semi")
    return [
        _milestones(tables, now, unfinished),
        _mark(_blocked_by_finished(tables, now, unfinished, finished), "quality",
              "finished_blocker"),
        _mark(under, "quality", "finished_parent"),
        _mark(_assigned_to_inactive(tables, now, unfinished), "quality", "inactive_assignee"),
        _mark(unfinished.join(mapped, on=["site", "status_id"], how="anti"), "quality",
              "unmapped_status"),
        _mark(now.items.join(_contradicted(tables, now), on="item_id", how="semi"), "quality",
              "contradicted"),
        _mark(now.items.join(several, on="item_id", how="semi"), "quality", "overlapping"),
    ]  # fmt: skip


def _contradicted(tables: Tables, now: Scope) -> Frame:
    """Return item_id of what a connector had to correct in the history that a tracker tells."""
    history = tables["history"].filter(
        nw.col("entity") == "item", nw.col("origin") == "corrected", nw.col("valid_from") <= now.at
    )
    return distinct(history, "entity_id").rename({"entity_id": "item_id"})


def members_with_ids(tables: Tables, now: Scope, field: str) -> Frame:
    history = tables["history"].filter(
        nw.col("entity") == "item",
        nw.col("field") == field,
        nw.col("valid_from") <= now.at,
        nw.col("valid_to").is_null() | (nw.col("valid_to") > now.at),
    )
    return history.select(nw.col("entity_id").alias("item_id"), nw.col("value").alias("member"))


def _milestones(tables: Tables, now: Scope, unfinished: Frame) -> Frame:
    midnight = datetime(now.day.year, now.day.month, now.day.day)
    milestones = milestones_at(tables, now.at, midnight)
    held = unfinished.select("item_id").join(
        members_with_ids(tables, now, "milestone"), on="item_id", how="inner"
    ).join(milestones, on="member", how="inner")  # fmt: skip
    late = nw.when(nw.col("milestone_due") < midnight).then(nw.lit("overdue_milestone"))
    doubt = nw.when(nw.col("closed") == 1).then(nw.lit("closed_milestone")).otherwise(late)
    marked = held.select("item_id", nw.lit("quality").alias("field"), doubt.alias("value"))
    return distinct(marked.filter(~nw.col("value").is_null()), "item_id", "field", "value")


def milestones_at(tables: Tables, at: datetime, midnight: datetime) -> Frame:
    """Return member, closed (1 or 0), milestone_due as they were observed last before as-of; where
    nothing was yet, as they are, and closed no earlier than on the day that they name."""
    seen = tables["history"].filter(
        nw.col("entity") == "milestone",
        nw.col("valid_from") <= at,
        nw.col("valid_to").is_null() | (nw.col("valid_to") > at),
    )
    state, due = (
        seen.filter(nw.col("field") == field).select(
            nw.col("entity_id").alias("member"),
            nw.col("value").alias(f"{field}_then"),
            nw.lit(1).alias(f"{field}_seen"),
        )
        for field in ("state", "due")
    )
    ended = nw.col("finished").is_null() | (nw.col("finished") <= midnight)
    return (
        tables["milestone"]
        .rename({"milestone_id": "member"})
        .join(state, on="member", how="left")
        .join(due, on="member", how="left")
        .select(
            "member",
            nw.when(nw.col("state_seen") == 1).then(_closed("state_then"))
            .otherwise(nw.when(ended).then(_closed("state")).otherwise(nw.lit(0)))
            .alias("closed"),
            nw.when(nw.col("due_seen") == 1)
            .then(nw.col("due_then").str.to_datetime(format="%Y-%m-%d"))
            .otherwise(nw.col("due").cast(nw.Datetime("us"))).alias("milestone_due"),
        )
    )  # fmt: skip


def _closed(column: str) -> nw.Expr:
    words = ["closed", "released", "archived"]
    return nw.when(nw.col(column).str.to_lowercase().is_in(words)).then(1).otherwise(0)


def _blocked_by_finished(tables: Tables, now: Scope, unfinished: Frame, finished: Frame) -> Frame:
    links = tables["link"].filter(
        nw.col("kind") == "blocks",
        nw.col("valid_from").is_null() | (nw.col("valid_from") <= now.at),
        nw.col("valid_to").is_null() | (nw.col("valid_to") > now.at),
    )
    idle, busy = (
        links.join(ends.rename({"item_id": "from_id"}), on="from_id", how="semi").select(
            nw.col("to_id").alias("item_id")
        )
        for ends in (finished, unfinished.select("item_id"))
    )
    return (
        unfinished.filter(nw.col("blocked"))
        .select("item_id")
        .join(idle, on="item_id", how="semi")
        .join(busy, on="item_id", how="anti")
    )


def _assigned_to_inactive(tables: Tables, now: Scope, unfinished: Frame) -> Frame:
    inactive = tables["person"].filter(~nw.col("active")).select(
        nw.col("person_id").alias("member")
    )  # fmt: skip
    assigned = members_with_ids(tables, now, "assignee").join(inactive, on="member", how="semi")
    return unfinished.select("item_id").join(assigned, on="item_id", how="semi")
