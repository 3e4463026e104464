"""A change of pace is a signal; what varies as it always did is not."""

from __future__ import annotations

import random

import numpy as np
import pytest

from pmo_sync.rollups.forecast.regime import weeks_since_change

STEADY = (6, 5, 7, 4, 6, 5, 6, 7)
SLOW = (2, 3, 2, 1, 3, 2)


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        (STEADY * 5 + SLOW * 3, 18),
        (SLOW * 5 + STEADY * 2, 16),
        (STEADY * 5 + (0, 0) + STEADY + SLOW * 3, 18),
        (STEADY * 3 + (0, 1) + STEADY * 3, None),
        (STEADY * 6, None),
        (STEADY * 5 + SLOW[:4], None),
        ((0,) * 40, None),
        ((5,), None),
        ((), None),
    ],
    ids=[
        "slower",
        "faster",
        "slower some weeks after a lull",
        "a lull",
        "steady",
        "too young a change",
        "nothing",
        "one week",
        "no week",
    ],
)
def test_since_when(weeks: tuple[int, ...], expected: int | None) -> None:
    assert weeks_since_change(weeks) == expected


def test_weeks_that_are_known_to_be_of_a_lull_are_no_beginning() -> None:
    """Two quiet weeks before a slower pace pass for its first."""
    weeks = STEADY * 5 + (0, 2) + (3, 4) * 3 + SLOW * 3

    assert weeks_since_change(weeks) == 26
    assert weeks_since_change(weeks, still={26, 25}) == 24


def test_steady_weeks_are_seldom_taken_for_a_change() -> None:
    rng = random.Random(1)
    found = [
        weeks_since_change([sum(rng.random() < 0.1 for _ in range(50)) for _ in range(78)])
        for _ in range(200)
    ]

    assert sum(each is not None for each in found) <= 8


def test_half_the_pace_is_found_where_it_began() -> None:
    """Eighteen weeks ago, seven after two weeks with nothing done."""
    random = np.random.default_rng(1)
    found = []
    for _ in range(200):
        weeks = np.concatenate([random.poisson(4, 80), random.poisson(2, 18)])
        weeks[-27:-25] = 0
        found.append(weeks_since_change(weeks.tolist()))

    assert sum(each is not None and abs(each - 18) <= 6 for each in found) >= 160
