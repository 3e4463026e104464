"""Work items as they were at an instant: category, start, finish, values, presence, blocked."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from msgspec import structs

from pmo_sync.frames import items_at, members_at
from pmo_sync.frames.tables import records
from pmo_sync.model import HistoryRow, Link, Origin, Term, WorkItem
from pmo_sync.policy import Policy
from tests.frames.engines import Engine, World

Move = tuple[int, str] | tuple[int, str, Origin]
"""A day of January 2026, the status from then on, and what wrote it."""


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2026, 1, number, hour, tzinfo=UTC)


def end_of(number: int) -> datetime:
    return datetime(2026, 1, number, 23, 59, 59, 999_999)


ITEM = WorkItem("s#1", "s", "A-1", "A", "10", 0, "Title", "x", day(1), day(28), "https://x/A-1")
STATUSES = (
    Term("s", "status", "new", "New", "todo"),
    Term("s", "status", "doing", "Doing", "in_progress"),
    Term("s", "status", "done", "Done", "done"),
    Term("s", "status", "shut", "Shut", "done"),
    Term("s", "status", "gone", "Resolved"),  # an old workflow's: the site lists it no more
    Term("s", "status", "odd", "Umgesetzt?"),
    Term("s", "resolution", "r1", "Fixed"),
    Term("s", "resolution", "r2", "Won't Do"),
)


def moves(*steps: Move, item: str = "s#1", field: str = "status") -> list[HistoryRow]:
    ends = [day(step[0]) for step in steps[1:]] + [None]
    return [
        HistoryRow(
            "item", item, field, step[1], day(step[0]), end,
            origin=step[2] if len(step) > 2 else "changelog",
        )
        for step, end in zip(steps, ends, strict=True)
    ]  # fmt: skip


def at(engine: Engine, world: World, number: int, policy: Policy | None = None) -> dict[str, Any]:
    portrait = items_at(world.tables(engine), end_of(number), policy or Policy())
    found = {row["key"]: row for row in records(portrait.items)}
    return found.get("A-1", {})


def world_of(*rows: HistoryRow) -> World:
    return World().add(ITEM, *STATUSES, *rows).present(ITEM)


RESOLVED = HistoryRow("item", "s#1", "resolution", "r1", day(5))

Story = tuple[str, list[HistoryRow], int, str, int | None, int | None]
"""What happens, its history, the day that it is seen, then: category, started, finished."""

STORIES: list[Story] = [
    ("never touched", moves((1, "new")), 9, "todo", None, None),
    ("started", moves((1, "new"), (3, "doing")), 9, "in_progress", 3, None),
    ("as of before the start", moves((1, "new"), (3, "doing")), 2, "todo", None, None),
    ("done", moves((1, "new"), (3, "doing"), (5, "done")), 9, "done", 3, 5),
    ("as of between", moves((1, "new"), (3, "doing"), (5, "done")), 4, "in_progress", 3, None),
    ("done without a start", moves((1, "new"), (5, "done")), 9, "done", None, 5),
    (
        "done, then closed: finished once",
        moves((1, "new"), (3, "doing"), (5, "done"), (8, "shut")), 9, "done", 3, 5,
    ),
    (
        "re-opened keeps its first start",
        moves((1, "new"), (3, "doing"), (5, "done"), (6, "doing")), 9, "in_progress", 3, None,
    ),
    (
        "re-opened and done again: first start, last finish",
        moves((1, "new"), (3, "doing"), (5, "done"), (6, "doing"), (8, "done")), 9, "done", 3, 8,
    ),
    (
        "put back", moves((1, "new"), (3, "doing"), (6, "new")), 9, "todo", 3, None,
    ),
    (
        "a migration from done to done neither re-closes nor stretches",
        moves((1, "new"), (3, "doing"), (5, "done"), (20, "shut", "migration")), 25, "done", 3, 5,
    ),
    (
        "a migration to to-do does not re-open what keeps its resolution",
        [*moves((1, "new"), (3, "doing"), (5, "done"), (20, "new", "migration")), RESOLVED],
        25, "done", 3, 5,
    ),
    (
        "a second migration neither",
        [
            *moves((1, "new"), (3, "doing"), (5, "done"), (20, "new", "migration"),
                   (22, "doing", "migration")),
            RESOLVED,
        ],
        25, "done", 3, 5,
    ),
    (
        "a migration to to-do re-opens what was never resolved, as its tracker shows it",
        moves((1, "new"), (3, "done"), (20, "new", "migration")), 25, "todo", None, None,
    ),
    (
        "a migration is no start",
        moves((1, "new"), (20, "doing", "migration")), 25, "in_progress", None, None,
    ),
    (
        "what only a migration finished has no known finish",
        moves((1, "new"), (3, "doing"), (20, "done", "migration")), 25, "done", 3, None,
    ),
    (
        "unless its resolution tells",
        [*moves((1, "new"), (3, "doing"), (20, "done", "migration")), RESOLVED], 25, "done", 3, 5,
    ),
    ("by the well-known name", moves((1, "new"), (5, "gone")), 9, "done", None, 5),
    ("unmapped counts as to do", moves((1, "odd")), 9, "todo", None, None),
    (
        "dropped by its resolution",
        [*moves((1, "new"), (5, "done")), structs.replace(RESOLVED, value="r2")],
        9, "dropped", None, 5,
    ),
]  # fmt: skip


@cache
def told(engine: Engine) -> dict[int, dict[str, dict[str, Any]]]:
    """All stories as items of one world, seen at each day that one asks for."""
    world = World().add(*STATUSES)
    for story in STORIES:
        item = structs.replace(ITEM, item_id=f"s#{story[0]}", key=story[0])
        world.add(
            item, *(structs.replace(row, entity_id=item.item_id) for row in story[1])
        ).present(item)
    tables = world.tables(engine)
    return {
        number: {r["key"]: r for r in records(items_at(tables, end_of(number), Policy()).items)}
        for number in {story[2] for story in STORIES}
    }


@pytest.mark.parametrize("story", STORIES, ids=[story[0] for story in STORIES])
def test_states(engine: Engine, story: Story) -> None:
    what, _, number, category, started, finished = story
    row = told(engine)[number][what]

    naive = {n: day(n).replace(tzinfo=None) for n in range(1, 29)}
    assert row["category"] == category
    assert row["started"] == (naive[started] if started else None)
    assert row["finished"] == (naive[finished] if finished else None)


def label(name: str, start: int, end: int | None = None) -> HistoryRow:
    return HistoryRow("item", "s#1", "label", name, day(start), day(end) if end else None)


@pytest.mark.parametrize(
    ("rows", "number", "category", "started", "finished"),
    [
        ([label("In Progress", 3)], 9, "in_progress", 3, None),
        ([label("In Progress", 3, 6)], 9, "todo", 3, None),
        ([label("In Progress", 3, 6), label("wip", 5)], 9, "in_progress", 3, None),
        ([label("bug", 3)], 9, "todo", None, None),
        ([label("in progress", 3, 12)], 12, "done", 3, 12),
        ([label("in progress", 3)], 20, "done", 3, 12),
        ([label("in progress", 3, 8), label("in progress", 10, 12)], 11, "in_progress", 3, None),
    ],
    ids=["labelled", "taken off", "two labels", "other label", "off with the close",
         "left on when closed", "on again"],
)  # fmt: skip
def test_a_label_says_that_an_open_item_is_in_progress(
    engine: Engine,
    rows: list[HistoryRow],
    number: int,
    category: str,
    started: int,
    finished: int | None,
) -> None:
    row = at(engine, world_of(*moves((1, "new"), (12, "done")), *rows), number)

    assert row["category"] == category
    assert row["started"] == (day(started).replace(tzinfo=None) if started else None)
    assert row["finished"] == (day(finished).replace(tzinfo=None) if finished else None)


def test_values_are_those_of_the_day(engine: Engine) -> None:
    world = world_of(
        *moves((1, "new")),
        HistoryRow("item", "s#1", "points", "3.0", day(1), day(5)),
        HistoryRow("item", "s#1", "points", "8.0", day(5)),
        HistoryRow("item", "s#1", "due", "2026-02-01", day(1), day(5)),
        HistoryRow("item", "s#1", "due", None, day(5)),
        HistoryRow("item", "s#1", "title", "Old title", day(1), day(5)),
        HistoryRow("item", "s#1", "title", "Title", day(5)),
        HistoryRow("item", "s#1", "estimate", "7200", day(1)),
    )

    before, after = at(engine, world, 4), at(engine, world, 6)

    names = ("points", "due", "title", "estimate")
    assert [before[n] for n in names] == [3.0, datetime(2026, 2, 1), "Old title", 7200.0]
    assert [after[n] for n in names] == [8.0, None, "Title", 7200.0]


def test_a_changed_mapping_needs_no_new_sync(engine: Engine) -> None:
    world = world_of(*moves((1, "new"), (3, "doing")))

    assert at(engine, world, 9, Policy(status={"Doing": "done"}))["category"] == "done"


def test_the_title_of_a_restricted_item_is_masked_where_the_policy_says_so(engine: Engine) -> None:
    secret = structs.replace(ITEM, title="Acquisition of X", restricted=True)
    world = World().add(secret, *STATUSES, *moves((1, "new"))).present(secret)

    assert at(engine, world, 9)["title"] == "Acquisition of X"
    assert at(engine, world, 9, Policy(restricted="mask"))["title"] == "(restricted)"


def test_an_item_is_there_from_its_creation_until_it_left(engine: Engine) -> None:
    world = World().add(ITEM, *STATUSES, *moves((2, "new")))
    world.present(structs.replace(ITEM, created=day(2)), until=day(8))

    assert [bool(at(engine, world, number)) for number in (1, 2, 7, 8)] == [
        False, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "blocked"),
    [
        ([], False),
        ([HistoryRow("item", "s#1", "flagged", "true", day(3))], True),
        ([HistoryRow("item", "s#1", "flagged", "true", day(3), day(5))], False),
        ([label("Blocked", 3)], True),
        ([Link("s#2", "s#1", "blocks", "Blocks", "A-2", "A-1")], True),
        ([Link("s#2", "s#1", "blocks", "Blocks", "A-2", "A-1", day(20))], False),
        ([Link("s#2", "s#1", "blocks", "Blocks", "A-2", "A-1", day(2), day(4))], False),
        ([Link("s#3", "s#1", "blocks", "Blocks", "A-3", "A-1")], False),
        ([Link("s#1", "s#2", "blocks", "Blocks", "A-1", "A-2")], False),
        ([Link("s#2", "s#1", "relates", "Relates", "A-2", "A-1")], False),
    ],
    ids=["nothing", "flag", "flag taken off", "label", "open blocker", "linked later",
         "link removed", "finished blocker", "blocks another", "only related"],
)  # fmt: skip
def test_blocked(engine: Engine, rows: list[HistoryRow | Link], blocked: bool) -> None:
    other, finished = (
        structs.replace(ITEM, item_id=f"s#{n}", key=f"A-{n}", url=f"https://x/A-{n}")
        for n in (2, 3)
    )
    world = world_of(*moves((1, "new"))).add(
        other, finished, *moves((1, "new"), item="s#2"), *moves((1, "done"), item="s#3"), *rows
    )
    world.present(other).present(finished)

    assert at(engine, world, 9)["blocked"] is blocked


def test_finished_work_is_not_blocked(engine: Engine) -> None:
    world = world_of(
        *moves((1, "new"), (4, "done")), HistoryRow("item", "s#1", "flagged", "true", day(3))
    )

    assert at(engine, world, 3)["blocked"] is True
    assert at(engine, world, 9)["blocked"] is False


def test_members_are_those_of_the_day(engine: Engine) -> None:
    world = world_of(*moves((1, "new")), label("a", 1, 5), label("b", 3))

    found = {
        number: sorted(
            row["name"] for row in records(members_at(world.tables(engine), end_of(number)))
        )
        for number in (2, 4, 6)
    }

    assert found == {2: ["a"], 4: ["a", "b"], 6: ["b"]}
