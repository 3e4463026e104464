"""How a forecast moved, in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pmo_sync.reports.status.forecast_trend import trend_text
from pmo_sync.rollups.forecast.trend import Point

TARGET = date(2026, 9, 10)
FEB, MARCH = date(2027, 2, 2), date(2027, 3, 2)


def points(*found: tuple[date | None, float | None]) -> list[Point]:
    day = date(2026, 6, 2)
    return [
        Point(day + timedelta(weeks=n), 40, TARGET, None, p85, chance, None, True)
        for n, (p85, chance) in enumerate(found)
    ]


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ([(FEB, 0.02), (FEB, 0.03)],
         "the date of 85 % stayed 2 Feb 2027; the odds of the target stayed <5 %"),
        ([(FEB, 0.02), (MARCH, 0.3), (FEB, 0.03)],
         "the date of 85 % is back at 2 Feb 2027; the odds of the target are back at <5 %"),
        ([(FEB, 0.6), (MARCH, 0.5)], "the date of 85 % moved 28 calendar days later, from"
         " 2 Feb 2027 to 2 Mar 2027; the odds of the target fell from 60 % to 50 %"),
        ([(MARCH, None), (FEB, None)], "the date of 85 % moved 28 calendar days earlier, from"
         " 2 Mar 2027 to 2 Feb 2027"),
        ([(FEB, None), (None, None)],
         "the date of 85 % went from 2 Feb 2027 to more than two years ahead"),
        ([(None, None), (None, None)], "the date of 85 % stayed more than two years ahead"),
        ([(None, None), (FEB, None), (None, None)],
         "the date of 85 % is back at more than two years ahead"),
    ],
)  # fmt: skip
def test_since_the_first_of_them(found: list[tuple[date | None, float | None]], text: str) -> None:
    assert trend_text(points(*found)) == f"since 2 Jun 2026 {text}"


def test_one_alone() -> None:
    assert trend_text(points((FEB, 0.4))) == "a forecast was possible on 2 Jun 2026 alone"
