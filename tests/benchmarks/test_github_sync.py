"""A sync of a GitHub beside a bare loop with the same requests: pytest -m slow -s -k github_sync.

``PMO_SYNC_BENCHMARK_ISSUES`` sets how many issues (20,000, over 20 repositories). The limits are
printed beside what was measured; of time nothing is asserted, of requests everything.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter

from pmo_sync.config.load import load
from pmo_sync.demo.servers import GITHUB_TOKEN
from pmo_sync.pipeline import syncing
from pmo_sync.pipeline.syncing import connector
from pmo_sync.render.progress import Quiet
from tests.benchmarks import many_repositories
from tests.benchmarks.apart import Apart, Asked
from tests.benchmarks.measured import measured

ISSUES = int(os.environ.get("PMO_SYNC_BENCHMARK_ISSUES", "20000"))
REPOSITORIES = 20
LATENCY = 0.150
CONNECTIONS = 4
NOW = datetime(2027, 7, 1, 18, tzinfo=UTC)
WALL, PROCESSOR, MEMORY, REQUESTS = 1.5, 2.5, 300e6, 1.1
"""At most so many times the bare loop's time and processor seconds, bytes, and times the requests
that there must be."""


def configured(folder: Path, url: str, scope: str) -> Path:
    """Write a configuration of one GitHub."""
    folder.mkdir(parents=True)
    path = folder / "pmo-sync.toml"
    path.write_text(
        f'[[sources]]\nname = "github"\ntype = "github"\nurl = "{url}"\n{scope}\n'
        f'connections = {CONNECTIONS}\ntoken = {{ file = "github.token" }}\n'
    )
    (folder / "github.token").write_text(GITHUB_TOKEN)
    return path


def sync(path: Path, full: bool = True) -> None:
    """Sync into the published store."""
    (result,) = syncing.sync(load(path), Quiet(), now=NOW, full=full)
    if result.outcome != "complete":
        raise RuntimeError(result.message)


def read(path: Path) -> None:
    """Read all that a sync reads, and keep nothing."""
    config = load(path)
    for _ in connector(config.sources[0], Quiet()).sync({}, now=NOW):
        pass


def bare(origin: str, asked: Sequence[Asked], connections: int) -> None:
    """Ask the same over so many connections; read and parse the answers, and forget them."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"token {GITHUB_TOKEN}"
        session.mount(origin, HTTPAdapter(pool_maxsize=connections))

        def ask(one: Asked) -> None:
            answer = session.post(
                origin + one.path, data=one.body,
                headers={"Content-Type": "application/json"}, timeout=60,
            )  # fmt: skip
            answer.raise_for_status()
            answer.json()

        with ThreadPoolExecutor(connections) as pool:
            list(pool.map(ask, asked))


def repositories(count: int) -> str:
    return f"repositories = {many_repositories.names(count)}".replace("'", '"')


@pytest.mark.slow
def test_a_first_sync_beside_a_bare_loop(tmp_path: Path) -> None:
    each = ISSUES // REPOSITORIES
    print(f"\n{ISSUES} issues with 10 events each in {REPOSITORIES} repositories, "
          f"{LATENCY * 1000:.0f} ms a request, {CONNECTIONS} connections")  # fmt: skip
    scope = repositories(REPOSITORIES)
    with Apart(many_repositories.server, REPOSITORIES, each) as server:
        # Once for nothing: it renders the answers, and says which requests there are.
        sync(configured(tmp_path / "first", server.url, scope))
        asked = server.recorded()
        server.delay(LATENCY)
        loop = measured(bare, server.url, asked, CONNECTIONS)
        print(f"  {'bare loop':<12}{loop}")
        ours = measured(sync, configured(tmp_path / "second", server.url, scope))
        print(f"  {'our sync':<12}{ours}")
        assert len(server.recorded()) == 2 * len(asked)
    told("wall", ours.seconds / loop.seconds, WALL, "times the loop's")
    told("processor", ours.cpu / loop.cpu, PROCESSOR, "times the loop's")
    told("memory", (ours.peak or 0) / 1e6, MEMORY / 1e6, "MB")
    least = REPOSITORIES * -(-each // 100) + 1
    told("requests", len(asked), REQUESTS * least, f"at least {least}")
    assert len(asked) <= REQUESTS * least


@pytest.mark.slow
def test_memory_does_not_grow_with_the_issues(tmp_path: Path) -> None:
    """The whole sync, and the connector alone: what the former has more is the store's, whose
    memory grows up to limits of its own (``store.database``)."""
    scope = repositories(REPOSITORIES)
    for factor in (1, 4, 8):
        each = factor * ISSUES // 4 // REPOSITORIES
        with Apart(many_repositories.server, REPOSITORIES, each) as server:
            path = configured(tmp_path / str(factor), server.url, scope)
            print(f"\n  {each * REPOSITORIES:>7} issues")
            for name, work in (("whole sync", sync), ("connector", read)):
                print(f"  {name:<12}{measured(work, path)}")


@pytest.mark.slow
def test_nothing_new_in_500_repositories_is_ten_requests(tmp_path: Path) -> None:
    with Apart(many_repositories.server, 500, 1) as server:
        for name, scope in (
            ("organization", f'organization = "{many_repositories.OWNER}"'),
            ("names", repositories(500)),
        ):
            path = configured(tmp_path / name, server.url, scope)
            sync(path)
            server.recorded()
            sync(path, full=False)
            assert len(server.recorded()) == 10, name


@pytest.mark.slow
def test_a_board_of_10_000_items_is_a_hundred_pages(tmp_path: Path) -> None:
    rows = ISSUES // 2
    with Apart(many_repositories.server, 1, rows, rows) as server:
        scope = f'{repositories(1)}\nboards = ["{many_repositories.OWNER}/1"]'
        path = configured(tmp_path / "board", server.url, scope)
        for what in ("first sync", "nothing new"):
            cost = measured(sync, path, False)
            asked = server.recorded()
            pages = sum(b"query Board" in one.body for one in asked)
            print(f"\n  {what:<12}{cost}{len(asked):6} requests, {pages} board pages")
            assert pages == -(-rows // 100)
    assert len(asked) == pages + 1, "the repository"


def told(what: str, found: float, limit: float, unit: str) -> None:
    """Print a figure beside its limit."""
    mark = "" if found <= limit else "   OVER"
    print(f"  {what:<12}{found:8.2f} of {limit:.2f} {unit}{mark}")
