"""Baselines in the store: rows are added, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC

import duckdb

from pmo_sync.model import Baseline


def append(
    con: duckdb.DuckDBPyConnection,
    baselines: Sequence[Baseline],
    items: Mapping[int, Sequence[tuple[str, float | None]]],
) -> None:
    """Add baselines, and by their number the items that were in scope, with their points."""
    rows = [
        [b.number, b.action, b.name, b.project, b.day, b.target, b.items, b.points,
         b.made.astimezone(UTC).replace(tzinfo=None), b.actor, b.reason]
        for b in baselines
    ]  # fmt: skip
    con.executemany("INSERT INTO baseline VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    for number, held in items.items():
        ids, points = [item for item, _ in held], [value for _, value in held]
        con.execute(
            "INSERT INTO baseline_item SELECT ?, unnest(?::VARCHAR[]), unnest(?::DOUBLE[])",
            [number, ids, points],
        )
