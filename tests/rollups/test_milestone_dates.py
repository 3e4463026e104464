"""When work in a milestone will be done: of which there are dates, and that the command agrees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.model import HistoryRow, Milestone
from pmo_sync.policy import Policy
from pmo_sync.reports.forecast import forecast_rows
from pmo_sync.reports.forecast_milestone import milestone_rows
from pmo_sync.rollups.forecast.forecast import Forecast
from pmo_sync.rollups.milestone_dates import LATE, milestone_forecasts
from tests.frames.engines import ENGINES, Engine, World
from tests.rollups.forecast.test_forecast_trend import DAY, at, config, team, work_at

AHEAD = date(2026, 6, 30)
MILESTONES = {
    "ahead": ("open", AHEAD),
    "undated": ("open", None),
    "late": ("open", DAY - LATE),
    "too late": ("open", DAY - LATE * 2),
    "closed": ("closed", AHEAD),
    "finished": ("open", AHEAD),
    "young": ("open", DAY),
    "empty": ("open", AHEAD),
}
"""Name -> state and day."""


def held(number: int, name: str) -> HistoryRow:
    return HistoryRow("item", f"s#{number}", "milestone", f"s#{name}", at(0))


def releases() -> World:
    """Of the team's items, which are done one after the other, every second is in each milestone
    that is not finished, and one that is open in the young one."""
    made = team()
    for name, (state, due) in MILESTONES.items():
        made.add(Milestone(f"s#{name}", "s", "A", name, state, "", due=due))
    for name in ("ahead", "undated", "late", "too late", "closed"):
        made.add(*(held(number, name) for number in range(0, 92, 2)))
    made.add(held(91, "young"), *(held(number, "finished") for number in range(1, 30, 2)))
    return made


@pytest.fixture(params=ENGINES)
def tables(request: pytest.FixtureRequest) -> Tables:
    engine: Engine = request.param
    return releases().tables(engine)


def found(tables: Tables, settings: Config) -> Mapping[str, Forecast]:
    told = milestone_forecasts(tables, work_at(tables, settings, DAY), (), Policy())
    assert {project for project, _ in told} == {"P"}
    return {milestone.removeprefix("s#"): each for (_, milestone), each in told.items()}


def test_there_are_dates_of_what_is_worked_for(tables: Tables) -> None:
    """Neither of what is closed, done, empty or long past, nor without enough to tell from."""
    told = found(tables, config())

    assert {*told} == {"ahead", "undated", "late", "young"}
    assert told["young"].reason is not None and told["young"].p85 is None
    for name in ("ahead", "undated", "late"):
        assert told[name].reason is None, name
        days = [told[name].p50, told[name].p85, told[name].p95]
        assert days == sorted(day for day in days if day), name
    assert told["undated"].probability is None
    assert 0 < (told["ahead"].probability or 0) < 1
    assert told["late"].probability == 0


def test_the_command_says_the_same(tables: Tables) -> None:
    settings = config()
    told = found(tables, settings)
    rows = {
        row["group"]: row for row in forecast_rows(tables, settings, None, "milestone", DAY, None)
    }

    for name in ("ahead", "undated", "late", "young"):
        by_name = milestone_rows(tables, settings, name.upper(), DAY, None)[0]
        for row in (rows[name], by_name):
            expected = told[name].open, told[name].p50, told[name].p85, told[name].p95
            assert tuple(row[each] for each in ("open", "p50", "p85", "p95")) == expected, name
            assert row["target"] == MILESTONES[name][1], name
    assert rows["ahead"]["odds"] == pytest.approx(told["ahead"].probability, abs=1e-3)


def test_a_milestone_is_asked_for_its_day_unless_another_is_named(tables: Tables) -> None:
    other = date(2026, 12, 31)
    (row,) = milestone_rows(tables, config(), "ahead", DAY, other)
    assert row["target"] == other
