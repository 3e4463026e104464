"""What was known of past weeks, and forecast then: as a report of that day would have said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pmo_sync.config import Config, Portfolio, Project, Select
from pmo_sync.frames import Tables
from pmo_sync.model import HistoryRow, WorkItem
from pmo_sync.policy import Policy
from pmo_sync.rollups.flow import of_projects
from pmo_sync.rollups.forecast.forecast import Asked, Forecast, forecasts_of, known_of
from pmo_sync.rollups.forecast.near import AHEAD, chances
from pmo_sync.rollups.forecast.past import known_then
from pmo_sync.rollups.forecast.trend import Point, backs, forecasts_now, trends
from pmo_sync.rollups.projects import Recorded
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.weekly import WEEK, Weekly, weekly
from pmo_sync.rollups.work import only_work
from tests.frames.engines import ENGINES, Engine, World
from tests.rollups.test_scope import TERMS

DAY = date(2026, 4, 20)
START = datetime(2026, 1, 6, 12, tzinfo=UTC)
TARGET = date(2026, 6, 30)
PLAN = Project("P", select=(Select("jira"),), target=TARGET)


def at(day: float) -> datetime:
    """So many days after 6 January, a Tuesday: weeks end with as-of, a Monday."""
    return START + timedelta(days=day)


def item(number: int, created: float = 0) -> WorkItem:
    return WorkItem(f"s#{number}", "s", f"A-{number}", "A", "10", 0, "Item", "new", at(created),
                    at(created), "")  # fmt: skip


def moves(number: int, *steps: tuple[float, str]) -> list[HistoryRow]:
    ends = [*(at(day) for day, _ in steps[1:]), None]
    return [
        HistoryRow("item", f"s#{number}", "status", value, at(day), end)
        for (day, value), end in zip(steps, ends, strict=True)
    ]


def team() -> World:
    """One item done every second day for 100 days, of which each eighth is re-opened after three
    weeks and done again a week later; forty are open, two were dropped lately."""
    made = World().add(*TERMS)
    for number in range(92):
        done = 2 * number + 3
        steps = [(0.0, "new"), (done - 2.0, "doing"), (float(done), "done")]
        if number % 8 == 0:
            steps += [(done + 21.0, "doing"), (done + 28.0, "done")]
        steps = [step for step in steps if at(step[0]).date() <= DAY]
        made.add(item(number), *moves(number, *steps)).present(item(number))
    return made


def config(**portfolio: object) -> Config:
    told = replace(Portfolio(), **portfolio)  # type: ignore[arg-type]
    return Config(Path("x"), portfolio=told, projects=(PLAN,))


@pytest.fixture(params=ENGINES)
def tables(request: pytest.FixtureRequest) -> Tables:
    engine: Engine = request.param
    return team().tables(engine)


def work_at(tables: Tables, config: Config, day: date) -> Scope:
    return only_work(tables, scope_at(tables, config, day), Policy())


@pytest.mark.parametrize("back", [0, 1, 3, 5])
def test_what_was_known_is_what_the_report_of_that_day_counted(tables: Tables, back: int) -> None:
    """What was re-opened since had been finished then."""
    told = config()
    now, then = (work_at(tables, told, DAY - WEEK * n) for n in (0, back))

    (known,) = known_then(tables, now, of_projects(now), [back], Policy())["P"]

    counted = weekly(then, of_projects(then))["P"]
    assert replace(known.weeks, days=counted.days) == counted
    assert counted.days - back <= known.weeks.days <= counted.days
    assert sum(known.weeks.finished) > 20


def test_a_past_forecast_is_the_one_of_that_day(tables: Tables) -> None:
    told = config()
    work = work_at(tables, told, DAY)
    known = known_then(tables, work, of_projects(work), backs("week"), Policy())
    now = forecasts_now(known, work, Policy())

    points = trends(told, known, work, [], now)["P"]

    assert [point.day for point in points] == [DAY - WEEK * n for n in (4, 3, 2, 1, 0)]
    for point in points:
        made = forecast_of(scope_at(tables, told, point.day))
        assert (point.open, point.p50, point.p85) == (made.open, made.p50, made.p85)
        assert point.probability == pytest.approx(made.probability, abs=1e-6)
        assert point.p50 is not None


def test_todays_forecast_is_the_one_that_the_command_makes(tables: Tables) -> None:
    work = work_at(tables, config(), DAY)
    known = known_then(tables, work, of_projects(work), backs("week"), Policy())
    assert forecasts_now(known, work, Policy()) == {"P": forecast_of(work)}


def test_an_earlier_day_is_judged_by_the_odds_of_the_whole_forecast(tables: Tables) -> None:
    work = work_at(tables, config(), DAY)
    (there,), whole = chances(work, Policy()).values(), forecast_of(work)

    assert (there.open, there.p50, there.p85) == (whole.open, whole.p50, whole.p85)
    assert there.probability == pytest.approx(whole.probability, abs=1e-6)
    assert there.record is None


def forecast_of(work: Scope) -> Forecast:
    return forecasts_of(work, of_projects(work), {"P": Asked(TARGET)}, Policy())["P"]


def test_the_target_is_that_of_the_day(tables: Tables) -> None:
    """It was moved on 7 April, and the project was not active before 31 March."""
    moved, begun = datetime(2026, 4, 7, 8), datetime(2026, 3, 31, 8)
    recorded = [
        Recorded("P", "target", "2026-05-29", datetime(2026, 1, 6), moved),
        Recorded("P", "target", "2026-06-30", moved, None),
        Recorded("P", "lifecycle", "proposed", datetime(2026, 1, 6), begun),
        Recorded("P", "lifecycle", "active", begun, None),
    ]
    told = config()
    work = work_at(tables, told, DAY)
    known = known_then(tables, work, of_projects(work), backs("week"), Policy())

    points = trends(told, known, work, recorded, forecasts_now(known, work, Policy()))["P"]

    assert [(p.target, p.active) for p in points] == [
        (date(2026, 5, 29), False), (date(2026, 5, 29), False), (date(2026, 5, 29), True),
        (TARGET, True), (TARGET, True),
    ]  # fmt: skip


def test_a_month_is_four_weeks() -> None:
    assert [backs(period) for period in ("week", "fortnight", "month")] == [
        (4, 3, 2, 1, 0), (8, 6, 4, 2, 0), (16, 12, 8, 4, 0),
    ]  # fmt: skip


def test_what_takes_longer_than_two_years_has_no_date(tables: Tables) -> None:
    """Two thousand more that nobody touches."""
    made = team()
    for number in range(1000, 3000):
        made.add(item(number), *moves(number, (0, "new"))).present(item(number))
    large = made.tables("duckdb")
    work = work_at(large, config(), DAY)
    known = known_then(large, work, of_projects(work), backs("week"), Policy())

    points = trends(config(), known, work, [], forecasts_now(known, work, Policy()))["P"]

    assert {(p.p50, p.p85, p.reason) for p in points} == {(None, None, None)}
    assert all(p.probability == pytest.approx(0, abs=1e-9) for p in points)
    assert AHEAD == 104


def test_a_group_without_history_has_its_own_day_alone(tables: Tables) -> None:
    """Before its first item came there is nothing to tell."""
    made = World().add(*TERMS)
    young = item(1, created=100)
    made.add(young, *moves(1, (100, "new"))).present(young)
    there = made.tables("duckdb")
    work = work_at(there, config(), DAY)
    known = known_then(there, work, of_projects(work), backs("week"), Policy())
    assert known["P"][0].weeks == Weekly()
    points = trends(config(), known, work, [], forecasts_now(known, work, Policy()))["P"]
    assert [(p.day, bool(p.reason)) for p in points] == [(DAY, True)]
    assert isinstance(points[0], Point)


@pytest.mark.parametrize("engine", ENGINES)
def test_weeks_in_which_all_groups_stood_still_are_known_of_each(engine: Engine) -> None:
    """One or the other team finishes an item a day, but for two weeks that ended 8 weeks ago."""
    made = World().add(*TERMS)
    days = [day for day in range(-70, 105) if not 35 <= day < 49]
    for day in days:
        made.add(item(day, -90), *moves(day, (-90, "new"), (day, "done"))).present(item(day, -90))
    tables = made.tables(engine)
    work = work_at(tables, config(), DAY)
    teams = [(f"s#{day}", "even" if day % 2 == 0 else "odd") for day in days]
    groups = tables.rows({"item_id": "str", "group": "str"}, teams)

    past = known_then(tables, work, groups, [1, 0], Policy())
    now = known_of(work, groups, ["even", "odd"], Policy())

    for team in ("even", "odd"):
        assert [then.weeks.still for then in past[team]] == [{8, 9}, {9, 10}]
        assert now[team].weeks.still == {9, 10}
