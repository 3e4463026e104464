"""Freshness and the data-confidence badge, rule by rule."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pmo_sync.reports.base import SourceRow
from pmo_sync.reports.sources import CLAUSE, confidence, failure


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


SYNCED = datetime(2026, 6, 29, 22, 30, tzinfo=UTC)
"""Half past midnight in Paris."""


@pytest.mark.parametrize(
    ("outcomes", "synced", "words"),
    [
        ([], None, ""),
        (["failed", "complete"], SYNCED, ""),
        (["complete", "failed"], SYNCED, "not read since 30 Jun 2026, 00:30: refused (401)"),
        (["failed"], None, "never read: refused (401)"),
    ],
)
def test_a_failed_source_says_since_when_it_was_not_read_and_why(
    outcomes: list[str], synced: datetime | None, words: str
) -> None:
    runs = [{"outcome": outcome, "message": "jira: refused (401)"} for outcome in outcomes]
    assert failure("jira", runs, synced, "Europe/Paris") == words


def test_why_is_one_clause_however_much_a_tracker_says() -> None:
    runs = [{"outcome": "failed", "message": "a b " * 200 + "\nsecond line"}]
    told = failure("jira", runs, None, "UTC").removeprefix("never read: ")
    assert CLAUSE - 5 < len(told) <= CLAUSE
    assert told.endswith(" \u2026")
