"""What would make a schedule green, in words."""

from __future__ import annotations

from datetime import date

import pytest

from pmo_sync.policy import HealthPolicy
from pmo_sync.reports.status.wording import to_green
from pmo_sync.rollups.health.table import Dates, Odds, schedule_finding

DATES = Dates(date(2026, 9, 10), date(2026, 9, 10), 0, 100, 0, 47)
LATER = "a target of 16 Mar 2027 or later that is agreed as a baseline"


@pytest.mark.parametrize(
    ("odds", "words"),
    [
        (Odds(0.4, date(2027, 3, 16), 12), f"12 items out of scope, or {LATER}"),
        (Odds(0.4, date(2027, 3, 16), 1), f"1 item out of scope, or {LATER}"),
        (Odds(0.0, date(2027, 3, 16)), f"{LATER}; no smaller scope would do"),
        (Odds(0.0), "a later target that is agreed as a baseline; no smaller scope would do"),
        (Odds(0.9, date(2026, 9, 1)), None),
    ],
)
def test_what_would_make_the_target_hold(odds: Odds, words: str | None) -> None:
    assert to_green(schedule_finding(DATES, odds, HealthPolicy())) == words
