"""A change of pace is a signal; what varies as it always did is not."""

from __future__ import annotations

import random
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.rollups.forecast.regime import Change, change_of

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
    found = change_of(weeks)

    assert (found.weeks if found else None) == expected


def test_weeks_that_are_known_to_be_of_a_lull_are_no_beginning() -> None:
    """Two quiet weeks before a slower pace pass for its first, and hide how little is known."""
    weeks = STEADY * 5 + (0, 2) + (3, 4) * 3 + SLOW * 3

    assert change_of(weeks) == Change(26, earliest=27, latest=26)
    assert change_of(weeks, still={26, 25}) == Change(24, earliest=27, latest=17)


def test_a_change_beside_a_lull_may_have_come_in_it() -> None:
    assert change_of(STEADY * 5 + (0, 0) + SLOW * 3) == Change(18, earliest=20, latest=16)


def test_a_change_before_the_weeks_that_are_drawn_is_none() -> None:
    """Unless some of them are nearly as likely: then it is the likeliest of these."""
    early = STEADY * 5 + SLOW * 5
    blurred = STEADY * 5 + (5, 3, 2, 4) + SLOW * 4

    assert change_of(early) == Change(30, earliest=30, latest=28)
    assert change_of(early, within=26) is None
    assert change_of(blurred) == Change(27, earliest=28, latest=24)
    assert change_of(blurred, within=26) == Change(26, earliest=28, latest=24)


def test_no_split_is_in_a_range_beside_which_the_paces_differ_little() -> None:
    """It would begin 33 weeks ago: of 33 weeks that are mostly of the old pace."""
    slow = (3, 3, 2, 4, 2, 3, 2, 4, 2, 3, 3, 2, 3, 2)

    assert change_of((5, 3, 4, 6, 4, 5, 3, 4, 5, 4) * 6 + slow) == Change(14, earliest=15, latest=3)


def test_a_range_ends_within_the_weeks_at_its_ends() -> None:
    """A week in which the pace changed may show as either pace's."""
    told = Change(weeks=18, earliest=20, latest=17).days(date(2026, 6, 30))

    assert told == (date(2026, 2, 24), date(2026, 2, 7), date(2026, 3, 6))


@given(st.lists(st.integers(0, 9), max_size=60))
def test_the_told_week_is_within_its_range(weeks: list[int]) -> None:
    found = change_of(weeks)

    assert found is None or len(weeks) > found.earliest >= found.weeks >= found.latest > 0


# fmt: off
DISASTERS = (
    4, 5, 4, 1, 0, 4, 3, 4, 0, 6, 3, 3, 4, 0, 2, 6, 3, 3, 5, 4, 5, 3, 1, 4, 4, 1, 5, 5, 3, 4, 2, 5,
    2, 2, 3, 4, 2, 1, 3, 2, 2, 1, 1, 1, 1, 3, 0, 0, 1, 0, 1, 1, 0, 0, 3, 1, 0, 3, 2, 2, 0, 1, 1, 1,
    0, 1, 0, 1, 0, 0, 0, 2, 1, 0, 0, 0, 1, 1, 0, 2, 3, 3, 1, 1, 2, 1, 1, 1, 1, 2, 3, 3, 0, 0, 0, 1,
    4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1,
)
# fmt: on
"""Explosions in British coal mines that killed ten or more, by year, 1851-1962 (Jarrett 1979)."""


def test_coal_mines_grew_safer_about_1891() -> None:
    """The classic change of a Poisson rate, from 3.1 a year to 0.9; the worked example of the
    package mcp puts it between 1880.8 and 1897.9 with 95 %."""
    found = change_of(DISASTERS)

    assert (len(DISASTERS), sum(DISASTERS)) == (112, 191)
    assert found is not None
    last_of_old, earliest, latest = (
        1962 - ago for ago in (found.weeks, found.earliest, found.latest)
    )
    assert (earliest, last_of_old, latest) == (1886, 1891, 1896)
    assert (sum(DISASTERS[:41]) / 41, sum(DISASTERS[41:]) / 71) == pytest.approx((3.1, 0.9), 0.01)


def test_steady_weeks_are_seldom_taken_for_a_change() -> None:
    rng = random.Random(1)
    found = [
        change_of([sum(rng.random() < 0.1 for _ in range(50)) for _ in range(78)])
        for _ in range(200)
    ]

    assert sum(each is not None for each in found) <= 8


def test_good_and_bad_months_are_seldom_taken_for_a_change() -> None:
    """Weeks one by one vary little about them: seen so, six of ten such histories are a change."""
    random = np.random.default_rng(5)
    months = [np.repeat(random.choice([3.0, 8.0], 24), 4) for _ in range(200)]
    found = [change_of(random.poisson(paces).tolist()) for paces in months]

    assert sum(each is not None for each in found) <= 80


def test_half_the_pace_is_found_where_it_began() -> None:
    """Eighteen weeks ago, seven after two weeks with nothing done."""
    random = np.random.default_rng(1)
    found = []
    for _ in range(200):
        weeks = np.concatenate([random.poisson(4, 80), random.poisson(2, 18)])
        weeks[-27:-25] = 0
        found.append(change_of(weeks.tolist()))

    assert sum(each is not None and abs(each.weeks - 18) <= 6 for each in found) >= 160


@pytest.mark.parametrize("age", [9, 13, 18, 25])
@pytest.mark.parametrize(("before", "after"), [(4, 2), (3, 6), (8, 4)])
def test_nineteen_of_twenty_ranges_hold_the_day(before: int, after: int, age: int) -> None:
    """That of a change that is younger than a quarter as well, where it is noticed already."""
    random = np.random.default_rng(2)
    found = [
        change_of([*random.poisson(before, 80).tolist(), *random.poisson(after, age).tolist()])
        for _ in range(300)
    ]
    told = [each for each in found if each]

    held = sum(each.earliest >= age >= each.latest for each in told) / len(told)
    assert held >= 0.92
