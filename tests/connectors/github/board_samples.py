"""A small board of the simulated GitHub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pmo_sync.demo.github_board_site import (
    Board,
    BoardField,
    BoardItem,
    BoardIteration,
    BoardStatus,
    Draft,
    Option,
)
from pmo_sync.demo.github_site import (
    GithubIssue,
    GithubRepository,
    GithubSite,
    Label,
    TimelineEvent,
)
from tests.connectors.github.github_samples import day, site, stamp

COLUMNS = ("Todo", "In Progress", "Done")
RUNNING = BoardIteration("it2", "Sprint 2", "2024-01-15", 14)
OVER = BoardIteration("it1", "Sprint 1", "2024-01-01", 14)
FIELDS = (
    BoardField("F_title", 1, "Title", "TITLE"),
    BoardField("F_status", 2, "Status", "SINGLE_SELECT",
               tuple(Option(f"o_{name}", name) for name in COLUMNS)),
    BoardField("F_points", 3, "Estimate", "NUMBER"),
    BoardField("F_due", 4, "Target date", "DATE"),
    BoardField("F_prio", 5, "Priority", "SINGLE_SELECT",
               tuple(Option(f"p_{name}", name) for name in ("Urgent", "High", "Low"))),
    BoardField("F_sprint", 6, "Sprint", "ITERATION", (), (RUNNING,), (OVER,)),
    BoardField("F_response", 7, "Answer", "TEXT"),
)  # fmt: skip


def row(number: int, updated: float = 50, **fields: Any) -> BoardItem:
    """A row of an issue; ``values`` are by the name of the field."""
    values: Mapping[str, Any] = fields.pop("values", {})
    return BoardItem(
        f"PVTI_{number}", 9000 + number, fields.pop("kind", "ISSUE"), stamp(day(0)),
        stamp(day(updated)), fields.pop("content", f"I_{number}"), values=values, **fields,
    )  # fmt: skip


def draft(number: int, title: str, updated: float = 50, **fields: Any) -> BoardItem:
    """A row of a draft."""
    made = Draft(f"DI_{number}", title, "ann", stamp(day(1)), stamp(day(updated)), ("ann",))
    return row(number, updated, kind="DRAFT_ISSUE", content=None, draft=made, **fields)


def board(
    items: Iterable[BoardItem] = (),
    number: int = 5,
    fields: tuple[BoardField, ...] = FIELDS,
    statuses: tuple[BoardStatus, ...] = (),
) -> Board:
    """A board of the organization acme."""
    named = tuple(replace(one, node_id=f"{one.node_id}_{number}") for one in fields)
    return Board(
        f"PVT_{number}", 700 + number, "acme", number, f"Board {number}", stamp(day(0)),
        stamp(day(50)), named, tuple(items), statuses,
    )  # fmt: skip


def moves(number: int, *columns: tuple[float, str], board: str = "PVT_5") -> list[TimelineEvent]:
    """The events of an issue that moved into columns; an empty one took it off the board."""
    events, before = [], ""
    for at, column in columns:
        kind = "ProjectV2ItemStatusChangedEvent" if column else "RemovedFromProjectV2Event"
        values: dict[str, Any] = {"project": board, "wasAutomated": False}
        if column:
            values |= {"previousStatus": before, "status": column}
        events.append(
            TimelineEvent(kind, f"M_{board}_{number}_{at}", stamp(day(at)), "ann", values)
        )
        before = column
    return events


def site_with(
    boards: Iterable[Board], issues: Iterable[GithubIssue], elsewhere: Iterable[GithubIssue] = ()
) -> GithubSite:
    """acme/shop with issues, acme/depot with those elsewhere, and boards of acme."""
    found = tuple(issues)
    names = sorted({name for issue in found for name in issue.labels})
    whole = site(found, labels=tuple(Label(f"L_{name}", name) for name in names))
    [shop] = whole.repositories
    depot: GithubRepository = replace(
        shop, name="depot", database_id=78, node_id="R_78", url="https://github.test/acme/depot",
        issues=tuple(elsewhere),
    )  # fmt: skip
    return replace(whole, repositories=(shop, depot), boards=tuple(boards))
