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
        text=trend_text(told),
        chart=_chart(subject, points),
    )  # fmt: skip


def trend_text(told: Sequence[Point]) -> str:
    """Say how the date of 85 % and the odds of the target moved between the first and the last
    of some forecasts."""
    first, last = told[0], told[-1]
    if first is last:
        return f"a forecast was possible on {day(first.day)} alone"
    dates, chances = _dates([point.p85 for point in told]), _odds(told)
    return "; ".join(filter(None, (f"since {day(first.day)} {dates}", chances)))


def _dates(found: Sequence[date | None]) -> str:
    first, last = found[0], found[-1]
    now = day(last) if last else FAR
    if first == last:
        return f"the date of 85 % {_unmoved(found)} {now}"
    if first and last:
        moved = (last - first).days
        way = "later" if moved > 0 else "earlier"
        span = f"from {day(first)} to {now}"
        return f"the date of 85 % moved {several(abs(moved), 'calendar day')} {way}, {span}"
    return f"the date of 85 % went from {day(first) if first else FAR} to {now}"


def _odds(told: Sequence[Point]) -> str:
    first, last = told[0], told[-1]
    if first.probability is None or last.probability is None:
        return ""
    was, now = odds(first.probability), odds(last.probability)
    if was == now:
        every = [None if p.probability is None else odds(p.probability) for p in told]
        return f"the odds of the target {_unmoved(every, plural=True)} {now}"
    way = "rose" if last.probability > first.probability else "fell"
    moved = " (another target now)" if first.target != last.target else ""
    return f"the odds of the target {way} from {was} to {now}{moved}"


def _unmoved(found: Sequence[object], *, plural: bool = False) -> str:
    """Say that the last is as the first was, and whether it was so all the time."""
    back = "are back at" if plural else "is back at"
    return "stayed" if len(set(found)) == 1 else back


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
