"""The portfolio's milestones as the configuration defined them on a day: a change of it is
history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from pmo_sync.config import Config, Gather, MilestoneConfig
from pmo_sync.frames import Tables
from pmo_sync.model import Entity, Observation
from pmo_sync.rollups.projects import Recorded, recorded

ENTITY: Entity = "portfolio_milestone"


def milestone_observations(milestones: Iterable[MilestoneConfig]) -> list[Observation]:
    """Return what is recorded of the milestones at each sync; ``defined_at`` reads it back."""
    return [
        Observation(ENTITY, one.name, field, value)
        for one in milestones
        for field, value in _as_text(one).items()
    ]


def _as_text(one: MilestoneConfig) -> dict[str, str | None]:
    target = target_of(one)
    return {
        "target": target.isoformat() if target else None,
        "gather": json.dumps([asdict(rule) for rule in one.gather], sort_keys=True),
    }


def target_of(one: MilestoneConfig) -> date | None:
    """Return the date that the configuration gives a milestone now."""
    return one.target or (one.dates[-1].target if one.dates else None)


def records_of(tables: Tables) -> Mapping[str, Mapping[str, Sequence[Recorded]]]:
    """Return what was recorded: milestone -> field -> its values, the oldest first."""
    found: dict[str, dict[str, list[Recorded]]] = {}
    for row in recorded(tables["history"], ENTITY):
        found.setdefault(row.project, {}).setdefault(row.field, []).append(row)
    return found


def defined_at(tables: Tables, config: Config, at: datetime) -> tuple[MilestoneConfig, ...]:
    """Return the milestones with the rules and the target of ``at``: the configuration in hand
    holds from the last record on, and before the first record the oldest one is used."""
    if not config.milestones:
        return ()
    past = records_of(tables)
    return tuple(_at(one, past.get(one.name, {}), at) for one in config.milestones)


def _at(
    one: MilestoneConfig, fields: Mapping[str, Sequence[Recorded]], at: datetime
) -> MilestoneConfig:
    gather, target = (_held(fields.get(field, ()), at) for field in ("gather", "target"))
    return replace(
        one,
        target=_day(target.value) if target else target_of(one),
        gather=_rules(gather.value) if gather else one.gather,
    )


def _held(rows: Sequence[Recorded], at: datetime) -> Recorded | None:
    """Return the record that held; None where the configuration in hand does."""
    if not rows or at >= rows[-1].valid_from:
        return None
    return next((row for row in reversed(rows) if row.valid_from <= at), rows[0])


def _rules(value: str | None) -> tuple[Gather, ...]:
    return tuple(Gather(**rule) for rule in json.loads(value or "[]"))


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
