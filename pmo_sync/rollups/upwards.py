"""Cumulative flow of programs and of the portfolio: what that of their projects comes to, each item
once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import narwhals as nw

from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, distinct
from pmo_sync.rollups.flow import CATEGORIES, cumulative
from pmo_sync.rollups.measures import ALL
from pmo_sync.rollups.scope import Scope

Bands = Mapping[str, Sequence[int]]
"""Category -> the items in it at the end of each period."""
NOTHING: Bands = {}


def cumulative_upwards(
    tables: Tables,
    scope: Scope,
    projects: Mapping[str, Bands],
    within: Mapping[str, Sequence[str]],
    ends: Sequence[datetime],
) -> dict[str, Bands]:
    """Return the bands of each program, and of all projects (``ALL``): those of ``projects`` are
    added up, and what the few items of several projects (marked so) count too often is taken away.
    ``within`` names the programs that each project is in."""
    above = {project: (*within.get(project, ()), ALL) for project in projects}
    shared = _shared(tables, scope, above, ends)
    found: dict[str, Bands] = {}
    for name in sorted({each for names in above.values() for each in names}):
        inside = [project for project, names in above.items() if name in names]
        found[name] = _added(
            [projects[project] for project in inside],
            [shared.get(_project(project), NOTHING) for project in inside],
            shared.get(_above(name), NOTHING),
            len(ends),
        )
    return found


def _shared(
    tables: Tables, scope: Scope, above: Mapping[str, Sequence[str]], ends: Sequence[datetime]
) -> Mapping[str, Bands]:
    """Return the bands of the items of several projects: in each of them, and of what is above."""
    marked = (nw.col("field") == "quality") & (nw.col("value") == "overlapping")
    ids = tables.hold(distinct(scope.members.filter(marked), "item_id"))
    names = [
        (project, group)
        for project, all_above in above.items()
        for group in (_project(project), *map(_above, all_above))
    ]
    named = tables.rows({"project": "str", "group": "str"}, names)
    mine = scope.membership.join(ids, on="item_id", how="semi")
    groups: Frame = distinct(mine.join(named, on="project", how="inner"), "item_id", "group")
    few = tables.hold(scope.items.join(ids, on="item_id", how="semi"))
    return cumulative(replace(scope, items=few), tables.hold(groups), ends)


def _added(
    whole: Sequence[Bands], twice: Sequence[Bands], once: Bands, count: int
) -> dict[str, list[int]]:
    nothing = [0] * count
    return {
        category: [
            sum(of_projects) - sum(shared) + counted
            for of_projects, shared, counted in zip(
                _each(whole, category, count), _each(twice, category, count),
                once.get(category, nothing), strict=True,
            )
        ]
        for category in CATEGORIES
    }  # fmt: skip


def _each(bands: Sequence[Bands], category: str, count: int) -> Iterable[tuple[int, ...]]:
    """Yield what all have in a category at each end."""
    nothing = [0] * count
    return zip(nothing, *(each.get(category, nothing) for each in bands), strict=True)


def _project(name: str) -> str:
    return f"project {name}"


def _above(name: str) -> str:
    return f"above {name}"
