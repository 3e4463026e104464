"""How a project's forecast moved over the last periods: in words, as a chart and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pmo_sync.reports.base import Chart, Line
from pmo_sync.reports.status.forecast import odds
from pmo_sync.reports.status.over_time import ForecastTrend, TrendPoint
from pmo_sync.reports.status.subject import Subject
from pmo_sync.reports.words import day, several
from pmo_sync.rollups.forecast.trend import Point

FAR = "more than two years ahead"


def forecast_trend_of(subject: Subject) -> ForecastTrend | None:
    """Return how the forecast moved; None where there was none on any of the days."""
    points = subject.evidence.trends.get(subject.name, ())
    told = [point for point in points if point.reason is None]
    if not told or len(points) < 2:
        return None
    first, last = told[0], told[-1]
    moved = (last.p85 - first.p85).days if first.p85 and last.p85 and first is not last else None
    return ForecastTrend(
        points=tuple(
            TrendPoint(
                p.day, p.open, p.p50, p.p85, p.probability,
                "" if p.probability is None else odds(p.probability), p.target, p.reason,
            )
            for p in points
        ),
        moved=moved,
        text=_text(first, last),
        chart=_chart(subject, points),
    )  # fmt: skip


def _text(first: Point, last: Point) -> str:
    if first is last:
        return f"a forecast was possible on {day(first.day)} alone"
    since = f"since {day(first.day)}"
    return "; ".join(filter(None, (f"{since} {_dates(first, last)}", _odds(first, last))))


def _dates(first: Point, last: Point) -> str:
    if first.p85 and last.p85:
        moved = (last.p85 - first.p85).days
        way = "later" if moved > 0 else "earlier"
        if not moved:
            return f"the date of 85 % stayed {day(last.p85)}"
        span = f"from {day(first.p85)} to {day(last.p85)}"
        return f"the date of 85 % moved {several(abs(moved), 'day')} {way}, {span}"
    if not first.p85 and not last.p85:
        return f"the date of 85 % stayed {FAR}"
    was, now = (day(each) if each else FAR for each in (first.p85, last.p85))
    return f"the date of 85 % went from {was} to {now}"


def _odds(first: Point, last: Point) -> str:
    if first.probability is None or last.probability is None:
        return ""
    was, now = odds(first.probability), odds(last.probability)
    if was == now:
        return f"the odds of the target stayed {now}"
    way = "rose" if last.probability > first.probability else "fell"
    moved = " (another target now)" if first.target != last.target else ""
    return f"the odds of the target {way} from {was} to {now}{moved}"


def _chart(subject: Subject, points: Sequence[Point]) -> Chart:
    today = subject.evidence.scope.day
    lines = [
        Line("50 %", tuple(_weeks(point.p50, today) for point in points)),
        Line("85 %", tuple(_weeks(point.p85, today) for point in points)),
    ]
    if any(point.target for point in points):
        lines.append(Line("Target", tuple(_weeks(point.target, today) for point in points)))
    return Chart(
        id=f"{subject.id}-forecast-trend",
        title="Forecast trend",
        description=f"{subject.name}: the dates of 50 % and 85 % as they were forecast at the end"
        f" of each period, and the target of that day, in weeks after {day(today)}; level where a"
        " date holds, rising where it slips",
        x=tuple(point.day for point in points),
        lines=tuple(lines),
        unit=f"weeks after {day(today)}",
    )


def _weeks(value: date | None, today: date) -> float | None:
    return round((value - today).days / 7, 1) if value else None
