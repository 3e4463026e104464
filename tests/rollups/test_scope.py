"""What belongs where, who is who, what changed and what is doubtful: on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from pmo_sync.config import Config, PersonConfig, Program, Project, Select
from pmo_sync.frames.tables import records
from pmo_sync.model import HistoryRow, Link, Milestone, Person, Term, WorkItem
from pmo_sync.rollups.marks import before_of, with_marks
from pmo_sync.rollups.measures import ALL, NO_PROJECT
from pmo_sync.rollups.neighbour import Differ
from pmo_sync.rollups.projects import Recorded, observations, projects_at
from pmo_sync.rollups.scope import Scope, scope_at
from tests.frames.engines import ENGINES, Engine, World
from tests.rollups.counts import counted_by_project

DAY = date(2026, 1, 20)


def on(day: int) -> datetime:
    return datetime(2026, 1, day, 12, tzinfo=UTC)


def item(number: int, container: str = "A", parent: int | None = None) -> WorkItem:
    return WorkItem(
        f"s#{number}", "s", f"{container}-{number}", container, "10", 0, f"Item {number}", "new",
        on(1), on(1), f"https://x/{number}", parent=f"s#{parent}" if parent else None,
    )  # fmt: skip


def row(
    number: int, field: str, value: str | None, start: int, end: int | None = None
) -> HistoryRow:
    return HistoryRow("item", f"s#{number}", field, value, on(start), on(end) if end else None)


def status(number: int, *moves: tuple[int, str]) -> list[HistoryRow]:
    ends = [*(day for day, _ in moves[1:]), None]
    return [
        row(number, "status", value, day, end)
        for (day, value), end in zip(moves, ends, strict=True)
    ]


TERMS = (
    Term("s", "status", "new", "New", "todo"),
    Term("s", "status", "doing", "Doing", "in_progress"),
    Term("s", "status", "done", "Done", "done"),
    Term("s", "status", "odd", "Umgesetzt?"),
)


def config(
    *projects: Project, programs: Sequence[Program] = (), people: Sequence[PersonConfig] = ()
) -> Config:
    return Config(
        Path("pmo-sync.toml"), projects=projects, programs=tuple(programs), people=tuple(people)
    )


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


def world(*items: WorkItem) -> World:
    made = World().add(*TERMS)
    for each in items:
        made.add(each).present(each)
    return made


def belongs(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in records(scope.membership):
        found.setdefault(each["project"], []).append(each["item_id"])
    return {project: sorted(ids) for project, ids in found.items()}


RULES: list[tuple[str, Select, list[int]]] = [
    ("all of a source", Select("jira"), [1, 2, 3, 4, 5, 6]),
    ("another source", Select("github"), []),
    ("a container", Select("jira", container="A"), [1, 2, 3, 4]),
    ("whatever the case", Select("JIRA", container="b"), [5, 6]),
    ("a label", Select("jira", label="Payments"), [2, 5]),
    ("a label of a container", Select("jira", container="A", label="payments"), [2]),
    ("a component", Select("jira", component="API"), [3]),
    ("an epic, its children and theirs", Select("jira", epic="A-1"), [1, 2, 3]),
    ("an epic and a label", Select("jira", epic="A-1", label="payments"), [2]),
    ("a label that nothing has", Select("jira", label="nothing"), []),
]


@pytest.mark.parametrize(("rule", "expected"), [r[1:] for r in RULES], ids=[r[0] for r in RULES])
def test_rules(engine: Engine, rule: Select, expected: list[int]) -> None:
    items = [item(1), item(2, parent=1), item(3, parent=2), item(4), item(5, "B"), item(6, "B")]
    made = world(*items).add(
        *(each for n in range(1, 7) for each in status(n, (1, "new"))),
        *(row(n, "parent", f"s#{above}", 1) for n, above in ((2, 1), (3, 2))),
        row(2, "label", "payments", 1), row(5, "label", "Payments", 1),
        row(3, "component", "api", 1), row(4, "label", "payments", 1, 9),
    )  # fmt: skip

    scope = scope_at(made.tables(engine), config(Project("P", select=(rule,))), DAY)

    assert belongs(scope).get("P", []) == [f"s#{n}" for n in expected]


def test_an_item_in_two_projects_counts_in_both_and_once_upward(engine: Engine) -> None:
    made = world(item(1), item(2), item(3, "B")).add(
        *(each for n in (1, 2, 3) for each in status(n, (1, "new"))), row(1, "label", "x", 1)
    )
    projects = (
        Project("P", "Inner", select=(Select("jira", container="A"),)),
        Project("Q", "Outer", select=(Select("jira", label="x"), Select("jira", label="x"))),
    )
    programs = (Program("Outer"), Program("Inner", "Outer"))
    tables = made.tables(engine)
    scope = scope_at(tables, config(*projects, programs=programs), DAY)

    counted = counted_by_project(tables, scope, "category = open", 10)
    assert {name: found.total for name, found in counted.items()} == {
        "P": 2, "Q": 1, NO_PROJECT: 1, ALL: 3,
    }  # fmt: skip
    in_programs = {
        name: counted_by_project(tables, scope, f"program = {name}", 10)[ALL].total
        for name in ("Inner", "Outer")
    }
    assert in_programs == {"Inner": 2, "Outer": 2}


def test_two_accounts_of_one_person_have_one_name(engine: Engine) -> None:
    made = world(item(1), item(2)).add(
        *(each for n in (1, 2) for each in status(n, (1, "new"))),
        Person("s#u1", "s", "ada", "Ada L."), Person("s#u2", "s", "ada2", "A. Lovelace"),
        row(1, "assignee", "s#u1", 1), row(2, "assignee", "s#u2", 1),
    )  # fmt: skip
    people = [PersonConfig("Ada Lovelace", ("jira:ADA", "jira:u2"))]

    scope = scope_at(made.tables(engine), config(people=people), DAY)

    names = {r["value"] for r in records(scope.members) if r["field"] == "assignee"}
    assert names == {"Ada Lovelace"}


@pytest.mark.parametrize(
    ("moves", "age"),
    [
        ([(1, "new")], 19), ([(1, "new"), (10, "doing")], 10), ([(1, "new"), (10, "done")], None),
        ([(1, "new"), (5, "doing"), (10, "new")], 15),
    ],
)  # fmt: skip
def test_age_is_whole_days_since_start_or_creation(
    engine: Engine, moves: list[tuple[int, str]], age: int | None
) -> None:
    scope = scope_at(world(item(1)).add(*status(1, *moves)).tables(engine), config(), DAY)
    assert records(scope.items)[0]["age"] == age


@pytest.mark.parametrize(("due", "overdue"), [("2026-01-19", True), ("2026-01-20", False)])
def test_what_is_due_today_is_not_overdue(engine: Engine, due: str, overdue: bool) -> None:
    made = world(item(1)).add(*status(1, (1, "new")), row(1, "due", due, 1))
    assert records(scope_at(made.tables(engine), config(), DAY).items)[0]["overdue"] is overdue


def test_what_changed_between_two_days(engine: Engine) -> None:
    made = world(*(item(n) for n in range(1, 10))).add(
        *status(1, (1, "new"), (3, "done"), (15, "doing")),
        *status(2, (1, "new")), row(2, "flagged", "true", 15),
        *status(3, (1, "new")), row(3, "due", "2026-02-01", 1, 15), row(3, "due", "2026-03-01", 15),
        *status(4, (1, "new")), row(4, "points", "3.0", 1, 15), row(4, "points", "5.0", 15),
        *status(5, (1, "new")), row(5, "points", "2.0", 15),
        *status(6, (1, "new")), row(6, "flagged", "true", 2, 15),
        *status(7, (1, "new")), row(7, "due", "2026-03-01", 1, 15), row(7, "due", "2026-02-01", 15),
        *status(8, (1, "new")),
        *status(9, (1, "new"), (3, "done"), (12, "doing"), (14, "done")),
    )  # fmt: skip
    tables = made.tables(engine)
    now, before = (scope_at(tables, config(), day) for day in (DAY, date(2026, 1, 10)))

    marked = records(with_marks(tables, now, before_of(Differ(before)), 15))

    changes = sorted((r["item_id"], r["value"]) for r in marked if r["field"] == "change")
    assert changes == [
        ("s#1", "reopened"), ("s#2", "blocked"), ("s#3", "postponed"), ("s#4", "re_estimated"),
        ("s#5", "re_estimated"), ("s#6", "unblocked"), ("s#7", "brought_forward"),
    ]  # fmt: skip


def test_what_moved_into_scope(engine: Engine) -> None:
    came = item(1)
    made = World().add(*TERMS, came, *status(1, (1, "new")))
    made.present(msgspec.structs.replace(came, created=on(15)))
    tables = made.tables(engine)
    now, before = (scope_at(tables, config(), day) for day in (DAY, date(2026, 1, 10)))

    marked = records(with_marks(tables, now, before_of(Differ(before)), 15))

    assert [r["value"] for r in marked if r["field"] == "change"] == ["moved_in"]


def test_doubtful_data(engine: Engine) -> None:
    made = world(*(item(n) for n in range(1, 9))).add(
        *(each for n in (1, 2, 3, 4, 5) for each in status(n, (1, "new"))),
        *status(6, (1, "odd")), *status(7, (1, "done")), *status(8, (1, "new")),
        Milestone("s#m1", "s", "A", "Old", "released", "https://x/m1"),
        Milestone("s#m2", "s", "A", "Late", "open", "https://x/m2", due=date(2026, 1, 15)),
        row(1, "milestone", "s#m1", 1), row(2, "milestone", "s#m2", 1),
        Person("s#u1", "s", "gone", "Gone", active=False), row(3, "assignee", "s#u1", 1),
        row(4, "flagged", "true", 1), Link("s#7", "s#4", "blocks", "Blocks", "A-7", "A-4"),
        row(5, "parent", "s#7", 1),
        msgspec.structs.replace(row(6, "points", "3.0", 1), origin="corrected"),
        # Later than the day:
        msgspec.structs.replace(row(7, "points", "3.0", 30), origin="corrected"),
        row(8, "flagged", "true", 1), Link("s#7", "s#8", "blocks", "Blocks", "A-7", "A-8"),
        Link("s#1", "s#8", "blocks", "Blocks", "A-1", "A-8"),
    )  # fmt: skip
    tables = made.tables(engine)
    projects = [Project(name, select=(Select("jira", label="both"),)) for name in ("P", "Q")]
    made.add(row(1, "label", "both", 1))
    scope = scope_at(made.tables(engine), config(*projects), DAY)

    marked = records(
        with_marks(made.tables(engine) if engine == "pandas" else tables, scope, None, 15)
    )

    quality = sorted((r["item_id"], r["value"]) for r in marked if r["field"] == "quality")
    assert quality == [
        ("s#1", "closed_milestone"), ("s#1", "overlapping"), ("s#2", "overdue_milestone"),
        ("s#3", "inactive_assignee"), ("s#4", "finished_blocker"), ("s#5", "finished_parent"),
        ("s#6", "contradicted"), ("s#6", "unmapped_status"),
    ]  # fmt: skip


NOW = Project("P", owner="New", target=date(2026, 9, 1), select=(Select("jira", label="b"),))
FIRST = Project("P", owner="Old", target=date(2026, 6, 1), select=(Select("jira", label="a"),))


def test_a_past_day_uses_the_definition_of_that_day() -> None:
    """The configuration in hand holds from the last record on; before the first record the oldest
    known definition is used."""
    texts = [{o.field: o.value for o in observations([p])} for p in (FIRST, NOW)]
    past = [
        Recorded("P", field, text[field], since, until)
        for text, since, until in (
            (texts[0], datetime(2026, 1, 10), datetime(2026, 3, 10)),
            (texts[1], datetime(2026, 3, 10), None),
        )
        for field in text
    ]
    edited = replace(NOW, owner="In hand")

    found = [projects_at([edited], past, datetime(2026, month, 20))[0] for month in (1, 2, 3)]
    before = projects_at([edited], past, datetime(2025, 1, 1))[0]

    assert [p.owner for p in found] == ["Old", "Old", "In hand"]
    assert (before.target, before.select) == (FIRST.target, FIRST.select)
