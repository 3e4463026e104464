"""Projects as the configuration defined them on a day: a change of it is history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

import narwhals as nw

from pmo_sync.config import Project, Select
from pmo_sync.frames.tables import Frame, records
from pmo_sync.model import Entity, Observation

_DATES = ("target", "start")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One value that the configuration gave a project's field, from when (naive UTC); of what else
    it defines, ``project`` is the name."""

    project: str
    field: str
    value: str | None
    valid_from: datetime
    valid_to: datetime | None


def observations(projects: Iterable[Project]) -> list[Observation]:
    """Return what is recorded of the projects at each sync; ``restored`` reads it back."""
    return [
        Observation("project", project.name, field, value)
        for project in projects
        for field, value in _as_text(project).items()
    ]


def recorded(history: Frame, entity: Entity = "project") -> list[Recorded]:
    """Read back what was recorded of projects, or of what else a configuration defines, oldest
    first."""
    rows = records(
        history.filter(nw.col("entity") == entity, nw.col("origin") == "config").select(
            "entity_id", "field", "value", "valid_from", "valid_to"
        )
    )
    found = [
        Recorded(row["entity_id"], row["field"], row["value"], row["valid_from"], row["valid_to"])
        for row in rows
    ]
    return sorted(found, key=lambda r: (r.project, r.field, r.valid_from))


def projects_at(
    current: Sequence[Project], past: Sequence[Recorded], at: datetime
) -> tuple[Project, ...]:
    """Return the projects as they were defined at ``at``.

    The configuration in hand holds from the last record on; before the first record the oldest
    known definition is used.
    """
    rows: dict[str, dict[str, list[Recorded]]] = {}
    for row in past:
        rows.setdefault(row.project, {}).setdefault(row.field, []).append(row)
    return tuple(_at(project, rows.get(project.name, {}), at) for project in current)


def _at(project: Project, fields: Mapping[str, list[Recorded]], at: datetime) -> Project:
    values: dict[str, Any] = {}
    for field, rows in fields.items():
        if at < rows[-1].valid_from:
            held = [row for row in rows if row.valid_from <= at] or rows[:1]
            values[field] = _from_text(field, held[-1].value)
    return replace(project, **values)


def _as_text(project: Project) -> dict[str, str | None]:
    return {
        "program": project.program,
        "owner": project.owner,
        "target": project.target.isoformat() if project.target else None,
        "start": project.start.isoformat() if project.start else None,
        "lifecycle": project.lifecycle,
        "select": json.dumps([asdict(rule) for rule in project.select], sort_keys=True),
    }


def _from_text(field: str, value: str | None) -> Any:
    if value is None:
        return None
    if field in _DATES:
        return date.fromisoformat(value)
    if field == "select":
        return tuple(Select(**rule) for rule in json.loads(value))
    return value
