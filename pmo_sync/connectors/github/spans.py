"""From changes to intervals: pure, for any order and any repetition of the changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from pmo_sync.model import HistoryRow


@dataclass(frozen=True, slots=True)
class Change:
    """From ``at`` on the field holds ``value`` (None: nothing), put there by ``actor``."""

    at: datetime
    value: str | None
    actor: str | None = None


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Sort by time; of several changes at one time the last stands, and repetitions go."""
    latest: dict[datetime, Change] = {}
    for change in changes:
        latest[change.at] = change
    ordered: list[Change] = []
    for at in sorted(latest):
        if not ordered or latest[at].value != ordered[-1].value:
            ordered.append(latest[at])
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
