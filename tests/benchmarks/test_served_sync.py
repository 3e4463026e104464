"""A sync of many issues beside a bare loop with the same requests: pytest -m slow -s -k served.

``PMO_SYNC_BENCHMARK_ISSUES`` sets how many (20,000). Nothing is asserted of time, which is the
machine's: each limit is printed beside what was measured. What is counted is asserted.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from pmo_sync.config.load import load
from pmo_sync.demo.http import Answering, Request, Response
from pmo_sync.demo.jira_server import JiraServer
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.pipeline import syncing
from pmo_sync.render.progress import Quiet
from tests.benchmarks import many_issues
from tests.benchmarks.apart import Apart, Asked, Usage
from tests.benchmarks.contenders import NOW, bare, configured, fast, sync
from tests.benchmarks.measured import Cost, measured

ISSUES = int(os.environ.get("PMO_SYNC_BENCHMARK_ISSUES", "20000"))
HISTORIES = 8
EDITED = ISSUES // 200
LATENCY = 0.150
TURNS = 3
CPU, WALL, MEMORY = 2.0, 1.5, 300e6
"""At most so many times the serial loop's processor time at no latency, so many times what eight
connections take at 150 ms, and so many bytes."""


@pytest.mark.slow
def test_the_table(tmp_path: Path) -> None:
    print(f"\n{ISSUES} issues with {HISTORIES} histories each, at Jira Cloud")
    with Apart(many_issues.cloud, ISSUES, HISTORIES) as server:
        # Once for nothing: it renders the answers, and says which requests there are.
        sync(configured(tmp_path / "first", server.url))
        asked = server.recorded()
        serial, fastest, near = turns(
            server,
            ("bare loop, 1 connection", lambda _: (bare, server.url, asked, 1)),
            ("the same, fastest parser", lambda _: (fast, server.url, asked, 1)),
            ("our sync", lambda n: (sync, configured(tmp_path / f"near {n}", server.url))),
        )
        print(f"  processor time: {near.cpu / serial.cpu:.2f} times the loop's (at most {CPU}),"
              f" {near.cpu / fastest.cpu:.2f} times with the fastest parser")  # fmt: skip
        server.delay(LATENCY)
        print(f"{LATENCY * 1000:.0f} ms a request")
        eight, far = turns(
            server,
            ("bare loop, 8 connections", lambda _: (bare, server.url, asked, 8)),
            ("our sync", lambda n: (sync, configured(tmp_path / f"far {n}", server.url))),
        )
        times = far.seconds / eight.seconds
        print(f"  wall: {times:.2f} times that of 8 connections (at most {WALL})")
    if near.peak and far.peak:
        print(f"  memory: {max(near.peak, far.peak) / 1e6:.0f} MB (at most {MEMORY / 1e6:.0f})")
    data, least = len(data_requests(asked)), least_requests(ISSUES)
    print(f"  requests: {data} for data (the least: {least}), {len(asked) - data} for the site")
    assert data <= least + 2, "one page to see whether there is more, one for the newest change"


@pytest.mark.slow
def test_a_sync_of_what_changed_asks_little(tmp_path: Path) -> None:
    world = many_issues.world_of("jira")
    with many_issues.cloud(ISSUES, 1) as server:
        assert isinstance(server, JiraServer)
        path = configured(tmp_path / "site", server.url)
        sync(path)
        site = jira_site(world, server.url)
        server.load_issues(*many_issues.spooled(site, ISSUES, 1, EDITED))
        paths: list[str] = []

        def note(request: Request, answer: Answering) -> Response:
            paths.append(request.path)
            return answer(request)

        server.between = note
        (result,) = syncing.sync(load(path), Quiet(), now=NOW + timedelta(minutes=30))
    assert result.changed == EDITED
    sweep = ceil(ISSUES / 5000)
    most = 6 + 3 * EDITED / 100
    print(
        f"\n{EDITED} of {ISSUES} changed: {len(paths) - sweep} data requests (at most {most:.0f})"
    )
    print(f"  and {sweep} of the sweep: {dict(Counter(paths))}")
    assert len(paths) - sweep <= most


def least_requests(issues: int) -> int:
    """Return how few requests can read so many issues: bodies 100 a page, ids 5,000 a page, once
    to list them and once to see what is gone."""
    return ceil(issues / 100) + 2 * ceil(issues / 5000)


def data_requests(asked: list[Asked]) -> list[Asked]:
    """Pick the requests for issues; the others are for the site."""
    kinds = ("/search/jql", "/issue/bulkfetch", "/changelog/bulkfetch")
    return [one for one in asked if one.path.endswith(kinds)]


def turns(server: Apart, *contenders: tuple[str, Callable[[int], tuple[Any, ...]]]) -> list[Cost]:
    """Let contenders do their work by turns, as the machine's own speed changes; return what each
    spent in all its turns, and its highest peak."""
    costs = [[row(name, server, *work(turn)) for name, work in contenders] for turn in range(TURNS)]
    return [
        Cost(sum(one.seconds for one in mine), sum(one.cpu for one in mine),
             max((one.peak for one in mine if one.peak), default=None))
        for mine in zip(*costs, strict=True)
    ]  # fmt: skip


def row(name: str, server: Apart, work: Callable[..., object], *arguments: object) -> Cost:
    """Do the work and print what it cost, here and at the server."""
    before = server.usage()
    cost = measured(work, *arguments)
    used: Usage = server.usage() - before
    print(
        f"  {name:<26}{cost}{used.cpu:8.2f} s server cpu"
        f"{used.requests:7} requests{used.sent / 1e6:8.1f} MB sent{used.read / 1e6:8.1f} MB read"
    )
    return cost
