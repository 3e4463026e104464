"""What the status report says of how a project went on: its forecast's trend, and what it kept."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from pmo_sync.reports.base import Chart, Figure


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What was forecast at the end of ``day``, by what was known then: the days by which the
    ``open`` items are done with 50 and 85 % (None: in more than two years), and the odds of the
    ``target`` of that day. ``reason`` says why nothing could be forecast."""

    day: datetime.date
    open: int
    p50: datetime.date | None
    p85: datetime.date | None
    probability: float | None
    odds: str
    """``probability`` in words, empty where there is none."""
    target: datetime.date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ForecastTrend:
    """How a forecast moved, the oldest point first, the last one as of the report's day;
    ``moved`` are the days by which the date of 85 % moved later (None: one of them is none)."""

    points: tuple[TrendPoint, ...]
    moved: int | None
    text: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class KeptMonth:
    """Of what was ``planned`` for a calendar month, ``delivered`` was done by its end; ``share`` is
    delivered / planned (no data: nothing was planned). ``added`` came to the plan later."""

    month: datetime.date
    planned: int
    delivered: int
    dropped: int
    added: int
    added_delivered: int
    share: Figure


@dataclass(frozen=True, slots=True)
class PredictabilityView:
    """Planned against delivered over the last whole months: ``share`` is that of their sums,
    ``missed`` opens what the last month did not bring."""

    months: tuple[KeptMonth, ...]
    share: Figure
    missed: Figure
