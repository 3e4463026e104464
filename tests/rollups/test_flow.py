"""Flow: percentiles, periods and spreads."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pmo_sync.config import Project, Select
from pmo_sync.model import Term
from pmo_sync.policy import Policy
from pmo_sync.rollups.calendar import end_of_day
from pmo_sync.rollups.flow import (
    Spread,
    ages,
    arrivals,
    cumulative,
    cycle_times,
    in_progress,
    lead_times,
    of_projects,
    percentile,
    throughput,
)
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.work import only_work
from tests.frames.engines import ENGINES, Engine
from tests.rollups.test_scope import DAY, config, item, row, status, world

OF_ALL = Project("P", select=(Select("jira"),))
BEGIN = end_of_day(date(2025, 12, 30), "UTC")
ENDS = [end_of_day(date(2026, 1, day), "UTC") for day in (6, 13, 20)]


@pytest.mark.parametrize(
    ("values", "q", "expected"),
    [([1], 0.85, 1), ([1, 2, 3, 4], 0.5, 2), ([4, 3, 2, 1], 0.75, 3), ([1, 2, 3, 4], 0.76, 4),
     (list(range(1, 21)), 0.85, 17)],
)  # fmt: skip
def test_percentile_is_the_smallest_value_that_covers_the_share(
    values: list[float], q: float, expected: float
) -> None:
    assert percentile(values, q) == expected


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=60), st.integers(1, 99))
def test_percentile_covers_its_share_and_no_smaller_value_does(values: list[int], q: int) -> None:
    found = percentile([float(v) for v in values], q / 100)
    assert 100 * sum(v <= found for v in values) >= q * len(values)
    assert 100 * sum(v < found for v in values) < q * len(values) or found == min(values)


@pytest.fixture(params=ENGINES)
def scope(request: pytest.FixtureRequest) -> Scope:
    engine: Engine = request.param
    made = world(*(item(n) for n in range(1, 7))).add(
        *status(1, (1, "new"), (2, "doing"), (4, "done")),
        *status(2, (1, "new"), (3, "doing"), (13, "done")),
        *status(3, (1, "new"), (8, "doing"), (9, "done"), (10, "doing"), (15, "done")),
        *status(4, (1, "new"), (14, "doing")),
        *status(5, (1, "new"), (14, "done")),
        *status(6, (1, "new")),
    )
    return scope_at(made.tables(engine), config(OF_ALL), DAY)


def test_throughput_counts_the_last_finish(scope: Scope) -> None:
    assert throughput(scope, of_projects(scope), BEGIN, ENDS) == {"P": [1, 1, 2]}


def test_what_is_finished_at_the_end_of_a_period_belongs_to_it(scope: Scope) -> None:
    noon = datetime(2026, 1, 4, 12)
    ends = [noon, noon + timedelta(days=9), noon + timedelta(days=18)]
    assert throughput(scope, of_projects(scope), noon - timedelta(days=9), ends) == {"P": [1, 1, 2]}
    assert throughput(scope, of_projects(scope), noon, ends[1:]) == {"P": [1, 2]}


def test_work_in_progress_is_replayed(scope: Scope) -> None:
    assert in_progress(scope, of_projects(scope), ENDS) == {"P": [1, 1, 1]}
    daily = [end_of_day(date(2026, 1, day), "UTC") for day in (1, 2, 3, 8, 9, 10, 14, 15)]
    assert in_progress(scope, of_projects(scope), daily) == {"P": [0, 1, 2, 2, 1, 2, 2, 1]}


def test_cycle_time_is_from_the_first_start_to_the_last_finish(scope: Scope) -> None:
    assert cycle_times(scope, datetime(2026, 1, 1), of_projects(scope)) == {
        "P": Spread(3, 4, 7, 10, 10, 10)
    }
    assert cycle_times(scope, datetime(2026, 1, 13, 18), of_projects(scope)) == {
        "P": Spread(1, 2, 7, 7, 7, 7)
    }


def test_an_epic_is_no_piece_of_work_that_took_its_time() -> None:
    made = world(*(structs.replace(item(n), rank=rank) for n, rank in ((1, 1), (2, 0), (3, -1))))
    made.add(*(event for n in (1, 2, 3) for event in status(n, (n, "new"), (n, "doing"))))
    tables = made.tables(ENGINES[0])
    scope = only_work(tables, scope_at(tables, config(OF_ALL), DAY), Policy())
    assert ages(scope, ["in_progress"], of_projects(scope))["P"].count == 2


def test_ages(scope: Scope) -> None:
    working = ages(scope, ["in_progress"], of_projects(scope))["P"]
    waiting = ages(scope, ["todo", "in_progress"], of_projects(scope))["P"]
    assert [working.count, waiting.count] == [1, 2]
    # From noon of the day that it began to the end of as-of, as whole seconds.
    half_a_day = (12 * 3600 - 1) / 86_400
    assert working.largest == pytest.approx(6 + half_a_day)
    assert waiting.largest == pytest.approx(19 + half_a_day)


def test_arrivals_count_by_creation_whatever_became_of_the_item(scope: Scope) -> None:
    assert arrivals(scope, of_projects(scope), BEGIN, ENDS) == {"P": [6, 0, 0]}


def test_cumulative_flow_counts_every_item_once_at_every_end(scope: Scope) -> None:
    """Item 3 was done on the 9th, re-opened on the 10th and done again on the 15th."""
    assert cumulative(scope, of_projects(scope), ENDS)["P"] == {
        "todo": [4, 3, 1],
        "in_progress": [1, 1, 1],
        "done": [1, 2, 4],
        "dropped": [0, 0, 0],
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_what_its_resolution_drops_never_was_done(engine: Engine) -> None:
    made = world(item(1)).add(*status(1, (1, "new"), (8, "done")))
    made.add(row(1, "resolution", "wont", 8), Term("s", "resolution", "wont", "Won't Do"))
    scope = scope_at(made.tables(engine), config(OF_ALL), DAY)

    assert throughput(scope, of_projects(scope), BEGIN, ENDS) == {}
    assert cumulative(scope, of_projects(scope), ENDS)["P"] == {
        "todo": [1, 0, 0], "in_progress": [0, 0, 0], "done": [0, 0, 0], "dropped": [0, 1, 1],
    }  # fmt: skip


def test_lead_time_is_from_creation_also_of_what_never_started(scope: Scope) -> None:
    assert lead_times(scope, datetime(2026, 1, 1), of_projects(scope)) == {
        "P": Spread(4, 4, 12, 14, 14, 14)
    }
