"""Recorded Projects v2 boards as a site of the simulated GitHub: what they said is what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pmo_sync.demo.github_board_site import (
    Board,
    BoardField,
    BoardItem,
    BoardIteration,
    Draft,
    Option,
)
from pmo_sync.demo.github_pull_site import GithubPull
from pmo_sync.demo.github_site import (
    Account,
    GithubIssue,
    GithubMilestone,
    GithubRepository,
    GithubSite,
    Label,
)

OWNER = "recorded"
REPOSITORY = f"{OWNER}/board"
URL = "https://github.test"


def recorded_boards(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name of a scenario, and the last board with items that it was answered."""
    for path in sorted(folder.glob("*.json")):
        boards = [found for one in json.loads(path.read_text()) if (found := _board(one))]
        if boards:
            yield path.stem, boards[-1]


def _board(exchange: dict[str, Any]) -> dict[str, Any] | None:
    data = exchange["response"]["data"].get("data") or {}
    board = (data.get("userOrOrganization") or {}).get("projectV2")
    return board if board and "items" in board else None


def board_site(board: dict[str, Any]) -> GithubSite:
    """Return the site of a recorded board, with the issues and pull requests that are on it; in the
    recordings several have one databaseId."""
    rows = board["items"]["nodes"]
    shown = [row["content"] for row in rows if row["content"]]
    issues = [one for one in shown if "number" in one and "merged" not in one]
    pulls = [one for one in shown if "merged" in one]
    logins = {login for one in shown for login in _logins(one)}
    accounts = [Account(OWNER, 1, "O_1", "Organization"), Account("viewer", 2, "U_2")]
    accounts += [Account(login, 10 + at, f"U_{login}") for at, login in enumerate(sorted(logins))]
    milestones = {one["milestone"]["number"]: one["milestone"] for one in issues + pulls
                  if one["milestone"]}  # fmt: skip
    names = {label["name"] for one in issues + pulls for label in one["labels"]["nodes"]}
    repository = GithubRepository(
        OWNER, "board", 77, "R_77", f"{URL}/{REPOSITORY}", _START, _START,
        tuple(map(_issue, issues)), tuple(Label(f"L_{name}", name) for name in sorted(names)),
        tuple(GithubMilestone(f"M_{n}", n, one["title"], one["state"], _START, _START)
              for n, one in milestones.items()),
        pulls=tuple(map(_pull, pulls)),
    )  # fmt: skip
    made = Board(
        board["id"], board["databaseId"], OWNER, 2, board["title"], _START, _START,
        tuple(map(_field, board["fields"]["nodes"], range(1, 100))),
        tuple(_row(row, board["fields"]["nodes"], at) for at, row in enumerate(rows)),
    )  # fmt: skip
    return GithubSite(URL, "viewer", tuple(accounts), (repository,), (made,))


_START = "2022-01-01T00:00:00Z"


def _logins(content: dict[str, Any]) -> Iterator[str]:
    yield from (one["login"] for one in content["assignees"]["nodes"])
    if content.get("author"):
        yield content["author"]["login"]


def _common(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "author": one["author"]["login"] if one["author"] else None,
        "assignees": tuple(each["login"] for each in one["assignees"]["nodes"]),
        "labels": tuple(each["name"] for each in one["labels"]["nodes"]),
        "milestone": one["milestone"]["number"] if one["milestone"] else None,
        "closed_at": one["closedAt"],
        "created_at": one["createdAt"],
        "updated_at": one["closedAt"] or one["createdAt"],
    }


def _issue(one: dict[str, Any]) -> GithubIssue:
    return GithubIssue(
        one["id"], 5000 + one["number"], one["number"], one["title"],
        f"{URL}/{REPOSITORY}/issues/{one['number']}", "CLOSED" if one["closed"] else "OPEN",
        "COMPLETED" if one["closed"] else None, **_common(one),
    )  # fmt: skip


def _pull(one: dict[str, Any]) -> GithubPull:
    state = "MERGED" if one["merged"] else "CLOSED" if one["closed"] else "OPEN"
    return GithubPull(
        one["id"], 5000 + one["number"], one["number"], one["title"],
        f"{URL}/{REPOSITORY}/pull/{one['number']}", state,  # type: ignore[arg-type]
        base="main", head="topic", **_common(one),
    )  # fmt: skip


def _field(field: dict[str, Any], number: int) -> BoardField:
    options = tuple(Option(one["id"], one["name"]) for one in field.get("options") or ())
    times = field.get("configuration") or {}
    running, over = (
        tuple(_iteration(one) for one in times.get(name) or ())
        for name in ("iterations", "completedIterations")
    )
    return BoardField(field["id"], number, field["name"], field["dataType"], options, running, over)


def _iteration(one: dict[str, Any]) -> BoardIteration:
    return BoardIteration(one["title"], one["title"], one["startDate"], one["duration"])


def _row(row: dict[str, Any], fields: list[dict[str, Any]], number: int) -> BoardItem:
    content = row["content"] or {}
    draft = None
    if row["type"] == "DRAFT_ISSUE":
        author = (content.get("author") or {}).get("login")
        people = tuple(one["login"] for one in content["assignees"]["nodes"])
        draft = Draft(content["id"], content["title"], author, content["createdAt"],
                      content["updatedAt"], people)  # fmt: skip
    called = {field["id"]: field["name"] for field in fields}
    return BoardItem(
        row["id"], 900 + number, row["type"], row["createdAt"], row["createdAt"],
        content.get("id") if draft is None else None, draft, dict(filled(row, called)),
        archived=row["isArchived"],
    )  # fmt: skip


def filled(row: dict[str, Any], called: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """Yield what people filled in: a field's name, and its value. Some values carry only the
    name of their type; a title is the content's own."""
    for value in row["fieldValues"]["nodes"]:
        name = called.get((value.get("field") or {}).get("id", ""))
        said = [value[key] for key in ("text", "number", "date", "optionId", "title")
                if key in value]  # fmt: skip
        if name and name != "Title" and said:
            yield name, said[0]
