"""What would make a schedule green, in words."""

from __future__ import annotations

from datetime import date

import pytest

from pmo_sync.policy import HealthPolicy
from pmo_sync.reports.status.forecast import path_to_green
from pmo_sync.reports.status.wording import to_green
from pmo_sync.rollups.forecast.forecast import Forecast
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


@pytest.mark.parametrize(
    ("cut", "needed", "told"),
    [
        (12, 6.4, [("Scope to cut", "12 items", "of 47 open items, for 85 % by the target"),
                   ("Or finish a week", "6.4", "for 85 % by the target; 3.9 now")]),
        (46, None, [("Scope to cut", "46 items", "of 47 open items, for 85 % by the target")]),
        (47, 6.4, [("Scope to cut", "none would do", "for 85 % by the target")]),
        (0, 3.9, []),
        (None, None, []),
    ],
    ids=["some", "however much is finished", "all", "green already", "no target"],
)  # fmt: skip
def test_figures_say_no_other_than_the_words(
    cut: int | None, needed: float | None, told: list[tuple[str, str, str]]
) -> None:
    figures = path_to_green(Forecast(47, pace=3.9, cut=cut, needed=needed))
    assert [(name, one.text, one.note) for name, one in figures] == told
