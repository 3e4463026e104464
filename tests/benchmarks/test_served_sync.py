"""A sync of many issues beside a bare loop with the same requests: pytest -m slow -s -k served.

``PMO_SYNC_BENCHMARK_ISSUES`` sets how many (20,000). Nothing is asserted of time: what the figures
must be is said, and held, where a connector is made faster.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks import many_issues
from tests.benchmarks.apart import Apart, Usage
from tests.benchmarks.contenders import bare, configured, sync
from tests.benchmarks.measured import measured

ISSUES = int(os.environ.get("PMO_SYNC_BENCHMARK_ISSUES", "20000"))
HISTORIES = 8
LATENCIES = (0.0, 0.150)
CONNECTIONS = (1, 8)


@pytest.mark.slow
def test_the_table(tmp_path: Path) -> None:
    print(f"\n{ISSUES} issues with {HISTORIES} histories each, at Jira Cloud")
    with Apart(many_issues.cloud, ISSUES, HISTORIES) as server:
        # Once for nothing: it renders the answers, and says which requests there are.
        sync(configured(tmp_path / "first", server.url))
        asked = server.recorded()
        assert len(asked) > ISSUES // 100
        for latency in LATENCIES:
            server.delay(latency)
            print(f"{latency * 1000:.0f} ms a request")
            for connections in CONNECTIONS:
                name = f"bare loop, {connections} connections"
                row(name, server, bare, server.url, asked, connections)
            path = configured(tmp_path / f"{latency}", server.url)
            used = row("our sync", server, sync, path)
            assert used.requests == len(asked)


def row(name: str, server: Apart, work: Callable[..., object], *arguments: object) -> Usage:
    """Do the work and print what it cost, here and at the server."""
    before = server.usage()
    cost = measured(work, *arguments)
    used = server.usage() - before
    print(
        f"  {name:<26}{cost}{used.cpu:8.2f} s server cpu"
        f"{used.requests:7} requests{used.sent / 1e6:8.1f} MB sent{used.read / 1e6:8.1f} MB read"
    )
    return used
