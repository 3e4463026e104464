"""How the date of a milestone was moved, in words."""

from __future__ import annotations

from datetime import date

from pmo_sync.reports.status.milestone_view import MoveView
from pmo_sync.reports.words import day, several
from pmo_sync.rollups.dated import History, Move, moves

TIMES = {1: "once", 2: "twice"}


def moved(dates: History, today: date) -> str:
    """Say how often a date was moved and where that led, in calendar days: 'moved 3 times, 41
    calendar days later than first said'; nothing where it never had one. What is known since
    ``today`` alone says nothing yet."""
    first = first_of(dates)
    if first is None:
        return ""
    made = moves(dates)
    if not made:
        since = next(each.since for each in dates if each.due)
        return f"not moved since {day(since)}" if since < today else "no earlier date on record"
    times = f"moved {TIMES.get(len(made)) or several(len(made), 'time')}"
    return f"{times}, {_shift(first, dates[-1].due)}"


def _shift(first: date, last: date | None) -> str:
    if last is None:
        return "and has no date now"
    days = (last - first).days
    if not days:
        return "back to what was first said"
    return (
        f"{several(abs(days), 'calendar day')} {'later' if days > 0 else 'earlier'} than first said"
    )


def first_of(dates: History) -> date | None:
    """Return the date that was said first, as far as is on record."""
    return next((each.due for each in dates if each.due), None)


def moves_of(dates: History) -> tuple[MoveView, ...]:
    """Return every re-dating, with who and why where somebody says so."""
    return tuple(
        MoveView(
            one.since, one.seen_before, one.before, one.due, one.days, one.by, one.reason,
            _told(one),
        )
        for one in moves(dates)
    )  # fmt: skip


def _told(one: Move) -> str:
    """Write a re-dating: '3 Mar 2026, by Ada: from 1 May 2026 to 1 Jun 2026 (31 calendar
    days later)'."""
    when = day(one.since)
    if one.seen_before and one.seen_before < one.since:
        when = f"between {day(one.seen_before)} and {when}"
    who = f", by {one.by}" if one.by else ""
    change = f"from {_date(one.before)} to {_date(one.due)}"
    if one.days:
        way = "later" if one.days > 0 else "earlier"
        change += f" ({several(abs(one.days), 'calendar day')} {way})"
    return f"{when}{who}: {change}" + (f": {one.reason}" if one.reason else "")


def _date(value: date | None) -> str:
    return day(value) if value else "no date"
