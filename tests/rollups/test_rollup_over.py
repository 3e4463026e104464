"""A question's table over time: what each day's own report would have said, by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from pmo_sync.config import Project, Select
from pmo_sync.errors import ConfigError
from pmo_sync.reports.rollup import RollupTable, Row, question, rollup_table
from pmo_sync.reports.rollup_over import over, rollup_over
from pmo_sync.rollups.where.syntax import Relative
from tests.frames.engines import ENGINES, Engine, World
from tests.rollups.test_scope import DAY, config, item, on, row, status, world

P = Project("P", select=(Select("jira", label="mine"),))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


def small() -> World:
    """1 is done on the 4th, re-opened on the 10th and done on the 15th; 2 was started on the 14th
    and 3 never; 3 was in the project until the 9th, 2 is since then."""
    return world(*(item(n) for n in range(1, 4))).add(
        *status(1, (1, "new"), (2, "doing"), (4, "done"), (10, "doing"), (15, "done")),
        *status(2, (1, "new"), (14, "doing")), *status(3, (1, "new")),
        row(1, "label", "mine", 1), row(2, "label", "mine", 9), row(3, "label", "mine", 1, 9),
    )  # fmt: skip


def table(engine: Engine, by: str, wanted: str, told: str, **more: Any) -> RollupTable:
    period, sort, limit = (more.get(name) for name in ("period", "sort", "limit"))
    step = over(told)
    default = Relative(-1, step.unit)
    asked = question(by.split(","), wanted.split(","), None, period, default)
    return rollup_over(small().tables(engine), config(P), DAY, asked, step, sort, limit)


def project(row: Row) -> str:
    return str(row["project"])


def values(found: RollupTable) -> list[tuple[Any, ...]]:
    return [tuple(each.values()) for each in found.rows]


def test_the_bands_of_a_cumulative_flow_diagram(engine: Engine) -> None:
    """At the ends of three weeks, of what was in the project then."""
    found = table(engine, "project", "todo,wip,completed", "3w")

    assert found.by == ("project", "day")
    assert values(found) == [
        ("P", "2026-01-06", 1, 0, 1), ("P", "2026-01-13", 1, 1, 0), ("P", "2026-01-20", 0, 1, 1),
        (None, "2026-01-06", 1, 0, 0), (None, "2026-01-13", 1, 0, 0), (None, "2026-01-20", 1, 0, 0),
    ]  # fmt: skip
    assert [tuple(each.values()) for each in found.totals] == [
        ("total", "2026-01-06", 2, 0, 1), ("total", "2026-01-13", 2, 1, 0),
        ("total", "2026-01-20", 1, 1, 1),
    ]  # fmt: skip


def test_each_day_says_what_was_said_on_it(engine: Engine) -> None:
    wanted = ("items", "wip", "throughput", "age_p85")
    found = table(engine, "project", ",".join(wanted), "2w", period="90d")
    asked = question(["project"], wanted, None, "90d")
    for day in (date(2026, 1, 13), DAY):
        alone = rollup_table(small().tables(engine), config(P), day, asked)
        told = [row for row in found.rows if row["day"] == day.isoformat()]
        expected = [{**row, "day": day.isoformat()} for row in alone.rows]
        assert sorted(told, key=project) == sorted(expected, key=project)


def test_what_flowed_is_that_of_the_step_unless_a_time_is_named(engine: Engine) -> None:
    """Done on the 4th as far as was known then, on the 15th by what is known now."""
    own, longer = (table(engine, "type", "throughput", "3w", **more)
                   for more in ({}, {"period": "2w"}))  # fmt: skip
    assert [each["throughput"] for each in own.rows] == [1, 0, 1]
    assert [each["throughput"] for each in longer.rows] == [1, 0, 1]
    daily = table(engine, "type", "throughput", "6d")
    assert [each["day"] for each in daily.rows if each["throughput"]] == ["2026-01-15"]


def test_months_leave_out_no_day_and_count_none_twice(engine: Engine) -> None:
    """From the 31st of one month to the 28th of the next, and to the 31st again."""
    late = structs.replace(item(4), created=on(30))
    made = small().add(late, row(4, "status", "new", 30)).present(late)
    asked = question(["type"], ["arrived"], None, None, Relative(-1, "m"))
    found = rollup_over(made.tables(engine), config(P), date(2026, 3, 31), asked, over("3m"))
    assert [(each["day"], each["arrived"]) for each in found.rows] == [
        ("2026-01-31", 4), ("2026-02-28", 0), ("2026-03-31", 0),
    ]  # fmt: skip


def test_groups_stand_in_the_order_of_the_last_day(engine: Engine) -> None:
    """By what is in progress now; those that are cut off are counted."""
    found = table(engine, "project", "completed,todo", "2w", sort="todo", limit=1)
    assert [each["project"] for each in found.rows] == [None, None]
    assert (found.groups, found.notes[0], len(found.totals)) == (2, "1 of 2 groups shown", 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("weeks", "--over: 'weeks' is not a time such as 90d, 4w, 3m or 1y"),
        ("105d", "--over: '105d' is 105 values a group (at most 104)"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=r".") as error:
        over(text)
    assert str(error.value) == message
