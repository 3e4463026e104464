"""Odds of a finish: published cases to their digits, and what must always hold."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.rollups.forecast.odds import (
    Period,
    at_least,
    cautious_odds,
    delivered,
    finish_odds,
    growing_odds,
    split,
    split_each,
    together,
    when,
)

WEEKS = (1, 3, 5, 3, 7, 8, 0, 5, 3, 1, 8, 2)


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
    found = finish_odds(samples, backlog, len(expected))

    assert found == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("backlog", "weeks"),
    [
        (uniform(100, 120), (29, 31, 33, 36)),
        (110, (29, 31, 33, 36)),
        (100, (26, 28, 30, 33)),
    ],
)
def test_when_by_percentile(backlog: int | dict[int, float], weeks: tuple[int, ...]) -> None:
    odds = finish_odds(WEEKS, backlog, 60)

    assert tuple(when(odds, q) for q in (0.5, 0.7, 0.85, 0.95)) == weeks


def test_a_slow_week_repeated_is_no_percentile() -> None:
    """The 20th percentile week for ever gives 91.7 weeks."""
    assert when(finish_odds(WEEKS, 110, 60), 0.8) == 32


def test_how_many_in_some_periods() -> None:
    expected = (0.03704, 0.11111, 0.22222, 0.25926, 0.22222, 0.11111, 0.03704)

    assert delivered((0, 1, 2), 3) == pytest.approx(expected, abs=5e-6)
    in_ten = delivered(WEEKS, 10)
    assert tuple(at_least(in_ten, q) for q in (0.5, 0.7, 0.85, 0.95)) == (38, 34, 30, 25)


@pytest.mark.parametrize(("backlog", "expected"), [(110, 0.6443), (100, 0.8576), (101, 0.8412)])
def test_path_to_green_by_week_30(backlog: int, expected: float) -> None:
    """The largest backlog that is done with 85 % is 100."""
    assert finish_odds(WEEKS, backlog, 30)[-1] == pytest.approx(expected, abs=5e-5)


def test_one_growth_factor_for_the_whole_backlog() -> None:
    odds = finish_odds((3, 4, 5, 6), split(uniform(50, 58), 1, 2), 60)

    assert tuple(when(odds, q) for q in (0.5, 0.85, 0.95)) == (18, 23, 25)


def test_every_item_split_by_itself_is_surer() -> None:
    """A factor U[1, 2] of an item, rounded, is one item or two; of the whole backlog it is
    18/23/25: risks that go together do not even out."""
    odds = finish_odds((3, 4, 5, 6), split_each(uniform(50, 58), {1: 0.5, 2: 0.5}), 60)

    assert tuple(when(odds, q) for q in (0.5, 0.85, 0.95)) == (18, 20, 21)


def test_a_part_of_an_item_is_an_item() -> None:
    assert split({4: 1.0}, 1, 1.5) == pytest.approx({4: 0, 5: 0.5, 6: 0.5})


def test_teams_together() -> None:
    one = np.cumsum((0.5, 0.25, 0.25))
    joint = together(one, one)

    assert joint == pytest.approx((0.25, 0.5625, 1))
    assert (when(joint, 0.5), when(joint, 0.85)) == (2, 3)


def test_arrivals_that_equal_what_is_finished_never_end() -> None:
    assert when(growing_odds([Period(3, 3)], 5, 100), 0.01) is None


def test_arrivals_by_hand() -> None:
    """Each week takes two off or adds one; from 2, all orders of three weeks written out."""
    samples = [Period(2), Period(0, 1)]
    by_hand = []
    for weeks in (1, 2, 3):
        hits = 0
        for order in itertools.product((-2, 1), repeat=weeks):
            left, done = 2, False
            for step in order:
                left += step
                done = done or left <= 0
            hits += done
        by_hand.append(hits / 2**weeks)

    assert growing_odds(samples, 2, 3) == pytest.approx(by_hand)


def test_cautious_odds_count_every_way_to_draw_the_samples_alike() -> None:
    """Three samples, four periods: each of the C(6, 2) = 15 ways to draw them is as likely."""
    samples, backlog, periods = (0, 1, 3), 5, 4
    ways = [
        counts for counts in itertools.product(range(periods + 1), repeat=3)
        if sum(counts) == periods
    ]  # fmt: skip
    enough = [c for c in ways if sum(n * s for n, s in zip(c, samples, strict=True)) >= backlog]

    found = cautious_odds(samples, backlog, periods)

    assert found[-1] == pytest.approx(float(Fraction(len(enough), len(ways))))


SAMPLES = st.lists(st.integers(0, 9), min_size=1, max_size=12)


@given(SAMPLES, st.integers(1, 40))
def test_odds_rise_and_stay_odds(samples: list[int], backlog: int) -> None:
    for odds in (finish_odds(samples, backlog, 20), cautious_odds(samples, backlog, 20)):
        assert np.all(np.diff(odds) >= -1e-12)
        assert np.all((odds >= 0) & (odds <= 1 + 1e-12))


@given(SAMPLES, st.integers(1, 40))
def test_more_work_is_never_done_earlier(samples: list[int], backlog: int) -> None:
    for odds in (finish_odds, cautious_odds):
        assert np.all(odds(samples, backlog, 20) >= odds(samples, backlog + 1, 20) - 1e-12)


@given(SAMPLES, st.integers(1, 40), st.integers(1, 20))
def test_when_and_how_many_agree(samples: list[int], backlog: int, periods: int) -> None:
    """P(done by t) is P(at least that many in t)."""
    odds = finish_odds(samples, backlog, periods)[-1]

    assert odds == pytest.approx(delivered(samples, periods)[backlog:].sum(), abs=1e-9)


@given(SAMPLES, st.integers(1, 30))
def test_caution_makes_late_finishes_likelier(samples: list[int], backlog: int) -> None:
    """The mean throughput is the same, its spread is larger."""
    plain, cautious = delivered_spread(samples, 8)

    assert cautious >= plain - 1e-9


def delivered_spread(samples: list[int], periods: int) -> tuple[float, float]:
    most = max(samples) * periods + 1
    spreads = []
    for odds in (finish_odds, cautious_odds):
        survival = np.array([odds(samples, n, periods)[-1] for n in range(1, most + 1)])
        mean = survival.sum()
        square = ((2 * np.arange(1, most + 1) - 1) * survival).sum()
        spreads.append(square - mean**2)
    return spreads[0], spreads[1]
