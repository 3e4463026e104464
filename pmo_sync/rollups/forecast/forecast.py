"""What a forecast says of a project, or why it says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pmo_sync.rollups.forecast.record import Record


@dataclass(frozen=True, slots=True)
class Forecast:
    """Days by which the work is done with 50, 85 and 95 %; ``probability`` is that of the target,
    ``method`` and ``weeks`` what they rest on, ``record`` how such dates have held, ``reason`` why
    there are none."""

    p50: date | None
    p85: date | None
    p95: date | None
    probability: float | None
    method: str
    weeks: int
    record: Record | None
    reason: str | None
