"""The whole from its dimensions, the level that is shown, and its other words."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from pmo_sync.config import Config, Program, Project
from pmo_sync.policy import HealthChanges
from pmo_sync.rollups.health.levels import DIMENSIONS, Dimension, Finding, Level, steadied
from pmo_sync.rollups.health.overall import five_words, overall
from pmo_sync.rollups.health.thresholds import thresholds

LEVELS: tuple[Level, ...] = ("off_track", "at_risk", "on_track", "no_data")
R, A, G, N = LEVELS


def findings(*levels: Level, rule: str = "rule") -> dict[Dimension, Finding]:
    """Schedule, scope, cost, resource, risk."""
    return {name: Finding(level, rule) for name, level in zip(DIMENSIONS, levels, strict=True)}


@pytest.mark.parametrize(
    ("levels", "whole", "because"),
    [
        ((G, G, G, G, G), G, "schedule"),
        ((G, N, N, N, N), G, "schedule"),
        ((G, R, N, N, N), R, "scope"),
        ((A, G, G, G, R), R, "risk"),
        ((G, G, A, G, G), A, "cost"),
        ((G, G, G, R, G), A, "resource"),
        ((G, G, G, A, G), A, "resource"),
        ((R, G, G, A, G), R, "schedule"),
        ((N, G, G, G, G), N, "schedule"),
        ((N, A, G, G, G), A, "scope"),
        ((N, N, N, A, N), A, "resource"),
        ((N, N, N, G, N), N, None),
    ],
)
def test_the_whole(levels: tuple[Level, ...], whole: Level, because: str | None) -> None:
    found = overall(findings(*levels))
    assert (found.level, found.because) == (whole, because)


def test_the_whole_is_green_only_with_a_green_schedule_and_nothing_known_against_it() -> None:
    for levels in product(LEVELS, repeat=5):
        green = overall(findings(*levels)).level == G
        assert green == (levels[0] == G and not {A, R} & set(levels))


@pytest.mark.parametrize(
    ("now", "before", "shown"),
    [
        (G, G, G), (R, G, R), (A, G, A), (R, A, R),
        (G, R, R), (A, R, R), (G, A, A),
        (N, G, N), (N, A, A), (N, R, R), (N, N, N),
        (G, N, G), (R, N, R),
    ],
)  # fmt: skip
def test_worse_at_once_and_better_after_two_periods(
    now: Level, before: Level, shown: Level
) -> None:
    assert steadied(now, before) == shown


@pytest.mark.parametrize(
    ("level", "schedule", "word"),
    [
        (G, Finding(G, "schedule.forecast"), "Green"),
        (A, Finding(G, "schedule.forecast"), "Amber/Green"),
        (A, Finding(A, "schedule.forecast"), "Amber"),
        (R, Finding(G, "schedule.forecast"), "Amber/Red"),
        (R, Finding(R, "schedule.forecast", {"probability": 0.25}, {"amber": 0.5}), "Amber/Red"),
        (R, Finding(R, "schedule.forecast", {"probability": 0.24}, {"amber": 0.5}), "Red"),
        (R, Finding(R, "schedule.target_past"), "Red"),
        (R, Finding(R, "schedule.slip", {"slip": 9}, {"amber": 5.0}), "Amber/Red"),
        (N, Finding(N, "schedule.no_target"), "No data"),
    ],
)  # fmt: skip
def test_the_five_words(level: Level, schedule: Finding, word: str) -> None:
    assert five_words(level, {**findings(G, G, G, G, G), "schedule": schedule}) == word


def test_a_program_and_a_project_may_have_thresholds_of_their_own(tmp_path: Path) -> None:
    config = Config(
        tmp_path,
        programs=(
            Program("Outer", health=HealthChanges(growth_green=0.2, cpi_green=0.8)),
            Program("Inner", "Outer", health=HealthChanges(growth_green=0.3)),
        ),
    )
    plain = thresholds(config, Project("P"))
    nested = thresholds(config, Project("P", "Inner"))
    own = thresholds(config, Project("P", "Inner", health=HealthChanges(growth_green=0.4)))
    assert [each.growth_green for each in (plain, nested, own)] == [0.1, 0.3, 0.4]
    assert [each.cpi_green for each in (plain, nested, own)] == [0.95, 0.8, 0.8]
