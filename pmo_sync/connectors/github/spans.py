"""From changes to intervals: pure, for any order and any repetition of the changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from pmo_sync.model import HistoryRow

_AT = attrgetter("at")


class Change(NamedTuple):
    """From ``at`` on the field holds ``value`` (None: nothing), put there by ``actor``."""

    # A tuple, not a dataclass: they are made by the million.

    at: datetime
    value: str | None
    actor: str | None = None


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Sort by time; of several changes at one time the last stands, and repetitions go."""
    told = sorted(changes, key=_AT)
    if len(told) < 2:  # as most fields of most items
        return told
    ordered: list[Change] = []
    for change in told:
        if ordered and ordered[-1].at == change.at:
            ordered.pop()
        if not ordered or ordered[-1].value != change.value:
            ordered.append(change)
    return ordered


def single_rows(item_id: str, field: str, changes: Iterable[Change]) -> list[HistoryRow]:
    """Rows of a field with one value at a time; none if it never held a value."""
    ordered = in_order(changes)
    if all(change.value is None for change in ordered):
        return []
    return _rows(item_id, field, ordered)


def member_rows(item_id: str, field: str, changes: Iterable[Change]) -> list[HistoryRow]:
    """Rows of the times at which something was there: the emptiness between has no row."""
    rows = _rows(item_id, field, in_order(changes))
    return [row for row in rows if row.value is not None]


def _rows(item_id: str, field: str, ordered: list[Change]) -> list[HistoryRow]:
    rows = [
        HistoryRow("item", item_id, field, change.value, change.at, following.at, change.actor)
        for change, following in pairwise(ordered)
    ]
    last = ordered[-1:]
    return rows + [HistoryRow("item", item_id, field, c.value, c.at, None, c.actor) for c in last]
