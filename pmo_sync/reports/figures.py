"""Numbers as figures: rounded once, for display, with what they rest on."""

from __future__ import annotations

from pmo_sync.reports.base import Figure
from pmo_sync.rollups.measures import Counted

NO_DATA = "no data"


def counted(found: Counted | None, items: str | None, note: str = "") -> Figure:
    """Return a count; a missing group counts nothing, and nothing is 0."""
    total = found.total if found else 0
    return Figure(total, f"{total:,}", note=note, items=items)


def share(part: int, whole: int, items: str | None = None, note: str = "") -> Figure:
    """Return part / whole as a percentage; '0 %' and '100 %' only when truly so."""
    if whole == 0:
        return Figure(None, NO_DATA, of=0, note=note or "nothing to count", items=items)
    value = part / whole
    percent = round(100 * value)
    if part and percent == 0:
        percent = 1
    if part < whole and percent == 100:
        percent = 99
    return Figure(value, f"{percent} %", of=whole, note=note, items=items)


def days(value: float | None, note: str, items: str | None = None) -> Figure:
    """Return a duration in days; under a day it says so rather than 0."""
    if value is None:
        return Figure(None, NO_DATA, note=note, items=items)
    if value < 1:
        return Figure(value, "under a day", note=note, items=items)
    text = f"{value:.0f}"
    return Figure(value, f"{text} {'day' if text == '1' else 'days'}", note=note, items=items)


def decimal(value: float | None, note: str = "") -> Figure:
    """Return a mean with one decimal."""
    if value is None:
        return Figure(None, NO_DATA, note=note)
    return Figure(value, f"{value:.1f}", note=note)
