"""Kill a sync of a GitHub at any moment: the next one ends where an undisturbed one does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from pmo_sync.config.load import load
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.demo.http import Request, Response
from pmo_sync.demo.servers import GITHUB_TOKEN
from pmo_sync.pipeline import syncing
from pmo_sync.render.progress import Quiet
from pmo_sync.store import Store
from tests.benchmarks.many_repositories import names, site
from tests.pipeline.test_sync import content

NOW = datetime(2027, 6, 30, 19, tzinfo=UTC)
REPOSITORIES, ISSUES = 6, 150
DRAWN = Random(6)
MOMENTS = [round(DRAWN.uniform(0, 1.2), 3) for _ in range(50)]


class SlowGithub(GithubServer):
    """A GitHub that takes its time over each answer."""

    def answer(self, request: Request) -> Response:
        time.sleep(0.2)
        return super().answer(request)


def configured(folder: Path, url: str) -> Path:
    folder.mkdir()
    path = folder / "pmo-sync.toml"
    scope = str(names(REPOSITORIES)).replace("'", '"')
    path.write_text(
        f'[[sources]]\nname = "github"\ntype = "github"\nurl = "{url}"\nrepositories = {scope}\n'
        'connections = 2\ntoken = { file = "token" }\n'
    )
    (folder / "token").write_text(GITHUB_TOKEN)
    return path


@pytest.mark.parametrize(
    "moment", [MOMENTS[0], *(pytest.param(one, marks=pytest.mark.slow) for one in MOMENTS[1:])]
)
def test_a_killed_sync_is_completed_with_nothing_doubled_and_nothing_lost(
    tmp_path: Path, moment: float
) -> None:
    with SlowGithub(GITHUB_TOKEN) as server:
        server.load(site(REPOSITORIES, ISSUES))
        killed, whole = (configured(tmp_path / name, server.url) for name in ("a", "b"))
        command = "import sys; from pmo_sync.cli import main; sys.argv[0] = 'pmo-sync'; main()"
        process = subprocess.Popen(
            [sys.executable, "-c", command, "-c", str(killed), "-q", "sync"],
            stderr=subprocess.PIPE,
            env={**os.environ},
            text=True,
        )
        await_staging(killed)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        if process.returncode != 0:
            assert not Store(load(killed).store_path).exists()
        for path in (killed, whole):
            syncing.sync(load(path), Quiet(), now=NOW)
    assert records(killed) == records(whole)


def await_staging(path: Path) -> None:
    """Wait until the sync has its working file."""
    staging = path.parent / "store" / "staging" / "github.sync"
    deadline = time.monotonic() + 30
    while not staging.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def records(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What a store says but for how it came to it."""
    found = content(Store(load(path).store_path))
    assert len(found["work_item"]) == REPOSITORIES * ISSUES
    return {table: rows for table, rows in found.items() if table != "resume"}
