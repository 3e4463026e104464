"""The odds of the last of several parts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pmo_sync.policy import ForecastPolicy
from pmo_sync.rollups.forecast.forecast import Asked, Forecast, forecast
from pmo_sync.rollups.forecast.joint import joint
from pmo_sync.rollups.weekly import Weekly

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


@pytest.mark.parametrize(
    ("days", "odds", "p85"),
    [
        (17, 0.8, 21),
        (18, 0.85, 18),
        (19, 0.9, 19),
        (20, 0.95, 20),
        (21, 1.0, 21),
        (35, 1.0, 21),
        (-3, 0.0, 21),
    ],
)
def test_a_target_with_85_in_a_hundred_is_no_earlier_than_the_date_of_85(
    days: int, odds: float, p85: int
) -> None:
    """0.65 after two weeks, all after three: 0.05 more each day between them."""
    target = DAY + timedelta(days=days)
    found = joint({"A": part(0.1, 0.65, 1.0)}, DAY, target)

    assert found.probability == pytest.approx(odds)
    assert found.p85 == DAY + timedelta(days=p85)


WEEKS = (1, 3, 5, 3, 7, 8, 0, 5, 3, 1, 8, 2)


def whole(finished: tuple[int, ...], open: int) -> Forecast:
    nothing = (0,) * len(finished)
    return forecast(Weekly(nothing, finished, nothing, open, 60), DAY, Asked(), ForecastPolicy())


def test_parts_that_had_the_same_weeks_are_simulated_in_common() -> None:
    """Two parts of which each week is alike are one: what is good for one is good for both.
    Multiplied they would be done with 85 % weeks later."""
    part = whole(WEEKS, 40)
    found = joint({"A": part, "B": part}, DAY, None)

    assert found.odds == pytest.approx(part.odds, abs=0.02)
    assert found.odds[9] > part.odds[9] ** 2 + 0.1
    assert "simulated futures" in found.method and "last 12 weeks" in found.method
    assert joint({"A": part, "B": part}, DAY, None) == found


def test_all_parts_are_no_likelier_done_than_each() -> None:
    parts = {"A": whole(WEEKS, 40), "B": whole(WEEKS[::-1], 60)}
    found = joint(parts, DAY, None)

    for each in parts.values():
        assert all(a <= b for a, b in zip(found.odds, each.odds, strict=False))


def test_parts_with_histories_of_different_length_are_multiplied() -> None:
    one, two = whole(WEEKS, 40), whole(WEEKS[2:], 30)
    found = joint({"A": one, "B": two}, DAY, None)

    assert found.odds[11] == pytest.approx(one.odds[11] * two.odds[11])
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
