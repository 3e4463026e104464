"""Days, periods and working days in the portfolio's time zone."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from pmo_sync.config import Portfolio

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = {"week": 7, "fortnight": 14}


def end_of_day(day: date, timezone: str) -> datetime:
    """Return the last microsecond of ``day`` as naive UTC: the instant that 'as of day' means."""
    return start_of_day(day + timedelta(days=1), timezone) - timedelta(microseconds=1)


def start_of_day(day: date, timezone: str) -> datetime:
    """Return the first instant of ``day`` as naive UTC."""
    local = datetime.combine(day, time(), tzinfo=ZoneInfo(timezone))
    return local.astimezone(UTC).replace(tzinfo=None)


def local_day(instant: datetime, timezone: str) -> date:
    """Return the portfolio's day of a naive UTC instant."""
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone)).date()


def period_before(day: date, period: str) -> date:
    """Return the as-of day of the previous report: one period earlier."""
    if period in _DAYS:
        return day - timedelta(days=_DAYS[period])
    return _months_before(day, 1)


def period_ends(day: date, period: str, count: int) -> list[date]:
    """Return the last days of the ``count`` periods up to ``day``, oldest first. Months are
    counted from ``day``: after a short one the 31st is the 31st again."""
    back = range(count - 1, -1, -1)
    if period in _DAYS:
        return [day - timedelta(days=_DAYS[period] * number) for number in back]
    return [_months_before(day, number) for number in back]


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def working_days(start: date, end: date, portfolio: Portfolio) -> int:
    """Count the working days from ``start`` until ``end``: as many, negative, the other way."""
    if end < start:
        return -working_days(end, start, portfolio)
    return _counted(start, end, portfolio.working_days)


@lru_cache(20_000)
def _counted(start: date, end: date, working: tuple[str, ...]) -> int:
    import numpy as np  # 80 ms, which a table need not pay

    return int(np.busday_count(start, end, weekmask=[day in working for day in WEEK]))
