"""A change of pace is named among the reasons, with what it was before."""

from __future__ import annotations

from datetime import date

import pytest

from pmo_sync.reports.status.reasons import changed_pace
from pmo_sync.rollups.forecast.forecast import Forecast

SINCE = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Forecast(30, pace=2.0, pace_before=4.1, since=SINCE),
         "finishes 2.0 items a week since about 3 Mar 2026, 51 % less than the 4.1 before"),
        (Forecast(30, pace=6.0, pace_before=4.0, since=SINCE),
         "finishes 6.0 items a week since about 3 Mar 2026, 50 % more than the 4.0 before"),
        (Forecast(30, pace=6.0), None),
        (Forecast(30, pace=6.0, pace_before=0.0, since=SINCE), None),
        (Forecast(30, reason="6 weeks of history"), None),
    ],
    ids=["slower", "faster", "as ever", "from nothing", "no forecast"],
)  # fmt: skip
def test_what_is_said_of_it(found: Forecast, text: str | None) -> None:
    reasons = changed_pace(found)

    assert [(each.rule, each.level, each.text) for each in reasons] == (
        [("flow.pace", "note", text)] if text else []
    )
