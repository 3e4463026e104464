"""Forecasts of any items: of a filter's, of groups of them, and of what is no dimension."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pmo_sync.config import Config, Project, Select
from pmo_sync.errors import ConfigError
from pmo_sync.frames import Tables
from pmo_sync.reports.forecast import COLUMNS, forecast_row, forecast_rows
from pmo_sync.rollups.forecast.forecast import Forecast
from tests.frames.engines import ENGINES, Engine
from tests.rollups.test_scope import config, item, row, status, world

DAY = date(2026, 1, 31)
TARGET = date(2026, 6, 30)
CONFIG = config(
    Project("Upper", target=TARGET, select=(Select("jira", container="A"),)),
    Project("Lower", select=(Select("jira", container="B"),)),
)
Found = tuple[Tables, Config]


@pytest.fixture(params=ENGINES)
def found(request: pytest.FixtureRequest) -> Found:
    """Of A four items, two below the first; of B one, and one that is done."""
    engine: Engine = request.param
    made = world(*(item(n) for n in range(1, 5)), item(5, "B"), item(6, "B"))
    made.add(row(2, "parent", "s#1", 1), row(3, "parent", "s#1", 1))
    for number in range(1, 6):
        made.add(*status(number, (1, "new")))
    made.add(*status(6, (1, "new"), (9, "done")))
    return made.tables(engine), CONFIG


@pytest.mark.parametrize(
    ("where", "by", "expected"),
    [
        (None, None, {"these items": 5}),
        ("project = Upper", None, {"these items": 4}),
        (None, "project", {"Upper": 4, "Lower": 1}),
        (None, "epic", {"A-1": 2}),
        (None, "milestone", {"none": 5}),
        ("project = Lower", "project", {"Lower": 1}),
        ("key = B-6", "project", {}),
    ],
)
def test_open_work_by_group(
    found: Found, where: str | None, by: str | None, expected: dict[str, int]
) -> None:
    rows = forecast_rows(*found, where, by, DAY, None)

    assert {row["group"]: row["open"] for row in rows} == expected
    assert all(tuple(row) == COLUMNS for row in rows)


def test_a_project_is_asked_for_its_own_target_unless_another_is_named(found: Found) -> None:
    def targets(target: date | None) -> dict[object, object]:
        rows = forecast_rows(*found, None, "project", DAY, target)
        return {row["group"]: row["target"] for row in rows}

    assert targets(None) == {"Upper": TARGET, "Lower": None}
    later = TARGET + timedelta(days=9)
    assert targets(later) == {"Upper": later, "Lower": later}


def test_what_cannot_be_forecast_says_why(found: Found) -> None:
    (row,) = forecast_rows(*found, None, None, DAY, TARGET)

    assert row["reason"] == "4 whole weeks of history, fewer than 6"
    assert (row["p50"], row["p85"], row["odds"], row["record"]) == (None, None, None, None)


@pytest.mark.parametrize(
    ("probability", "odds"), [(None, None), (0.0, 0.001), (0.4567, 0.457), (0.99999, 0.999)]
)
def test_nothing_open_is_certain(probability: float | None, odds: float | None) -> None:
    row = forecast_row("P", Forecast(3, probability=probability), TARGET)
    assert row["odds"] == odds


def test_an_unknown_dimension(found: Found) -> None:
    with pytest.raises(ConfigError, match="--by: no dimension 'colour' \\(known: epic, project,"):
        forecast_rows(*found, None, "colour", DAY, None)
