"""Baselines: set what was agreed to, from the history at a day; list them; undo one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from pmo_sync.config import Config, Project
from pmo_sync.errors import ConfigError
from pmo_sync.frames.tables import records
from pmo_sync.model import Baseline
from pmo_sync.pipeline.snapshot import reading
from pmo_sync.rollups.baselines import (
    NEEDED,
    next_number,
    recorded_baselines,
    scope_items,
    standing,
)
from pmo_sync.rollups.people import people
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.wanted import NOTHING
from pmo_sync.store import Store

OVER = ("complete", "cancelled")
Held = dict[int, list[tuple[str, float | None]]]


def baselines(config: Config) -> tuple[Baseline, ...]:
    """Return all that was ever set or removed, in that order; who did it as the policy speaks of
    people."""
    with reading(config) as tables:
        who = people(tables, config)
        return tuple(
            replace(row, actor=who.spoken(row.actor) if row.actor else None)
            for row in recorded_baselines(tables)
        )


def set_baseline(
    config: Config,
    name: str,
    day: date,
    *,
    now: datetime,
    projects: Sequence[str] = (),
    by: str | None = None,
    reason: str | None = None,
    wait: float = 0,
) -> list[Baseline]:
    """Keep the scope and the target that projects had at the end of ``day`` as the baseline
    ``name``: of those that are named, else of all that are not over. Nothing is changed where one
    of them cannot be set."""
    store = Store(config.store_path)
    with store.writing(wait):
        with reading(config) as tables:
            known = recorded_baselines(tables)
            scope = scope_at(tables, config, day, NOTHING.with_fields((*NEEDED, "project")))
            chosen = _chosen(scope, projects)
            _refuse_taken(known, name, chosen)
            made, held = _captured(scope, chosen, next_number(known))
        found = [replace(row, name=name, made=now, actor=by, reason=reason) for row in made]
        store.add_baselines(found, held)
    return found


def remove_baseline(
    config: Config,
    name: str,
    *,
    now: datetime,
    projects: Sequence[str] = (),
    by: str | None = None,
    reason: str | None = None,
    wait: float = 0,
) -> list[Baseline]:
    """Undo a baseline, of the projects that are named or of all that have it; that it was there
    stays on record."""
    store = Store(config.store_path)
    with store.writing(wait):
        known = _recorded(config)
        rows = [row for row in standing(known) if row.name == name]
        found = [row for row in rows if not projects or row.project in projects]
        missing = sorted(set(projects) - {row.project for row in rows})
        if missing or not found:
            names = sorted({row.name for row in standing(known)})
            where = f" of {missing[0]!r}" if missing else ""
            raise ConfigError(
                f"baseline: there is no {name!r}{where} (known: {', '.join(names) or 'none'})"
            )
        undone = [
            replace(row, action="removed", made=now, actor=by, reason=reason) for row in found
        ]
        store.add_baselines(undone, {})
    return undone


def baseline_rows(rows: Sequence[Baseline]) -> Iterator[Mapping[str, object]]:
    """Yield baselines as plain rows, in the order in which they were made."""
    removed = {row.number for row in rows if row.action == "removed"}
    for row in rows:
        yield {
            "made": row.made, "action": row.action, "name": row.name, "project": row.project,
            "day": row.day, "target": row.target, "items": row.items, "points": row.points,
            "by": row.actor, "reason": row.reason,
            "stands": row.action == "set" and row.number not in removed,
        }  # fmt: skip


def _recorded(config: Config) -> tuple[Baseline, ...]:
    with reading(config) as tables:
        return recorded_baselines(tables)


def _chosen(scope: Scope, names: Sequence[str]) -> list[Project]:
    known = {project.name: project for project in scope.projects}
    for name in names:
        if name not in known:
            raise ConfigError(f"baseline: no project {name!r} (known: {', '.join(known)})")
    return [known[name] for name in dict.fromkeys(names)] or [
        project for project in scope.projects if project.lifecycle not in OVER
    ]


def _refuse_taken(known: Sequence[Baseline], name: str, chosen: Sequence[Project]) -> None:
    taken = {row.project for row in standing(known) if row.name == name}
    for project in chosen:
        if project.name in taken:
            raise ConfigError(
                f"baseline: {project.name!r} has a baseline {name!r} already: give this one"
                " another name, or remove that one first"
            )


def _captured(scope: Scope, chosen: Sequence[Project], number: int) -> tuple[list[Baseline], Held]:
    by_project: dict[str, list[tuple[str, float | None]]] = {one.name: [] for one in chosen}
    for row in records(scope_items(scope).sort("project", "item_id")):
        if row["project"] in by_project:
            by_project[row["project"]].append((row["item_id"], row["points"]))
    made, held = [], {}
    for place, project in enumerate(chosen, number):
        held[place] = by_project[project.name]
        points = [value for _, value in held[place] if value is not None]
        made.append(
            Baseline(
                place, "set", "", project.name, scope.day, project.target, len(held[place]),
                sum(points) if points else None, datetime.min,
            )
        )  # fmt: skip
    return made, held
