"""Forecasts of groups of items: what their weeks brought, and when there is none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.config import Project, Select
from pmo_sync.policy import ForecastPolicy, Policy
from pmo_sync.rollups.flow import Spread, of_projects
from pmo_sync.rollups.forecast.forecast import (
    Asked,
    Forecast,
    forecast,
    forecasts_of,
    last_items,
)
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.weekly import Weekly, weekly
from pmo_sync.rollups.work import only_work
from tests.frames.engines import ENGINES, Engine
from tests.rollups.test_scope import DAY, config, item, status, world

OF_ALL = Project("P", select=(Select("jira"),), target=date(2026, 6, 30))
POLICY = ForecastPolicy()
TARGET = DAY + timedelta(weeks=30)
SAMPLE = (1, 3, 5, 3, 7, 8, 0, 5, 3, 1, 8, 2)


@pytest.fixture(params=ENGINES)
def work(request: pytest.FixtureRequest) -> Scope:
    """Seven items of 1 January; as-of is the 20th, so the whole weeks begin on the 7th and 14th."""
    engine: Engine = request.param
    made = world(*(item(n) for n in range(1, 8))).add(
        *status(1, (1, "new"), (2, "doing"), (4, "done")),
        *status(2, (1, "new"), (3, "doing"), (13, "done")),
        *status(3, (1, "new"), (8, "doing"), (9, "done"), (10, "doing"), (15, "done")),
        *status(4, (1, "new"), (14, "doing")),
        *status(5, (1, "new"), (14, "done")),
        *status(6, (1, "new")),
        *status(7, (1, "new")),
    )
    tables = made.tables(engine)
    return only_work(tables, scope_at(tables, config(OF_ALL), DAY), Policy())


def test_weeks_begin_with_the_first_whole_one(work: Scope) -> None:
    told = weekly(work, of_projects(work))

    assert told == {"P": Weekly((0, 0), (1, 2), (0, 0), open=3, days=4)}


def test_every_group_is_forecast_or_says_why_not(work: Scope) -> None:
    found = forecasts_of(work, of_projects(work), {"P": Asked()}, Policy())["P"]

    assert found.reason == "2 whole weeks of history, fewer than 6"


def weeks(
    finished: tuple[int, ...], open: int, arrived: tuple[int, ...] | None = None, days: int = 60
) -> Weekly:
    nothing = (0,) * len(finished)
    return Weekly(arrived or nothing, finished, nothing, open, days)


def test_a_steady_team_is_done_when_its_pace_says() -> None:
    found = forecast(weeks((4,) * 20, 40), DAY, Asked(DAY + timedelta(weeks=10)), POLICY)

    done = DAY + timedelta(weeks=10)
    assert (found.p50, found.p85, found.p95) == (done, done, done)
    assert found.probability == pytest.approx(1)
    assert (found.cut, found.needed, found.pace, found.weeks) == (0, 4, 4, 20)


def test_dates_are_those_of_the_cautious_odds() -> None:
    """Published weeks, a backlog of 110: by the weeks as they are it would be 29, 33 and 36."""
    found = forecast(weeks(SAMPLE, 110), DAY, Asked(TARGET), POLICY)

    assert [day and (day - DAY).days / 7 for day in (found.p50, found.p85, found.p95)] == [
        29, 38, 44
    ]  # fmt: skip
    assert found.probability == pytest.approx(0.583, abs=5e-4)


@pytest.mark.parametrize("days", range(256, 270))
def test_odds_and_dates_say_the_same_of_a_target(days: int) -> None:
    """Nobody reads that a day has 86 % and 85 % are reached the day after."""
    target = DAY + timedelta(days=days)
    found = forecast(weeks(SAMPLE, 110), DAY, Asked(target), POLICY)

    assert found.p85 and found.probability
    assert (found.p85 <= target) == (found.probability >= 0.85)
    assert (found.cut == 0) == (found.probability >= 0.85)


def test_the_cut_makes_the_target_hold() -> None:
    found = forecast(weeks(SAMPLE, 110), DAY, Asked(TARGET), POLICY)
    assert found.cut is not None
    assert found.needed == pytest.approx(46 / 12 + found.cut / 30)

    def chance(open: int) -> float:
        return forecast(weeks(SAMPLE, open), DAY, Asked(TARGET), POLICY).probability or 0

    assert chance(110 - found.cut) >= 0.85 > chance(110 - found.cut + 1)


def test_the_last_items_take_their_time() -> None:
    late = forecast(weeks((4,) * 20, 40), DAY, Asked(), POLICY, last=3)

    assert late.p85 == DAY + timedelta(weeks=13)
    assert last_items(Spread(20, 20, 3, 10, 20, 30), Policy()) == 3
    assert last_items(Spread(4, 4, 3, 10, 20, 30), Policy()) == 0
    assert last_items(None, Policy()) == 0


@pytest.mark.parametrize(("last", "left"), [(8, 2), (9, 1), (10, None), (15, None)])
def test_no_pace_helps_where_the_last_items_alone_are_too_late(last: int, left: int | None) -> None:
    asked = Asked(DAY + timedelta(weeks=10))
    found = forecast(weeks((4,) * 20, 60), DAY, asked, POLICY, last=last)

    assert found.cut is not None
    assert found.needed == (None if left is None else pytest.approx(4 + found.cut / left))


def test_what_arrives_makes_it_later() -> None:
    alone = forecast(weeks(SAMPLE, 40), DAY, Asked(), POLICY)
    with_more = forecast(weeks(SAMPLE, 40, arrived=(2,) * 12), DAY, Asked(), POLICY)

    assert alone.p85 is not None
    assert with_more.p85 is not None
    assert with_more.p85 > alone.p85
    assert with_more.arriving == 2


def test_work_that_arrives_as_fast_as_it_is_finished_has_no_date() -> None:
    found = forecast(weeks((4,) * 100, 40, arrived=(4,) * 100), DAY, Asked(), POLICY)

    assert (found.p95, found.reason) == (None, None)
    assert (found.lasting, found.pace, found.arriving) == (52 + 13, 4, 4)


def test_with_a_target_work_is_expected_to_stop_arriving() -> None:
    """Open are 160 of 560 items, the target is 70 weeks away, whose geometric mean with a year is
    60.33: 1.6 x 60.33 x 2/7 are 27.6 weeks. It holds if arrivals end within 30, 40 weeks before it:
    in 85 of 100 futures the odds of that are 1 - 2^-(30/27.6)^1.5, in the others 30 / (65 + 30)."""
    target = DAY + timedelta(weeks=70)
    found = forecast(weeks((4,) * 100, 160, arrived=(4,) * 100), DAY, Asked(target), POLICY)

    assert found.lasting == pytest.approx(27.58, abs=0.005)
    assert found.probability == pytest.approx(
        0.85 * (1 - 2 ** -((30 / 27.58) ** 1.5)) + 0.15 * 30 / 95, abs=0.02
    )


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (weeks((4,) * 20, 0), "no open work"),
        (weeks((4,) * 5, 9), "5 whole weeks of history, fewer than 6"),
        (weeks((0, 1) * 4, 9), "4 finished in 8 weeks, fewer than 5"),
        (weeks((4,) * 20, 9, days=4), "something was finished on 4 days, fewer than 5"),
    ],
)
def test_no_forecast_without_the_minimum_of_data(told: Weekly, reason: str) -> None:
    assert forecast(told, DAY, Asked(TARGET), POLICY) == Forecast(told.open, reason=reason)


def test_weeks_before_the_start_say_nothing() -> None:
    asked = Asked(start=DAY - timedelta(weeks=8))

    assert forecast(weeks((0,) * 12 + (4,) * 8, 16), DAY, asked, POLICY).weeks == 8


def test_a_change_of_pace_shortens_the_sample_and_is_named() -> None:
    slower = (6, 5, 7, 4, 6, 5, 6, 7) * 5 + (2, 3, 2, 1, 3, 2) * 3

    found = forecast(weeks(slower, 40), DAY, Asked(), POLICY)

    assert (found.weeks, found.since) == (18, DAY - timedelta(weeks=18))
    assert found.since_earliest == DAY - timedelta(weeks=18, days=3)
    assert found.since_latest == DAY - timedelta(weeks=16, days=-3)
    assert (found.pace, found.pace_before) == pytest.approx((13 / 6, 46 / 8))


def test_the_record_is_of_forecasts_from_as_many_weeks() -> None:
    found = forecast(weeks((4,) * 60, 40), DAY, Asked(), POLICY)

    assert found.record is not None
    assert (found.record.held, found.record.tried) == (8, 8)


@given(st.lists(st.integers(0, 9), min_size=6, max_size=30), st.integers(1, 60), st.integers(0, 60))
def test_what_is_asked_later_is_likelier(finished: list[int], open: int, ahead: int) -> None:
    def chance(days: int) -> float:
        asked = Asked(DAY + timedelta(days=days))
        policy = ForecastPolicy(minimum_finished=0)
        return forecast(weeks(tuple(finished), open), DAY, asked, policy).probability or 0

    assert 0 <= chance(ahead) <= chance(ahead + 9) + 1e-12 <= 1 + 1e-12


@pytest.mark.parametrize(
    ("backlog", "years"),
    [(10, [0, 0, 0]), (80, [1, 2, 3]), (300, [4, 6, None])],
    ids=["within a year", "the last beyond three years", "the last beyond ten"],
)
def test_every_date_within_ten_years_is_told(backlog: int, years: list[int | None]) -> None:
    """To look only as far as 85 % need leaves a date of 95 % that is there untold."""
    weeks = Weekly((1, 2, 0, 1) * 6, (0, 3, 1, 2) * 6, (0,) * 24, open=backlog, days=60)
    found = forecast(weeks, DAY, Asked(), POLICY)
    dates = [found.p50, found.p85, found.p95]
    assert [date and (date - DAY).days // 365 for date in dates] == years
