"""Days, periods and working days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.config import Portfolio
from pmo_sync.rollups.calendar import (
    end_of_day,
    local_day,
    period_before,
    period_ends,
    start_of_day,
    working_days,
)

ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati", "Asia/Kathmandu"]


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        (date(2026, 3, 1), "UTC", "2026-03-01 23:59:59.999999"),
        (date(2026, 3, 1), "Europe/Berlin", "2026-03-01 22:59:59.999999"),
        (date(2026, 3, 29), "Europe/Berlin", "2026-03-29 21:59:59.999999"),  # clocks go forward
        (date(2026, 10, 25), "Europe/Berlin", "2026-10-25 22:59:59.999999"),  # and back
        (date(2026, 3, 1), "Pacific/Kiritimati", "2026-03-01 09:59:59.999999"),
    ],
)
def test_as_of_a_day_is_its_end_where_the_portfolio_is(day: date, zone: str, end: str) -> None:
    assert str(end_of_day(day, zone)) == end


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)), st.sampled_from(ZONES))
def test_every_instant_is_in_exactly_one_day(instant: datetime, zone: str) -> None:
    day = local_day(instant, zone)
    assert start_of_day(day, zone) <= instant <= end_of_day(day, zone)
    assert day == instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 6, 1), date(2026, 6, 1), 0),
        (date(2026, 6, 1), date(2026, 6, 5), 4),
        (date(2026, 6, 5), date(2026, 6, 8), 1),  # Friday to Monday
        (date(2026, 6, 6), date(2026, 6, 7), 0),  # a weekend
        (date(2026, 6, 8), date(2026, 6, 5), -1),
        (date(2026, 6, 30), date(2026, 5, 29), -22),
    ],
)
def test_working_days(start: date, end: date, days: int) -> None:
    assert working_days(start, end, Portfolio()) == days
    assert working_days(end, start, Portfolio()) == -days


def test_working_days_are_the_portfolios() -> None:
    week = Portfolio(working_days=("sun", "mon", "tue", "wed", "thu"))
    assert working_days(date(2026, 6, 5), date(2026, 6, 8), week) == 1  # Sunday


@pytest.mark.parametrize(
    ("day", "period", "before"),
    [
        (date(2026, 6, 30), "week", date(2026, 6, 23)),
        (date(2026, 6, 30), "fortnight", date(2026, 6, 16)),
        (date(2026, 6, 30), "month", date(2026, 5, 30)),
        (date(2026, 3, 31), "month", date(2026, 2, 28)),
        (date(2026, 1, 15), "month", date(2025, 12, 15)),
    ],
)
def test_the_previous_report(day: date, period: str, before: date) -> None:
    assert period_before(day, period) == before
    assert period_ends(day, period, 2) == [before, day]
