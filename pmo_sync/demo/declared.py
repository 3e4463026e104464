"""What those who lead projects declare of them, every week or two, and for how long they do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from pmo_sync.demo.absences import away
from pmo_sync.demo.calendar import is_working, morning
from pmo_sync.demo.facts import Level, StatusUpdate
from pmo_sync.demo.plans import Blueprint, Kind, TeamPlan
from pmo_sync.demo.rhythm import written_by

SILENT: tuple[Kind, ...] = ("unowned", "little_data")
"""Of these nobody declares anything."""
TEXTS: dict[Level, tuple[str, ...]] = {
    "on_track": ("Going well, no surprises.", "On plan; details at the next meeting.",
                 "Good progress on the open epics."),
    "at_risk": ("More came in than was planned; we are looking at what can wait.",
                "Progress is slower than we hoped.", "The date is tight."),
    "off_track": ("The date will not hold; a new one follows.", "We wait for others."),
    "complete": ("Delivered and handed over.",),
    "inactive": ("Paused.",),
}  # fmt: skip


def declared(blueprint: Blueprint, until: date) -> tuple[StatusUpdate, ...]:
    """Return all updates by the end of a day, oldest first."""
    found = [one for plan in blueprint.plans for one in _of(blueprint, plan, until)]
    return tuple(sorted(found, key=lambda one: (one.at, one.project)))


def _of(blueprint: Blueprint, plan: TeamPlan, until: date) -> Iterator[StatusUpdate]:
    if plan.kind in SILENT:
        return
    rng = Random(f"{blueprint.seed}:{plan.key}:declared")
    last = blueprint.silent_since.get(plan.key, date.max)
    every = rng.choice((7, 14)) if plan.kind != "watermelon" else 7
    absent = away(plan.lead, str(blueprint.seed))
    day = plan.start + timedelta(days=(3 - plan.start.weekday()) % 7 + 7)
    while day <= until and day <= last:
        level = _level(blueprint, plan, day)
        at, text = _written(rng, day), rng.choice(TEXTS[level])
        if is_working(day) and day not in absent:
            yield StatusUpdate(plan.subject.project, at, plan.lead, level, text)
            if level == "complete":
                return
        day += timedelta(days=every)


def _written(rng: Random, day: date) -> datetime:
    return morning(day) + timedelta(minutes=rng.randint(120, 500), seconds=rng.randint(0, 59))


def _level(blueprint: Blueprint, plan: TeamPlan, day: date) -> Level:
    """Return what is said on a day: the truth as a lead sees it, but for a watermelon's."""
    if plan.kind == "finished" and day >= plan.over:
        return "complete"
    if plan.kind == "moved_target":
        target = written_by(blueprint.targets[plan.key], day)
        return "off_track" if day > target - timedelta(days=14) else "at_risk" if (
            day > target - timedelta(days=60)) else "on_track"  # fmt: skip
    if plan.kind == "grown_scope" and plan.growth and day > plan.growth.first:
        return "at_risk"
    if plan.kind == "blocked_chain" and plan.gates and day > plan.gates[0].day:
        return "off_track" if (day - plan.gates[0].day).days > 30 else "at_risk"
    return "on_track"
