"""A Jira Cloud site of a few issues, served over HTTP, whose answers a test can change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pmo_sync.connectors.jira import JiraConnector
from pmo_sync.demo.http import Request, Response
from pmo_sync.demo.jira_server import JiraLogin, JiraServer
from pmo_sync.demo.jira_site import JiraSite
from pmo_sync.demo.jira_state import JiraLimits
from pmo_sync.model import Batch
from tests.connectors.jira.jira_wire import (
    EMAIL,
    HASTE,
    TOKEN,
    Said,
    change,
    history,
    issue,
    source,
    user,
)

NOW = datetime(2026, 7, 1, tzinfo=UTC)
KIND = "com.pyxis.greenhopper.jira:"


def field(native: str, name: str, custom: str | None = None) -> dict[str, Any]:
    return {"id": native, "name": name, "schema": {"type": "any", "custom": custom}}


def sprint(number: int, name: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "name": name, "state": "closed", "originBoardId": 2} | more


def status(native: str, name: str, category: str) -> dict[str, Any]:
    return {"id": native, "name": name, "statusCategory": {"id": 1, "key": category}}


def minute(n: int) -> str:
    """The n-th minute of a day of updates."""
    return f"2026-02-01T{n // 60:02}:{n % 60:02}:00.000+0000"


PAY = {"id": "100", "key": "PAY", "name": "Payments"}
OPS = {"id": "101", "key": "OPS", "name": "Operations"}
ISSUES = tuple(
    issue(
        n,
        f"{'PAY' if n < 20 else 'OPS'}-{n}",
        history(n * 10 + 1, "2026-01-05T00:00:00.000+0000",
                change("status", "1", "3", field_id="status")),
        history(n * 10, "2026-01-03T00:00:00.000+0000",
                change("status", "9", "1", names=("Inbox", "Open"), field_id="status")),
        project=PAY if n < 20 else OPS,
        status={"id": "3", "name": "In Progress", "statusCategory": {"key": "done"}},
        updated=minute(n),
        cf_sprint=[sprint(4, "Sprint 4", boardId=2)],
        assignee=user("bob"),
        **dict.fromkeys(("cf_points", "cf_epic", "cf_flag", "cf_start", "duedate")),
    )
    for n in range(10, 30)
)  # fmt: skip

SITE = JiraSite(
    base_url="https://site.example",
    cloud_id="cloud-1",
    title="Small site",
    account=user("reader", "Reader"),
    issues=ISSUES,
    fields=(
        field("cf_points", "Story Points"),
        field("cf_sprint", "Iteración", KIND + "gh-sprint"),
        field("cf_epic", "Epic Link", KIND + "gh-epic-link"),
        field("cf_flag", "Flagged"),
        field("cf_start", "Start date"),
        field("duedate", "Due date"),
    ),
    statuses=(status("1", "Open", "new"), status("3", "Doing", "indeterminate")),
    issue_types=({"id": "10", "name": "Story", "hierarchyLevel": 0},),
    priorities=({"id": "5", "name": "High"}, {"id": "2", "name": "Low"}),
    resolutions=({"id": "7", "name": "Done"},),
    projects=(PAY, OPS),
    versions={
        "PAY": (
            {"id": "8", "name": "v1", "released": True, "releaseDate": "2026-03-01"},
            {"id": "9", "name": "v2", "released": True},
        )
    },
    boards=(
        {"id": 2, "name": "Team", "type": "scrum", "location": {"projectId": 100}},
        {"id": 3, "name": "Flow", "type": "kanban", "location": {"projectId": 101}},
    ),
    sprints={2: (sprint(4, "Sprint 4"), sprint(5, "Sprint 5", state="future"))},
)


class AlteredServer(JiraServer):
    """A Jira that answers some paths as the test says, and keeps what it was asked."""

    def __init__(self, changed: Mapping[str, Response], limits: JiraLimits) -> None:
        super().__init__(JiraLogin(EMAIL, TOKEN), limits=limits)
        self.changed = changed
        self.asked: list[Request] = []
        self.before: dict[str, Callable[[], None]] = {}
        """What to do, once, before a path is answered."""

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        self.before.pop(request.path, lambda: None)()
        return self.changed.get(request.path) or super().answer(request)

    def paths(self) -> list[str]:
        """What was asked, without the APIs' prefixes."""
        prefixes = ("/rest/api/2/", "/rest/api/3/", "/rest/agile/1.0/", "/")
        return [_without(asked.path, prefixes) for asked in self.asked]


def _without(path: str, prefixes: tuple[str, ...]) -> str:
    return next(path.removeprefix(prefix) for prefix in prefixes if path.startswith(prefix))


@contextmanager
def served(
    changed: Mapping[str, Response] | None = None,
    limits: JiraLimits | None = None,
    **site: Any,
) -> Iterator[AlteredServer]:
    """Serve the small site, with some of it replaced."""
    with AlteredServer(changed or {}, limits or JiraLimits(page=6)) as server:
        server.load(replace(SITE, **site))
        yield server


def connector(server: JiraServer, said: Said | None = None, **keys: Any) -> JiraConnector:
    return JiraConnector(source(server.url, **keys), said or Said(), HASTE)


def synced(server: JiraServer, state: Mapping[str, str] | None = None, **keys: Any) -> list[Batch]:
    """All batches of one sync."""
    return list(connector(server, **keys).sync(state or {}, now=NOW))
