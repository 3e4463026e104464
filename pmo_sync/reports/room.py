"""How many rows each list of a page gets where all of them together are too many to read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from pmo_sync.reports.base import Quality, Summary

Tiers = Sequence[Collection[str | None]]
"""Ids of lists, None for what opens none; what is in an earlier one is served before what is in a
later one."""


def opened(summary: Summary, quality: Iterable[Quality] = ()) -> Tiers:
    """Return which lists a page's first readers open: those of its figures, its changes and its
    doubtful data, then those of its exceptions' reasons."""
    told = {
        *(figure.items for _, figure in summary.figures),
        *(change.items for change in summary.changes),
        *(finding.items for finding in quality),
    }
    reasons = {reason.items for one in summary.exceptions for reason in one.reasons}
    return told, reasons


def shared_out(sizes: Mapping[str, int], room: int | None, tiers: Tiers = ()) -> Mapping[str, int]:
    """Return how many of its rows each list keeps, at most ``room`` in all: its first where there
    is room for that, and then tier by tier, what is in none last. The lists of a tier are cut to
    one length, and where they were, later ones have nothing more. Without ``room`` none is cut."""
    if room is None or sum(sizes.values()) <= room:
        return sizes
    least = 1 if len(sizes) <= room else 0
    kept = {id: min(size, least) for id, size in sizes.items()}
    room -= sum(kept.values())
    served: set[str] = set()
    for tier in (*tiers, sizes):
        more = {id: sizes[id] - kept[id] for id in sizes if id in tier and id not in served}
        level = _level(sorted(more.values()), room)
        kept |= {id: kept[id] + min(size, level) for id, size in more.items()}
        served |= more.keys()
        room = 0 if level < max(more.values(), default=0) else room - sum(more.values())
    return kept


def _level(sizes: Sequence[int], room: int) -> int:
    """Return the greatest length to which lists (the shortest first) can be cut to fit."""
    for number, size in enumerate(sizes):
        left = len(sizes) - number
        if size * left > room:
            return room // left
        room -= size
    return max(sizes, default=0)
