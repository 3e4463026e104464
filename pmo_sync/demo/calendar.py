"""The simulated world's working days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

HOLIDAYS = frozenset(
    {(1, 1), (1, 2), (1, 6), (5, 1), (6, 19), (12, 24), (12, 25), (12, 26), (12, 29), (12, 30),
     (12, 31)}
)  # fmt: skip
"""Public holidays and the week between the years, as (month, day)."""
OPENS = 6
"""The hour (UTC) from which minutes of a working day are counted."""


def is_working(day: date) -> bool:
    """Say whether anybody works on a day."""
    return day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS


def working_days(first: date, last: date) -> Iterator[date]:
    """Yield the working days from first to last, both included."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if is_working(day):
            yield day


def first_working(day: date) -> date:
    """Return the first working day from a day on."""
    while not is_working(day):
        day += timedelta(days=1)
    return day


def morning(day: date) -> datetime:
    """Return when a working day begins."""
    return datetime(day.year, day.month, day.day, OPENS, tzinfo=UTC)


def working_share(first: date, last: date) -> float:
    """Return how many working days lie between two days; at least one."""
    return max(1.0, float(sum(1 for _ in working_days(first, last))))
