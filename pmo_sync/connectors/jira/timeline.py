"""Intervals from a sequence of changes: pure, one field (or one member of it) at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from pmo_sync.model import Origin


class Step(Struct, frozen=True, gc=False):
    """From ``at`` on the value is ``value``; None is empty."""

    at: datetime
    value: str | None
    actor: str | None = None
    origin: Origin = "changelog"


class Span(Struct, frozen=True, gc=False):
    """One value with its interval; ``end`` None is open."""

    value: str | None
    start: datetime
    end: datetime | None
    actor: str | None
    origin: Origin


class Timeline(Struct, frozen=True, gc=False):
    """All values in order, without gaps or overlaps; ``said`` is what the changes ended with."""

    spans: tuple[Span, ...]
    said: str | None
    agrees: bool


def timeline(
    first: Step, steps: Sequence[Step], current: str | None, updated: datetime
) -> Timeline:
    """Lay out ``first`` and ``steps`` (oldest first) so that the last span holds ``current``.

    Where the changes end with another value, the tracker's present word counts: the change that
    was not recorded is put at ``updated``, the latest moment at which it can have happened, or at
    the last recorded change where that is later. The span that the changes contradict, the last
    one, is ``corrected``.
    """
    every = [first, *steps]
    said = every[-1].value
    agrees = said == current
    if not agrees:
        every.append(Step(max(updated, every[-1].at), current))
    kept = _lasting(every)
    ends = [step.at for step in kept[1:]]
    spans = [
        Span(step.value, step.at, end, step.actor, step.origin)
        for step, end in zip(kept, (*ends, None), strict=True)
    ]
    if not agrees:
        spans[-1] = replace(spans[-1], origin="corrected")
    return Timeline(tuple(spans), said, agrees)


def _lasting(steps: Sequence[Step]) -> list[Step]:
    """Drop what lasted no time and what changed nothing; clocks never run backwards."""
    kept: list[Step] = []
    latest = steps[0].at
    for step in steps:
        latest = max(latest, step.at)
        if kept and kept[-1].at == latest:
            kept.pop()
        if not kept or kept[-1].value != step.value:
            kept.append(step if step.at == latest else replace(step, at=latest))
    return kept
