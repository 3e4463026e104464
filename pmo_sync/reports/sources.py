"""Where the report's data comes from, how fresh it is, and how far it can be trusted."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame, records
from pmo_sync.reports.base import SourceRow
from pmo_sync.reports.words import moment
from pmo_sync.rollups.scope import Scope

CLAUSE = 160
"""Characters of an error that a page shows: the whole of it is in ``store info`` and in logs."""


def source_rows(tables: Tables, scope: Scope, config: Config) -> tuple[SourceRow, ...]:
    """Return a row for each configured source, and each other one that items came from.

    A source is stale where its last complete sync is older at as-of than the policy allows; a
    negative age says that it was synced after as-of: the trackers' own histories tell of that day.
    """
    runs = sorted(records(tables["sync_run"]), key=lambda run: run["sync_id"])
    items, rejected = _by_source(scope.items), _by_source(tables["rejected"])
    configured = [source.name for source in config.sources]
    names = [*configured, *sorted(set(items) - set(configured))]
    return tuple(
        _row(
            name,
            [run for run in runs if run["source"] == name],
            items.get(name, 0),
            rejected.get(name, 0),
            scope,
            config,
        )
        for name in names
    )


def _row(
    name: str,
    runs: Sequence[Mapping[str, Any]],
    items: int,
    rejected: int,
    scope: Scope,
    config: Config,
) -> SourceRow:
    known = next((source for source in config.sources if source.name == name), None)
    complete = [run["started"] for run in runs if run["outcome"] == "complete"]
    age = scope.at - complete[-1] if complete else None
    synced = complete[-1].replace(tzinfo=UTC) if complete else None
    return SourceRow(
        name=name,
        kind=known.type if known else "no longer configured",
        url=known.url if known else "",
        synced=synced,
        age=age.total_seconds() / 3600 if age is not None else None,
        level=_freshness(age, timedelta(days=config.policy.source_stale_after)),
        items=items,
        rejected=rejected,
        note=failure(name, runs, synced, config.portfolio.timezone),
    )


def failure(
    name: str, runs: Sequence[Mapping[str, Any]], synced: datetime | None, timezone: str
) -> str:
    """Say since when a source that fails was not read, and why in one clause; else nothing."""
    if not runs or runs[-1]["outcome"] != "failed":
        return ""
    since = f"not read since {moment(synced, timezone)}" if synced else "never read"
    return f"{since}: {_clause(str(runs[-1]['message']).removeprefix(f'{name}: '))}"


def _clause(text: str) -> str:
    """Return the beginning of an error's words, cut between two of them."""
    first = text.strip().splitlines()[0] if text.strip() else "no reason given"
    return textwrap.shorten(first, CLAUSE, placeholder=" \u2026")


def _freshness(age: timedelta | None, limit: timedelta) -> Literal["fresh", "stale", "never"]:
    if age is None:
        return "never"
    return "stale" if age > limit else "fresh"


def _by_source(rows: Frame) -> dict[str, int]:
    counted = rows.group_by("source").agg(nw.len().alias("n"))
    return {row["source"]: int(row["n"]) for row in records(counted)}


def confidence(
    sources: Sequence[SourceRow], unmapped: int, unclaimed: int, items: int, blind: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """Return the data-confidence badge (good, limited, poor) and what it rests on."""
    reasons = []
    never = [source.name for source in sources if source.level == "never"]
    stale = [source.name for source in sources if source.level == "stale"]
    failed = [source.name for source in sources if source.note and source.level == "fresh"]
    rejected = sum(source.rejected for source in sources)
    if never:
        reasons.append(f"never synced: {', '.join(never)}")
    if stale:
        reasons.append(f"stale: {', '.join(stale)}")
    if failed:
        reasons.append(f"the last sync failed: {', '.join(failed)}")
    if rejected:
        reasons.append(f"{rejected} items could not be read")
    if unmapped:
        reasons.append(f"{unmapped} items are in a status that nothing maps")
    if items and unclaimed:
        reasons.append(f"{unclaimed} of {items} items are in no project")
    if blind:
        reasons.append(f"no tracker says when work starts in: {', '.join(blind)}")
    if not items or never or stale:
        return "poor", (*reasons, *(() if items else ("there are no items",)))
    return ("limited" if reasons else "good"), tuple(reasons)
