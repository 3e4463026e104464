"""Dates on the page: beside each one that was agreed to or is expected stand its odds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pmo_sync.render.html import render_html
from pmo_sync.reports.status.milestone_view import MilestoneForecast, MilestoneView, TargetOdds
from tests.render.page import read
from tests.render.sample_report import status_report


def milestone(name: str, due: date | None, **changes: object) -> MilestoneView:
    one = MilestoneView(name, due, closed=False, open=3, done=9, overdue=0)
    return replace(one, **changes)  # type: ignore[arg-type]


def test_a_slip_tells_the_odds_of_what_was_agreed_to() -> None:
    """Of the last baseline and of what was said first; nothing is said of the date twice."""
    report = status_report()
    project = report.attention[0]
    target = replace(
        project.target, committed=date(2026, 3, 20), slip_first=30,
        odds=TargetOdds(0.5, "odds 50 %"), odds_committed=TargetOdds(0.12, "odds 12 %"),
        odds_first=TargetOdds(0, "past"),
    )  # fmt: skip
    page = read(
        render_html("status", replace(report, attention=(replace(project, target=target),)))
    )
    told = page.by_id("attention").text()
    assert "from the last baseline, 20 Mar 2026 (odds 12 %)" in told
    assert "from the first target, 30 Jan 2026 (past)" in told


def test_a_milestone_has_a_range_of_dates_and_the_odds_of_its_own() -> None:
    report = status_report()
    project = report.steady[0]
    found = MilestoneForecast(date(2026, 5, 4), date(2026, 6, 1), None, 0.42, "42 %", None)
    none = MilestoneForecast(None, None, None, None, "", "4 weeks <b>only</b>")
    milestones = (
        milestone("3.0", date(2026, 5, 1), forecast=found),
        milestone("2.0", date(2026, 1, 1), overdue=9, forecast=replace(found, odds="<5 %")),
        milestone("4.0", None, forecast=none),
        milestone("1.0", None, closed=True),
    )
    page = read(
        render_html("status", replace(report, steady=(replace(project, milestones=milestones),)))
    )
    (table,) = (each for each in page.all("table") if "Milestones and versions of" in each.text())
    rows = [[cell.text() for cell in row.all("td")] for row in table.all("tbody")[0].all("tr")]
    assert [row[1] for row in rows] == [
        "1 Jun 2026 50 % 4 May 2026, 95 % over two years ahead odds of 1 May 2026: 42 %",
        "1 Jun 2026 50 % 4 May 2026, 95 % over two years ahead",
        "No forecast: 4 weeks <b>only</b>",
        "–",
    ]
