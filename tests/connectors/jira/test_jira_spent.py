"""What a sync cost a Jira: its requests for data beside the least, and those for the site apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from pmo_sync.connectors.jira.session import DATA
from pmo_sync.demo.http import Answering, Request, Response
from pmo_sync.demo.jira_server import JiraServer
from pmo_sync.demo.jira_state import JiraLimits
from pmo_sync.model import Spent
from tests.connectors.jira.jira_small_site import ISSUES, NOW, PAY, connector, minute, served
from tests.connectors.jira.jira_wire import change, history, issue

LARGE = JiraLimits()
"""A site that gives as much a page as we ask for."""


def issues(count: int) -> tuple[Any, ...]:
    state = {"id": "3", "name": "Doing", "statusCategory": {"key": "done"}}
    return tuple(
        issue(n, f"PAY-{n}", project=PAY, updated=minute(n), status=state)
        for n in range(1, count + 1)
    )


def spent(
    server: JiraServer, state: Mapping[str, str] | None = None
) -> tuple[Spent, dict[str, str]]:
    asking, after = connector(server), dict(state or {})
    for batch in asking.sync(after.copy(), now=NOW):
        after |= batch.state
    assert asking.spent.data + asking.spent.site == asking.requests
    return asking.spent, after


@pytest.mark.parametrize(
    ("count", "least", "beside"),
    [
        (20, 1 + 1 + 2, 1),  # a page, the sweep, worklogs changed and deleted; the newest change
        (100, 1 + 1 + 2, 1),
        (250, 3 + 1 + 1 + 2, 1),  # the ids are listed for the bulk requests
    ],
)
def test_a_first_sync_and_one_with_nothing_new(count: int, least: int, beside: int) -> None:
    with served(limits=LARGE, issues=issues(count)) as server:
        first, state = spent(server)
        assert (first.least, first.data) == (least, least + beside)
        assert spent(server, state)[0] == Spent(data=4, least=4, site=0)


def test_what_small_pages_and_repeats_add_is_seen() -> None:
    failed: set[str] = set()

    def failing_once(request: Request, answer: Answering) -> Response:
        first = request.path not in failed
        failed.add(request.path)
        return Response(b"", 503) if first else answer(request)

    with served(limits=JiraLimits(page=6), issues=ISSUES) as server:
        calm, _ = spent(server)
        server.between = failing_once
        shaken, _ = spent(server)
    assert calm.data > calm.least
    assert (shaken.least, shaken.data > calm.data, shaken.site) == (calm.least, True, 2 * calm.site)


def test_what_issues_lack_is_asked_for_one_by_one() -> None:
    """Their whole changelogs together, as that is how they are asked for."""
    moves = [
        history(n, f"2026-01-{n:02}T00:00:00.000+0000", change("status", "1", "3"))
        for n in range(20, 3, -1)
    ]
    cut = tuple(one | {"changelog": {"histories": moves}} for one in ISSUES[:4])
    with served(limits=JiraLimits(page=100, changelog=2), issues=cut) as server:
        found, _ = spent(server)
    assert found.least == 1 + 1 + 1 + 2


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("issue/PAY-1", True),
        ("search/jql", True),
        ("worklog/updated", True),
        ("changelog/bulkfetch", True),
        ("issuetype", False),
        ("project/search", False),
    ],
)
def test_the_address_tells_what_a_request_is_for(path: str, data: bool) -> None:
    for base in ("https://a.net/rest/api/3/", "https://b.example/jira/rest/api/2/"):
        assert bool(DATA.search(base + path)) is data
