"""Forecasts of groups of items: what their weeks brought, and when there is none."""

from __future__ import annotations

from datetime import date

import pytest

from pmo_sync.config import Project, Select
from pmo_sync.policy import ForecastPolicy, Policy
from pmo_sync.rollups.forecast.forecast import forecast, forecasts
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.weekly import Weekly, weekly
from pmo_sync.rollups.work import only_work
from tests.frames.engines import ENGINES, Engine
from tests.rollups.test_scope import DAY, config, item, status, world

OF_ALL = Project("P", select=(Select("jira"),), target=date(2026, 6, 30))


@pytest.fixture(params=ENGINES)
def scope(request: pytest.FixtureRequest) -> Scope:
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
    return scope_at(made.tables(engine), config(OF_ALL), DAY)


def test_weeks_begin_with_the_first_whole_one(scope: Scope) -> None:
    told = weekly(only_work(scope, Policy()), scope.membership.rename({"project": "group"}))

    assert told == {"P": Weekly((0, 0), (1, 2), (0, 0), open=3, days=4)}


def test_every_project_is_forecast_or_says_why_not(scope: Scope) -> None:
    assert forecasts(scope, Policy())["P"].reason == "2 whole weeks of history, fewer than 6"


def test_a_steady_team_is_done_when_its_pace_says() -> None:
    weeks = Weekly((0,) * 12, (4,) * 12, (0,) * 12, open=40, days=60)

    found = forecast(weeks, DAY, date(2026, 3, 31), ForecastPolicy())

    assert (found.p50, found.p85, found.p95) == (date(2026, 3, 31),) * 3
    assert found.probability == pytest.approx(1)
