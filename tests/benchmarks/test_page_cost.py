"""What a page of 100 issues costs the simulated Jiras: pytest -m slow -s -k page_cost."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest

from pmo_sync.demo.http import LoopbackServer, Request, zip_body
from pmo_sync.demo.servers import JIRA_DC_TOKEN, JIRA_EMAIL, JIRA_TOKEN
from tests.benchmarks import many_issues
from tests.benchmarks.many_issues import PROJECT

ISSUES, HISTORIES, TIMES = 5000, 8, 20
PAGE = {"jql": (f"project = {PROJECT} ORDER BY updated ASC",), "maxResults": ("100",),
        "fields": ("*all",), "expand": ("changelog",)}  # fmt: skip
BASIC = base64.b64encode(f"{JIRA_EMAIL}:{JIRA_TOKEN}".encode()).decode()
SERVED: list[tuple[str, Callable[[int, int], LoopbackServer], Request]] = [
    ("Cloud", many_issues.cloud,
     Request("GET", "/rest/api/3/search/jql", PAGE, {"authorization": f"Basic {BASIC}"})),
    ("Data Center", many_issues.data_center,
     Request("GET", "/jira/rest/api/2/search", {**PAGE, "startAt": ("2000",)},
             {"authorization": f"Bearer {JIRA_DC_TOKEN}"})),
]  # fmt: skip


def cost(work: Callable[[], object]) -> float:
    """The median of several times, in milliseconds of processor time."""
    spent = []
    for _ in range(TIMES):
        before = time.process_time()
        work()
        spent.append(time.process_time() - before)
    return 1000 * sorted(spent)[TIMES // 2]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "make", "request_"), SERVED)
def test_the_table(
    name: str, make: Callable[[int, int], LoopbackServer], request_: Request
) -> None:
    server = make(ISSUES, HISTORIES)
    before = time.process_time()
    page = server.answer(request_)
    first = 1000 * (time.process_time() - before)
    assert page.body.count(b'"histories":[{') == 100
    answer, gzip = cost(lambda: server.answer(request_)), cost(lambda: zip_body(page.body))
    print(
        f"\n{name}: 100 of {ISSUES} issues with {HISTORIES} histories, {len(page.body) / 1e3:.0f}"
        f" kB: the first page of a query {first:.1f} ms, each other {answer:.1f} ms of processor"
        f" time; gzip, where the client asks for it, {gzip:.1f} ms more"
    )
    server.stop()
