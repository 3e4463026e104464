"""A small portfolio whose risks can be worked out by hand (see ``test_risk_report``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from pmo_sync.config import Config, PersonConfig, Project, Select
from pmo_sync.model import HistoryRow, Link, Person, Term, WorkItem
from tests.frames.engines import World

DAY, WEEK_BEFORE = date(2026, 1, 20), date(2026, 1, 13)

CONFIG = Config(
    Path("pmo-sync.toml"),
    projects=(
        Project("Alpha", owner="Grace", select=(Select("jira", container="A"),)),
        Project("Beta", select=(Select("jira", container="B"),)),
    ),
    people=(PersonConfig("Ada L.", team="Red"), PersonConfig("Ben", team="Blue")),
)
TERMS = (
    Term("s", "status", "new", "New", "todo"),
    Term("s", "status", "doing", "Doing", "in_progress"),
    Term("s", "status", "done", "Done", "done"),
    Term("s", "type", "R", "Risk"),
    Term("s", "type", "T", "Task"),
)
PEOPLE = (Person("s#ada", "s", "ada", "Ada L."), Person("s#ben", "s", "ben", "Ben"))

ITEMS = (
    # number, container, type, title
    (1, "A", "R", "Supplier fails"),
    (2, "A", "R", "Interface late"),
    (3, "A", "T", "Licence runs out"),
    (4, "B", "R", "Key person leaves"),
    (5, "B", "R", "Data centre moves"),
    (6, "B", "R", "Law changes"),
    (7, "B", "T", "Build the gateway"),
    (8, "A", "T", "Order the hardware"),
)
STATUS = {
    4: ((1, "new"),),
    5: ((1, "new"), (16, "done")),
    7: ((1, "new"), (2, "doing")),
}
VALUES = (
    # number, field, value, from day, until day
    (1, "probability", "High", 1, None), (1, "impact", "5", 1, None),
    (2, "probability", "2", 1, 15), (2, "probability", "3", 15, None),
    (2, "impact", "Very high", 1, None),
    (2, "response", "Second supplier", 1, None), (2, "assignee", "s#ada", 1, None),
    (3, "label", "risk", 1, None), (3, "label", "risk: p2 i4", 1, None),
    (3, "due", "2026-01-10", 1, None), (3, "risk_owner", "Board", 1, None),
    (4, "probability", "TBD", 1, None), (4, "impact", "2", 1, None),
    (5, "probability", "1", 1, None), (5, "impact", "1", 1, None),
    (6, "probability", "4", 1, 15), (6, "probability", "2", 15, None),
    (6, "impact", "4", 1, None), (6, "risk_owner", "s#ada", 1, None),
    (6, "priority", "Urgent", 1, None), (6, "iteration", "Sprint 7", 1, None),
    (7, "assignee", "s#ben", 1, None), (7, "due", "2026-01-15", 1, None),
)  # fmt: skip
WORDS = ("response", "risk_owner", "label")
"""Fields in which a tracker may say anything."""
LINKS = (
    # blocker, blocked, from day
    ("s#7", "s#1", 5), ("s#8", "s#7", 9), ("x#99", "s#8", None), ("s#5", "s#2", 2),
    ("s#2", "s#3", 3),
)  # fmt: skip


def on(day: int) -> datetime:
    return datetime(2026, 1, day, 12, tzinfo=UTC)


def risk_world(texts: Sequence[str] = (), urls: Sequence[str] = ()) -> World:
    """The portfolio as tables; with other texts and addresses, in turn, wherever a tracker gives
    one."""
    world = World().add(*TERMS, *PEOPLE)
    containers = {number: container for number, container, _, _ in ITEMS}
    for number, container, kind, name in ITEMS:
        item = WorkItem(
            f"s#{number}", "s", f"{container}-{number}", container, kind, 0,
            _in_turn(texts, number, name), "new",
            on(1), on(1), _in_turn(urls, number, f"https://x/{container}-{number}"),
        )  # fmt: skip
        world.add(item, *_moves(number)).present(item)
    for number, field, value, start, end in VALUES:
        word = _in_turn(texts, number, value) if field in WORDS else value
        world.add(_row(number, field, word, start, end))
    keys = {f"s#{number}": f"{container}-{number}" for number, container in containers.items()}
    for one, other, day in LINKS:
        since = on(day) if day else None
        world.add(Link(one, other, "blocks", "", keys.get(one, "X-99"), keys[other], since))
    return world


def _in_turn(texts: Sequence[str], number: int, usual: str) -> str:
    return texts[number % len(texts)] if texts else usual


def _moves(number: int) -> list[HistoryRow]:
    moves = STATUS.get(number, ((1, "new"),))
    ends = [*(day for day, _ in moves[1:]), None]
    return [
        _row(number, "status", status, day, end)
        for (day, status), end in zip(moves, ends, strict=True)
    ]


def _row(number: int, field: str, value: str, start: int, end: int | None) -> HistoryRow:
    return HistoryRow("item", f"s#{number}", field, value, on(start), on(end) if end else None)
