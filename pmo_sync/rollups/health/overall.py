"""The whole from its dimensions, and its words on the five-level scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pmo_sync.rollups.health.levels import TROUBLE, Dimension, Finding, Level, worst

DECIDING: tuple[Dimension, ...] = ("schedule", "scope", "cost", "risk")
"""The dimensions whose worst is the whole; people lift it to at risk at most."""
HALF = 0.5

Findings = Mapping[Dimension, Finding]


@dataclass(frozen=True, slots=True)
class Overall:
    """The computed level of a project, and the dimension that decided it (None: none is known)."""

    level: Level
    because: Dimension | None


def overall(findings: Findings) -> Overall:
    """Return the worst of the known among schedule, scope, cost and risk. Overload lifts it to at
    risk; without a schedule it is never on track."""
    level = worst(findings[name].level for name in DECIDING)
    because: Dimension | None = next(
        (name for name in DECIDING if level != "no_data" and findings[name].level == level), None
    )
    if level not in TROUBLE and findings["resource"].level in TROUBLE:
        return Overall("at_risk", "resource")
    if level == "on_track" and findings["schedule"].level == "no_data":
        return Overall("no_data", "schedule")
    return Overall(level, because)


def five_words(level: Level, findings: Findings) -> str:
    """Return a level on the scale of Green, Amber/Green, Amber, Amber/Red and Red.

    What is at risk is Amber/Green while the schedule itself is on track. What is off track is Red
    where the target is past or less likely than half of what is at risk, else Amber/Red.
    """
    schedule = findings["schedule"]
    if level == "at_risk":
        return "Amber/Green" if schedule.level == "on_track" else "Amber"
    if level == "off_track":
        return "Red" if _lost(schedule) else "Amber/Red"
    return "Green" if level == "on_track" else "No data"


def _lost(schedule: Finding) -> bool:
    if schedule.rule == "schedule.target_past":
        return True
    odds = schedule.inputs.get("probability")
    amber = schedule.threshold.get("amber")
    return isinstance(odds, float) and amber is not None and odds < HALF * amber
