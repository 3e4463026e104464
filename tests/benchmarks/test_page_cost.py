"""What a page of 100 issues costs the simulated Jiras: pytest -m slow -s -k page_cost."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import pytest

from pmo_sync.demo.http import LoopbackServer, Request, zip_body
from pmo_sync.demo.servers import JIRA_DC_TOKEN, JIRA_EMAIL, JIRA_TOKEN
from tests.benchmarks import many_issues
from tests.benchmarks.many_issues import PROJECT

ISSUES, HISTORIES, TIMES = 5000, 8, 20
LIMIT = 10
"""Milliseconds of the server's own processor time."""
ALL = f"project = {PROJECT} ORDER BY updated ASC"
SINCE = f"project = {PROJECT} AND updated >= {{}} ORDER BY updated ASC"
BASIC = base64.b64encode(f"{JIRA_EMAIL}:{JIRA_TOKEN}".encode()).decode()
SERVED: list[tuple[str, Callable[[int, int], LoopbackServer], Request]] = [
    ("Cloud", many_issues.cloud,
     Request("GET", "/rest/api/3/search/jql", {}, {"authorization": f"Basic {BASIC}"})),
    ("Data Center", many_issues.data_center,
     Request("GET", "/jira/rest/api/2/search", {"startAt": ("2000",)},
             {"authorization": f"Bearer {JIRA_DC_TOKEN}"})),
]  # fmt: skip


def page(request: Request, jql: str) -> Request:
    """Ask for 100 issues with everything."""
    asked = {"jql": (jql,), "maxResults": ("100",), "fields": ("*all",), "expand": ("changelog",)}
    return replace(request, query={**request.query, **asked})


def costs(works: Iterable[Callable[[], object]]) -> list[float]:
    """Return what each costs, in milliseconds of processor time, in order."""
    spent = []
    for work in works:
        before = time.process_time()
        work()
        spent.append(1000 * (time.process_time() - before))
    return sorted(spent)


def row(name: str, spent: list[float]) -> None:
    print(f"{name:44}{spent[len(spent) // 2]:8.1f}{spent[-1]:8.1f}")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "make", "request_"), SERVED)
def test_the_table(
    name: str, make: Callable[[int, int], LoopbackServer], request_: Request
) -> None:
    server = make(ISSUES, HISTORIES)
    once = costs([lambda: server.answer(page(request_, ALL))])
    shown = server.answer(page(request_, ALL))
    assert shown.body.count(b'"histories":[{') == 100
    print(
        f"\n{name + f', 100 of {ISSUES} issues, {HISTORIES} histories each':44}{'ms':>8}{'most':>8}"
        f"\nlimit {LIMIT} ms; {len(shown.body) / 1e3:.0f} kB"
    )
    row("the first query, its first page", once)
    new = (page(request_, SINCE.format(number)) for number in range(TIMES))
    row("another query of all issues, its first page",
        costs(partial(server.answer, one) for one in new))  # fmt: skip
    row("each other page", costs([lambda: server.answer(page(request_, ALL))] * TIMES))
    row("gzip, where the client asks for it, besides",
        costs([lambda: zip_body(shown.body)] * TIMES))  # fmt: skip
    server.stop()
