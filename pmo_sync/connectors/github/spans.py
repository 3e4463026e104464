"""From changes to intervals: pure. ``in_order`` takes them in any order and repetition; rows are
made of what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from msgspec import Struct

from pmo_sync.model import HistoryRow

_AT = attrgetter("at")


class Change(Struct, frozen=True, gc=False):
    """From ``at`` on the field holds ``value`` (None: nothing), put there by ``actor``."""

    # No dataclass: they are made by the million.

    at: datetime
    value: str | None
    actor: str | None = None


def in_order(changes: list[Change]) -> list[Change]:
    """Sort by time; of several changes at one time the last stands, and repetitions go."""
    return changes if _orderly(changes) else _ordered(sorted(changes, key=_AT))


def _orderly(changes: list[Change]) -> bool:
    """Whether each is later than the one before, and of another value: as nearly all are."""
    last: Change | None = None
    for change in changes:
        if last and (change.at <= last.at or change.value == last.value):
            return False
        last = change
    return True


def _ordered(told: list[Change]) -> list[Change]:
    ordered = [told[0]]
    last = told[0]
    for change in told[1:]:
        if last.at == change.at:
            ordered.pop()
            if ordered and ordered[-1].value == change.value:
                last = ordered[-1]
                continue
        elif last.value == change.value:
            continue
        ordered.append(change)
        last = change
    return ordered


def single_rows(item_id: str, field: str, ordered: Sequence[Change]) -> list[HistoryRow]:
    """Rows of a field with one value at a time; none if it never held a value."""
    if len(ordered) == 1:
        (one,) = ordered
        if one.value is None:
            return []  # of changes in order that are several, one has a value
        return [HistoryRow("item", item_id, field, one.value, one.at, None, one.actor)]
    rows = []
    until: datetime | None = None
    for one in reversed(ordered):
        rows.append(HistoryRow("item", item_id, field, one.value, one.at, until, one.actor))
        until = one.at
    rows.reverse()
    return rows


def member_rows(item_id: str, field: str, ordered: Sequence[Change]) -> list[HistoryRow]:
    """Rows of the times at which something was there: the emptiness between has no row."""
    return [row for row in single_rows(item_id, field, ordered) if row.value is not None]
