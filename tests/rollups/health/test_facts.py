"""What health is asked about, from rows: the same on both engines."""

from __future__ import annotations

from datetime import datetime

import pytest
from msgspec import structs

from pmo_sync.config import Project, Select
from pmo_sync.rollups.health.facts import Facts, facts
from pmo_sync.rollups.health.table import Cost, Growth
from pmo_sync.rollups.projects import Recorded
from pmo_sync.rollups.scope import scope_at
from pmo_sync.rollups.work import only_work
from tests.frames.engines import ENGINES, Engine
from tests.rollups.test_scope import DAY, config, item, row, status, world

HOUR = 3600
PLAN = Project("P", select=(Select("jira", container="A"),), budget_hours=100)
BARE = Project("Q", select=(Select("jira", container="B"),), budget_hours=50)
FIRST = Recorded("P", "target", "2026-03-31", datetime(2026, 1, 10), None)


@pytest.fixture(params=ENGINES)
def known(request: pytest.FixtureRequest) -> Facts:
    """Of P: 1 is done (10 h, took 16), 2 is open (30 h, 4 spent), 3 was created after the first
    target was recorded, 4 is a high risk without an owner; of Q nothing is estimated."""
    engine: Engine = request.param
    late = structs.replace(item(3), created=row(3, "x", None, 12).valid_from)
    risk = structs.replace(item(4), type="99")
    made = world(item(1), item(2), late, risk, item(5, "B")).add(
        *status(1, (1, "new"), (5, "doing"), (9, "done")),
        *status(2, (1, "doing")),
        *status(3, (12, "new")),
        *(each for n in (4, 5) for each in status(n, (1, "new"))),
        row(1, "estimate", str(10 * HOUR), 1), row(1, "spent", str(16 * HOUR), 9),
        row(2, "estimate", str(30 * HOUR), 1), row(2, "spent", str(4 * HOUR), 9),
        row(3, "estimate", str(0), 12),
        row(4, "label", "risk", 1), row(4, "probability", "5", 1), row(4, "impact", "4", 1),
    )  # fmt: skip
    tables = made.tables(engine)
    told = config(PLAN, BARE)
    scope = scope_at(tables, told, DAY)
    return facts(tables, told, scope, only_work(tables, scope, told.policy), (), [FIRST])


def test_open_work_is_no_risk(known: Facts) -> None:
    assert known.open == {"P": 2, "Q": 1}


def test_the_register_is_counted_by_project(known: Facts) -> None:
    assert (known.risks, known.high, known.unanswered) == ({"P": 1}, {"P": 1}, {"P": 1})


def test_a_budget_is_earned_by_the_estimates_of_what_is_done(known: Facts) -> None:
    """10 of 40 hours are done: a quarter of the budget; 20 hours are spent."""
    assert known.budget == {"P": Cost(100, 25.0, 20.0), "Q": "unestimated"}


def test_growth_since_the_first_target_was_recorded(known: Facts) -> None:
    assert known.grown == {"P": Growth(base=3, added=1, removed=0)}
