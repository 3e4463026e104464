"""When a project's work in a milestone or version will be done, of those that are worked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

import narwhals as nw

from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, records
from pmo_sync.policy import Policy
from pmo_sync.rollups.forecast.forecast import Asked, Forecast, known_of
from pmo_sync.rollups.forecast.near import near
from pmo_sync.rollups.marks import members_with_ids, milestones_at
from pmo_sync.rollups.measures import ALL
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.where.apply import folded

Place = tuple[str, str]
"""A project, and the id of a milestone that its items are in."""
LATE = timedelta(days=90)
"""What is past its day for longer is worked for no more: to re-date or to close it comes first."""


def milestone_forecasts(
    tables: Tables, work: Scope, still: Collection[int], policy: Policy
) -> Mapping[Place, Forecast]:
    """Return when what is open of each project in each milestone will be done, as far as ``near``
    looks, and the odds of the milestone's day: of milestones that are not closed, and not past
    their day for longer than ``LATE``. ``work`` holds work only; ``still`` are the weeks, so many
    ago, in which all stood still."""
    groups, places, dues = _worked_for(tables, work)
    known = known_of(work, groups, places, policy, still)
    return {
        place: near(known[name], work.day, Asked(dues[place[1]]), policy.forecast)
        for name, place in places.items()
        if known[name].weeks.open
    }


def _worked_for(
    tables: Tables, work: Scope
) -> tuple[Frame, Mapping[str, Place], Mapping[str, date | None]]:
    """Return item_id, group: the items of each project in each milestone that is worked for;
    what each group is of, and the day of each milestone."""
    midnight = _midnight(work)
    due = nw.col("milestone_due")
    there = tables.hold(
        milestones_at(tables, work.at, midnight)
        .filter(nw.col("closed") == 0, due.is_null() | (due >= midnight - LATE))
        .select("member", "milestone_due")
    )
    held = members_with_ids(tables, work, "milestone")
    group = nw.concat_str("project", "member", separator=ALL).alias("group")
    groups = tables.hold(
        held.join(there.select("member"), on="member", how="semi")
        .join(work.membership, on="item_id", how="inner")
        .select("item_id", group)
    )
    names = [row["group"] for row in records(groups.group_by("group").agg(nw.len().alias("n")))]
    dues = {row["member"]: _day(row["milestone_due"]) for row in records(there)}
    return groups, {name: _place(name) for name in sorted(names)}, dues


def _place(group: str) -> Place:
    project, _, milestone = group.partition(ALL)
    return project, milestone


def latest_dues(tables: Tables, scope: Scope, groups: Frame) -> Mapping[str, date]:
    """Return the latest day of the milestones that bear the name of a group and that its items
    (item_id, group) are in, where they have one; a group is a name as filters compare it."""
    named = tables["milestone"].select(
        nw.col("milestone_id").alias("member"), folded(nw.col("name")).alias("group")
    )
    held = members_with_ids(tables, scope, "milestone").join(named, on="member", how="inner")
    there = held.join(groups, on=["item_id", "group"], how="inner").select("group", "member")
    dated = there.join(milestones_at(tables, scope.at, _midnight(scope)), on="member", how="inner")
    rows = records(dated.group_by("group").agg(nw.col("milestone_due").max()))
    return {row["group"]: day for row in rows if (day := _day(row["milestone_due"]))}


def _midnight(scope: Scope) -> datetime:
    return datetime(scope.day.year, scope.day.month, scope.day.day)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
