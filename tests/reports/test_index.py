"""The index joins what reports tell of themselves; it adds the count of decisions, no figure."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from pmo_sync.reports.base import Decision, Figure, Page, Summary
from pmo_sync.reports.index import join
from tests.render.sample_report import status_report

ASKED = Decision("Payments", "Name an owner", "no owner", None)


@pytest.mark.parametrize(
    ("counts", "begins"),
    [
        ((0,), "All is well."),
        ((1,), "1 decision is needed. All is well."),
        ((1, 1), "2 decisions are needed. All is well."),
        ((2, 3), "5 decisions of 1 kind are needed. All is well."),
    ],
)
def test_the_headline_counts_the_decisions_of_all_reports(
    counts: tuple[int, ...], begins: str
) -> None:
    pages = [
        replace(
            status_report(), summary=Summary("S", "All is well.", (), (), decisions=(ASKED,) * n)
        )
        for n in counts
    ]
    assert join(pages).headline == begins


def test_the_masthead_is_the_first_reports() -> None:
    report = status_report()
    joined = join([report])
    for name in ("portfolio", "as_of", "previous", "sources", "confidence", "policy_version"):
        assert getattr(joined, name) == getattr(report, name)
    assert [entry.name for entry in joined.entries] == ["status"]


def test_a_report_that_gives_no_summary_is_told_by_its_headline_and_totals() -> None:
    totals = (("Open", Figure(3, "3")),)
    plugin = SimpleNamespace(report="burn_down", headline="3 are left.", totals=totals)
    joined = join([status_report(), cast(Page, plugin)])
    assert joined.entries[1].summary == Summary("Burn down", "3 are left.", totals, ())
