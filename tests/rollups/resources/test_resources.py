"""Effort, dates, sharers and lone carriers from the store's tables: on both engines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from pmo_sync.config import Config, PersonConfig, Portfolio, Project, Select
from pmo_sync.frames.tables import Tables, records
from pmo_sync.model import HistoryRow, Iteration, Milestone, Person, WorkItem
from pmo_sync.policy import Policy
from pmo_sync.rollups.resources.carriers import carriers
from pmo_sync.rollups.resources.holders import holders
from pmo_sync.rollups.resources.load import PersonLoad, Resources, resources
from pmo_sync.rollups.resources.overload import contributions, peak
from pmo_sync.rollups.resources.plan import with_plan
from pmo_sync.rollups.scope import Scope, scope_at
from tests.frames.conftest import engine
from tests.frames.engines import Engine, World
from tests.rollups.test_scope import item, row, status, world

__all__ = ["engine"]

DAY = date(2026, 1, 18)
"""A Sunday: the weeks begin on Monday 19 January."""
HOUR = 3600
ADA = PersonConfig("Ada", ("jira:ada", "jira:ada2"), team="A")
BO = PersonConfig("Bo", ("jira:bo",), team="A", hours=20)
PEOPLE = (Person("s#a", "s", "ada", "ada"), Person("s#a2", "s", "ada2", "x"),
          Person("s#b", "s", "bo", "bo"), Person("s#c", "s", "cy", "Cy"),
          Person("s#bot", "s", "bot", "Bot", "app"))  # fmt: skip


def config(**values: Any) -> Config:
    policy = Policy(hours_per_point=values.pop("hours_per_point", None))
    return Config(Path("pmo-sync.toml"), people=(ADA, BO), policy=policy, **values)


def made(count: int, *more: object) -> World:
    items = [item(n) for n in range(1, count + 1)]
    states = [each for n in range(1, count + 1) for each in status(n, (1, "new"))]
    return world(*items).add(*PEOPLE, *states, *more)


def planned(tables: Tables, scope: Scope, settings: Config) -> dict[str, dict[str, Any]]:
    return {r["item_id"]: r for r in records(with_plan(tables, scope, settings).items)}


def left(number: int, hours: float | None, start: int = 1, end: int | None = None) -> HistoryRow:
    return row(number, "remaining", None if hours is None else str(int(hours * HOUR)), start, end)


@pytest.mark.parametrize(
    ("rows", "settings", "expected"),
    [
        ([left(1, 5)], {"hours_per_point": 8}, 5),
        ([left(1, 0)], {"hours_per_point": 8}, 0),
        ([row(1, "points", "3.0", 1)], {"hours_per_point": 8}, 24),
        ([row(1, "points", "3.0", 1)], {}, None),
        ([row(1, "points", "3.0", 1)],
         {"projects": (Project("P", select=(Select("jira"),), hours_per_point=2.0),)}, 6),
        ([row(1, "points", "3.0", 1)], {"hours_per_point": 8, "projects": (
            Project("O", select=(Select("jira"),)),
            Project("P", select=(Select("jira"),), hours_per_point=2.0),
            Project("Q", select=(Select("jira"),), hours_per_point=4.0))}, 6),
        ([row(1, "estimate", "7200", 1)], {"hours_per_point": 8}, None),
        ([left(1, 9, 1, 10), left(1, 4, 10)], {}, 4),
        ([left(1, 9, 1, 19), left(1, 4, 19)], {}, 9),
        ([], {"hours_per_point": 8}, None),
    ],
    ids=["remaining", "nothing left", "points", "points that weigh nothing", "a project's point",
         "the first project that says so", "only an original estimate", "as it was then",
         "not as it became", "nothing known"],
)  # fmt: skip
def test_effort(
    engine: Engine, rows: Sequence[HistoryRow], settings: dict[str, Any], expected: float | None
) -> None:
    tables = made(1, *rows).tables(engine)
    chosen = config(**settings)
    found = planned(tables, scope_at(tables, chosen, DAY), chosen)
    assert found["s#1"]["effort"] == expected


def sprint(number: int, end: int, completed: int | None = None) -> Iteration:
    done = datetime(2026, 1, completed, 12, tzinfo=UTC) if completed else None
    return Iteration(
        f"s#i{number}", "s", f"Sprint {number}", "active",
        end=datetime(2026, 1, end, 15, tzinfo=UTC), completed=done,
    )  # fmt: skip


def release(number: int, due: int, state: str = "open") -> Milestone:
    return Milestone(f"s#m{number}", "s", "A", f"R{number}", state, "", due=date(2026, 1, due))


DUE = row(1, "due", "2026-01-22", 1)
IN_SPRINT = [sprint(1, 23), row(1, "iteration", "s#i1", 1)]
IN_RELEASE = [release(1, 26), row(1, "milestone", "s#m1", 1)]
TARGET = (Project("P", target=date(2026, 1, 29), select=(Select("jira"),)),)
LATER = Project("Q", target=date(2026, 2, 27), select=(Select("jira"),))


@pytest.mark.parametrize(
    ("rows", "projects", "expected"),
    [
        ([DUE, *IN_SPRINT, *IN_RELEASE], TARGET, (22, "due date")),
        ([*IN_SPRINT, *IN_RELEASE], TARGET, (23, "iteration")),
        (IN_RELEASE, TARGET, (26, "milestone")),
        ([], (LATER, *TARGET), (29, "target")),
        ([], (), None),
        ([sprint(1, 9, completed=9), row(1, "iteration", "s#i1", 1)], TARGET, (29, "target")),
        ([sprint(1, 9), row(1, "iteration", "s#i1", 1)], TARGET, (9, "iteration")),
        ([sprint(1, 23, completed=25), row(1, "iteration", "s#i1", 1)], (), (23, "iteration")),
        ([*IN_SPRINT, sprint(2, 30), row(1, "iteration", "s#i2", 1)], (), (30, "iteration")),
        ([*IN_SPRINT, HistoryRow("iteration", "s#i1", "due", "2026-01-27T15:00:00+00:00",
                                 datetime(2026, 1, 2, tzinfo=UTC), origin="observed")], (),
         (27, "iteration")),
        ([release(1, 9, "released"), row(1, "milestone", "s#m1", 1)], TARGET, (29, "target")),
        ([*IN_RELEASE, release(2, 24), row(1, "milestone", "s#m2", 1)], (), (24, "milestone")),
        ([row(1, "due", "2026-01-22", 1, 5)], (), None),
    ],
    ids=["due", "sprint", "release", "earliest target", "nothing", "a sprint that is over",
         "a sprint past its end", "a sprint that was over later", "the last sprint",
         "a sprint as it was dated then", "a release that is out", "the first release",
         "a due date that was taken away"],
)  # fmt: skip
def test_planned_for(
    engine: Engine,
    rows: Sequence[object],
    projects: tuple[Project, ...],
    expected: tuple[int, str] | None,
) -> None:
    tables = made(1, *rows).tables(engine)
    chosen = config(projects=projects)
    found = planned(tables, scope_at(tables, chosen, DAY), chosen)["s#1"]
    told = (found["planned"].day, found["planned_by"]) if found["planned"] else None
    assert told == expected


def test_finished_work_has_no_plan(engine: Engine) -> None:
    tables = world(item(1)).add(*status(1, (1, "new"), (5, "done")), left(1, 5), DUE).tables(engine)
    found = planned(tables, scope_at(tables, config(), DAY), config())["s#1"]
    assert (found["effort"], found["planned"]) == (None, None)


def loads(tables: Tables, settings: Config, day: date = DAY) -> Resources:
    scope = with_plan(tables, scope_at(tables, settings, day), settings)
    return resources(scope, holders(tables, scope), settings)


def of(found: Resources) -> dict[str, PersonLoad]:
    return {load.human.name: load for load in found.persons}


SHARED = (
    left(1, 30), row(1, "due", "2026-01-23", 1), row(1, "assignee", "s#a", 1),
    row(1, "assignee", "s#a2", 1), row(1, "assignee", "s#b", 1), row(1, "assignee", "s#c", 1),
    left(2, 12), row(2, "assignee", "s#b", 1), row(2, "due", "2026-01-30", 1),
    left(3, 7), row(3, "due", "2026-01-02", 1),
    row(4, "assignee", "s#a", 1), row(4, "due", "2026-01-23", 1),
    left(5, 3), row(5, "assignee", "s#a", 1),
)  # fmt: skip


def test_who_has_how_much(engine: Engine) -> None:
    """Item 1 is of three people, one with two accounts; 3 is nobody's and late; 4 has no estimate
    and 5 no date."""
    found = loads(made(5, *SHARED).tables(engine), config())

    people = of(found)
    assert list(people) == ["Ada", "Bo", "Cy"]
    told = {
        name: (load.load.weeks[:2], load.load.undated, load.load.items, load.load.estimated,
               load.load.placed)
        for name, load in people.items()
    }  # fmt: skip
    assert told == {
        "Ada": ((10, 0), 3, 3, 2, 1), "Bo": ((16, 6), 0, 2, 2, 2), "Cy": ((10, 0), 0, 1, 1, 1),
    }  # fmt: skip
    assert (found.nobody.weeks[0], found.nobody.overdue, found.nobody.items) == (7, 7, 1)
    assert [people[name].ratio(0) for name in ("Ada", "Bo", "Cy")] == [0.25, 0.8, None]
    everything = [load.load.total for load in found.persons] + [found.nobody.total]
    assert math.isclose(sum(everything), 30 + 12 + 7 + 3, abs_tol=1e-9)


def test_the_same_bits_on_both_engines() -> None:
    first, second = (
        [load.load for load in loads(made(5, *SHARED).tables(e), config()).persons]
        for e in ("duckdb", "pandas")
    )
    assert first == second


def test_as_of_another_day_work_is_whose_it_was_then(engine: Engine) -> None:
    tables = made(
        1, left(1, 8, 1, 10), left(1, 4, 10), row(1, "due", "2026-03-06", 1),
        row(1, "assignee", "s#a", 1, 10), row(1, "assignee", "s#b", 10),
    ).tables(engine)  # fmt: skip
    then, now = (of(loads(tables, config(), day)) for day in (date(2026, 1, 4), DAY))
    assert [then["Ada"].load.total, then["Bo"].load.total] == [pytest.approx(8), 0]
    assert [now["Ada"].load.total, now["Bo"].load.total] == [0, pytest.approx(4)]


@pytest.mark.parametrize(
    ("hours", "over"),
    [(20, False), (20.001, True), (19.999, False)],
    ids=["exactly", "more", "less"],
)
def test_exactly_the_capacity_is_not_over_it(engine: Engine, hours: float, over: bool) -> None:
    tables = made(
        1, row(1, "remaining", str(int(hours * HOUR)), 1), row(1, "due", "2026-01-23", 1),
        row(1, "assignee", "s#b", 1),
    ).tables(engine)  # fmt: skip
    assert of(loads(tables, config()))["Bo"].is_over(0) is over


def test_what_loads_the_peak_week_most(engine: Engine) -> None:
    """Bo has 20 hours a week: 24 of them in the second, of two items that end on its last day."""
    tables = made(
        3, *(row(n, "assignee", "s#b", 1) for n in (1, 2, 3)),
        left(1, 20), row(1, "due", "2026-01-30", 1), left(2, 28), row(2, "due", "2026-01-30", 1),
        left(3, 1), row(3, "due", "2026-02-20", 1),
    ).tables(engine)  # fmt: skip
    settings = config(portfolio=Portfolio(working_days=("mon", "tue", "wed", "thu", "fri")))
    scope = with_plan(tables, scope_at(tables, settings, DAY), settings)
    held = holders(tables, scope)
    found = resources(scope, held, settings)

    told = contributions(tables, scope, held, found, settings)["Bo"]

    assert [(c.key, round(c.hours, 6), c.of) for c in told] == [
        ("A-2", 14, 3), ("A-1", 10, 3), ("A-3", 0.2, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("weeks", "capacity", "expected"),
    [
        ((10, 30, 20, 0, 90), (40, 40, 20, 40, 40), 2),
        ((10, 10, 10, 10), (40, 40, 40, 40), 0),
        ((50, 1, 0, 0), (40, 0, 40, 40), 1),
        ((10, 30, 20, 0), None, 1),
        ((0, 0, 0, 0), (0, 0, 0, 0), 0),
    ],
    ids=["the highest ratio of four", "the first of equals", "work without hours", "hours alone",
         "nothing"],
)  # fmt: skip
def test_peak(weeks: Sequence[float], capacity: Sequence[float] | None, expected: int) -> None:
    assert peak(weeks, capacity) == expected


def history(number: int, who: Sequence[str], done: int | None = None) -> list[HistoryRow]:
    moves = [(1, "new"), *([(done, "done")] if done else [])]
    return [*status(number, *moves), *(row(number, "assignee", each, 1) for each in who)]


def alone(
    engine: Engine, work: Sequence[tuple[Sequence[str], int | None]], minimum: int = 5
) -> list[tuple[str, str, float | None, float | None]]:
    items = [item(n) for n in range(1, len(work) + 1)]
    rows = [each for n, (who, done) in enumerate(work, 1) for each in history(n, who, done)]
    tables = world(*items).add(*PEOPLE, *rows).tables(engine)
    settings = config(projects=(Project("P", select=(Select("jira"),)),))
    settings = replace(settings, policy=replace(Policy(), lone_carrier_minimum=minimum))
    scope = scope_at(tables, settings, DAY)
    found = carriers(tables, scope, holders(tables, scope), settings.policy)
    return [(c.name, c.human, c.done, c.open) for c in found if c.kind == "project"]


A, AA, AB, B, NOBODY = ["s#a"], ["s#a", "s#a2"], ["s#a", "s#b"], ["s#b"], list[str]()
BOT = ["s#bot"]


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        ([(A, 9)] * 4 + [(B, 9)] + [(A, None)] * 5, [("P", "Ada", 0.8, 1.0)]),
        ([(A, 9)] * 3 + [(B, 9)] * 2 + [(A, None)] * 5, []),
        ([(A, 9)] * 5 + [(A, None)] * 5 + [(NOBODY, None)] * 9, [("P", "Ada", 1.0, 1.0)]),
        ([(A, 9)] * 5 + [(B, None)] * 4, [("P", "Ada", 1.0, None)]),
        ([(A, None)] * 5, [("P", "Ada", None, 1.0)]),
        ([(A, 9)] * 4 + [(A, None)] * 4, []),
        ([(AB, 9)] * 5, []),
        ([(AA, 9)] * 5, [("P", "Ada", 1.0, None)]),
        ([(BOT, 9)] * 5 + [(BOT, None)] * 5, []),
        ([(A, 9)] * 4 + [(BOT, 9)], [("P", "Ada", 0.8, None)]),
    ],
    ids=["both shares", "too little done", "open work that nobody has", "too few open to tell",
         "nothing done yet", "too few of both", "always two", "one person with two accounts",
         "an app", "with an app"],
)  # fmt: skip
def test_who_carries_a_project_alone(
    engine: Engine,
    work: Sequence[tuple[Sequence[str], int | None]],
    expected: list[tuple[str, str, float | None, float | None]],
) -> None:
    assert alone(engine, work) == expected


def test_epics_and_components_are_carried_too(engine: Engine) -> None:
    epic = structs.replace(item(1), rank=1, title="Big")
    children = [structs.replace(item(n), parent="s#1") for n in (2, 3)]
    rows = [each for n in (1, 2, 3) for each in history(n, A)]
    rows += [row(n, "parent", "s#1", 1) for n in (2, 3)]
    rows += [row(2, "component", "API", 1)]
    items: list[WorkItem] = [epic, *children]
    tables = world(*items).add(*PEOPLE, *rows).tables(engine)
    policy = replace(Policy(), lone_carrier_minimum=1)
    scope = scope_at(tables, replace(config(), policy=policy), DAY)
    found = carriers(tables, scope, holders(tables, scope), policy)
    assert [(c.kind, c.container, c.name, c.title, c.open_of) for c in found] == [
        ("epic", "", "A-1", "Big", 2), ("component", "A", "API", "", 1),
    ]  # fmt: skip
