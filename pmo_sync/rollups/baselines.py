"""What was agreed to, and what came, went and changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date

import narwhals as nw

from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, records
from pmo_sync.model import Baseline
from pmo_sync.rollups.scope import Scope

MARK = "baseline"
"""The field of what differs from a project's baseline."""
MARKS = {
    "added": "in a project's scope now, and not at its baseline",
    "removed": "in a project's scope at its baseline, and dropped since",
    "estimated_anew": "in scope then and now, with other points",
}
NEEDED = ("category", "level", "points")
"""What must be known of items to compare them."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A project's scope against a baseline: items there then, that came, that went (``dropped`` of
    them are still in the portfolio), and whose points changed; points where they are known."""

    base: int
    added: int
    removed: int
    dropped: int
    re_estimated: int
    points: float
    points_then: float


def recorded_baselines(tables: Tables) -> tuple[Baseline, ...]:
    """Return all that was ever set or removed, in that order."""
    rows = records(tables["baseline"].sort("made", "baseline", "action", descending=False))
    return tuple(
        Baseline(
            int(row["baseline"]), row["action"], row["name"], row["project"], row["day"].date(),
            row["target"].date() if row["target"] else None, int(row["items"]), row["points"],
            row["made"].replace(tzinfo=UTC), row["actor"], row["reason"],
        )
        for row in rows
    )  # fmt: skip


def standing(rows: Iterable[Baseline]) -> tuple[Baseline, ...]:
    """Return the baselines that were set and not removed, the oldest day first."""
    found = list(rows)
    removed = {row.number for row in found if row.action == "removed"}
    there = [row for row in found if row.action == "set" and row.number not in removed]
    return tuple(sorted(there, key=lambda row: (row.day, row.number)))


def at_day(rows: Iterable[Baseline], day: date) -> Mapping[str, Sequence[Baseline]]:
    """Return by project the standing baselines of ``day`` and before: a baseline counts from the
    day that it is of, the last one is the one to measure by."""
    found: dict[str, list[Baseline]] = {}
    for row in standing(rows):
        if row.day <= day:
            found.setdefault(row.project, []).append(row)
    return found


def scope_items(scope: Scope) -> Frame:
    """Return project, item_id, points of what is in scope: neither dropped nor an epic."""
    inside = scope.items.filter(
        nw.col("category") != "dropped", nw.col("rank").fill_null(0) <= 0
    ).select("item_id", "points")
    return scope.membership.join(inside, on="item_id", how="inner")


def compared_with(
    tables: Tables, scope: Scope, baselines: Mapping[str, Sequence[Baseline]]
) -> Mapping[str, Compared]:
    """Compare the scope of each project with the last of its baselines, in one pass for all."""
    if not baselines:
        return {}
    rows = records(_differences(tables, scope, baselines).group_by("project", "kind").agg(
        nw.len().alias("n"),
        nw.col("points").sum().alias("points"), nw.col("was_points").sum().alias("was_points"),
    ))  # fmt: skip
    by_kind: dict[str, dict[str, dict[str, float]]] = {name: {} for name in baselines}
    for row in rows:
        by_kind[row["project"]][row["kind"]] = row
    return {project: _counted(kinds) for project, kinds in by_kind.items()}


def baseline_marks(
    tables: Tables, scope: Scope, baselines: Mapping[str, Sequence[Baseline]]
) -> Frame | None:
    """Return item_id, field, value for filters (see ``MARKS``); None without a baseline."""
    if not baselines:
        return None
    found = _differences(tables, scope, baselines)
    return found.filter(nw.col("kind").is_in([*MARKS])).select(
        "item_id", nw.lit(MARK).alias("field"), nw.col("kind").alias("value")
    ).unique()  # fmt: skip


def _counted(kinds: Mapping[str, Mapping[str, float]]) -> Compared:
    def total(column: str, *names: str) -> float:
        return sum(kinds[name][column] or 0 for name in names if name in kinds)

    return Compared(
        base=int(total("n", "kept", "estimated_anew", "removed", "left")),
        added=int(total("n", "added")),
        removed=int(total("n", "removed", "left")),
        dropped=int(total("n", "removed")),
        re_estimated=int(total("n", "estimated_anew")),
        points=total("points", "kept", "estimated_anew", "added"),
        points_then=total("was_points", "kept", "estimated_anew", "removed", "left"),
    )


def _differences(
    tables: Tables, scope: Scope, baselines: Mapping[str, Sequence[Baseline]]
) -> Frame:
    """Return project, item_id, kind (kept, added, removed, left, estimated_anew), points,
    was_points."""
    key = ["project", "item_id"]
    numbers = tables.rows(
        {"baseline": "int64", "project": "str"},
        [(held[-1].number, project) for project, held in sorted(baselines.items())],
    )
    then = tables["baseline_item"].join(numbers, on="baseline", how="inner").select(
        *key, nw.col("points").alias("was_points")
    )  # fmt: skip
    now = scope_items(scope).join(numbers.select("project"), on="project", how="semi")
    here = scope.items.filter(nw.col("category") == "dropped").select("item_id")
    gone = then.join(now, on=key, how="anti")
    both = now.join(then, on=key, how="inner")
    points, was = (nw.col(c).fill_null(-1.0) for c in ("points", "was_points"))
    changed = nw.when(points != was).then(nw.lit("estimated_anew")).otherwise(nw.lit("kept"))
    nothing = nw.lit(None).cast(nw.Float64())
    parts = [
        both.select(*key, changed.alias("kind"), "points", "was_points"),
        now.join(then, on=key, how="anti").select(
            *key, nw.lit("added").alias("kind"), "points", nothing.alias("was_points")),
        gone.join(here, on="item_id", how="semi").select(
            *key, nw.lit("removed").alias("kind"), nothing.alias("points"), "was_points"),
        gone.join(here, on="item_id", how="anti").select(
            *key, nw.lit("left").alias("kind"), nothing.alias("points"), "was_points"),
    ]  # fmt: skip
    return tables.hold(nw.concat(parts, how="vertical"))


def next_number(rows: Iterable[Baseline]) -> int:
    """Return the number of the next baseline."""
    return max((row.number for row in rows), default=0) + 1
