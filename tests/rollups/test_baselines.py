"""A baseline against the scope of a later day, on both engines; what stands, and from when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from msgspec import structs

from pmo_sync.config import Project, Select
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.model import Baseline
from pmo_sync.rollups.baselines import (
    Compared,
    at_day,
    baseline_marks,
    compared_with,
    recorded_baselines,
    standing,
)
from pmo_sync.rollups.scope import Scope, scope_at
from tests.frames.engines import ENGINES, Engine, World
from tests.rollups.test_scope import DAY, config, item, row, status, world

OF_A = Project("P", select=(Select("jira", container="A"),))
SET = Baseline(
    1, "set", "Plan", "P", date(2026, 1, 2), date(2026, 3, 31), 5, 8.0,
    datetime(2026, 1, 2, 9, tzinfo=UTC), "Ada", "agreed",
)  # fmt: skip


def stored(made: World, *rows: Baseline) -> World:
    for one in rows:
        made.con.execute(
            "INSERT INTO baseline VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [one.number, one.action, one.name, one.project, one.day, one.target, one.items,
             one.points, one.made.replace(tzinfo=None), one.actor, one.reason],
        )  # fmt: skip
    return made


@pytest.fixture(params=ENGINES)
def compared(request: pytest.FixtureRequest) -> tuple[Tables, Scope]:
    """Of the items 1 to 5 that a baseline had: 1 is as it was, 2 is re-estimated, 3 was dropped,
    4 left the project, 5 is no more; 6 came, 7 came and was dropped, 8 is an epic."""
    engine: Engine = request.param
    made = world(
        *(item(n) for n in (1, 2, 3, 6, 7)), item(4, "B"), structs.replace(item(8), rank=1)
    ).add(
        *(each for n in (1, 2, 4, 6, 8) for each in status(n, (1, "new"))),
        *(each for n in (3, 7) for each in status(n, (1, "new"), (5, "done"))),
        *(row(n, "resolution", "no", 5) for n in (3, 7)),
        row(1, "points", "3.0", 1),
        row(2, "points", "5.0", 1),
        row(6, "points", "2.0", 1),
    )
    made.con.execute(
        "INSERT INTO baseline_item VALUES (1, 's#1', 3), (1, 's#2', NULL), (1, 's#3', 4),"
        " (1, 's#4', 1), (1, 's#5', NULL), (2, 's#1', 9)"
    )
    made.con.execute("INSERT INTO term VALUES ('s', 'resolution', 'no', 'Won''t do', NULL, NULL)")
    tables = stored(made, SET).tables(engine)
    return tables, scope_at(tables, config(OF_A), DAY)


def test_what_came_and_went_is_counted(compared: tuple[Tables, Scope]) -> None:
    tables, scope = compared
    assert compared_with(tables, scope, at_day(recorded_baselines(tables), DAY)) == {
        "P": Compared(base=5, added=1, removed=3, dropped=1, re_estimated=1, points=10.0,
                      points_then=8.0)
    }  # fmt: skip


def test_each_item_that_differs_has_a_mark(compared: tuple[Tables, Scope]) -> None:
    tables, scope = compared
    marks = baseline_marks(tables, scope, {"P": [SET]})
    assert marks is not None
    assert sorted((each["item_id"], each["value"]) for each in records(marks)) == [
        ("s#2", "estimated_anew"), ("s#3", "removed"), ("s#6", "added"),
    ]  # fmt: skip


def test_a_baseline_is_read_as_it_was_written(compared: tuple[Tables, Scope]) -> None:
    assert recorded_baselines(compared[0]) == (SET,)


def test_without_a_baseline_nothing_is_compared(compared: tuple[Tables, Scope]) -> None:
    tables, scope = compared
    assert compared_with(tables, scope, {}) == {}
    assert baseline_marks(tables, scope, {}) is None


def test_a_baseline_counts_from_its_day_until_it_is_removed() -> None:
    later = replace(SET, number=2, name="New plan", day=date(2026, 1, 12))
    undone = replace(later, action="removed", made=datetime(2026, 1, 15, tzinfo=UTC))
    assert at_day([SET, later], date(2026, 1, 1)) == {}
    assert at_day([SET, later], date(2026, 1, 11)) == {"P": [SET]}
    assert at_day([SET, later], DAY) == {"P": [SET, later]}
    assert at_day([SET, later, undone], DAY) == {"P": [SET]}


def test_the_oldest_day_comes_first_whenever_it_was_set() -> None:
    earlier = replace(SET, number=2, day=date(2025, 12, 1))
    assert [each.number for each in standing([SET, earlier])] == [2, 1]


def test_the_last_baseline_is_the_one_to_measure_by(compared: tuple[Tables, Scope]) -> None:
    """The second one has item 1 alone, with 9 points."""
    tables, scope = compared
    found = compared_with(tables, scope, {"P": [SET, replace(SET, number=2)]})["P"]
    assert (found.base, found.added, found.re_estimated) == (1, 2, 1)
