"""A question's table, by hand on both engines: groups, none, totals, percentiles, two days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from msgspec import structs

from pmo_sync.config import PersonConfig, Portfolio, Project, Select
from pmo_sync.errors import ConfigError
from pmo_sync.frames.tables import records
from pmo_sync.model import Person, Term
from pmo_sync.policy import Policy
from pmo_sync.reports.rollup import question, rollup_table
from pmo_sync.rollups.scope import scope_at
from pmo_sync.rollups.wanted import COLUMNS, NOTHING, SEVERAL
from tests.frames.engines import ENGINES, Engine, World
from tests.rollups.test_scope import DAY, config, item, row, status, world

PROJECTS = (Project("P", select=(Select("jira", container="A"),)),)
PEOPLE = (PersonConfig("Ada", ("jira:ada",), "Red"), PersonConfig("Bo", ("jira:bo",), "Red"))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


def small() -> World:
    """Five items: 1 open, 2 in progress, 3 to 5 done; 5 is outside of the project."""
    return world(*(item(n, "B" if n == 5 else "A") for n in range(1, 6))).add(
        *status(1, (1, "new")), *status(2, (1, "new"), (10, "doing")),
        *status(3, (1, "new"), (2, "doing"), (4, "done")),
        *status(4, (1, "new"), (2, "doing"), (10, "done")),
        *status(5, (1, "new"), (12, "done")),
        row(1, "label", "Red", 1), row(1, "label", "red", 1), row(1, "label", "blue", 1),
        row(2, "label", "RED", 1), row(3, "label", "blue", 1, 5),
        Person("s#u1", "s", "ada", "A."), Person("s#u2", "s", "bo", "B."),
        row(1, "assignee", "s#u1", 1), row(1, "assignee", "s#u2", 1),
        row(2, "assignee", "s#u2", 1),
        row(1, "remaining", "5400", 1), row(3, "remaining", "3600", 1),
    )  # fmt: skip


def table(
    engine: Engine,
    by: str,
    wanted: str,
    *,
    where: str | None = None,
    period: str | None = None,
    compare: date | None = None,
    sort: str | None = None,
    limit: int | None = None,
) -> Any:
    asked = question(by.split(","), wanted.split(","), where, period)
    settings = config(*PROJECTS, people=PEOPLE)
    return rollup_table(small().tables(engine), settings, DAY, asked, compare, sort, limit)


def told(found: Any) -> list[tuple[Any, ...]]:
    return [tuple(each.values()) for each in found.rows]


GROUPS: list[tuple[str, Sequence[tuple[Any, ...]]]] = [
    ("label", [("RED", 2), ("blue", 1), (None, 3)]),
    ("project", [("P", 4), (None, 1)]),
    ("program", [(None, 5)]),
    ("team", [("Red", 2), (None, 3)]),
    ("assignee", [("Bo", 2), ("Ada", 1), (None, 3)]),
    ("category", [("todo", 1), ("in_progress", 1), ("done", 3)]),
    ("container", [("A", 4), ("B", 1)]),
    ("tracker", [("jira", 5)]),
    ("priority", [(None, 5)]),
    ("created", [("2026-01", 5)]),
    ("finished", [("2026-01", 3), (None, 2)]),
]


@pytest.mark.parametrize(("by", "expected"), GROUPS, ids=[name for name, _ in GROUPS])
def test_groups(engine: Engine, by: str, expected: Sequence[tuple[Any, ...]]) -> None:
    """An item counts once in each of its groups, whatever the case of a text; no value is a
    group."""
    found = table(engine, by, "items")
    assert told(found) == list(expected)
    assert found.totals[0]["items"] == 5


def test_two_dimensions(engine: Engine) -> None:
    found = table(engine, "project,category", "items,done")
    assert told(found) == [
        ("P", "todo", 1, 0), ("P", "in_progress", 1, 0), ("P", "done", 2, 2), (None, "done", 1, 1),
    ]  # fmt: skip


def test_what_is_asked_about(engine: Engine) -> None:
    assert told(table(engine, "category", "items", where="label = red")) == [
        ("todo", 1), ("in_progress", 1),
    ]  # fmt: skip
    assert told(table(engine, "category", "items", where="quality = unmapped_status")) == []


def test_effort_is_in_hours_and_no_effort_is_no_data(engine: Engine) -> None:
    """The remaining effort is that of open items; the total is not nothing where a group is."""
    found = table(engine, "category", "remaining,spent")
    assert told(found) == [
        ("todo", 1.5, None), ("in_progress", None, None), ("done", None, None),
    ]  # fmt: skip
    assert (found.totals[0]["remaining"], found.totals[0]["spent"]) == (1.5, None)


def test_throughput_looks_back_as_far_as_the_period(engine: Engine) -> None:
    """The 20th less 10 days is the 10th: what was done on that day is before the window."""
    assert told(table(engine, "type", "throughput", period="10d"))[0][1] == 1
    assert told(table(engine, "type", "throughput", period="11d"))[0][1] == 2


def test_percentiles_need_the_policys_minimum() -> None:
    """Of six done items five were started: 1 to 5 days, the median 3, the 85th percentile 5."""
    made = world(*(item(n) for n in range(1, 7))).add(
        *(r for n in range(1, 6) for r in status(n, (1, "new"), (2, "doing"), (2 + n, "done"))),
        *status(6, (1, "new"), (3, "done")),
    )
    asked = question(["type"], ["cycle_p50", "cycle_p85", "age_p85"], None, None)
    found = rollup_table(made.tables("duckdb"), config(), DAY, asked)
    assert told(found) == [("10", 3.0, 5.0, None)]
    few = question(["type"], ["cycle_p50"], "key != A-5", None)
    assert told(rollup_table(made.tables("duckdb"), config(), DAY, few)) == [("10", None)]


@pytest.mark.parametrize(
    ("names", "least", "expected"),
    [(("Waits",), 2, [("10", 60.0)]), (("Waits",), 3, [("10", None)]), ((), 2, [("10", None)])],
)
def test_flow_efficiency_is_a_share_of_all_the_time(
    engine: Engine, names: tuple[str, ...], least: int, expected: list[tuple[Any, ...]]
) -> None:
    """Of 8 and 2 days from start to finish 4 were waited. The third is not done; where the policy
    names no waiting, or too few are done, there is no data."""
    made = world(*(item(n) for n in range(1, 4))).add(
        Term("s", "status", "waits", "Waits", "in_progress"),
        *status(1, (1, "new"), (2, "doing"), (4, "waits"), (8, "doing"), (10, "done")),
        *status(2, (1, "new"), (3, "doing"), (5, "done")),
        *status(3, (1, "new"), (3, "waits")),
    )
    settings = replace(config(), policy=Policy(waiting_statuses=names, minimum_finished=least))
    asked = question(["type"], ["efficiency"], None, None)
    found = rollup_table(made.tables(engine), settings, DAY, asked)
    assert told(found) == expected
    assert (found.totals[0]["efficiency"], found.columns[0].unit) == (expected[0][1], "%")


def test_natural_process_limits_of_whole_weeks(engine: Engine) -> None:
    """0 and 3 a week: a mean of 1.5, a moving range of 3, so up to 1.5 + 2.66 x 3. What was done in
    the three days before the two weeks, and what is not done, does not count."""
    days = {1: 5, 2: 15, 3: 16, 4: 17, 5: 4}
    made = world(*(item(n) for n in range(1, 7))).add(
        *(r for n, day in days.items() for r in status(n, (1, "new"), (day, "done"))),
        *status(6, (1, "new")),
    )
    asked = question(["type"], ["limit_low", "limit_high"], None, "17d")
    found = rollup_table(made.tables(engine), config(), DAY, asked)
    assert told(found) == [("10", 0.0, pytest.approx(1.5 + 2.66 * 3))]
    nothing = question(["type"], ["limit_high"], "key = A-6", "17d")
    assert told(rollup_table(made.tables(engine), config(), DAY, nothing)) == [("10", None)]


def test_two_days_beside_each_other(engine: Engine) -> None:
    found = table(engine, "category", "items,remaining", compare=date(2026, 1, 5))
    assert told(found) == [
        ("todo", 1, 3, -2, 1.5, 1.5, 0.0), ("in_progress", 1, 1, 0, None, None, None),
        ("done", 3, 1, 2, None, None, None),
    ]  # fmt: skip
    assert [c.unit for c in found.columns] == ["", "", "", "hours", "hours", "hours"]


def test_order_and_limit(engine: Engine) -> None:
    assert [r[0] for r in told(table(engine, "label", "items", sort="label"))] == [
        "blue", "RED", None,
    ]  # fmt: skip
    found = table(engine, "label", "open,items", sort="items", limit=1)
    assert (told(found), found.groups) == ([(None, 0, 3)], 3)
    assert found.notes[0] == "1 of 3 groups shown"


def test_a_month_is_the_portfolios(engine: Engine) -> None:
    """Created on 1 January at noon UTC, it is still 31 December far in the west."""

    made = world(structs.replace(item(1), created=item(1).created.replace(hour=5))).add(
        *status(1, (1, "new"))
    )
    settings = replace(config(), portfolio=Portfolio(timezone="America/Los_Angeles"))
    found = rollup_table(made.tables(engine), settings, DAY, question(["created"], [], None, None))
    assert [each["created"] for each in found.rows] == ["2025-12"]


MISTAKES = [
    (("labl",), (), None, "--by: no dimension 'labl' (did you mean 'label'?) (known: project,"),
    ((), (), None, "--by: takes one or two dimensions, not 0"),
    (("type", "label", "team"), (), None, "--by: takes one or two dimensions, not 3"),
    (("type",), ("wop",), None, "--metric: no metric 'wop' (did you mean 'wip'?) (known: items,"),
    (("type",), (), "fortnight", "--period: 'fortnight' is not a time such as 90d, 4w, 3m or 1y"),
    (("type",), (), "99999d", "--period: '99999d' is not a time such as 90d, 4w, 3m or 1y"),
]


@pytest.mark.parametrize(("by", "wanted", "period", "message"), MISTAKES)
def test_mistakes(
    by: Sequence[str], wanted: Sequence[str], period: str | None, message: str
) -> None:
    with pytest.raises(ConfigError) as error:
        question(by, wanted, None, period)
    assert str(error.value).startswith(message)


def test_a_narrow_scope_says_the_same_as_a_wide_one(engine: Engine) -> None:
    """Each column alone, and each field of members alone, as in the scope of everything."""
    tables = small().tables(engine)
    settings = config(*PROJECTS, people=PEOPLE)
    wide = scope_at(tables, settings, DAY)
    for name in sorted({*COLUMNS} - {"item_id"}):
        narrow = scope_at(tables, settings, DAY, replace(NOTHING, columns=frozenset({name})))
        assert _rows(narrow.items, "item_id", name) == _rows(wide.items, "item_id", name), name
    for name in SEVERAL:
        narrow = scope_at(tables, settings, DAY, NOTHING.with_fields([name]))
        expected = [each for each in _rows(wide.members, "item_id", "field", "value")
                    if each[1] == repr(name)]  # fmt: skip
        found = [each for each in _rows(narrow.members, "item_id", "field", "value")
                 if each[1] == repr(name)]  # fmt: skip
        assert found == expected, name


def _rows(frame: Any, *names: str) -> list[tuple[str, ...]]:
    return sorted(tuple(repr(each[name]) for name in names) for each in records(frame))
