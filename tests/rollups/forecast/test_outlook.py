"""The odds of what is not known, against exact odds and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.rollups.forecast import spectra
from pmo_sync.rollups.forecast.arrivals import Lasting, Lots, Planned, Unplanned
from pmo_sync.rollups.forecast.odds import Floats, Period, when
from pmo_sync.rollups.forecast.outlook import Ahead, most_by, outlook, promised
from pmo_sync.rollups.forecast.tilting import CHANCES, NODES, tilted
from tests.rollups.forecast.bootstrap import cautious_odds

WEEKS = (1, 3, 5, 3, 7, 8, 0, 5, 3, 1, 8, 2)
ARRIVED = (2, 1, 0, 3, 4, 0, 1, 2, 0, 1, 2, 1)
NEVER, EVER = Unplanned(1e-9), Unplanned(1e12)


def test_without_arrivals_they_are_the_cautious_odds() -> None:
    """Five nodes of the mean stand for all weights: within two of a hundred."""
    found = outlook(Ahead(tuple(Period(week) for week in WEEKS), 110, 60, NEVER))
    exact = cautious_odds(WEEKS, 110, 60)

    assert found == pytest.approx(exact, abs=0.02)
    for q in (0.5, 0.7, 0.85, 0.95):
        assert when(found, q) == when(exact, q)


@pytest.mark.parametrize(
    "arriving", [Unplanned(10), Planned(12, Unplanned(30))], ids=["Gott", "Weibull"]
)
def test_with_arrivals_that_may_end_they_are_those_of_a_simulation(arriving: Lasting) -> None:
    """The Bayesian bootstrap and the end of arrivals, simulated as they are defined."""
    samples = tuple(Period(*pair) for pair in zip(WEEKS, ARRIVED, strict=True))
    trials, backlog, horizon = 20_000, 40, 60
    rng = np.random.default_rng(7)
    weights = rng.dirichlet(np.ones(len(samples)), trials).cumsum(axis=1)
    until = np.floor(arriving.drawn(Lots(rng.random(trials), rng.random(trials))))
    left, simulated = np.full(trials, float(backlog)), []
    for week in range(1, horizon + 1):
        drawn = (rng.random((trials, 1)) > weights[:, :-1]).sum(axis=1)
        arrived = np.where(week <= until, np.take(ARRIVED, drawn), 0)
        left += arrived - np.take(WEEKS, drawn)
        simulated.append((left <= 0).mean())

    found = outlook(Ahead(samples, backlog, horizon, arriving))

    assert found == pytest.approx(np.maximum.accumulate(simulated), abs=0.02)


@pytest.mark.parametrize("times", [1, 7], ids=["few items", "many"])
@pytest.mark.parametrize("arriving", [Unplanned(10), Planned(12, Unplanned(30))])
def test_they_are_those_of_sums_that_are_added_up_one_by_one(times: int, arriving: Lasting) -> None:
    """Which frequencies are left out, and from which week on, is not to be seen."""
    samples = tuple(Period(times * f, times * a) for f, a in zip(WEEKS, ARRIVED, strict=True))
    weeks, backlog = 40, 60 * times

    found = outlook(Ahead(samples, backlog, weeks, arriving))

    some = (8, 16, 17, 24, 40)
    added = [_added_up(samples, week, backlog, arriving) for week in some]
    assert [found[week - 1] for week in some] == pytest.approx(added, abs=1e-11)


def _added_up(samples: tuple[Period, ...], weeks: int, backlog: int, arriving: Lasting) -> float:
    """The end of arrivals is somewhere in these weeks, or after them."""
    still = arriving.still(np.arange(weeks + 1.0))
    chances = [*(still[:-1] - still[1:]), still[-1]]
    weights = tilted(np.array([float(each.finished) for each in samples]))
    return float(sum(
        node * chance * _at_least(samples, row, ended, weeks - ended, backlog)
        for row, node in zip(weights, CHANCES, strict=True) for ended, chance in enumerate(chances)
    ))  # fmt: skip


def _at_least(
    samples: tuple[Period, ...], weights: Floats, before: int, after: int, least: int
) -> float:
    low = min(each.finished - each.arrived for each in samples)
    one, two = np.zeros((2, 200))
    for each, weight in zip(samples, weights, strict=True):
        one[each.finished - each.arrived - low] += weight
        two[each.finished] += weight
    sums = np.ones(1)
    for draw in (*[one] * before, *[two] * after):
        sums = np.convolve(sums, np.trim_zeros(draw, "b"))
    return float(sums[max(least - low * before, 0) :].sum())


@pytest.mark.parametrize("arriving", [NEVER, Unplanned(26)], ids=["none", "some"])
def test_how_many_by_a_week_is_the_largest_backlog_that_is_as_likely(arriving: Lasting) -> None:
    samples = tuple(Period(*pair) for pair in zip(WEEKS, ARRIVED, strict=True))

    def odds(backlog: int) -> float:
        return float(outlook(Ahead(samples, backlog, 30, arriving))[8])

    found = most_by(Ahead(samples, 60, 30, arriving, 9), 9, 0.7)

    assert odds(found) >= 0.7 > odds(found + 1)
    assert most_by(Ahead(samples, 3, 30, arriving, 9), 9, 0.7) == 3


def test_what_is_promised_of_equal_weeks_is_their_sum() -> None:
    assert promised([[4] * 12, [2] * 12], 4, 0.85) == [16, 8]


def test_what_is_promised_is_what_the_cautious_odds_hold() -> None:
    """How many in 10 of the published weeks with 85 %: 30 by the weeks as they are."""
    exact = [n for n in range(1, 60) if cautious_odds(WEEKS, n, 10)[-1] >= 0.85]

    assert promised([WEEKS], 10, 0.85) == [exact[-1]] == [27]


@pytest.mark.parametrize("cautious", [True, False])
def test_what_turns_out_to_be_more_has_the_odds_of_each_number(cautious: bool) -> None:
    """Six to nine items in all: a factor up to 1.5 makes 7, 8 or 9 of 6, each as likely."""
    samples = tuple(Period(*pair) for pair in zip(WEEKS, ARRIVED, strict=True))
    arriving = Unplanned(10)
    found = outlook(Ahead(samples, 6, 9, arriving, growth=1.5, cautious=cautious))

    each = [outlook(Ahead(samples, n, 9, arriving, cautious=cautious)) for n in (7, 8, 9)]
    assert found == pytest.approx(np.mean(each, axis=0), abs=1e-11)


def test_how_many_by_a_week_counts_what_they_turn_out_to_be() -> None:
    samples = tuple(Period(week) for week in WEEKS)

    def odds(backlog: int) -> float:
        return float(outlook(Ahead(samples, backlog, 30, NEVER, growth=1.5))[8])

    found = most_by(Ahead(samples, 60, 30, NEVER, 9, growth=1.5), 9, 0.7)

    assert odds(found) >= 0.7 > odds(found + 1)


SAMPLES = st.lists(st.integers(0, 9), min_size=6, max_size=26)


@given(SAMPLES)
def test_tilted_weights_keep_the_mean_over_all_nodes(values: list[int]) -> None:
    weights = tilted(np.array(values, dtype=float))

    assert weights.sum(axis=1) == pytest.approx(1)
    means = weights @ values
    assert np.all(np.diff(means) >= -1e-9)
    assert np.all((means >= min(values) - 1e-9) & (means <= max(values) + 1e-9))


def test_tilted_means_are_those_of_the_normal_distribution() -> None:
    values = np.array(WEEKS, dtype=float)

    means = tilted(values) @ values

    assert means == pytest.approx(values.mean() + NODES * values.std() / np.sqrt(13), abs=1e-6)
    assert CHANCES @ means == pytest.approx(values.mean())


@given(SAMPLES, st.lists(st.integers(0, 9), min_size=26, max_size=26), st.integers(1, 40))
def test_odds_rise_and_stay_odds(finished: list[int], arrived: list[int], backlog: int) -> None:
    samples = tuple(Period(f, a) for f, a in zip(finished, arrived, strict=False))
    for arriving in (NEVER, Planned(20, Unplanned(30)), Unplanned(26), EVER):
        odds = outlook(Ahead(samples, backlog, 30, arriving))
        assert np.all(np.diff(odds) >= 0)
        assert np.all((odds >= 0) & (odds <= 1))
        assert np.all(odds >= outlook(Ahead(samples, backlog + 1, 30, arriving)) - 1e-9)


@pytest.mark.parametrize(("pace", "backlog"), [(30, 100), (30, 500), (70, 2700)])
def test_sums_of_thousands_are_told_of_with_fewer_frequencies(
    monkeypatch: pytest.MonkeyPatch, pace: int, backlog: int
) -> None:
    """Whole years of many items: as good as every frequency, to a thousandth."""
    random = np.random.default_rng(7)
    drawn = zip(random.poisson(pace, 26), random.poisson(0.9 * pace, 26), strict=True)
    samples = tuple(Period(int(finished), int(arrived)) for finished, arrived in drawn)
    ahead = Ahead(samples, backlog, 520, Unplanned(113), 52)
    few, most = outlook(ahead), most_by(ahead, 52, 0.85)
    monkeypatch.setattr(spectra, "HARMONICS", 10**9)
    every = outlook.__wrapped__(ahead)

    assert few == pytest.approx(every, abs=1e-3)
    assert most == pytest.approx(most_by(ahead, 52, 0.85), abs=1)
