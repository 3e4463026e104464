"""GitHub sites of any size, all alike: repositories of issues with ten events each, and a board."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pmo_sync.demo.github_board_site import Board, BoardField, BoardItem, Option
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.demo.github_site import (
    Account,
    GithubIssue,
    GithubMilestone,
    GithubRepository,
    GithubSite,
    Label,
    TimelineEvent,
)
from pmo_sync.demo.http import LoopbackServer
from pmo_sync.demo.servers import GITHUB_TOKEN

OWNER = "acme"
START = datetime(2024, 1, 1, tzinfo=UTC)
LABELS = tuple(Label(f"L_{name}", name) for name in ("bug", "priority: high", "size/3", "blocked"))
TOLD = (
    "LabeledEvent", "AssignedEvent", "MilestonedEvent", "LabeledEvent", "RenamedTitleEvent",
    "UnlabeledEvent", "AssignedEvent", "ClosedEvent", "ReopenedEvent", "ClosedEvent",
)  # fmt: skip
STATUS = BoardField("F_status", 1, "Status", "SINGLE_SELECT", options=(
    Option("o1", "Todo"), Option("o2", "In Progress"), Option("o3", "Done")))  # fmt: skip
POINTS = BoardField("F_points", 2, "Estimate", "NUMBER")


def server(repositories: int, issues: int, rows: int = 0) -> LoopbackServer:
    """Return a GitHub of so many repositories with so many issues each, not started yet; the first
    ``rows`` issues of the first repository are on a board."""
    made = GithubServer(GITHUB_TOKEN)
    made.allowance.limit = 1_000_000
    made.load(site(repositories, issues, rows))
    return made


def names(count: int) -> list[str]:
    """The repositories by name."""
    return [f"{OWNER}/service-{number:03}" for number in range(1, count + 1)]


def site(repositories: int, issues: int, rows: int = 0) -> GithubSite:
    """Return such a site."""
    people = tuple(Account(f"dev{n}", n, f"U_{n}", name=f"Dev {n}") for n in range(1, 41))
    made = tuple(
        _repository(name, number, issues) for number, name in enumerate(names(repositories), 1)
    )
    boards = (_board(made[0], rows),) if rows else ()
    organization = Account(OWNER, 9000, "O_1", "Organization")
    return GithubSite("https://github.test", "dev1", (*people, organization), made, boards)


def _repository(full_name: str, number: int, issues: int) -> GithubRepository:
    milestone = GithubMilestone(f"M_{number}", 1, "v1", "OPEN", _at(0), _at(0), due_on=_at(900))
    return GithubRepository(
        owner=OWNER,
        name=full_name.partition("/")[2],
        database_id=number,
        node_id=f"R_{number}",
        url=f"https://github.test/{full_name}",
        created_at=_at(0),
        updated_at=_at(0),
        issues=tuple(_issue(full_name, number, one) for one in range(1, issues + 1)),
        labels=LABELS,
        milestones=(milestone,),
    )


def _issue(repository: str, place: int, number: int) -> GithubIssue:
    opened = number / 10
    events = tuple(_events(place, number, opened))
    return GithubIssue(
        node_id=f"I_{place}_{number}",
        database_id=1_000_000 * place + number,
        number=number,
        title=f"Task {number}, renamed",
        url=f"https://github.test/{repository}/issues/{number}",
        state="CLOSED",
        state_reason="COMPLETED",
        created_at=_at(opened),
        updated_at=_at(opened + 10),
        closed_at=_at(opened + 10),
        author=f"dev{number % 40 + 1}",
        assignees=(f"dev{number % 7 + 1}", f"dev{number % 11 + 10}"),
        labels=("bug", "size/3"),
        milestone=1,
        body="",
        events=events,
    )


def _events(place: int, number: int, opened: float) -> Iterator[TimelineEvent]:
    labels = iter((LABELS[0], LABELS[1], LABELS[1]))
    assigned = iter((f"dev{number % 7 + 1}", f"dev{number % 11 + 10}"))
    for index, kind in enumerate(TOLD, 1):
        values: dict[str, str | bool | Label | None] = {}
        if kind in ("LabeledEvent", "UnlabeledEvent"):
            values["label"] = LABELS[2] if index == 4 else next(labels)
        elif kind == "AssignedEvent":
            values["assignee"] = next(assigned)
        elif kind == "MilestonedEvent":
            values["milestoneTitle"] = "v1"
        elif kind == "RenamedTitleEvent":
            values = {"previousTitle": f"Task {number}",
                      "currentTitle": f"Task {number}, renamed"}  # fmt: skip
        elif kind == "ClosedEvent":
            values["stateReason"] = "COMPLETED"
        name = f"E_{place}_{number}_{index}"
        yield TimelineEvent(kind, name, _at(opened + index), f"dev{index}", values)


def _board(repository: GithubRepository, rows: int) -> Board:
    items = tuple(
        BoardItem(
            f"PVTI_{number}", number, "ISSUE", _at(0), _at(1), content=issue.node_id,
            values={"Status": STATUS.options[number % 3].id, "Estimate": float(number % 8)},
        )
        for number, issue in enumerate(repository.issues[:rows], 1)
    )  # fmt: skip
    return Board("PVT_1", 1, OWNER, 1, "Delivery", _at(0), _at(0), (STATUS, POINTS), items)


def _at(days: float) -> str:
    return (START + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
