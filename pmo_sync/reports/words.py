"""Dates, distances and counts in words: the same in every locale."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date) -> str:
    """Write a date as ``14 Mar 2026``."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime, timezone: str) -> str:
    """Write an aware time as ``14 Mar 2026, 06:05`` in a named time zone."""
    local = value.astimezone(ZoneInfo(timezone))
    return f"{day(local)}, {local:%H:%M}"


def several(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: ``1 item``, ``3 items``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def away(days: int) -> str:
    """Write how far a day is from as-of in working days, unlike a slip, which has a sign:
    ``in 9 working days``, ``today``, ``9 working days ago``."""
    if not days:
        return "today"
    far = several(abs(days), "working day")
    return f"in {far}" if days > 0 else f"{far} ago"


def distance(days: int) -> str:
    """Write signed working days: ``+9 working days``, with a true minus."""
    sign = "\u2212" if days < 0 else "+" if days else ""
    return f"{sign}{several(abs(days), 'working day')}"
