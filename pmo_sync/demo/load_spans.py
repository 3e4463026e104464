"""From what happened to a field to the history rows that a store keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pmo_sync.demo.facts import Event
from pmo_sync.model import HistoryRow


@dataclass(frozen=True, slots=True)
class Moment:
    """From ``at`` on a field holds ``value`` (None: nothing), put there by ``actor``."""

    at: datetime
    value: str | None
    actor: str | None


def one_at_a_time(item_id: str, field: str, moments: Iterable[Moment]) -> list[HistoryRow]:
    """Return the rows of a single-valued field, gaps included; none if it never held a value."""
    rows = _rows(item_id, field, _lasting(moments))
    return rows if any(row.value is not None for row in rows) else []


def while_there(item_id: str, field: str, moments: Iterable[Moment]) -> Iterator[HistoryRow]:
    """Yield the rows of one member of a several-valued field: the times at which it was there."""
    return (row for row in _rows(item_id, field, _lasting(moments)) if row.value is not None)


def by_member(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Return the events in which each member came or went; one change may concern two."""
    found: dict[str, list[Event]] = {}
    for event in events:
        for member in (event.old, event.new):
            if member is not None:
                found.setdefault(member, []).append(event)
    return found


def _lasting(moments: Iterable[Moment]) -> list[Moment]:
    """Leave out what was replaced at the moment it came, and what changed nothing."""
    kept: list[Moment] = []
    for moment in moments:
        if kept and kept[-1].at == moment.at:
            kept.pop()
        if not kept or kept[-1].value != moment.value:
            kept.append(moment)
    return kept


def _rows(item_id: str, field: str, moments: list[Moment]) -> list[HistoryRow]:
    ends = [*(moment.at for moment in moments[1:]), None]
    return [
        HistoryRow("item", item_id, field, moment.value, moment.at, end, moment.actor)
        for moment, end in zip(moments, ends, strict=False)
    ]
