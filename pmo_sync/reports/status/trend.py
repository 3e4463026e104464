"""The milestone trend: which date was believed on which report day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from pmo_sync.reports.status.milestone_view import Trend, TrendLine
from pmo_sync.reports.status.moved import moved
from pmo_sync.rollups.calendar import period_ends
from pmo_sync.rollups.dated import History, believed, moves

PERIODS = 26
"""Report days that a trend shows at most."""


def trend(
    id: str, subject: str, named: Iterable[tuple[str, History]], day: date, period: str
) -> Trend | None:
    """Return the trend of some milestones, what was moved most first, on the report days since the
    first of them had a date; None where none has."""
    known = [(name, dates) for name, dates in named if any(each.due for each in dates)]
    if not known:
        return None
    x = _days(known, day, period)
    known.sort(key=lambda each: -len(moves(each[1])))
    return Trend(
        id=id,
        title="Milestone trend",
        description=f"{subject}: the date of each milestone as it was believed on each report day."
        " A level line is a date that held, a rising one was moved later; where a line meets the"
        " dashed one, its day is there",
        x=tuple(x),
        lines=tuple(
            TrendLine(name, tuple(believed(dates, each) for each in x), moved(dates, day))
            for name, dates in known
        ),
    )


def _days(known: Sequence[tuple[str, History]], day: date, period: str) -> list[date]:
    """Return the report days from the last one on which nothing was believed; at least two."""
    since = min(dates[0].since for _, dates in known)
    ends = period_ends(day, period, PERIODS)
    later = sum(each >= since for each in ends)
    return ends[-max(later, 2) :]
