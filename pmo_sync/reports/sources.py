"""Where the report's data comes from, how fresh it is, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.reports.base import SourceRow
from pmo_sync.rollups.scope import Scope


def source_rows(tables: Tables, scope: Scope, config: Config) -> tuple[SourceRow, ...]:
    """Return a row for each configured source, and each other one that items came from.

    A source is stale where its last complete sync is older at as-of than the policy allows; a
    negative age says that it was synced after as-of: the trackers' own histories tell of that day.
    """
    runs = sorted(records(tables["sync_run"]), key=lambda run: run["sync_id"])
    items = {
        row["source"]: int(row["n"])
        for row in records(scope.items.group_by("source").agg(nw.len().alias("n")))
    }
    rejected = {
        row["source"]: int(row["n"])
        for row in records(tables["rejected"].group_by("source").agg(nw.len().alias("n")))
    }
    known = {source.name: source for source in config.sources}
    names = [*known, *sorted(set(items) - set(known))]
    limit = timedelta(days=config.policy.source_stale_after)
    rows = []
    for name in names:
        mine = [run for run in runs if run["source"] == name]
        complete = [run for run in mine if run["outcome"] == "complete"]
        synced = complete[-1]["started"] if complete else None
        age = scope.at - synced if synced else None
        level = "never" if age is None else "stale" if age > limit else "fresh"
        failed = mine[-1]["message"] if mine and mine[-1]["outcome"] == "failed" else None
        rows.append(
            SourceRow(
                name=name,
                kind=known[name].type if name in known else "no longer configured",
                url=known[name].url if name in known else "",
                synced=synced.replace(tzinfo=UTC) if synced else None,
                age=age.total_seconds() / 3600 if age is not None else None,
                level=level,  # type: ignore[arg-type]
                items=items.get(name, 0),
                rejected=rejected.get(name, 0),
                note=f"the last sync failed: {failed}" if failed else "",
            )
        )
    return tuple(rows)


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
