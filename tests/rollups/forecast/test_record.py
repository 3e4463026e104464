"""The record of forecasts: published acceptance bands, and backtests that can be counted."""

from __future__ import annotations

import pytest

from pmo_sync.rollups.forecast.record import Record, backtest, band, promised
from pmo_sync.rollups.limits import natural_limits

WEEKS = (1, 3, 5, 3, 7, 8, 0, 5, 3, 1, 8, 2)


@pytest.mark.parametrize(
    ("tried", "expected"), [(20, (14, 20)), (30, (21, 29)), (50, (37, 47)), (100, (78, 92))]
)
def test_the_band_of_hits_for_85_in_a_hundred(tried: int, expected: tuple[int, int]) -> None:
    assert band(tried, 0.85) == expected


@pytest.mark.parametrize("tried", [0, 1, 7, 1_030, 10_000])
def test_the_band_is_exact_however_much_is_tried(tried: int) -> None:
    """Counted in whole numbers: 17 of 20 hit, and a tail is 1 of 40."""

    def first(hit: int, miss: int) -> int:
        passed, ways = 0, miss**tried
        for hits in range(tried + 1):
            passed += ways
            if 40 * passed > 20**tried:
                return hits
            ways = ways * hit * (tried - hits) // (miss * (hits + 1))
        raise AssertionError("the ways add up to all")

    assert band(tried, 0.85) == (first(17, 3), tried - first(3, 17))


def test_a_steady_team_holds_every_forecast() -> None:
    assert backtest([4] * 30, 0.85, 10, 5, promised) == Record(4, 4, 2, 4)


def test_a_team_that_halves_again_and_again_misses_what_was_forecast() -> None:
    found = backtest([16] * 20 + [8] * 5 + [4] * 5 + [2] * 5, 0.85, 20, 5, promised)

    assert (found.held, found.tried, found.calibrated) == (0, 3, False)


def test_natural_process_limits() -> None:
    found = natural_limits(WEEKS)

    assert found is not None
    assert found.moving_range == pytest.approx(3.7273, abs=5e-5)
    assert found.upper == pytest.approx(13.748, abs=5e-4)
    assert found.lower == 0
    assert found.upper_range == pytest.approx(12.177, abs=5e-4)


@pytest.mark.parametrize("values", [(), (5,)])
def test_no_limits_without_two_values(values: tuple[int, ...]) -> None:
    assert natural_limits(values) is None
