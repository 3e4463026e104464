"""What the weeks of groups have brought, as it was known today and on several past days: in one
reading.

What nobody re-opened was, on a past day, what it is now, or not yet. What left a finished state
since then is replayed: on that day it was finished, whatever it is now. Items are in the groups
in which they are now.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from math import ceil

import narwhals as nw

from pmo_sync.frames.durations import DAY, seconds_between
from pmo_sync.frames.tables import Frame, Tables, distinct, records
from pmo_sync.policy import Policy
from pmo_sync.rollups.calendar import end_of_day
from pmo_sync.rollups.flow import CYCLE_TIME_WINDOW, percentile
from pmo_sync.rollups.forecast.lulls import shared
from pmo_sync.rollups.measures import FEW
from pmo_sync.rollups.scope import FINISHED, Scope
from pmo_sync.rollups.spans import span_of
from pmo_sync.rollups.weekly import RECENT, WEEK, WEEKS, Weekly

KINDS = ("arrived", "done", "dropped")
Weeks = Counter[tuple[str, int]]
"""(kind, number of the week) -> count; ``days`` are those on which something was done."""


@dataclass(frozen=True, slots=True)
class Then:
    """What was known of a group on a day; ``last`` are the weeks by which its slowest work had
    outlasted the median (0 where too little was known)."""

    weeks: Weekly
    last: int


def known_then(
    tables: Tables, work: Scope, groups: Frame, backs: Sequence[int], policy: Policy
) -> dict[str, list[Then]]:
    """Return by group (item_id, group) of a scope of work what was known so many weeks before its
    day, for each of ``backs``; 0 is what is known now, as ``weekly`` tells it."""
    zone, most = work.timezone.key, max(backs)
    ends = [end_of_day(work.day - WEEK * back, zone) for back in range(WEEKS + most, -1, -1)]
    stories = _stories(tables, work, ends[-1 - most])
    placed = tables.hold(_placed(tables, work, groups, sorted(stories), ends))
    steady, again = _counted(placed), _by_group(placed, stories)
    times = _times(placed, ends[-1 - most] - CYCLE_TIME_WINDOW)
    weeks = [
        shared({
            group: _weekly(counts, again.get(group, ()), ends, back)
            for group, counts in steady.items()
        })
        for back in backs
    ]  # fmt: skip
    return {
        group: [
            Then(each[group], _last(times.get(group, ()), ends[-1 - back], policy))
            for back, each in zip(backs, weeks, strict=True)
        ]
        for group in steady
    }


@dataclass(frozen=True, slots=True)
class _Story:
    """The states of an item, the oldest first: (category, from when)."""

    states: tuple[tuple[str, datetime], ...]

    def finish(self, at: datetime, *, dropped: bool) -> tuple[str, datetime] | None:
        """Return as what, and since when without a break, it was finished at ``at``; ``dropped``:
        what was done is dropped, as its resolution says now."""
        found: tuple[str, datetime] | None = None
        for category, begun in self.states:
            if begun > at:
                break
            if category not in FINISHED:
                found = None
            else:
                how = "dropped" if dropped and category == "done" else category
                found = (how, found[1] if found else begun)
        return found


def _stories(tables: Tables, work: Scope, since: datetime) -> Mapping[str, _Story]:
    """Return by item the states of those of which a finished one ended after ``since``. What an
    administrator's migration moved is told as it is now: nobody moved it."""
    ended = work.states.filter(
        nw.col("category").is_in(FINISHED), ~nw.col("valid_to").is_null(),
        nw.col("valid_to") > since,
    )  # fmt: skip
    ids = sorted(row["item_id"] for row in records(distinct(ended, "item_id")))
    rows = records(_of(tables, work.states, ids).select(
        "item_id", "category", "valid_from", "migrated"
    ))  # fmt: skip
    rows.sort(key=lambda row: (row["item_id"], row["valid_from"]))
    found = {item: list(each) for item, each in groupby(rows, key=lambda row: row["item_id"])}
    return {
        item: _Story(tuple((row["category"], row["valid_from"]) for row in each))
        for item, each in found.items()
        if not any(row["migrated"] for row in each)
    }


def _of(tables: Tables, frame: Frame, ids: Sequence[str]) -> Frame:
    if len(ids) <= FEW:
        return frame.filter(nw.col("item_id").is_in(ids))
    return frame.join(
        tables.rows({"item_id": "str"}, [(i,) for i in ids]), on="item_id", how="semi"
    )


def _placed(
    tables: Tables, work: Scope, groups: Frame, again: Sequence[str], ends: Sequence[datetime]
) -> Frame:
    """Return group, item_id, created, came, left (numbers of weeks), as, finished, day, seconds,
    again (1 of what has a story, else 0): what finished nobody knows when is nowhere."""
    finished = nw.col("category").is_in(FINISHED)
    left = nw.when(finished).then(span_of(nw.col("finished"), ends)).otherwise(nw.lit(-1))
    begun = nw.when(nw.col("started") <= nw.col("finished")).then(nw.col("started"))
    told = tables.rows({"item_id": "str", "again": "int64"}, [(item, 1) for item in again])
    items = work.items.select("item_id", "created", "category", "started", "finished")
    return (
        items.join(groups, on="item_id", how="inner")
        .join(told, on="item_id", how="left")
        .select(
            "group", "item_id", "created", nw.col("again").fill_null(0), "finished",
            span_of(nw.col("created"), ends).alias("came"),
            left.alias("left"),
            nw.when(finished).then(nw.col("category")).otherwise(nw.lit("open")).alias("as"),
            nw.col("finished").dt.truncate("1d").alias("day"),
            begun.alias("begun"),
        )
        .filter(~nw.col("left").is_null())
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Counts:
    """The weeks of all items of a group, and of those without a story."""

    everything: Weeks
    steady: Weeks


def _counted(placed: Frame) -> dict[str, _Counts]:
    came = placed.select(
        "group", nw.lit("arrived").alias("kind"), nw.col("came").alias("week"), "again"
    )
    gone = placed.filter(nw.col("left") >= 0)
    went = gone.select("group", nw.col("as").alias("kind"), nw.col("left").alias("week"), "again")
    each_day = gone.filter(nw.col("as") == "done").group_by("group", "day").agg(
        nw.col("left").max().alias("week")
    )  # fmt: skip
    days = each_day.select(
        "group", nw.lit("days").alias("kind"), "week", nw.lit(0).cast(nw.Int64()).alias("again")
    )
    both = nw.concat([came, went, days], how="vertical")
    found: dict[str, _Counts] = {}
    for row in records(both.group_by("group", "kind", "week", "again").agg(nw.len().alias("n"))):
        counts = found.setdefault(row["group"], _Counts(Weeks(), Weeks()))
        for weeks in (counts.everything, *(() if row["again"] else (counts.steady,))):
            weeks[row["kind"], int(row["week"])] += int(row["n"])
    return found


Again = tuple[datetime, bool, _Story]
"""When it was created, whether it is dropped now, its story."""


def _by_group(placed: Frame, stories: Mapping[str, _Story]) -> Mapping[str, Sequence[Again]]:
    rows = records(placed.filter(nw.col("again") == 1).select("group", "item_id", "created", "as"))
    found: dict[str, list[Again]] = {}
    for row in rows:
        story = (row["created"], row["as"] == "dropped", stories[row["item_id"]])
        found.setdefault(row["group"], []).append(story)
    return found


def _weekly(
    counts: _Counts, stories: Iterable[Again], ends: Sequence[datetime], back: int
) -> Weekly:
    """Return the weeks as they were known ``back`` weeks ago; of the days on which something was
    done, those of what is done now."""
    now, again = len(ends) - 1 - back, Weeks()
    for created, dropped, story in stories if back else ():
        if created <= ends[now]:
            again["arrived", bisect_left(ends, created)] += 1
            if how := story.finish(ends[now], dropped=dropped):
                again[how[0], bisect_left(ends, how[1])] += 1
    weeks = counts.steady if back else counts.everything
    arrived, done, dropped_ = (
        [weeks[kind, week] + again[kind, week] for week in range(now + 1)] for kind in KINDS
    )
    if not any(arrived):
        return Weekly()
    # The week before the first that is counted holds all that is older.
    oldest = max(now - WEEKS, 0)
    first = max(next(week for week, n in enumerate(arrived) if n), oldest) + 1
    left = sum(arrived) - sum(done) - sum(dropped_)
    recent = sum(weeks["days", week] for week in range(now - RECENT + 1, now + 1))
    return Weekly(
        tuple(arrived[first:]), tuple(done[first:]), tuple(dropped_[first:]), left, recent
    )


Times = Sequence[tuple[datetime, float | None]]
"""Of what was done: (its finish, the days that it took, None where it never started)."""


def _times(placed: Frame, since: datetime) -> Mapping[str, Times]:
    done = placed.filter(nw.col("as") == "done", nw.col("finished") > since)
    rows = records(
        done.select("group", "finished", "begun").with_columns(
            seconds_between(nw.col("begun"), nw.col("finished")).alias("seconds")
        )
    )
    found: dict[str, list[tuple[datetime, float | None]]] = {}
    for row in rows:
        days = None if row["seconds"] is None else row["seconds"] / DAY
        found.setdefault(row["group"], []).append((row["finished"], days))
    return found


def _last(took: Times, at: datetime, policy: Policy) -> int:
    """Return the weeks by which the last items outlast what the throughput says."""
    inside = [days for finished, days in took if at - CYCLE_TIME_WINDOW < finished <= at]
    known = [days for days in inside if days is not None]
    enough = max(policy.minimum_finished, policy.minimum_coverage * len(inside))
    if not known or len(known) < enough:
        return 0
    return ceil((percentile(known, 0.95) - percentile(known, 0.5)) / 7)
