"""What each week brought, by group: work that came in, was finished, or was dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import narwhals as nw

from pmo_sync.frames.tables import Frame, distinct, records
from pmo_sync.rollups.calendar import end_of_day
from pmo_sync.rollups.scope import FINISHED, Scope
from pmo_sync.rollups.spans import span_of

WEEKS = 104
"""How far back weeks are counted: two years."""
WEEK = timedelta(days=7)
RECENT = 26
"""The weeks in which days are counted on which something was done."""

Counts = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Weekly:
    """A group's weeks, the oldest first, of seven days each; the last one ends with as-of.

    They begin with the first whole week after its first item came: what there was from the start
    arrived in no week. ``arrived`` counts items by their creation, ``finished`` those done and
    ``dropped`` those dropped, by their finish; an item is where it is now, with all of its past.
    Items that nobody knows the finish of (a migration finished them) are nowhere. ``days`` are
    those of the last ``RECENT`` weeks on which something was done, ``still`` the weeks, so many
    ago, in which all groups stood still: see ``forecast.lulls``.
    """

    arrived: tuple[int, ...] = ()
    finished: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    open: int = 0
    days: int = 0
    still: frozenset[int] = frozenset()

    def since(self, weeks: int) -> Weekly:
        """Return what is known with the last weeks alone."""
        first = max(0, len(self.finished) - weeks)
        return replace(
            self,
            arrived=self.arrived[first:],
            finished=self.finished[first:],
            dropped=self.dropped[first:],
        )


def week_ends(day: date, timezone: str) -> list[datetime]:
    """Return the last instants of the weeks up to ``day``, the oldest first, and before them of
    the one that all older moments are counted in."""
    return [end_of_day(day - WEEK * back, timezone) for back in range(WEEKS, -1, -1)]


def weekly(scope: Scope, groups: Frame) -> dict[str, Weekly]:
    """Return the weeks of each of ``groups`` (item_id, group) of a scope that holds work only."""
    ends = week_ends(scope.day, scope.timezone.key)
    mine = scope.items.select("item_id", "created", "category", "finished").join(
        groups, on="item_id", how="inner"
    )
    counts: dict[str, dict[str, list[int]]] = {}
    for row in records(_counted(mine, ends)):
        kinds = counts.setdefault(row["group"], {kind: [0] * (WEEKS + 1) for kind in _KINDS})
        kinds[row["kind"]][int(row["week"])] += int(row["n"])
    days = _days(mine, ends[-1 - RECENT])
    return {group: _weekly(kinds, days.get(group, 0)) for group, kinds in counts.items()}


_KINDS = ("arrived", "done", "dropped", "open")


def _counted(mine: Frame, ends: Sequence[datetime]) -> Frame:
    """Return group, kind, week, n: the open items in the last week."""
    finished = nw.col("category").is_in(FINISHED)
    left = nw.when(finished).then(nw.col("finished")).otherwise(nw.lit(ends[-1]))
    as_what = nw.when(finished).then(nw.col("category")).otherwise(nw.lit("open"))
    told = mine.select("group", "created", left.alias("left"), as_what.alias("as"))
    told = told.filter(~nw.col("left").is_null())
    came = told.select("group", nw.lit("arrived").alias("kind"), nw.col("created").alias("moment"))
    went = told.select("group", nw.col("as").alias("kind"), nw.col("left").alias("moment"))
    # Once for both: what tells the week is long, and engines read it each time.
    week = span_of(nw.col("moment"), ends).alias("week")
    both = nw.concat([came, went], how="vertical").select("group", "kind", week)
    return both.group_by("group", "kind", "week").agg(nw.len().alias("n"))


def _days(mine: Frame, since: datetime) -> dict[str, int]:
    done = mine.filter(nw.col("category") == "done", nw.col("finished") > since)
    days = done.select("group", nw.col("finished").dt.truncate("1d").alias("day"))
    rows = records(distinct(days, "group", "day").group_by("group").agg(nw.len().alias("n")))
    return {row["group"]: int(row["n"]) for row in rows}


def _weekly(kinds: Counts, days: int) -> Weekly:
    first = next(week for week, n in enumerate(kinds["arrived"]) if n) + 1
    arrived, finished, dropped = (tuple(kinds[kind][first:]) for kind in _KINDS[:3])
    return Weekly(arrived, finished, dropped, kinds["open"][-1], days)
