"""What a target asks of a team, against what it did: an average, and no odds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pmo_sync.config import Project
from pmo_sync.rollups.health.facts import Facts
from pmo_sync.rollups.health.levels import Finding, Level, Value

YOUNG = 6
"""Fewer periods than this make no mean to go by."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Items a period: ``needed`` to finish what is open by the target, and the ``mean`` of the last
    ``periods``."""

    needed: float
    mean: float
    open: int
    periods: int

    @property
    def short(self) -> bool:
        """Whether the mean does not suffice."""
        return self.needed > self.mean

    @property
    def young(self) -> bool:
        """Whether there are so few periods that their mean says little."""
        return self.periods < YOUNG


def pace_of(project: Project, target: date | None, known: Facts, minimum: int) -> Pace | None:
    """Return the pace; None without a target, without open work, or with fewer finished items than
    ``minimum`` in the periods since the project began."""
    left = known.open.get(project.name, 0)
    series = _since_start(project.start, known.throughput.get(project.name, ()), known.ends)
    if target is None or not left or target < known.day or sum(series) < minimum:
        return None
    periods = (target - known.ends[-1]).days / (known.ends[-1] - known.ends[-2]).days
    return Pace(left / max(periods, 1), sum(series) / len(series), left, len(series))


def pace_finding(pace: Pace) -> Finding:
    """Say that a target is at risk: a pace says no more, and never that it is safe."""
    told: dict[str, Value] = {
        "needed": pace.needed,
        "mean": pace.mean,
        "open": pace.open,
        "periods": pace.periods,
    }
    level: Level = "at_risk" if pace.short else "no_data"
    return Finding(level, "schedule.pace", told, {"green": pace.mean}, _surplus(pace))


def _surplus(pace: Pace) -> int | None:
    """Return how many items would have to leave."""
    if not pace.short:
        return None
    return pace.open - int(pace.open * pace.mean / pace.needed)


def _since_start(start: date | None, series: Sequence[int], ends: Sequence[date]) -> Sequence[int]:
    """Leave out the periods before a project began: that nothing was done in them says nothing."""
    if start is None or not series:
        return series
    held = sum(end >= start for end in ends[-len(series) :])
    return series[len(series) - held :]
