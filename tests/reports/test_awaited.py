"""What page one tells of a milestone of the portfolio."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pmo_sync.reports.base import Figure
from pmo_sync.reports.status.milestone_view import PortfolioMilestoneView
from pmo_sync.reports.status.summary import awaited

GATHERED = PortfolioMilestoneView(
    id="m1-go-live", name="Go live", program="Payments", project=None,
    target=date(2026, 9, 10), distance=52, overdue=0, text="10 Sep 2026 (in 52 working days)",
    first=date(2026, 7, 31), moved="moved once, 41 calendar days later than first said", moves=(),
    open=Figure(51, "51"), done=Figure(242, "242"),
    p50=date(2027, 1, 26), p85=date(2027, 6, 1), p95=None, probability=0.02, odds_first=None,
    method="", reason=None, figures=(), parts=(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "name", "told"),
    [
        ({}, "Date", "10 Sep 2026 (in 52 working days)"),
        ({}, "Moved", "moved once, 41 calendar days later than first said"),
        ({}, "Odds of it", "<5 %"),
        ({}, "Done with", "85 % by 1 Jun 2027 (50 % by 26 Jan 2027)"),
        ({}, "Open items", "51 of 293"),
        ({"overdue": 3}, "Date", "10 Sep 2026 (in 52 working days); 3 working days past"),
        ({"moved": ""}, "Moved", "–"),
        ({"probability": None}, "Odds of it", "–"),
        ({"p85": None}, "Done with",
         "85 % by more than ten years from now (50 % by 26 Jan 2027)"),
        ({"reason": "PAY: 3 whole weeks of history, fewer than 6"}, "Done with", "No forecast"),
    ],
)  # fmt: skip
def test_its_date_its_odds_and_what_is_open(
    changes: dict[str, object], name: str, told: str
) -> None:
    found = awaited(replace(GATHERED, **changes))  # type: ignore[arg-type]
    assert dict(found.facts)[name] == told
    assert (found.subject, found.level, found.id, found.kind) == (
        "Go live", "note", "m1-go-live", "milestone",
    )  # fmt: skip
