"""The schedule dimension, rule by rule."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from pmo_sync.config import Portfolio, Project
from pmo_sync.policy import Policy
from pmo_sync.rollups.projects import Recorded
from pmo_sync.rollups.schedule import Schedule, schedule

TODAY, BEFORE = date(2026, 6, 30), date(2026, 6, 23)
AT = datetime(2026, 6, 30, 23, 59, 59, 999_999)
START = date(2026, 1, 5)


def recorded(*targets: tuple[str, str | None]) -> list[Recorded]:
    """(day recorded, target) in order."""
    days = [datetime.fromisoformat(day) for day, _ in targets]
    return [
        Recorded("P", "target", target, since, until)
        for (_, target), since, until in zip(targets, days, [*days[1:], None], strict=bool(targets))
    ]


def assess(target: date | None, rows: list[Recorded], open_items: int = 5) -> Schedule:
    project = Project("P", target=target, start=START)
    return schedule(project, rows, AT, TODAY, BEFORE, open_items, Portfolio(), Policy())


@pytest.mark.parametrize(
    ("target", "rows", "level", "rule"),
    [
        (None, [], "no_data", "schedule.no_target"),
        (date(2026, 9, 30), [], "no_data", "schedule.no_baseline"),
        (date(2026, 9, 30), [("2026-06-29", "2026-09-30")], "no_data", "schedule.no_baseline"),
        (date(2026, 9, 30), [("2026-06-01", "2026-09-30")], "on_track", "schedule.slip"),
        (date(2026, 9, 1), [("2026-06-01", "2026-09-30"), ("2026-06-20", "2026-09-01")],
         "on_track", "schedule.slip"),
        # From 5 January to 30 September are 192 working days: 19 of them are 10 %.
        (date(2026, 10, 27), [("2026-06-01", "2026-09-30"), ("2026-06-20", "2026-10-27")],
         "at_risk", "schedule.slip"),
        (date(2026, 10, 28), [("2026-06-01", "2026-09-30"), ("2026-06-20", "2026-10-28")],
         "off_track", "schedule.slip"),
        (date(2026, 6, 29), [], "off_track", "schedule.target_past"),
        (date(2026, 6, 30), [("2026-06-01", "2026-06-30")], "on_track", "schedule.slip"),
    ],
    ids=["no target", "never recorded", "recorded yesterday", "not moved", "moved earlier",
         "moved by 10 %", "moved by more", "past", "due today"],
)  # fmt: skip
def test_level(
    target: date | None, rows: list[tuple[str, str | None]], level: str, rule: str
) -> None:
    found = assess(target, recorded(*rows))
    assert (found.level, found.rule) == (level, rule)


def test_a_past_target_without_open_work_is_not_off_track() -> None:
    assert assess(date(2026, 6, 1), recorded(("2026-01-05", "2026-06-01")), 0).overdue == 0


def test_re_dating_a_missed_target_does_not_hide_the_slip() -> None:
    """The first record stays the measure, however often the target is moved."""
    rows = recorded(
        ("2026-01-05", "2026-03-31"), ("2026-03-30", "2026-05-29"), ("2026-05-28", "2026-07-31")
    )
    found = assess(date(2026, 7, 31), rows)
    assert found.level == "off_track"
    assert found.slip == 88
    assert [(old, new) for _, old, new in found.moves] == [
        (date(2026, 3, 31), date(2026, 5, 29)),
        (date(2026, 5, 29), date(2026, 7, 31)),
    ]


def test_what_was_recorded_after_as_of_is_not_known_yet() -> None:
    rows = recorded(("2026-06-01", "2026-09-30"), ("2026-07-15", "2026-12-31"))
    assert assess(date(2026, 9, 30), rows).slip == 0
