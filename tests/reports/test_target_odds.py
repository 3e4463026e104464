"""The odds of each date that a project was or is to be done by, all of one forecast."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.policy import ForecastPolicy
from pmo_sync.reports.status.forecast import target_odds
from pmo_sync.rollups.forecast.forecast import Asked, Forecast, forecast, odds_by
from pmo_sync.rollups.weekly import Weekly

DAY = date(2026, 6, 30)
TARGET = DAY + timedelta(weeks=30)
WEEKS = (1, 3, 5, 3, 7, 8, 0, 5, 3, 1, 8, 2)
FOUND = forecast(
    Weekly((0,) * 12, WEEKS, (0,) * 12, open=110, days=60), DAY, Asked(TARGET), ForecastPolicy()
)


def test_of_the_target_they_are_the_forecasts_own() -> None:
    assert odds_by(FOUND, DAY, TARGET) == FOUND.probability


@pytest.mark.parametrize(("day", "q"), [(FOUND.p50, 0.5), (FOUND.p85, 0.85), (FOUND.p95, 0.95)])
def test_a_date_of_the_forecast_has_the_odds_that_it_is_told_with(day: date, q: float) -> None:
    assert (odds_by(FOUND, DAY, day) or 0) >= q - 1e-12
    assert (odds_by(FOUND, DAY, day - timedelta(weeks=1)) or 0) < q


@given(st.integers(-100, 4000), st.integers(0, 4000))
def test_a_later_date_has_no_worse_odds(first: int, more: int) -> None:
    early, late = (odds_by(FOUND, DAY, DAY + timedelta(n)) for n in (first, first + more))
    assert early is not None and late is not None
    assert 0 <= early <= late <= 1


@pytest.mark.parametrize(
    ("days", "text"), [(-1, "past"), (0, "odds <5 %"), (210, "odds 58 %"), (2000, "odds >95 %")]
)
def test_in_words(days: int, text: str) -> None:
    found = target_odds(FOUND, DAY, DAY + timedelta(days))
    assert found is not None
    assert found.text == text
    assert found.probability == (0 if days <= 0 else odds_by(FOUND, DAY, DAY + timedelta(days)))


def test_without_a_forecast_or_a_date_there_are_none() -> None:
    assert target_odds(Forecast(3, reason="too young"), DAY, TARGET) is None
    assert target_odds(FOUND, DAY, None) is None
