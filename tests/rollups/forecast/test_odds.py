"""Odds of a finish: published cases to their digits, and what must always hold.

They take the weeks as they are, and nothing arrives: forecasts by ``cautious = false``.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.rollups.forecast.arrivals import Unplanned
from pmo_sync.rollups.forecast.odds import (
    Floats,
    Period,
    at_least,
    delivered,
    split,
    together,
    when,
)
from pmo_sync.rollups.forecast.outlook import Ahead, most_by, outlook

WEEKS = (1, 3, 5, 3, 7, 8, 0, 5, 3, 1, 8, 2)
NEVER = Unplanned(1e-9)
QUANTILES = (0.5, 0.7, 0.85, 0.95)


def ahead(
    samples: tuple[int, ...], backlog: int, weeks: int, growth: float = 1.0, *,
    cautious: bool = False,
) -> Ahead:  # fmt: skip
    periods = tuple(Period(each) for each in samples)
    return Ahead(periods, backlog, weeks, NEVER, weeks, growth, cautious)


def odds_of(
    samples: tuple[int, ...], backlog: Mapping[int, float], weeks: int, growth: float = 1.0
) -> Floats:
    """The odds where it is not known how much is left."""
    each = [chance * outlook(ahead(samples, n, weeks, growth)) for n, chance in backlog.items()]
    total: Floats = np.sum(each, axis=0)
    return total


def uniform(first: int, last: int) -> dict[int, float]:
    return dict.fromkeys(range(first, last + 1), 1 / (last - first + 1))


@pytest.mark.parametrize(
    ("samples", "backlog", "expected"),
    [
        ((0, 2), 4, (0, 0.25, 0.5, 0.6875, 0.8125, 0.8906)),
        ((1, 2, 3), 6, (0, 0.11111, 0.62963, 0.93827, 0.99588, 1)),
    ],
)
def test_odds_by_period(
    samples: tuple[int, ...], backlog: int, expected: tuple[float, ...]
) -> None:
    found = outlook(ahead(samples, backlog, len(expected)))

    assert found == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("backlog", "weeks"),
    [
        (uniform(100, 120), (29, 31, 33, 36)),
        ({110: 1.0}, (29, 31, 33, 36)),
        ({100: 1.0}, (26, 28, 30, 33)),
    ],
)
def test_when_by_percentile(backlog: dict[int, float], weeks: tuple[int, ...]) -> None:
    odds = odds_of(WEEKS, backlog, 52)

    assert tuple(when(odds, q) for q in QUANTILES) == weeks


def test_a_slow_week_repeated_is_no_percentile() -> None:
    """The 20th percentile week for ever gives 91.7 weeks."""
    assert when(outlook(ahead(WEEKS, 110, 52)), 0.8) == 32


def test_how_many_in_some_periods() -> None:
    expected = (0.03704, 0.11111, 0.22222, 0.25926, 0.22222, 0.11111, 0.03704)

    assert delivered((0, 1, 2), 3) == pytest.approx(expected, abs=5e-6)
    in_ten = delivered(WEEKS, 10)
    assert tuple(at_least(in_ten, q) for q in QUANTILES) == (38, 34, 30, 25)


@pytest.mark.parametrize(("backlog", "expected"), [(110, 0.6443), (100, 0.8576), (101, 0.8412)])
def test_path_to_green_by_week_30(backlog: int, expected: float) -> None:
    """The largest backlog that is done with 85 % is 100."""
    assert outlook(ahead(WEEKS, backlog, 30))[-1] == pytest.approx(expected, abs=5e-5)
    assert most_by(ahead(WEEKS, backlog, 30), 30, 0.85) == 100


def test_one_growth_factor_for_the_whole_backlog() -> None:
    odds = odds_of((3, 4, 5, 6), uniform(50, 58), 52, growth=2.0)

    assert tuple(when(odds, q) for q in (0.5, 0.85, 0.95)) == (18, 23, 25)


def test_every_item_split_by_itself_is_surer() -> None:
    """A factor U[1, 2] of an item, rounded, is one item or two; of the whole backlog it is
    18/23/25: risks that go together do not even out."""
    each: dict[int, float] = {}
    for items, chance in uniform(50, 58).items():
        for more in range(items + 1):
            each[items + more] = each.get(items + more, 0) + chance * comb(items, more) / 2**items

    odds = odds_of((3, 4, 5, 6), each, 52)

    assert tuple(when(odds, q) for q in (0.5, 0.85, 0.95)) == (18, 20, 21)


@pytest.mark.parametrize(
    ("items", "most", "expected"),
    [
        (4, 1.0, {4: 1.0}),
        (4, 1.5, {5: 0.5, 6: 0.5}),
        (5, 1.5, {6: 0.4, 7: 0.4, 8: 0.2}),
        (0, 1.5, {0: 1.0}),
    ],
)
def test_a_part_of_an_item_is_an_item(items: int, most: float, expected: dict[int, float]) -> None:
    assert split(items, most) == pytest.approx(expected)


def test_of_thousands_not_every_number_is_told_apart() -> None:
    chances = split(2000, 1.5)

    assert len(chances) == 64
    assert sum(chances.values()) == pytest.approx(1)
    assert sum(n * chance for n, chance in chances.items()) == pytest.approx(2500, abs=1)


def test_teams_together() -> None:
    one = np.cumsum((0.5, 0.25, 0.25))
    joint = together(one, one)

    assert joint == pytest.approx((0.25, 0.5625, 1))
    assert (when(joint, 0.5), when(joint, 0.85)) == (2, 3)


def test_arrivals_that_equal_what_is_finished_never_end() -> None:
    odds = outlook(Ahead((Period(3, 3),), 5, 100, Unplanned(1e12), cautious=False))

    assert odds.max() < 1e-9


SAMPLES = st.lists(st.integers(0, 9), min_size=1, max_size=12).map(tuple)


@given(SAMPLES, st.integers(1, 40), st.integers(1, 20))
def test_when_and_how_many_agree(samples: tuple[int, ...], backlog: int, periods: int) -> None:
    """P(done by t) is P(at least that many in t)."""
    odds = outlook(ahead(samples, backlog, periods))[-1]

    assert odds == pytest.approx(delivered(samples, periods)[backlog:].sum(), abs=1e-9)


@given(st.lists(st.integers(0, 9), min_size=6, max_size=12).map(tuple))
def test_caution_makes_late_finishes_likelier(samples: tuple[int, ...]) -> None:
    """What eight weeks finish varies more."""
    plain, cautious = (_variance(samples, 8, cautious=cautious) for cautious in (False, True))

    assert cautious >= plain - 1e-6


def _variance(samples: tuple[int, ...], periods: int, *, cautious: bool) -> float:
    numbers = np.arange(1, max(samples) * periods + 1)
    more = np.array([
        outlook(ahead(samples, int(n), periods, cautious=cautious))[-1] for n in numbers
    ])  # fmt: skip
    return float(((2 * numbers - 1) * more).sum()) - float(more.sum()) ** 2
