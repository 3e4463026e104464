"""A change of pace is named among the reasons, with what it was before."""

from __future__ import annotations

from datetime import date

import pytest

from pmo_sync.reports.forecast import forecast_row
from pmo_sync.reports.status.reasons import changed_pace
from pmo_sync.rollups.forecast.forecast import Forecast

SINCE, EARLIEST, LATEST = date(2026, 3, 3), date(2025, 12, 27), date(2026, 3, 13)
ABOUT = "since about 3 Mar 2026 (between 27 Dec 2025 and 13 Mar 2026)"


def changed(before: float, pace: float) -> Forecast:
    return Forecast(
        30, pace=pace, pace_before=before,
        since=SINCE, since_earliest=EARLIEST, since_latest=LATEST,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (changed(4.1, 2.0), f"finishes 2.0 items a week {ABOUT}, 51 % less than the 4.1 before"),
        (changed(4.0, 6.0), f"finishes 6.0 items a week {ABOUT}, 50 % more than the 4.0 before"),
        (Forecast(30, pace=6.0), None),
        (changed(0.0, 6.0), None),
        (Forecast(30, reason="6 weeks of history"), None),
    ],
    ids=["slower", "faster", "as ever", "from nothing", "no forecast"],
)  # fmt: skip
def test_what_is_said_of_it(found: Forecast, text: str | None) -> None:
    reasons = changed_pace(found)

    assert [(each.rule, each.level, each.text) for each in reasons] == (
        [("flow.pace", "note", text)] if text else []
    )


def test_a_row_tells_between_which_days_it_was() -> None:
    row = forecast_row("P", changed(4.1, 2.0), None)

    told = [row[name] for name in ("since_earliest", "since", "since_latest")]
    assert told == [EARLIEST, SINCE, LATEST]
