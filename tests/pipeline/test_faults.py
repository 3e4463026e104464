"""Sync through the real connectors while the trackers misbehave as a plan says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmo_sync.cli import main
from pmo_sync.config.load import load
from pmo_sync.demo.facts import Tracker
from pmo_sync.demo.faults import Closed, Faults, Kind
from pmo_sync.demo.servers import Trackers
from pmo_sync.demo.world import build
from pmo_sync.pipeline import syncing
from pmo_sync.render.progress import Quiet
from pmo_sync.store import Store
from tests.pipeline.small_site import (
    EARLY,
    READ,
    SEED,
    TOKENS,
    TRANSIENT,
    configured,
    hurry,
    small_trackers,
)
from tests.pipeline.test_sync import content

NOW = datetime(2026, 6, 30, 19, tzinfo=UTC)
Contents = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def running() -> Iterator[Trackers]:
    with small_trackers() as trackers:
        yield trackers


@pytest.fixture
def trackers(running: Trackers) -> Trackers:
    """Calm trackers that show the world as it was at its end."""
    running.calm()
    running.show(build(SEED, EARLY))
    return running


@pytest.fixture(scope="module")
def synced(running: Trackers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a sync without faults leaves; tests copy it."""
    running.calm()
    running.show(build(SEED, EARLY))
    path = configured(tmp_path_factory.mktemp("calm") / "synced", running)
    with pytest.MonkeyPatch.context() as patch:
        hurry(patch, attempts=2)
        syncing.sync(load(path), Quiet(), now=NOW)
    return path


def copied(path: Path, folder: Path) -> Path:
    return shutil.copytree(path.parent, folder) / path.name


def store_of(path: Path) -> Store:
    return Store(load(path).store_path)


def patient(monkeypatch: pytest.MonkeyPatch, connections: int = 1) -> None:
    """So many attempts that no run of transient faults outlasts them."""
    hurry(monkeypatch, 30, connections)


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(n, marks=pytest.mark.slow) for n in range(3, 40))]
)
def test_mixed_transient_faults_change_nothing(
    trackers: Trackers, synced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    patient(monkeypatch, connections=1 + seed % 4)
    path = configured(tmp_path / "faulty", trackers)
    made = trackers.disturb(Faults(TRANSIENT, seed, hold=1.5 * READ, wait=0))

    syncing.sync(load(path), Quiet(), now=NOW)

    assert min(len(one.made) for one in made.values()) > 5
    assert content(store_of(path)) == content(store_of(synced))


@pytest.mark.parametrize("kind", TRANSIENT)
def test_each_transient_fault_by_itself_changes_nothing(
    trackers: Trackers, synced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    patient(monkeypatch)
    path = configured(tmp_path / "faulty", trackers)
    rate = 0.1 if kind == "timeout" else 0.5
    made = trackers.disturb(Faults({kind: rate}, 1, hold=1.5 * READ, wait=0))

    syncing.sync(load(path), Quiet(), now=NOW)

    assert {name for one in made.values() for _, name in one.made} == {kind}
    assert content(store_of(path)) == content(store_of(synced))


def test_the_same_seed_disturbs_the_same_requests(
    trackers: Trackers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient(monkeypatch)
    met = []
    for number, seed in enumerate((5, 5, 6)):
        path = configured(tmp_path / str(number), trackers)
        made = trackers.disturb(Faults({"429": 0.1, "5xx": 0.1}, seed, wait=0))
        syncing.sync(load(path), Quiet(), now=NOW)
        met.append({tracker: one.made for tracker, one in made.items()})
    assert met[0] == met[1] != met[2]


LATER = build(SEED, EARLY + timedelta(days=28))
HOPELESS: dict[str, tuple[Tracker, Faults, str]] = {
    "limit": ("jira", Faults({"429": 1}, wait=0), "the rate limit is used up (429)"),
    "Data Center's limit": ("jira_dc", Faults({"429": 1}, wait=0), "the rate limit is used up"),
    "Data Center is down": ("jira_dc", Faults({"5xx": 1}), "the tracker failed (50"),
    "Data Center's token expired": (
        "jira_dc", Faults(expired=12), "the login is refused (401)"),
    "Data Center hides a project": (
        "jira_dc", Faults(closed=Closed("QLT", 3, hidden=True)),
        "items of QLT are missing from its listing"),
    "Limit": ("github", Faults({"429": 1}, wait=0), "the rate limit is reached"),
    "Secondary limit": ("github", Faults({"secondary": 1}, wait=0), "the rate limit is reached"),
    "limit until tomorrow": ("jira", Faults({"429": 1}, wait=86400), "the rate limit is used up"),
    "Limit until tomorrow": ("github", Faults({"429": 1}, wait=86400), "the rate limit is reached"),
    "down": ("jira", Faults({"5xx": 1}), "the tracker failed (50"),
    "Down": ("github", Faults({"5xx": 1}), "the server answers 50"),
    "dropped": ("jira", Faults({"dropped": 1}), "the connection broke"),
    "Dropped": ("github", Faults({"dropped": 1}), "broke off"),
    "truncated": ("jira", Faults({"truncated": 1}), "the answer breaks off"),
    "Truncated": ("github", Faults({"truncated": 1}), "broke off"),
    "timeout": ("jira", Faults({"timeout": 1}, hold=1.5 * READ), "no answer in time"),
    "Timeout": ("github", Faults({"timeout": 1}, hold=1.5 * READ), "does not answer in time"),
    "repeated page": ("jira", Faults({"repeated": 1}), "the same page token came twice"),
    "Repeated page": ("github", Faults({"repeated": 1}), "the server repeats a page"),
    "expired": ("jira", Faults(expired=12), "the login is refused (401)"),
    "Expired": ("github", Faults(expired=4), "the token is not accepted (401"),
    "hidden": (
        "jira", Faults(closed=Closed("PAY", 3, hidden=True)),
        "items of PAY are missing from its listing"),
    "forbidden": (
        "jira", Faults(closed=Closed("PAY", 3, hidden=False)), "may not see this (403)"),
    "Hidden": (
        "github", Faults(closed=Closed("harbourline/gateway", 2, hidden=True)),
        "harbourline/gateway: not found, or hidden from this token"),
    "Hidden midway": (
        "github", Faults(closed=Closed("harbourline/gateway", 4, hidden=True)),
        "not found, or hidden from this token"),
    "Forbidden": (
        "github", Faults(closed=Closed("harbourline/gateway", 2, hidden=False)),
        "harbourline/gateway: forbidden"),
}  # fmt: skip
"""What no retry mends: of Jira, and with a capital of GitHub."""
PARTIAL = {"Limit", "Secondary limit", "Limit until tomorrow"}
"""What time alone mends: the next sync goes on."""


@pytest.mark.parametrize("name", HOPELESS)
def test_what_no_retry_mends_fails_its_source_and_keeps_yesterdays_data(
    trackers: Trackers, synced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    hurry(monkeypatch, attempts=2)
    tracker, plan, words = HOPELESS[name]
    path = copied(synced, tmp_path / "copy")
    trackers.show(LATER)
    trackers.disturb(plan)

    result = CliRunner().invoke(main, ["-c", str(path), "sync", tracker])

    code = 3 if name in PARTIAL else 1
    assert (result.exit_code, words in result.output) == (code, True), result.output
    assert f"error: {tracker}: " in result.output
    assert not any(token in result.output for token in TOKENS)
    assert content(store_of(path)) == content(store_of(synced))

    trackers.calm()
    trackers.show(LATER)
    assert CliRunner().invoke(main, ["-c", str(path), "sync", tracker]).exit_code == 0


def test_a_tracker_that_fails_leaves_the_other_one_alone(
    trackers: Trackers, synced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch, attempts=2)
    path = copied(synced, tmp_path / "copy")
    trackers.show(LATER)
    trackers.disturb(Faults({"5xx": 1}, only="jira"))

    result = CliRunner().invoke(main, ["-c", str(path), "sync"])

    assert result.exit_code == 3
    assert "1 of 3 sources failed: jira: " in result.output
    with store_of(path).read() as con:
        newest = con.execute(
            "SELECT s.kind, s.url LIKE '%/jira', max(w.updated)::DATE FROM work_item AS w"
            " JOIN site AS s ON s.site = w.site GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    assert [day > EARLY for *_, day in newest] == [True, False, True], newest
