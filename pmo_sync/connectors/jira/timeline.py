"""Intervals from a sequence of changes: pure, one field (or one member of it) at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from pmo_sync.model import HistoryRow, Origin

Step = tuple[datetime, str | None, str | None, Origin]
"""From a moment on a value (None is empty), who set it, and how that is known: a plain tuple, as
there are more of them than of anything else."""


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
    at, said, _, _ = steps[-1] if steps else first
    agrees = said == current
    if not agrees:
        steps = [*steps, (max(updated, at), current, None, "corrected")]
    rows = _rows(item_id, field, first, steps)
    if not agrees and rows[-1].origin != "corrected":  # it had the value once more already
        rows[-1] = replace(rows[-1], origin="corrected")
    return Timeline(rows, said, agrees)


def _rows(item_id: str, field: str, first: Step, steps: Sequence[Step]) -> list[HistoryRow]:
    """Leave out what lasted no time and what changed nothing; clocks never run backwards."""
    rows: list[HistoryRow] = []
    since, value, actor, origin = first
    latest = since
    for at, new, who, how in steps:
        if at > latest:
            latest = at
        if latest == since:
            if rows and rows[-1].value == new:  # which it never lost
                before = rows.pop()
                since, value, actor, origin = (
                    before.valid_from, before.value, before.actor, before.origin,
                )  # fmt: skip
            else:
                value, actor, origin = new, who, how
        elif new != value:
            rows.append(HistoryRow("item", item_id, field, value, since, latest, actor, origin))
            since, value, actor, origin = latest, new, who, how
    rows.append(HistoryRow("item", item_id, field, value, since, None, actor, origin))
    return rows
