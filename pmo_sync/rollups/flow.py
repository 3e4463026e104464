"""Flow over time, by project: throughput, work in progress, cycle time and age.

Definitions follow the Kanban Guide: WIP is what was started and is not finished; throughput
counts what was finished in a period (dropped work is not); cycle time is elapsed time from the
first start to the last finish; percentiles are the smallest value that at least that share of
the items does not exceed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

import narwhals as nw

from pmo_sync.frames.durations import DAY, seconds_between, seconds_until
from pmo_sync.frames.tables import Frame, records
from pmo_sync.policy import Policy
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.spans import span_of

Series = dict[str, list[int]]
CYCLE_TIME_WINDOW = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution in days: of ``of`` items ``count`` have a value; its percentiles."""

    count: int
    of: int
    p50: float
    p85: float
    largest: float


def throughput(scope: Scope, begin: datetime, ends: Sequence[datetime]) -> Series:
    """Count by project the items done in each period: after ``begin``, or the end of the one
    before, up to its own end."""
    done = scope.items.filter(
        nw.col("category") == "done", nw.col("finished") > begin, nw.col("finished") <= ends[-1]
    )
    rows = records(
        done.join(scope.membership, on="item_id", how="inner")
        .with_columns(span_of(nw.col("finished"), ends).alias("period"))
        .group_by("project", "period")
        .agg(nw.len().alias("n"))
    )
    series: Series = {}
    for row in rows:
        series.setdefault(row["project"], [0] * len(ends))[int(row["period"])] += int(row["n"])
    return series


def in_progress(scope: Scope, ends: Sequence[datetime]) -> Series:
    """Count by project the items that were in progress at each of ``ends``: +1 where a state
    begins, -1 where it ends, then a running total."""
    there = scope.states.filter(nw.col("category") == "in_progress").join(
        scope.membership, on="item_id", how="inner"
    )
    changes: Series = {}
    for column, sign in (("valid_from", 1), ("valid_to", -1)):
        moments = there.filter(~nw.col(column).is_null(), nw.col(column) <= ends[-1])
        rows = records(
            moments.with_columns(span_of(nw.col(column), ends).alias("period"))
            .group_by("project", "period")
            .agg(nw.len().alias("n"))
        )
        for row in rows:
            counts = changes.setdefault(row["project"], [0] * len(ends))
            counts[int(row["period"])] += sign * int(row["n"])
    return {project: list(accumulate(counts)) for project, counts in changes.items()}


def cycle_times(scope: Scope, since: datetime) -> dict[str, Spread]:
    """Spread by project of the cycle times of items done after ``since``; those that never
    started have none, and count only in ``of``."""
    done = scope.items.filter(nw.col("category") == "done", nw.col("finished") > since)
    ordered = nw.when(nw.col("started") <= nw.col("finished")).then(nw.col("started"))
    return _spreads(
        scope,
        done.select("item_id", "finished", ordered.alias("started")).with_columns(
            seconds_between(nw.col("started"), nw.col("finished")).alias("seconds")
        ),
    )


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


def ages(scope: Scope, categories: Sequence[str]) -> dict[str, Spread]:
    """Spread by project of the age of items in some categories: since they started, or were
    created where they have not."""
    since = (
        nw.when(nw.col("started").is_null()).then(nw.col("created")).otherwise(nw.col("started"))
    )
    aged = (
        scope.items.filter(nw.col("category").is_in(categories))
        .select("item_id", since.alias("since"))
        .with_columns(seconds_until(nw.col("since"), scope.at).alias("seconds"))
    )
    return _spreads(scope, aged)


def percentile(values: Sequence[float], q: float) -> float:
    """Return the smallest of ``values`` that at least the share ``q`` of them does not exceed."""
    ordered = sorted(values)
    return float(ordered[max(math.ceil(len(ordered) * q) - 1, 0)])


def _spreads(scope: Scope, spans: Frame) -> dict[str, Spread]:
    rows = records(
        spans.join(scope.membership, on="item_id", how="inner").select("project", "seconds")
    )
    groups: dict[str, list[float | None]] = {}
    for row in rows:
        groups.setdefault(row["project"], []).append(row["seconds"])
    found = {project: _spread(seconds) for project, seconds in groups.items()}
    return {project: spread for project, spread in found.items() if spread}


def _spread(seconds: Sequence[float | None]) -> Spread | None:
    known = [value for value in seconds if value is not None]
    if not known:
        return None
    p50, p85 = (percentile(known, q) / DAY for q in (0.5, 0.85))
    return Spread(len(known), len(seconds), p50, p85, max(known) / DAY)
