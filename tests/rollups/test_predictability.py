"""Planned against delivered: what a month was to bring, and what it brought, on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from pmo_sync.config import Program, Project, Select
from pmo_sync.frames.tables import records
from pmo_sync.model import HistoryRow, Iteration, Milestone, WorkItem
from pmo_sync.policy import Policy
from pmo_sync.rollups.measures import ALL
from pmo_sync.rollups.predictability import (
    MARKS,
    PORTFOLIO,
    PROGRAM,
    PROJECT,
    Kept,
    everybody,
    predictability,
    whole_months,
)
from pmo_sync.rollups.scope import scope_at
from pmo_sync.rollups.work import only_work
from tests.frames.engines import ENGINES, Engine, World
from tests.rollups.test_scope import TERMS, config

DAY = date(2026, 4, 10)
"""March is the last whole month."""
PLAN = Project("P", "Upper", select=(Select("jira", container="A"),))
OTHER = Project("Q", "Upper", select=(Select("jira"),))


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


def item(number: int, created: datetime, container: str = "A") -> WorkItem:
    return WorkItem(f"s#{number}", "s", f"{container}-{number}", container, "10", 0, "Item", "new",
                    created, created, "")  # fmt: skip


def story(number: int, *steps: tuple[datetime, str]) -> list[HistoryRow]:
    ends = [*(when for when, _ in steps[1:]), None]
    return [
        HistoryRow("item", f"s#{number}", "status", value, when, end)
        for (when, value), end in zip(steps, ends, strict=True)
    ]


def held(
    number: int, field: str, value: str, since: datetime, until: datetime | None = None
) -> HistoryRow:
    return HistoryRow("item", f"s#{number}", field, value, since, until)


JAN, FEB20, MAR5, MAR20 = at(1, 5), at(2, 20), at(3, 5), at(3, 20)
DONE = ((JAN, "new"), (MAR20, "done"))
OPEN = ((JAN, "new"),)
DUE = "2026-03-25"
RELEASE = Milestone("s#v1", "s", "A", "1.0", "open", "", due=date(2026, 3, 31))
SPRINT = Iteration("s#i1", "s", "Sprint 5", "closed", start=at(3, 9), end=at(3, 23))

CASES: list[tuple[str, Sequence[tuple[datetime, str]], Sequence[HistoryRow], str | None]] = [
    ("due in March, done in it", DONE, [held(1, "due", DUE, JAN)], "kept"),
    ("due in March, open at its end", OPEN, [held(1, "due", DUE, JAN)], "missed"),
    ("done, and re-opened before its end", (*DONE, (at(3, 28), "new")),
     [held(1, "due", DUE, JAN)], "missed"),
    ("re-opened after its end", (*DONE, (at(4, 2), "new")), [held(1, "due", DUE, JAN)], "kept"),
    ("done a day late", ((JAN, "new"), (at(4, 1), "done")), [held(1, "due", DUE, JAN)], "missed"),
    ("postponed during March", OPEN,
     [held(1, "due", DUE, JAN, MAR5), held(1, "due", "2026-05-01", MAR5)], "missed"),
    ("postponed before March", OPEN,
     [held(1, "due", DUE, JAN, FEB20), held(1, "due", "2026-05-01", FEB20)], None),
    ("brought forward into March, and done", DONE,
     [held(1, "due", "2026-05-01", JAN, MAR5), held(1, "due", DUE, MAR5)], "added_kept"),
    ("given a date in March, still open", OPEN, [held(1, "due", DUE, MAR5)], "added"),
    ("done before March began", ((JAN, "new"), (FEB20, "done")), [held(1, "due", DUE, JAN)], None),
    ("done before, dated afterwards", ((JAN, "new"), (FEB20, "done")),
     [held(1, "due", DUE, MAR5)], None),
    ("overdue since February", OPEN, [held(1, "due", "2026-02-25", JAN)], None),
    ("in a release of March", DONE, [held(1, "milestone", "s#v1", JAN)], "kept"),
    ("taken into the release later", OPEN, [held(1, "milestone", "s#v1", MAR5)], "added"),
    ("in a sprint on its first day", DONE, [held(1, "iteration", "s#i1", at(3, 9))], "kept"),
    ("taken into the sprint later", OPEN, [held(1, "iteration", "s#i1", at(3, 12))], "added"),
    ("put off from the sprint before it began", OPEN,
     [held(1, "iteration", "s#i1", JAN, at(3, 8))], None),
    ("by two plans counts once", DONE,
     [held(1, "due", DUE, JAN), held(1, "iteration", "s#i1", at(3, 12))], "kept"),
    ("never planned", DONE, [], None),
]  # fmt: skip


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


def world(*rows: object) -> World:
    made = World().add(*TERMS, RELEASE, SPRINT)
    for each in rows:
        made.add(each)
        if isinstance(each, WorkItem):
            made.present(each)
    return made


def told(made: World, engine: Engine, *projects: Project) -> tuple[dict[object, object], object]:
    tables = made.tables(engine)
    there = config(*projects, programs=(Program("Upper"),))
    work = only_work(tables, scope_at(tables, there, DAY), Policy())
    found = predictability(tables, work)
    marks = sorted((r["item_id"], r["value"]) for r in records(found.marks()))
    return dict(found.by(everybody(work))), marks


def march(months: object) -> Kept:
    assert isinstance(months, tuple)
    last = months[-1]
    assert isinstance(last, Kept)
    assert last.month == date(2026, 3, 1)
    return last


@pytest.mark.parametrize(
    ("steps", "rows", "outcome"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_became_of_what_was_planned_for_march(
    steps: Sequence[tuple[datetime, str]], rows: Sequence[HistoryRow], outcome: str | None
) -> None:
    found, marks = told(world(item(1, JAN), *story(1, *steps), *rows), "duckdb", PLAN)
    expected = {
        "kept": Kept(date(2026, 3, 1), 1, 1),
        "missed": Kept(date(2026, 3, 1), 1, 0),
        "added": Kept(date(2026, 3, 1), added=1),
        "added_kept": Kept(date(2026, 3, 1), added=1, added_delivered=1),
    }
    if outcome is None:
        assert marks == []
        assert {march(months) for months in found.values()} <= {Kept(date(2026, 3, 1))}
    else:
        assert march(found[PROJECT, "P"]) == expected[outcome]
        mark = {"added": "unplanned", "added_kept": "unplanned"}.get(outcome, outcome)
        assert marks == [("s#1", mark)]
        assert mark in MARKS


def test_an_item_in_two_projects_counts_in_both_and_once_upward(engine: Engine) -> None:
    """Of P's two one is kept; Q has them too, and a third that nobody finished."""
    made = world(
        item(1, JAN), item(2, JAN), item(3, JAN, "B"),
        *story(1, *DONE), *story(2, *OPEN), *story(3, *OPEN),
        *(held(number, "due", DUE, JAN) for number in (1, 2, 3)),
    )  # fmt: skip
    found, marks = told(made, engine, PLAN, OTHER)
    counts = {key: (march(months).planned, march(months).delivered)
              for key, months in found.items()}  # fmt: skip
    assert counts == {
        (PROJECT, "P"): (2, 1), (PROJECT, "Q"): (3, 1), (PROGRAM, "Upper"): (3, 1),
        (PORTFOLIO, ALL): (3, 1),
    }  # fmt: skip
    assert marks == [("s#1", "kept"), ("s#2", "missed"), ("s#3", "missed")]


def test_a_release_that_was_re_dated_counts_where_it_was_when_the_month_began(
    engine: Engine,
) -> None:
    """Its date was 31 March until the 12th, and is in May since."""
    moved = Milestone("s#v2", "s", "A", "2.0", "open", "", due=date(2026, 5, 15))
    dates = [
        HistoryRow("milestone", "s#v2", "due", "2026-03-31", at(1, 10), at(3, 12)),
        HistoryRow("milestone", "s#v2", "due", "2026-05-15", at(3, 12)),
    ]
    made = world(moved, *dates, item(1, JAN), *story(1, *OPEN), held(1, "milestone", "s#v2", JAN))
    found, _ = told(made, engine, PLAN)
    assert march(found[PROJECT, "P"]) == Kept(date(2026, 3, 1), 1, 0)


@pytest.mark.parametrize(
    ("day", "last"),
    [(date(2026, 3, 30), date(2026, 2, 1)), (date(2026, 3, 31), date(2026, 3, 1)),
     (date(2026, 1, 1), date(2025, 12, 1))],
)  # fmt: skip
def test_months_are_told_once_they_are_over(day: date, last: date) -> None:
    months = whole_months(day)
    assert months[-1] == last
    assert len(months) == 6
    assert all((later - month) < timedelta(32) for month, later in pairwise(months))
