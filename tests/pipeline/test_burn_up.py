"""The burn-up of a project: what is done, its scope, and the fan that leads to the forecast."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def projects(demo_folder: Path) -> list[Any]:
    """Those of the demo's status report that have a forecast."""
    path = demo_folder / "reports" / "2026-06-30" / "status.json"
    report = json.loads(path.read_text(encoding="utf-8"))
    every = [*report["attention"], *report["steady"]]
    return [each for each in every if each["forecast"]["reason"] is None]


def lines(project: Any) -> dict[str, dict[date, float]]:
    chart = project["burn_up"]
    days = [date.fromisoformat(day) for day in chart["x"]]
    return {
        line["name"]: {d: v for d, v in zip(days, line["values"], strict=True) if v is not None}
        for line in chart["lines"]
    }


def test_what_is_done_ends_on_the_day_and_the_scope_goes_on(projects: list[Any]) -> None:
    for project in projects:
        drawn = lines(project)
        done, scope = drawn["Done"], drawn["Scope"]
        assert max(done) == date(2026, 6, 30), project["name"]
        assert scope[max(done)] - done[max(done)] == project["forecast"]["open"], project["name"]
        assert {scope[day] for day in scope if day >= max(done)} == {scope[max(done)]}


def test_the_fan_leads_to_the_scope_on_the_dates_of_the_forecast(projects: list[Any]) -> None:
    shown = 0
    for project in projects:
        drawn = lines(project)
        now, scope = max(drawn["Done"]), drawn["Scope"]
        for share in (50, 85, 95):
            finish = project["forecast"][f"p{share}"]
            assert (f"{share} %" in drawn) == (finish is not None), project["name"]
            for day, value in drawn.get(f"{share} %", {}).items():
                assert (value == scope[day]) or day < date.fromisoformat(finish), project["name"]
                assert drawn["Done"][now] <= value <= scope[day]
                shown += 1
    assert shown > 100


def test_surer_dates_lie_below(projects: list[Any]) -> None:
    for project in projects:
        drawn = lines(project)
        for likely, sure in (("50 %", "85 %"), ("85 %", "95 %")):
            for day, value in drawn.get(sure, {}).items():
                assert value <= drawn[likely][day], (project["name"], day)
