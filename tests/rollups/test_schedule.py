"""Where a target stands: how it moved, against what, and how far it is past."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pmo_sync.config import Portfolio, Project
from pmo_sync.model import Baseline
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


def assess(
    target: date | None, rows: list[Recorded], open_items: int = 5, *agreed: date
) -> Schedule:
    project = Project("P", target=target, start=START)
    made = datetime(2026, 5, 1, tzinfo=UTC)
    baselines = [
        Baseline(n, "set", f"B{n}", "P", date(2026, 5, n), day, 1, None, made)
        for n, day in enumerate(agreed, 1)
    ]
    return schedule(project, rows, AT, TODAY, BEFORE, open_items, Portfolio(), baselines)


@pytest.mark.parametrize(
    ("target", "rows", "slip"),
    [
        (None, [], None),
        (date(2026, 9, 30), [], None),
        (date(2026, 9, 30), [("2026-06-29", "2026-09-30")], None),
        (date(2026, 9, 30), [("2026-06-01", "2026-09-30")], 0),
        (date(2026, 9, 1), [("2026-06-01", "2026-09-30"), ("2026-06-20", "2026-09-01")], -21),
        (date(2026, 10, 28), [("2026-06-01", "2026-09-30"), ("2026-06-20", "2026-10-28")], 20),
        (date(2026, 10, 28), [("2026-06-28", "2026-09-30"), ("2026-06-29", "2026-10-28")], 20),
    ],
    ids=["no target", "never recorded", "recorded yesterday", "not moved", "moved earlier",
         "moved later", "recorded and moved within a period"],
)  # fmt: skip
def test_slip(target: date | None, rows: list[tuple[str, str | None]], slip: int | None) -> None:
    assert assess(target, recorded(*rows)).slip == slip


def test_the_last_baseline_is_what_was_committed_to_and_the_first_record_stays_the_first() -> None:
    rows = recorded(("2026-01-05", "2026-03-31"), ("2026-03-30", "2026-07-31"))
    found = assess(date(2026, 7, 31), rows, 5, date(2026, 5, 29), date(2026, 7, 17))
    assert (found.first, found.committed) == (date(2026, 3, 31), date(2026, 7, 17))
    assert (found.slip_first, found.slip) == (88, 10)


@pytest.mark.parametrize(
    ("target", "open_items", "overdue"),
    [(date(2026, 6, 29), 5, 1), (date(2026, 6, 30), 5, 0), (date(2026, 6, 29), 0, 0)],
    ids=["past", "due today", "past, nothing open"],
)
def test_overdue(target: date, open_items: int, overdue: int) -> None:
    assert assess(target, [], open_items).overdue == overdue


def test_re_dating_a_missed_target_does_not_hide_the_slip() -> None:
    """The first record stays the measure, however often the target is moved."""
    rows = recorded(
        ("2026-01-05", "2026-03-31"), ("2026-03-30", "2026-05-29"), ("2026-05-28", "2026-07-31")
    )
    found = assess(date(2026, 7, 31), rows)
    assert found.slip == 88
    assert [(old, new) for _, old, new in found.moves] == [
        (date(2026, 3, 31), date(2026, 5, 29)),
        (date(2026, 5, 29), date(2026, 7, 31)),
    ]


def test_what_was_recorded_after_as_of_is_not_known_yet() -> None:
    rows = recorded(("2026-06-01", "2026-09-30"), ("2026-07-15", "2026-12-31"))
    assert assess(date(2026, 9, 30), rows).slip == 0
