"""Where the marks of a milestone trend go: report days from left to right, dates upwards.

Coordinates are in the units of the chart's own view box, rounded to a tenth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pmo_sync.render.charts import Label
from pmo_sync.reports.status.milestone_view import Trend, TrendLine
from pmo_sync.reports.words import MONTHS, day

WIDTH, HEIGHT = 480.0, 216.0
LEFT, RIGHT, TOP, BOTTOM = 78.0, 14.0, 12.0, 26.0
SHOWN = 5
"""Lines that can be told apart; the table has all."""
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
"""Months between the rows."""
ROWS = 5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TrendSeries:
    """One milestone: runs of points between gaps, a dot where a run begins and where it moved."""

    line: TrendLine
    runs: tuple[tuple[Point, ...], ...]
    dots: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class TrendPlot:
    """A trend ready to be drawn; ``meeting`` is where the date is the report's day itself."""

    width: float
    height: float
    left: float
    right: float
    rows: tuple[Label, ...]
    days: tuple[Label, ...]
    series: tuple[TrendSeries, ...]
    meeting: tuple[Point, Point]
    more: int
    """Milestones that only the table has."""


def trend_plot(trend: Trend) -> TrendPlot:
    """Lay out a milestone trend; it has two report days at least."""
    shown = trend.lines[:SHOWN]
    dates = [each for line in shown for each in line.dates if each]
    scale = _Scale(trend.x, [*dates, trend.x[0], trend.x[-1]])
    return TrendPlot(
        WIDTH,
        HEIGHT,
        LEFT,
        WIDTH - RIGHT,
        tuple(_rows(scale)),
        tuple(_days(scale)),
        tuple(_series(line, scale) for line in shown),
        (scale.point(trend.x[0], trend.x[0]), scale.point(trend.x[-1], trend.x[-1])),
        len(trend.lines) - len(shown),
    )


class _Scale:
    """Days and dates to coordinates."""

    def __init__(self, x: Sequence[date], dates: Sequence[date]) -> None:
        self.x = x
        self.low, self.high = min(dates), max(dates)

    def point(self, day: date, value: date) -> Point:
        """Return where a date lies that was believed on a day."""
        across = (day - self.x[0]) / (self.x[-1] - self.x[0])
        return round(LEFT + (WIDTH - LEFT - RIGHT) * across, 1), self.height(value)

    def height(self, value: date) -> float:
        """Return how far down a date lies."""
        up = (value - self.low).days / max((self.high - self.low).days, 1)
        return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * up, 1)


def _rows(scale: _Scale) -> list[Label]:
    """Name first days of months, a round number of months apart."""
    low, high = (each.year * 12 + each.month - 1 for each in (scale.low, scale.high))
    step = next((each for each in STEPS if (high - low) / each <= ROWS), STEPS[-1])
    months = range(-(-(low + 1) // step) * step, high + 1, step)
    return [
        Label(LEFT - 8, scale.height(date(n // 12, n % 12 + 1, 1)), _month(n), "end")
        for n in months
    ]


def _month(number: int) -> str:
    return f"{MONTHS[number % 12]} {number // 12}"


def _days(scale: _Scale) -> list[Label]:
    """Name the first and the last report day."""
    ends = ((scale.x[0], "start"), (scale.x[-1], "end"))
    return [Label(scale.point(at, at)[0], HEIGHT - 8, day(at), align) for at, align in ends]


def _series(line: TrendLine, scale: _Scale) -> TrendSeries:
    runs: list[list[Point]] = [[]]
    dots: list[Point] = []
    before: date | None = None
    for at, value in zip(scale.x, line.dates, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(scale.point(at, value))
            if value != before:
                dots.append(runs[-1][-1])
        before = value
    return TrendSeries(line, tuple(tuple(run) for run in runs if run), tuple(dots))
