"""Since when declared and computed disagree: never longer than is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from pmo_sync.config import Portfolio
from pmo_sync.policy import HealthPolicy
from pmo_sync.rollups.forecast.trend import Point
from pmo_sync.rollups.health.declared import Declaration
from pmo_sync.rollups.health.divergence import (
    Divergence,
    Known,
    Way,
    by_schedule,
    differs,
    divergence,
)
from pmo_sync.rollups.health.levels import Level

R: Level = "off_track"
A: Level = "at_risk"
G: Level = "on_track"
N: Level = "no_data"


def on(day: int) -> date:
    return date(2026, 3, day)


def said(*words: tuple[int, str | None]) -> list[Declaration]:
    return [Declaration(level, "", None, on(day), "board") for day, level in words]


def whole(*levels: tuple[int, Level]) -> list[Known]:
    return [Known(on(day), level) for day, level in levels]


def floor(*levels: tuple[int, Level]) -> list[Known]:
    """The schedule alone: the whole was no better."""
    return [Known(on(day), level, whole=False) for day, level in levels]


@pytest.mark.parametrize(
    ("declared", "computed", "way"),
    [
        (G, R, "better"), (G, A, "better"), (A, R, "better"), (R, G, "worse"), (A, G, "worse"),
        (G, G, None), (R, R, None), (G, N, None), (None, R, None), ("complete", R, None),
        ("inactive", G, None),
    ],
)  # fmt: skip
def test_how_they_differ(declared: str | None, computed: Level, way: Way | None) -> None:
    assert differs(declared, computed) == way


CASES: list[tuple[str, list[Declaration], Sequence[Known], Divergence | None]] = [
    ("they agree", said((1, G)), whole((29, G), (22, R)), None),
    ("nothing was declared", [], whole((29, R), (22, R)), None),
    ("a level that is none", said((1, "complete")), whole((29, R)), None),
    ("since today, and a period before they agreed", said((1, G)), whole((29, R), (22, G)),
     Divergence("better", on(29), on(22))),
    ("in both periods, and no further is known", said((1, G)), whole((29, R), (22, A)),
     Divergence("better", on(22), None)),
    ("declared anew, and as before", said((1, G), (25, G)), whole((29, R), (22, R)),
     Divergence("better", on(22), None)),
    ("declared only in this period", said((25, G)), whole((29, R), (22, R)),
     Divergence("better", on(29), on(22))),
    ("declared worse before", said((1, R), (25, G)), whole((29, R), (22, R)),
     Divergence("better", on(29), on(22))),
    ("the other way before", said((1, R), (25, G)), whole((29, A), (22, A)),
     Divergence("better", on(29), on(22))),
    ("the schedule was worse than declared", said((1, G)),
     [*whole((29, R), (22, R)), *floor((15, R), (8, A))], Divergence("better", on(8), None)),
    ("the schedule was as declared: the whole may have been worse", said((1, G)),
     [*whole((29, R), (22, R)), *floor((15, G), (8, R))], Divergence("better", on(22), None)),
    ("nothing is known of the schedule", said((1, G)),
     [*whole((29, R), (22, R)), *floor((15, N), (8, R))], Divergence("better", on(22), None)),
    ("declared worse: the schedule says nothing", said((1, R)),
     [*whole((29, G), (22, G)), *floor((15, G))], Divergence("worse", on(22), None)),
    ("before anything was declared", said((10, G)),
     [*whole((29, R), (22, R)), *floor((15, R), (8, R))], Divergence("better", on(15), None)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "known", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_since_when(
    told: list[Declaration], known: Sequence[Known], expected: Divergence | None
) -> None:
    assert divergence(told, known) == expected


TARGET = date(2026, 3, 13)
"""A Friday."""
POINTS = [
    ("likely", Point(on(1), 5, TARGET, probability=0.85), G),
    ("less so", Point(on(1), 5, TARGET, probability=0.84), A),
    ("unlikely", Point(on(1), 5, TARGET, probability=0.49), R),
    ("no odds", Point(on(1), 5, TARGET), N),
    ("no target", Point(on(1), 5, None), N),
    ("past with work open", Point(on(16), 5, TARGET), R),
    ("past by a weekend", Point(on(15), 5, TARGET, probability=0.0), R),
    ("past by no working day", Point(on(15), 5, date(2026, 3, 14)), N),
    ("past and done", Point(on(16), 0, TARGET), N),
    ("not active then", Point(on(16), 5, TARGET, active=False), N),
]


@pytest.mark.parametrize(
    ("point", "level"), [each[1:] for each in POINTS], ids=[each[0] for each in POINTS]
)
def test_the_level_of_the_schedule_by_a_past_forecast(point: Point, level: Level) -> None:
    (found,) = by_schedule([point], HealthPolicy(), Portfolio())
    assert found == Known(point.day, level, whole=False)


def test_the_newest_day_comes_first() -> None:
    points = [Point(on(day), 5, None) for day in (1, 8, 15)]
    found = by_schedule(points, HealthPolicy(), Portfolio())
    assert [known.day for known in found] == [on(15), on(8), on(1)]
