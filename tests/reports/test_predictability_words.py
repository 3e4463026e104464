"""Planned against delivered in figures: each with what it is a part of."""

from __future__ import annotations

from datetime import date

from pmo_sync.reports.base import Figure
from pmo_sync.reports.status.predictability import predictability_of
from pmo_sync.rollups.predictability import Kept

MISSED = Figure(18, "18", items="missed")


def test_what_was_missed_is_of_what_was_planned_for_that_month() -> None:
    months = (Kept(date(2026, 5, 1), 45, 33), Kept(date(2026, 6, 1), 44, 25, 1))
    found = predictability_of(months, MISSED)

    assert found
    assert (found.missed.text, found.missed.note) == ("18", "of 44 planned for Jun 2026")
    assert (found.share.text, found.share.note) == ("65 %", "of 89 items planned in 2 months")


def test_without_a_plan_there_is_nothing_to_tell() -> None:
    assert predictability_of((Kept(date(2026, 6, 1)),), MISSED) is None
