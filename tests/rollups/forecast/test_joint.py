"""The odds of the last of several parts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pmo_sync.rollups.forecast.forecast import Forecast
from pmo_sync.rollups.forecast.joint import joint

DAY = date(2026, 1, 20)
WEEK = timedelta(weeks=1)


def part(*odds: float, open: int = 3) -> Forecast:
    return Forecast(open, odds=odds, method="alone", weeks=9)


def test_dates_are_those_of_all_parts_multiplied() -> None:
    """By hand: 0.25, 0.54, 0.81, 0.95 after weeks 1 to 4; single parts reach 85 % after week 3."""
    one, two = part(0.5, 0.9, 0.9, 0.95), part(0.5, 0.6, 0.9, 1.0)
    found = joint({"A": one, "B": two}, DAY, DAY + timedelta(days=17))

    assert found.odds == pytest.approx((0.25, 0.54, 0.81, 0.95))
    assert (found.p50, found.p85, found.p95) == (DAY + 2 * WEEK, DAY + 4 * WEEK, DAY + 4 * WEEK)
    assert found.probability == pytest.approx(0.54 + 0.27 * 3 / 7)
    assert found.open == 6
    assert "as if they had nothing in common" in found.method


def test_odds_that_end_go_on_by_their_last_step() -> None:
    """Of what is open each week leaves half: 0.5, 0.75, then 0.875 and 0.9375."""
    found = joint({"A": part(0.5, 0.75), "B": part(1.0, 1.0, 1.0, 1.0)}, DAY, None)
    assert found.odds == pytest.approx((0.5, 0.75, 0.875, 0.9375))
    assert found.probability is None


def test_one_part_is_its_own_forecast() -> None:
    found = joint({"A": part(0.4, 0.9, 0.96), "B": Forecast(0, reason="no open work")}, DAY, None)
    assert (found.p50, found.p95, found.method) == (DAY + 2 * WEEK, DAY + 3 * WEEK, "alone")


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({}, "no open work"),
        ({"A": Forecast(0, reason="no open work")}, "no open work"),
        ({"A": part(0.9), "B": Forecast(2, reason="too young")}, "B: too young"),
    ],
)
def test_without_a_forecast_it_says_whose_is_missing(
    parts: dict[str, Forecast], reason: str
) -> None:
    found = joint(parts, DAY, DAY)
    assert (found.reason, found.p85, found.probability) == (reason, None, None)
