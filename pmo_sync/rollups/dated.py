"""How the dates of milestones were moved: what was believed on which day, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import narwhals as nw

from pmo_sync.config import MilestoneConfig
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.rollups.calendar import local_day
from pmo_sync.rollups.projects import Recorded
from pmo_sync.rollups.scope import Scope


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that held from ``since`` on; None: it was taken away. ``seen_before`` is the day on
    which the one before it was seen last, where the change lies somewhere between."""

    since: date
    due: date | None
    by: str | None = None
    reason: str | None = None
    seen_before: date | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A re-dating: ``days`` later than before (negative: earlier); None where a date was given
    or taken away."""

    since: date
    before: date | None
    due: date | None
    days: int | None
    by: str | None
    reason: str | None
    seen_before: date | None


History = tuple[Dated, ...]
"""The dates of one milestone, the oldest first, each unlike the one before it."""


def tracker_dates(tables: Tables, scope: Scope) -> Mapping[str, History]:
    """Return by id how the trackers' milestones were dated until as-of, as syncs observed it:
    trackers keep no history of that."""
    rows = records(
        tables["history"].filter(
            nw.col("entity") == "milestone", nw.col("field") == "due",
            nw.col("valid_from") <= scope.at,
        ).select("entity_id", "value", "valid_from", "actor", "seen_before")
    )  # fmt: skip
    found: dict[str, list[Dated]] = {}
    names = scope.people.names()
    for row in sorted(rows, key=lambda row: (row["entity_id"], row["valid_from"])):
        before = row["seen_before"]
        found.setdefault(row["entity_id"], []).append(
            Dated(
                local_day(row["valid_from"], scope.timezone.key),
                date.fromisoformat(row["value"]) if row["value"] else None,
                names.get(row["actor"]) if row["actor"] else None,
                seen_before=local_day(before, scope.timezone.key) if before else None,
            )
        )
    return {id: _changes(dates) for id, dates in found.items()}


def configured_dates(one: MilestoneConfig, rows: Sequence[Recorded], scope: Scope) -> History:
    """Return how the configuration dated a milestone: what it was told by hand, until syncs
    recorded it; from then on what they recorded, with the names and reasons told for it."""
    told = [
        Dated(each.since, each.target, _spoken(each.by, scope), each.reason)
        for each in one.dates
        if each.since and each.since <= scope.day
    ]
    seen = [
        Dated(local_day(row.valid_from, scope.timezone.key),
              date.fromisoformat(row.value) if row.value else None)
        for row in rows
        if row.valid_from <= scope.at
    ]  # fmt: skip
    early = [each for each in told if not seen or each.since < seen[0].since]
    # The configuration in hand may say more than the last sync recorded.
    now = Dated(scope.day, one.target)
    return _changes([*early, *(_explained(each, told) for each in (*seen, now))])


def latest_of(histories: Iterable[History]) -> History:
    """Return the latest date of several milestones, as it was believed."""
    known = list(histories)
    days = sorted({each.since: each for dates in known for each in dates}.items())
    found = []
    for day, cause in days:
        held = [due for dates in known if (due := believed(dates, day))]
        found.append(replace(cause, due=max(held, default=None)))
    return _changes(found)


def believed(dates: History, day: date) -> date | None:
    """Return the date that was believed at the end of ``day``; None before one was known."""
    return next((each.due for each in reversed(dates) if each.since <= day), None)


def moves(dates: History) -> tuple[Move, ...]:
    """Return each re-dating of a milestone; to be given a first date is none."""
    known = dates[next((n for n, each in enumerate(dates) if each.due), len(dates)) :]
    return tuple(
        Move(
            now.since, was.due, now.due,
            (now.due - was.due).days if now.due and was.due else None,
            now.by, now.reason, now.seen_before,
        )
        for was, now in pairwise(known)
    )  # fmt: skip


def _explained(seen: Dated, told: Sequence[Dated]) -> Dated:
    """Add to a recorded date who gave it and why, and the day, where somebody wrote it down."""
    for each in reversed(told):
        if each.due == seen.due and each.since <= seen.since:
            return replace(seen, since=each.since, by=each.by, reason=each.reason)
    return seen


def _changes(dates: Iterable[Dated]) -> History:
    kept: list[Dated] = []
    for each in dates:
        if kept and kept[-1].due == each.due:
            continue
        # What was told may be older than what was seen before it: the order seen counts.
        since = max(each.since, kept[-1].since) if kept else each.since
        kept.append(replace(each, since=since))
    return tuple(kept)


def _spoken(name: str | None, scope: Scope) -> str | None:
    return scope.people.spoken(name) if name else None
