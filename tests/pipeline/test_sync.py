"""Sync as a whole, over HTTP: idempotent, resumable, one source's failure is its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest

from pmo_sync.config.load import load
from pmo_sync.demo import run
from pmo_sync.demo.http import Request, Response
from pmo_sync.demo.jira_dc_server import JiraDcServer
from pmo_sync.demo.jira_server import JiraLogin, JiraServer
from pmo_sync.demo.jira_state import JiraLimits
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.demo.render_jira_dc import jira_dc_site
from pmo_sync.demo.servers import DC_LOGIN, JIRA_DC_TOKEN, JIRA_EMAIL, JIRA_TOKEN, Trackers
from pmo_sync.demo.world import build
from pmo_sync.errors import PartialError, SourceError, StoreError
from pmo_sync.pipeline import reporting, syncing
from pmo_sync.render.progress import Quiet
from pmo_sync.store import Store

NOW = datetime(2026, 6, 30, 18, 30, tzinfo=UTC)
"""Half an hour after the demo's own sync."""


def content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the store but the record of runs, in a fixed order."""
    with store.read() as con:
        return {
            name: sorted(con.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for name in store.counts()
            if name != "sync_run"
        }


@pytest.fixture
def served(demo_copy: Path) -> Iterator[tuple[Path, Trackers]]:
    config, trackers = run.serve(demo_copy)
    with trackers:
        yield config.path, trackers


def test_a_second_sync_with_nothing_new_asks_little_and_adds_its_run(
    served: tuple[Path, Trackers],
) -> None:
    config = load(served[0])
    store = Store(config.store_path)
    before, runs = content(store), store.counts()["sync_run"]

    results = syncing.sync(config, Quiet(), now=NOW)

    assert content(store) == before
    assert store.counts()["sync_run"] == runs + 3
    asked = {result.source: result.requests for result in results}
    # What changed and what is gone, of items and of the time noted on them; for GitHub a probe and
    # a page of each board; at the Data Center also what changed last, and whom the item that did
    # names by key alone.
    (boards,) = [len(source.boards) for source in config.sources if source.boards]
    assert (asked["jira"], asked["github"]) == (4, 1 + boards)
    assert 5 <= asked["jira_dc"] <= 7
    assert [result.changed for result in results] == [0, 0, 0]
    least = {one.source: one.spent.least for one in results if one.spent}
    assert (least["jira"], least["github"]) == (asked["jira"], asked["github"])
    assert 4 <= least["jira_dc"] < asked["jira_dc"]


ANOTHER_PROCESS = f"""
import sys
from datetime import datetime
from pathlib import Path
from pmo_sync.config.load import load
from pmo_sync.pipeline import syncing
from pmo_sync.render.progress import Quiet
now = datetime.fromisoformat("{NOW.isoformat()}")
for result in syncing.sync(load(Path(sys.argv[1])), Quiet(), now=now):
    print(result.source, result.requests, result.fetched)
"""


def test_a_sync_by_another_process_goes_on_where_one_ended(served: tuple[Path, Trackers]) -> None:
    """What is kept of how something is read must not depend on where objects lie in memory, nor on
    the order of sets: else all is read anew by each process."""
    here = syncing.sync(load(served[0]), Quiet(), now=NOW)

    done = subprocess.run(
        [sys.executable, "-c", ANOTHER_PROCESS, str(served[0])],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    asked = [f"{one.source} {one.requests} {one.fetched}" for one in here]
    assert done.stdout.splitlines() == asked


def test_a_full_sync_of_the_same_changes_nothing(served: tuple[Path, Trackers]) -> None:
    config = load(served[0])
    # GitHub forgets a deleted account without moving what it wrote: only a full sync sees that.
    syncing.sync(config, Quiet(), now=NOW, full=True)
    before = content(Store(config.store_path))

    results = syncing.sync(config, Quiet(), now=NOW, full=True)

    after = content(Store(config.store_path))
    for each in (before, after):
        del each["resume"]  # says when the site was last read
    assert after == before
    assert min(result.fetched for result in results) > 100


def test_one_sources_failure_is_its_own(served: tuple[Path, Trackers]) -> None:
    path, _ = served
    config = load(path)
    (path.parent / "github.token").write_text("wrong-token-12345\n")

    with pytest.raises(PartialError) as caught:
        syncing.sync(config, Quiet(), now=NOW)

    assert "github" in str(caught.value)
    assert "wrong-token-12345" not in str(caught.value)
    with Store(config.store_path).read() as con:
        last = con.execute(
            "SELECT source, outcome FROM sync_run ORDER BY sync_id DESC, source LIMIT 3"
        ).fetchall()
    assert sorted(last) == [("github", "failed"), ("jira", "complete"), ("jira_dc", "complete")]
    report = reporting.report(config, "status", NOW.date(), ["json"], path.parent / "out").report
    assert report.confidence == "limited"
    assert any("the last sync failed: github" in reason for reason in report.confidence_reasons)


def test_a_token_that_is_not_set_stops_its_own_source_only(served: tuple[Path, Trackers]) -> None:
    path, _ = served
    (path.parent / "github.token").unlink()

    with pytest.raises(PartialError, match=r"github\.token"):
        syncing.sync(load(path), Quiet(), now=NOW)

    with Store(load(path).store_path).read() as con:
        query = "SELECT count(*) FROM sync_run WHERE started = ? AND outcome = 'complete'"
        assert con.execute(query, [NOW.replace(tzinfo=None)]).fetchall() == [(2,)]


def test_a_clock_that_went_back_is_not_believed(served: tuple[Path, Trackers]) -> None:
    config = load(served[0])
    before = content(Store(config.store_path))

    with pytest.raises(StoreError, match="is this machine's clock right"):
        syncing.sync(config, Quiet(), now=datetime(2026, 6, 1, tzinfo=UTC))

    assert content(Store(config.store_path)) == before


def test_when_all_sources_fail_the_data_stays_as_it_was(demo_copy: Path) -> None:
    config = load(demo_copy / "pmo-sync.toml")  # nothing serves its trackers
    before = content(Store(config.store_path))

    with pytest.raises(SourceError):
        syncing.sync(config, Quiet(), now=NOW, only=["jira"])

    assert content(Store(config.store_path)) == before


class SlowJira(JiraServer):
    """A Jira that takes its time over each page of items: a sync lasts longer than any moment at
    which it is stopped."""

    def answer(self, request: Request) -> Response:
        time.sleep(0.1)
        return super().answer(request)


class SlowDataCenter(JiraDcServer):
    """A Data Center that takes its time: it is asked less often than a Cloud."""

    def answer(self, request: Request) -> Response:
        time.sleep(0.2)
        return super().answer(request)


def slow_site(kind: str) -> JiraServer | JiraDcServer:
    world = build(2, date(2024, 10, 31))
    if kind == "Cloud":
        limits = JiraLimits(page=25, changelog=25)
        cloud = SlowJira(JiraLogin(JIRA_EMAIL, JIRA_TOKEN), limits=limits)
        cloud.load(jira_site(world, cloud.url))
        return cloud
    center = SlowDataCenter(DC_LOGIN)
    teams = [team for team in world.teams if team.tracker == "jira_dc"]
    center.load(jira_dc_site(world, center.url, teams))
    return center


def store_of(path: Path) -> Store:
    return Store(load(path).store_path)


STOPS = [
    ("Cloud", signal.SIGKILL, 0.1), ("Cloud", signal.SIGKILL, 0.6), ("Cloud", signal.SIGINT, 0.3),
    ("Data Center", signal.SIGKILL, 0.8),
]  # fmt: skip
MORE_STOPS = [
    (kind, signal.SIGKILL, Random(n).uniform(0, 1.5))
    for kind in ("Cloud", "Data Center") for n in range(50)
]  # fmt: skip
SMALL_STEPS = """
import sys
from pmo_sync.cli import main
from pmo_sync.connectors.jira import cloud, data_center, plan
cloud.ISSUES_A_PAGE = data_center.ISSUES_A_PAGE = plan.ITEMS_A_STEP = 25
sys.argv[0] = "pmo-sync"
main()
"""
"""The command, so that it has many batches to be stopped between."""


@pytest.mark.parametrize(
    ("kind", "how", "moment"),
    [*STOPS, *(pytest.param(*each, marks=pytest.mark.slow) for each in MORE_STOPS)],
)
def test_a_sync_that_is_stopped_anywhere_is_completed_by_the_next(
    tmp_path: Path, kind: str, how: signal.Signals, moment: float
) -> None:
    login = f'email = "{JIRA_EMAIL}"\n' if kind == "Cloud" else ""
    token = JIRA_TOKEN if kind == "Cloud" else JIRA_DC_TOKEN
    with slow_site(kind) as server:
        stopped, whole = (configured(tmp_path / name, server.url, login) for name in ("a", "b"))
        process = subprocess.Popen(
            [sys.executable, "-c", SMALL_STEPS, "-c", str(stopped), "-q", "sync"],
            stderr=subprocess.PIPE,
            env={**os.environ, "TOKEN": token},
            text=True,
        )
        wait_for_batches(stopped, moment)
        process.send_signal(how)
        _, words = process.communicate(timeout=30)
        if process.returncode != 0:
            assert not store_of(stopped).exists()
            assert "Traceback" not in words
            if how == signal.SIGINT:
                assert process.returncode == 130
                assert "the next sync goes on" in words

        os.environ["TOKEN"] = token
        before = server.requests
        for path in (stopped, whole):
            syncing.sync(load(path), Quiet(), now=NOW)
    assert server.requests > before
    assert content(store_of(stopped)) == content(store_of(whole))


def configured(folder: Path, url: str, login: str) -> Path:
    folder.mkdir()
    path = folder / "pmo-sync.toml"
    path.write_text(
        f'[[sources]]\nname = "jira"\ntype = "jira"\nurl = "{url}"\n'
        f'{login}token = {{ env = "TOKEN" }}\n'
    )
    return path


def wait_for_batches(path: Path, seconds: float) -> None:
    """Wait until the sync has its working file, and a moment more: each time at another place."""
    staging = path.parent / "store" / "staging" / "jira.sync"
    deadline = time.monotonic() + 20
    while not staging.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(seconds)
