"""Freshness and the data-confidence badge, rule by rule."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pmo_sync.reports.base import SourceRow
from pmo_sync.reports.sources import confidence


def source(level: str = "fresh", rejected: int = 0, note: str = "") -> SourceRow:
    synced = None if level == "never" else datetime(2026, 6, 30, tzinfo=UTC)
    return SourceRow("jira", "jira", "https://x", synced, 1.0, level, 10, rejected, note)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "unmapped", "unclaimed", "items", "blind", "badge", "reason"),
    [
        (source(), 0, 0, 10, [], "good", None),
        (source(rejected=2), 0, 0, 10, [], "limited", "2 items could not be read"),
        (source(), 3, 0, 10, [], "limited", "3 items are in a status that nothing maps"),
        (source(), 0, 4, 10, [], "limited", "4 of 10 items are in no project"),
        (source(), 0, 0, 10, ["P"], "limited", "no tracker says when work starts in: P"),
        (source(note="the last sync failed: x"), 0, 0, 10, [], "limited",
         "the last sync failed: jira"),
        (source("stale"), 0, 0, 10, [], "poor", "stale: jira"),
        (source("never"), 0, 0, 10, [], "poor", "never synced: jira"),
        (source(), 0, 0, 0, [], "poor", "there are no items"),
    ],
)  # fmt: skip
def test_confidence(
    row: SourceRow,
    unmapped: int,
    unclaimed: int,
    items: int,
    blind: list[str],
    badge: str,
    reason: str | None,
) -> None:
    found, reasons = confidence([row], unmapped, unclaimed, items, blind)
    assert found == badge
    assert list(reasons) == ([reason] if reason else [])
