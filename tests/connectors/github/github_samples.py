"""Issues as GitHub writes them, and a small simulated GitHub to ask."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from pmo_sync.config import Secret, Source
from pmo_sync.connectors.github.issue_payloads import Issue
from pmo_sync.connectors.github.labels import label_fields
from pmo_sync.connectors.github.mapping import Context, Mapped, map_issue
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.demo.github_site import (
    Account,
    GithubIssue,
    GithubMilestone,
    GithubRepository,
    GithubSite,
    TimelineEvent,
)
from pmo_sync.demo.http import Request, Response, json_response
from pmo_sync.model import HistoryRow

RECORDED = Path(os.environ.get("PMO_SYNC_RECORDED_DATA", "../shared/data"))
"""What real trackers answered; tests that need it skip where it is absent."""
SITE = "github.test"
TOKEN = "ghp_secretsecretsecret"
START = datetime(2024, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    """So many days after the issue was opened."""
    return START + timedelta(days=number)


def stamp(moment: datetime) -> str:
    """A time as GitHub writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def user(login: str, number: int, kind: str = "User") -> dict[str, Any]:
    """An actor."""
    return {"__typename": kind, "login": login, "databaseId": number}


ANN = user("ann", 1)
BOB = user("bob", 2)


def event(kind: str, at: float | None, **fields: Any) -> dict[str, Any]:
    """A timeline item."""
    time = None if at is None else stamp(day(at))
    return {"__typename": kind, "createdAt": time, "actor": ANN, **fields}


def issue_json(events: Iterable[dict[str, Any]] = (), **fields: Any) -> dict[str, Any]:
    """An issue that was opened on day 0 and last changed on day 100."""
    return {
        "id": "I_1",
        "databaseId": 1000,
        "fullDatabaseId": "1000",
        "number": 12,
        "title": "Pay by card",
        "url": "https://github.test/acme/shop/issues/12",
        "state": "OPEN",
        "stateReason": None,
        "createdAt": stamp(day(0)),
        "updatedAt": stamp(day(100)),
        "closedAt": None,
        "author": ANN,
        "repository": {"nameWithOwner": "acme/shop"},
        "labels": {"nodes": []},
        "assignees": {"nodes": []},
        "timelineItems": {"nodes": list(events)},
        **fields,
    }


CONTEXT = Context(SITE, "acme/shop", "77", False, label_fields({}))


def mapped(*events: dict[str, Any], context: Context = CONTEXT, **fields: Any) -> Mapped:
    """Map such an issue."""
    payload = msgspec.json.encode(issue_json(events, **fields))
    return map_issue(msgspec.json.decode(payload, type=Issue), context)


def rows(result: Mapped, field: str) -> list[tuple[str | None, float, float | None]]:
    """The history of a field as (value, from day, to day)."""
    return [
        (row.value, _days(row.valid_from), _days(row.valid_to) if row.valid_to else None)
        for row in result.record.history
        if row.field == field
    ]


def history(result: Mapped, field: str) -> list[HistoryRow]:
    """The history rows of a field."""
    return [row for row in result.record.history if row.field == field]


def _days(moment: datetime) -> float:
    return (moment - START) / timedelta(days=1)


class Recorder:
    """Progress that remembers what it was told."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.waits: list[float] = []

    def step(self, source: str, text: str, done: int = 0, total: int | None = None) -> None:
        self.steps.append(text)

    def waiting(self, source: str, seconds: float, why: str) -> None:
        self.waits.append(seconds)


Fault = Response | ConnectionError | Callable[[Request, Response], Response]


class FaultyGithub(GithubServer):
    """A GitHub that first answers with what is in ``faults``, then properly.

    A fault is an answer, a broken connection, or a change to the proper answer. ``asked`` lists
    the variables of each request.
    """

    def __init__(self) -> None:
        super().__init__(TOKEN)
        self.faults: deque[Fault | None] = deque()
        self.asked: list[Mapping[str, Any]] = []

    def answer(self, request: Request) -> Response:
        self.asked.append({"query": request.json()["query"], **request.json()["variables"]})
        fault = self.faults.popleft() if self.faults else None
        if isinstance(fault, ConnectionError):
            raise fault
        if isinstance(fault, Response):
            return fault
        proper = super().answer(request)
        return fault(request, proper) if fault else proper

    def source(self, **fields: Any) -> Source:
        """The source that asks this server."""
        fields.setdefault("token", Secret("inline", TOKEN, "source.token"))
        if "organization" not in fields:
            fields.setdefault("repositories", ("acme/shop",))
        return Source("gh", "github", self.url, **fields)


def graphql_errors(*errors: dict[str, Any], status: int = 200, data: Any = None) -> Response:
    """A GraphQL answer with errors."""
    return json_response({"data": data, "errors": list(errors)}, status)


def site_issue(number: int, updated: float = 0, **fields: Any) -> GithubIssue:
    """An issue of the simulated site, opened on the day of its number."""
    return GithubIssue(
        node_id=f"I_{number}",
        database_id=1000 + number,
        number=number,
        title=f"Task {number}",
        url=f"https://github.test/acme/shop/issues/{number}",
        state="OPEN",
        state_reason=None,
        created_at=stamp(day(number)),
        updated_at=stamp(day(max(updated, number))),
        closed_at=None,
        author="ann",
        **fields,
    )


def renamings(number: int, count: int) -> tuple[TimelineEvent, ...]:
    """A long timeline: the title changes every hour."""
    return tuple(
        TimelineEvent(
            "RenamedTitleEvent",
            f"E_{number}_{index}",
            stamp(day(number) + timedelta(hours=index + 1)),
            "ann",
            {"previousTitle": f"Title {index}", "currentTitle": f"Title {index + 1}"},
        )
        for index in range(count)
    )


def site(
    issues: Iterable[GithubIssue],
    milestones: tuple[GithubMilestone, ...] = (),
    **fields: Any,
) -> GithubSite:
    """A GitHub with one repository, acme/shop."""
    repository = GithubRepository(
        owner="acme",
        name="shop",
        database_id=77,
        node_id="R_77",
        url="https://github.test/acme/shop",
        created_at=stamp(day(0)),
        updated_at=stamp(day(0)),
        issues=tuple(issues),
        milestones=milestones,
    )
    accounts = (
        Account("ann", 1, "U_1"),
        Account("helper", 9, "B_9", "Bot"),
        Account("acme", 50, "O_50", "Organization"),
    )
    return GithubSite("https://github.test", "ann", accounts, (replace(repository, **fields),))


def several(repositories: Iterable[tuple[str, Iterable[GithubIssue]]]) -> GithubSite:
    """A GitHub with repositories ``owner/name``, each with its issues."""
    found = site([])
    template = found.repositories[0]
    made = []
    for number, (full_name, issues) in enumerate(repositories, 1):
        owner, _, name = full_name.partition("/")
        made.append(
            replace(
                template, owner=owner, name=name, database_id=7000 + number,
                node_id=f"R_{7000 + number}", url=f"https://github.test/{full_name}",
                issues=tuple(issues),
            )
        )  # fmt: skip
    return replace(found, repositories=tuple(made))
