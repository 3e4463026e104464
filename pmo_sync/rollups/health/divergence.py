"""Since when what people say and what is computed disagree, as far as that can be known.

What is computed is known of as-of and of one period before. Of the ends of earlier periods the
forecast of that day is known, and by it the schedule: the whole was no better. So a project that
was called better than its schedule was diverged then too; one that was called worse may not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pmo_sync.config import Portfolio
from pmo_sync.policy import HealthPolicy
from pmo_sync.rollups.calendar import working_days
from pmo_sync.rollups.forecast.trend import Point
from pmo_sync.rollups.health.declared import Declaration, said_by
from pmo_sync.rollups.health.levels import WORST, Level, is_worse

Way = Literal["better", "worse"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a day's computed level: the ``whole``, else that it was no better."""

    day: date
    level: Level
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Divergence:
    """How what was declared last stands to what is computed: since ``since`` at the latest; on
    ``after`` it did not yet (None: nothing is known of an earlier day)."""

    way: Way
    since: date
    after: date | None


def differs(declared: str | None, computed: Level) -> Way | None:
    """Say whether a declared level is better or worse than a computed one; None where they agree,
    or one of them is no level."""
    level = next((level for level in WORST if level == declared), None)
    if level is None:
        return None
    if is_worse(level, computed):
        return "worse"
    return "better" if is_worse(computed, level) else None


def divergence(said: Sequence[Declaration], known: Sequence[Known]) -> Divergence | None:
    """Go back over what is known, the newest first, for as long as it disagrees the same way with
    what had been declared by that day."""
    found: Divergence | None = None
    for each in known:
        told = said_by(said, each.day)
        way = differs(told.level if told else None, each.level)
        if found is None:
            if way is None:
                return None
            found = Divergence(way, each.day, None)
        elif way == found.way and (each.whole or way == "better"):
            found = Divergence(way, each.day, None)
        else:
            # That it was no better than its schedule does not say that it agreed.
            return Divergence(found.way, found.since, each.day if each.whole else None)
    return found


def by_schedule(
    points: Iterable[Point], policy: HealthPolicy, portfolio: Portfolio
) -> Iterator[Known]:
    """Yield the levels of the schedule by past forecasts, the newest first: by the thresholds of
    today."""
    for point in reversed(list(points)):
        yield Known(point.day, _level(point, policy, portfolio), whole=False)


def _level(point: Point, policy: HealthPolicy, portfolio: Portfolio) -> Level:
    if not point.active or point.target is None:
        return "no_data"
    if point.open and working_days(point.target, point.day, portfolio) > 0:
        return "off_track"
    if point.probability is None:
        return "no_data"
    if point.probability >= policy.probability_green:
        return "on_track"
    return "at_risk" if point.probability >= policy.probability_amber else "off_track"
