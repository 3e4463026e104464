"""Intervals from a sequence of changes: pure, one field (or one member of it) at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from pmo_sync.model import HistoryRow, Origin


class Step(Struct, frozen=True, gc=False):
    """From ``at`` on the value is ``value``; None is empty."""

    at: datetime
    value: str | None
    actor: str | None = None
    origin: Origin = "changelog"


class Timeline(Struct, frozen=True, gc=False):
    """All values in order, without gaps or overlaps; ``said`` is what the changes ended with."""

    rows: list[HistoryRow]
    said: str | None
    agrees: bool


def timeline(
    item_id: str,
    field: str,
    first: Step,
    steps: Sequence[Step],
    current: str | None,
    updated: datetime,
) -> Timeline:
    """Lay out ``first`` and ``steps`` (oldest first) so that the last row holds ``current``.

    Where the changes end with another value, the tracker's present word counts: the change that
    was not recorded is put at ``updated``, the latest moment at which it can have happened, or at
    the last recorded change where that is later. The row that the changes contradict, the last
    one, is ``corrected``.
    """
    last = steps[-1] if steps else first
    agrees = last.value == current
    if not agrees:
        missing = Step(max(updated, last.at), current, None, "corrected")
        steps = [*steps, missing]
    kept = _lasting(first, steps)
    rows: list[HistoryRow] = []
    end = None
    for step in reversed(kept):
        rows.append(
            HistoryRow("item", item_id, field, step.value, step.at, end, step.actor, step.origin)
        )
        end = step.at
    rows.reverse()
    if not agrees and rows[-1].origin != "corrected":  # it had the value once more already
        rows[-1] = replace(rows[-1], origin="corrected")
    return Timeline(rows, last.value, agrees)


def _lasting(first: Step, steps: Sequence[Step]) -> list[Step]:
    """Drop what lasted no time and what changed nothing; clocks never run backwards."""
    kept, latest = [first], first.at
    for step in steps:
        if step.at > latest:
            latest = step.at
        if kept[-1].at == latest:
            kept.pop()
        if not kept or kept[-1].value != step.value:
            kept.append(step if step.at == latest else replace(step, at=latest))
    return kept
