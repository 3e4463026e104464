"""Measures of groups, counted in one pass: on both engines."""

from __future__ import annotations

import pytest

from pmo_sync.config import Project, Select
from pmo_sync.frames import Tables
from pmo_sync.rollups.groups import by_expectation, by_project
from pmo_sync.rollups.measures import ALL, NO_PROJECT
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.shared import compared, whole_scope
from pmo_sync.rollups.tally import MOST, Tallies, judge
from tests.frames.engines import ENGINES, Engine
from tests.rollups.counts import shown
from tests.rollups.test_scope import DAY, config, item, status, world

CONFIG = config(Project("P", select=(Select("jira", container="A"),)))
MEASURES = {"open": "category = open", "working": "category = in_progress", "none": "key = X"}
Found = tuple[Tables, Scope]


@pytest.fixture(params=ENGINES)
def found(request: pytest.FixtureRequest) -> Found:
    """Three items of P: since day 9 and since day 4 in progress, and one done; one is outside."""
    engine: Engine = request.param
    made = world(item(1), item(2), item(3), item(4, "B")).add(
        *status(1, (1, "new"), (9, "doing")), *status(2, (1, "new"), (4, "doing")),
        *status(3, (1, "new"), (5, "done")), *status(4, (1, "new")),
    )  # fmt: skip
    tables = made.tables(engine)
    return tables, whole_scope(tables, CONFIG, DAY)


def keys(told: Tallies, measure: str) -> dict[str, tuple[int, list[str]]]:
    return {
        group: (counted.total, [row["key"] for row in shown(counted)])
        for group, counted in told[measure].items()
    }


@pytest.mark.parametrize("limit", [0, 1, 2, 10])
def test_totals_are_whole_and_rows_the_oldest(found: Found, limit: int) -> None:
    tables, scope = found
    told = judge(tables, scope, MEASURES).tallies(by_project(scope), limit)
    assert keys(told, "open") == {
        "P": (2, ["A-2", "A-1"][:limit]),
        NO_PROJECT: (1, ["B-4"][:limit]),
        ALL: (3, ["B-4", "A-2", "A-1"][:limit]),
    }
    assert keys(told, "working")[ALL] == (2, ["A-2", "A-1"][:limit])
    assert keys(told, "none") == {}


def test_some_measures_alone(found: Found) -> None:
    tables, scope = found
    judged = judge(tables, scope, MEASURES)
    told = judged.tallies(by_project(scope), 1, ["working"])
    assert told == {"working": judged.tallies(by_project(scope), 1)["working"]}
    assert keys(told, "working") == {"P": (2, ["A-2"]), ALL: (2, ["A-2"])}


def test_older_than_the_project_expects(found: Found) -> None:
    tables, scope = found
    groups = by_expectation(tables, scope, {"P": 12, "Q": 1})
    told = judge(tables, scope, MEASURES).tallies(groups, 10, ["working"])
    assert keys(told, "working") == {"P": (1, ["A-2"])}


def test_too_many_measures_for_one_pass(found: Found) -> None:
    tables, scope = found
    with pytest.raises(ValueError, match="too many"):
        judge(tables, scope, {f"m{n}": "category = open" for n in range(MOST + 1)})


def test_the_reports_of_a_day_share_its_scope(found: Found) -> None:
    tables, scope = found
    now, _ = compared(tables, CONFIG, DAY, DAY.replace(day=10))
    assert now.items is scope.items
    assert whole_scope(tables, CONFIG, DAY) is scope
    assert whole_scope(tables, config(*CONFIG.projects), DAY) is not scope
