"""A day that is found from another is the day that is found from nothing, row for row."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from pmo_sync.config import Config, Program, Project, Select
from pmo_sync.config.load import load
from pmo_sync.frames import Tables, from_store
from pmo_sync.frames.tables import Frame, records
from pmo_sync.model import HistoryRow, Link, WorkItem
from pmo_sync.render.json import render_json
from pmo_sync.reports.status.build import build
from pmo_sync.rollups import neighbour as module
from pmo_sync.rollups.marks import before_of, scope_before, with_marks
from pmo_sync.rollups.neighbour import neighbour
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.wanted import EVERYTHING, NOTHING, Wanted
from pmo_sync.store import Store
from tests.frames.engines import ENGINES, Engine, World
from tests.rollups.test_scope import config, item, on, row, status, world

ITEMS = 60
STATUSES = ("new", "doing", "done", "odd")
VALUES = {
    "due": ("2026-01-09", "2026-01-16", "2026-02-01"),
    "points": ("1.0", "5.0"),
    "label": ("area", "blocked", "wip", "risk"),
    "component": ("api",),
    "assignee": ("s#ada", "s#bob"),
    "flagged": ("true",),
    "resolution": ("fixed", "wontfix"),
    "parent": ("s#1", "s#2", "s#3"),
    "container": ("A", "B"),
    "title": ("Another",),
    "probability": ("5",),
    "impact": ("4",),
    "risk_owner": ("s#ada", "Bob"),
}
RULES = (Select("jira", container="A"), Select("jira", label="area", component="api"))
PLAIN = (Project("P", program="Upper", select=RULES), Project("Q", select=(Select("github"),)))
EPIC = Project("E", program="Upper", select=(Select("jira", epic="A-1"),))
FIELDS = {"age", "overdue", "updated", "category", "parent", "risk_owner", "label", "team"}
SOME = NOTHING.with_fields({*FIELDS, "program"})
CASES: list[tuple[int, int, Wanted]] = [
    (20, 13, EVERYTHING), (13, 20, EVERYTHING), (20, 13, SOME),
]  # fmt: skip


def past(drawn: random.Random, number: int) -> Iterator[HistoryRow]:
    """Draw what an item went through: statuses without a gap, some moved by a migration, and
    values that come and go. Most have been quiet since the tenth."""
    last = drawn.choice((10, 10, 10, 20))
    days = sorted(drawn.sample(range(1, last + 1), drawn.randint(1, 4)))
    for each in status(number, *((day, drawn.choice(STATUSES)) for day in days)):
        moved = drawn.random() < 0.2
        yield structs.replace(each, origin="migration") if moved else each
    for field, values in VALUES.items():
        if drawn.random() < 0.4:
            start = drawn.randint(1, last)
            end = drawn.choice([None, *range(start + 1, last + 1)])
            yield row(number, field, drawn.choice(values), start, end)


def drawn_world() -> World:
    """Items that come and go, move, are re-opened, restricted, and block each other."""
    drawn, made = random.Random(7), world()
    for number in range(1, ITEMS + 1):
        came, seen = drawn.randint(1, 10), drawn.randint(1, 20)
        one: WorkItem = structs.replace(
            item(number, drawn.choice("AB")), created=on(came), updated=on(seen),
            restricted=drawn.random() < 0.2, rank=drawn.choice((0, 0, 1)),
        )  # fmt: skip
        made.add(one, *past(drawn, number))
        made.present(one, until=drawn.choice([None, None, None, on(drawn.randint(came + 1, 20))]))
        if drawn.random() < 0.2:
            made.present(one, source="github")
        other, begun = drawn.randint(1, ITEMS), drawn.choice([None, on(drawn.randint(1, 20))])
        ended = on(22) if begun is None else drawn.choice([None, on(21)])
        made.add(Link(f"s#{number}", f"s#{other}", "blocks", "", "", "", begun, ended))
    return made


@pytest.fixture(params=ENGINES, scope="module")
def tables(request: pytest.FixtureRequest) -> Tables:
    engine: Engine = request.param
    return drawn_world().tables(engine)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


@pytest.fixture
def all_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for what differs however much that is."""
    monkeypatch.setattr(module, "MANY", 2)


def configured(*projects: Project) -> Config:
    return config(*projects, programs=[Program("Upper")])


def told(frame: Frame) -> list[str]:
    return sorted(repr(sorted(each.items())) for each in records(frame))


def same(found: Scope, expected: Scope) -> None:
    assert told(found.items) == told(expected.items)
    assert told(found.members) == told(expected.members)
    assert told(found.membership) == told(expected.membership)
    assert told(found.states) == told(expected.states)
    assert (found.at, found.projects) == (expected.at, expected.projects)


def day(number: int) -> date:
    return date(2026, 1, number)


@pytest.mark.usefixtures("all_that_differ")
@pytest.mark.parametrize(("known", "asked", "wanted"), CASES)
def test_a_day_found_from_another(tables: Tables, known: int, asked: int, wanted: Wanted) -> None:
    given = configured(*PLAIN)
    found = neighbour(tables, given, day(asked), wanted, scope_at(tables, given, day(known)))
    same(found.scope, scope_at(tables, given, day(asked), wanted))
    assert found.differing is not None


@pytest.mark.usefixtures("all_that_differ")
def test_projects_by_what_is_above_an_item_or_by_other_rules(engine: Engine) -> None:
    """An epic's rule tells of items that do not differ, and so does a rule of before."""
    rule = json.dumps([asdict(Select("jira", container="B"))], sort_keys=True)
    before = HistoryRow("project", "P", "select", rule, on(1), on(15), origin="config")
    after = structs.replace(before, value=rule.replace('"B"', '"A"'), valid_from=on(15),
                            valid_to=None)  # fmt: skip
    for made, given in (
        (drawn_world(), configured(*PLAIN, EPIC)),
        (drawn_world().add(before, after), configured(*PLAIN)),
    ):
        tables = made.tables(engine)
        found = neighbour(tables, given, day(13), EVERYTHING, scope_at(tables, given, day(20)))
        same(found.scope, scope_at(tables, given, day(13)))


@pytest.mark.usefixtures("all_that_differ")
def test_what_changed_is_looked_for_where_something_may_differ(tables: Tables) -> None:
    given = configured(*PLAIN)
    now = scope_at(tables, given, day(20))
    marked = [
        told(with_marks(tables, now, before_of(scope_before(tables, given, day(13), known)), 15))
        for known in (now, None)
    ]
    assert marked[0] == marked[1]


def test_where_much_may_differ_or_little_is_known_all_is_found_anew(engine: Engine) -> None:
    tables, given = drawn_world().tables(engine), configured(*PLAIN)
    now, little = (scope_at(tables, given, day(20), each) for each in (EVERYTHING, NOTHING))
    anew = (
        neighbour(tables, given, day(13), EVERYTHING, now),
        neighbour(tables, given, day(19), EVERYTHING, little),
    )
    assert anew[0].differing is None
    assert anew[1].differing is None
    same(anew[0].scope, scope_at(tables, given, day(13)))
    same(anew[1].scope, scope_at(tables, given, day(19)))


def test_of_a_quiet_day_little_may_differ(engine: Engine) -> None:
    """An item whose blocker is done since, and the blocker; one that is blocked since, of which
    only the link tells; not the seven others."""
    made = world(*(item(n) for n in range(1, 11))).add(
        *(each for n in range(2, 11) for each in status(n, (1, "new"))),
        *status(1, (1, "new"), (19, "done")),
        Link("s#1", "s#2", "blocks", "", "", ""),
        Link("s#3", "s#4", "blocks", "", "", "", on(19)),
    )
    tables, given = made.tables(engine), configured()
    found = neighbour(tables, given, day(18), EVERYTHING, scope_at(tables, given, day(20)))
    assert found.differing is not None
    assert sorted(each["item_id"] for each in records(found.differing)) == ["s#1", "s#2", "s#4"]
    blocked = {each["key"] for each in records(found.scope.items) if each["blocked"]}
    assert blocked == {"A-2"}


@pytest.mark.usefixtures("all_that_differ")
@pytest.mark.parametrize(("asked", "since"), [("2026-06-30", None), ("2026-03-15", "2024-01-01")])
def test_a_report_says_the_same_however_its_earlier_day_is_found(
    demo_folder: Path, asked: str, since: str | None
) -> None:
    """On the earlier day of the last pair nothing was there yet."""
    given = load(demo_folder / "pmo-sync.toml")
    earlier = date.fromisoformat(since) if since else None
    with Store(given.store_path).read() as con:
        said = [
            render_json(build(replace(from_store(con), large=large), given,
                              date.fromisoformat(asked), earlier))
            for large in (True, False)
        ]  # fmt: skip
    assert said[0] == said[1]
