"""The four levels, and which of several is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Level = Literal["on_track", "at_risk", "off_track", "no_data"]
Dimension = Literal["schedule", "scope", "cost", "resource", "risk"]
Value = float | int | bool | str | date | None

WORST: Sequence[Level] = ("off_track", "at_risk", "on_track", "no_data")
"""From the worst; nobody knows where 'no data' stands, so it is compared with none."""
TROUBLE: Sequence[Level] = ("off_track", "at_risk")
DIMENSIONS: Sequence[Dimension] = ("schedule", "scope", "cost", "resource", "risk")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one dimension: ``inputs`` are what it looked at, ``threshold`` what it
    compared them with (``green``, ``amber``), ``change`` by how much they are off green (items,
    hours, the day of a date); None where it is green or nothing is known."""

    level: Level
    rule: str
    inputs: dict[str, Value] = field(default_factory=dict)
    threshold: dict[str, float] = field(default_factory=dict)
    change: Value = None


def worst(levels: Iterable[Level]) -> Level:
    """Return the worst of the levels that are known; 'no data' where none is."""
    there = set(levels)
    return next((level for level in WORST if level in there), "no_data")


def worse(one: Finding, other: Finding) -> Finding:
    """Return the finding with the worse level, the first of two equal ones."""
    return one if worst((one.level, other.level)) == one.level else other


def is_worse(level: Level, than: Level) -> bool:
    """Say whether a level is worse than another; nothing is worse or better than 'no data'."""
    return "no_data" not in (level, than) and WORST.index(level) < WORST.index(than)


def steadied(now: Level, before: Level) -> Level:
    """Return the level to show: worse at once, better only after two periods. A level that is no
    longer known may stay bad and does not stay good: grey never reads as green."""
    if now == "no_data":
        return before if before in TROUBLE else now
    return worst((now, before))
