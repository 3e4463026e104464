"""Flow over time, by group: throughput, arrivals, work in progress, cycle and lead time, age.

Definitions follow the Kanban Guide: WIP is what was started and is not finished; throughput
counts what was finished in a period (dropped work is not); cycle time is elapsed time from the
first start to the last finish, lead time from creation; percentiles are the smallest value that at
least that share of the items does not exceed. ``groups`` (item_id, group) are projects, teams,
types, whatever; a scope holds work only (see ``work``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

import narwhals as nw

from pmo_sync.frames.durations import DAY, seconds_between, seconds_until
from pmo_sync.frames.tables import Frame, records, tuples
from pmo_sync.policy import Policy
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.spans import span_of

Series = dict[str, list[int]]
CYCLE_TIME_WINDOW = timedelta(days=90)
CATEGORIES = ("todo", "in_progress", "done", "dropped")


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution in days: of ``of`` items ``count`` have a value; its percentiles."""

    count: int
    of: int
    p50: float
    p85: float
    p95: float
    largest: float


def of_projects(scope: Scope) -> Frame:
    """Return item_id, group: the projects of each item."""
    return scope.membership.select("item_id", nw.col("project").alias("group"))


def throughput(scope: Scope, groups: Frame, begin: datetime, ends: Sequence[datetime]) -> Series:
    """Count by group the items done in each period: after ``begin``, or the end of the one
    before, up to its own end."""
    done = scope.items.filter(nw.col("category") == "done")
    return _counted(done, "finished", groups, begin, ends)


def arrivals(scope: Scope, groups: Frame, begin: datetime, ends: Sequence[datetime]) -> Series:
    """Count by group the items created in each period, whatever became of them: one that was
    moved in is counted when it was created."""
    return _counted(scope.items, "created", groups, begin, ends)


def _counted(
    items: Frame, column: str, groups: Frame, begin: datetime, ends: Sequence[datetime]
) -> Series:
    rows = records(
        items.filter(nw.col(column) > begin, nw.col(column) <= ends[-1])
        .join(groups, on="item_id", how="inner")
        .with_columns(span_of(nw.col(column), ends).alias("period"))
        .group_by("group", "period")
        .agg(nw.len().alias("n"))
    )
    series: Series = {}
    for row in rows:
        series.setdefault(row["group"], [0] * len(ends))[int(row["period"])] += int(row["n"])
    return series


def cumulative(
    scope: Scope, groups: Frame, ends: Sequence[datetime]
) -> dict[str, dict[str, list[int]]]:
    """Count by group and category the items that were in it at each of ``ends``, of the items of
    the scope: +1 where a state begins, -1 where it ends, then a running total. What was finished
    and is dropped now, by its resolution, never was done."""
    now = scope.items.select("item_id", (nw.col("category") == "dropped").alias("gone"))
    there = scope.states.select("item_id", "category", "valid_from", "valid_to")
    finished = nw.when(nw.col("gone") & (nw.col("category") == "done")).then(nw.lit("dropped"))
    mine = (
        there.join(now, on="item_id", how="inner")
        .with_columns(finished.otherwise(nw.col("category")).alias("category"))
        .join(groups, on="item_id", how="inner")
    )
    rows = records(
        mine.filter(nw.col("valid_from") <= ends[-1])
        .with_columns(
            span_of(nw.col("valid_from"), ends).alias("came"),
            span_of(nw.col("valid_to"), ends).fill_null(len(ends)).alias("went"),
        )
        .group_by("group", "category", "came", "went")
        .agg(nw.len().alias("n"))
    )
    changes: dict[str, dict[str, list[int]]] = {}
    for row in rows:
        kinds = changes.setdefault(row["group"], {c: [0] * len(ends) for c in CATEGORIES})
        counts, n = kinds[row["category"]], int(row["n"])
        counts[int(row["came"])] += n
        if row["went"] < len(ends):
            counts[int(row["went"])] -= n
    return {
        group: {category: list(accumulate(counts)) for category, counts in kinds.items()}
        for group, kinds in changes.items()
    }


def in_progress(scope: Scope, groups: Frame, ends: Sequence[datetime]) -> Series:
    """Count by group the items that were in progress at each of ``ends``."""
    found = cumulative(scope, groups, ends)
    return {group: kinds["in_progress"] for group, kinds in found.items()}


def cycle_times(scope: Scope, since: datetime, groups: Frame) -> dict[str, Spread]:
    """Spread by group of the cycle times of items done after ``since``; those that never
    started have none, and count only in ``of``."""
    ordered = nw.when(nw.col("started") <= nw.col("finished")).then(nw.col("started"))
    return _until_done(scope, since, ordered, groups)


def lead_times(scope: Scope, since: datetime, groups: Frame) -> dict[str, Spread]:
    """Spread by group of the lead times of items done after ``since``: since their creation."""
    return _until_done(scope, since, nw.col("created"), groups)


def _until_done(scope: Scope, since: datetime, begun: nw.Expr, groups: Frame) -> dict[str, Spread]:
    done = scope.items.filter(nw.col("category") == "done", nw.col("finished") > since)
    spans = done.select("item_id", "finished", begun.alias("begun")).with_columns(
        seconds_between(nw.col("begun"), nw.col("finished")).alias("seconds")
    )
    return _spreads(spans, groups)


def tells(spread: Spread, policy: Policy) -> bool:
    """Say whether enough items have a value, in number and in share, to stand for all."""
    enough = spread.count >= policy.minimum_finished
    return enough and spread.count >= policy.minimum_coverage * spread.of


def expectations(cycle: Mapping[str, Spread], policy: Policy) -> dict[str, int]:
    """Return by project the days that 85 % of its items do not exceed, where enough of them have
    a cycle time: work in progress that is older is ageing."""
    return {
        project: math.ceil(spread.p85) for project, spread in cycle.items() if tells(spread, policy)
    }


def ages(scope: Scope, categories: Sequence[str], groups: Frame) -> dict[str, Spread]:
    """Spread by group of the age of items in some categories: since they started, or were
    created where they have not."""
    since = (
        nw.when(nw.col("started").is_null()).then(nw.col("created")).otherwise(nw.col("started"))
    )
    aged = (
        scope.items.filter(nw.col("category").is_in(categories))
        .select("item_id", since.alias("since"))
        .with_columns(seconds_until(nw.col("since"), scope.at).alias("seconds"))
    )
    return _spreads(aged, groups)


def percentile(values: Sequence[float], q: float) -> float:
    """Return the smallest of ``values`` that at least the share ``q`` of them does not exceed."""
    ordered = sorted(values)
    return float(ordered[max(math.ceil(len(ordered) * q) - 1, 0)])


def _spreads(spans: Frame, groups: Frame) -> dict[str, Spread]:
    rows = tuples(spans.join(groups, on="item_id", how="inner").select("group", "seconds"))
    spread: dict[str, list[float | None]] = {}
    for group, seconds in rows:
        spread.setdefault(group, []).append(seconds)
    found = {group: _spread(seconds) for group, seconds in spread.items()}
    return {group: each for group, each in found.items() if each}


def _spread(seconds: Sequence[float | None]) -> Spread | None:
    known = sorted(value for value in seconds if value is not None)  # once: it is cheap again
    if not known:
        return None
    p50, p85, p95 = (percentile(known, q) / DAY for q in (0.5, 0.85, 0.95))
    return Spread(len(known), len(seconds), p50, p85, p95, known[-1] / DAY)
