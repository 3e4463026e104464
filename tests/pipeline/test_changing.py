"""Sync while items are changed, moved and deleted: the next sync has them as they are then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pmo_sync.config.load import load
from pmo_sync.demo.facts import World
from pmo_sync.demo.faults import Faults
from pmo_sync.demo.github_site import (
    ISSUE_REFERENCES,
    GithubIssue,
    GithubRepository,
    GithubSite,
    TimelineEvent,
)
from pmo_sync.demo.jira_site import JiraSite
from pmo_sync.demo.jql_query import key_order
from pmo_sync.demo.render_github import github_site
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.demo.render_jira_dc import jira_dc_site
from pmo_sync.demo.servers import Trackers
from pmo_sync.demo.world import build
from pmo_sync.pipeline import syncing
from pmo_sync.render.progress import Quiet
from pmo_sync.store import Store
from tests.pipeline.small_site import (
    EARLY,
    READ,
    SEED,
    TRANSIENT,
    configured,
    hurry,
    small_trackers,
)

NOW = datetime(2026, 6, 30, 19, tzinfo=UTC)
WORLD, LATER = build(SEED, EARLY), build(SEED, EARLY + timedelta(days=5))
Sites = tuple[JiraSite, GithubSite, JiraSite]
"""A Jira Cloud, a GitHub, a Data Center."""
PRESENT = (
    "SELECT w.* FROM work_item AS w JOIN presence AS p ON p.item_id = w.item_id"
    " AND p.valid_to IS NULL",
    "SELECT h.* EXCLUDE (sync_id) FROM history AS h JOIN presence AS p ON p.item_id = h.entity_id"
    " AND p.valid_to IS NULL WHERE h.origin <> 'observed'",
    "SELECT l.owner, l.from_id, l.to_id, l.kind FROM link AS l JOIN presence AS p"
    " ON p.item_id = l.owner AND p.valid_to IS NULL WHERE l.valid_to IS NULL",
    "SELECT * FROM milestone",
    "SELECT * FROM iteration",
    "SELECT entity, entity_id, field, value FROM history"
    " WHERE origin = 'observed' AND valid_to IS NULL",
)
"""What a store says of the present, but for when it was first seen."""


@pytest.fixture(scope="module")
def trackers() -> Iterator[Trackers]:
    with small_trackers() as running:
        yield running


def present(path: Path) -> list[list[tuple[object, ...]]]:
    with Store(load(path).store_path).read() as con:
        return [sorted(con.execute(query).fetchall(), key=repr) for query in PRESENT]


def site_of(world: World, trackers: Trackers) -> Sites:
    assert trackers.jira_dc
    teams = [team for team in world.teams if team.tracker == "jira_dc"]
    return (
        jira_site(world, trackers.jira.url),
        github_site(world, trackers.github.url),
        jira_dc_site(world, trackers.jira_dc.url, teams),
    )


def load_all(trackers: Trackers, sites: Sites) -> None:
    assert trackers.jira_dc
    trackers.jira.load(sites[0])
    trackers.github.load(sites[1])
    trackers.jira_dc.load(sites[2])


def later(_: Sites, trackers: Trackers) -> Sites:
    return site_of(LATER, trackers)


def deleted(sites: Sites, _: Trackers) -> Sites:
    """Those are gone that were read first; not what others name, which then would change too
    without an ``updated`` of its own."""
    jira, github, data_center = sites
    repositories = tuple(_without_first(one) for one in github.repositories)
    hub = replace(github, repositories=repositories)
    return _without_oldest(jira), hub, _without_oldest(data_center)


def _without_oldest(jira: JiraSite) -> JiraSite:
    """Issues are gone that come first in each order: of change, and of keys."""
    named = {one["fields"].get("parent", {}).get("key") for one in jira.issues}
    named |= {str(value) for one in jira.issues for value in one["fields"].values()}
    free = [
        one for one in jira.issues if not one["fields"]["issuelinks"] and one["key"] not in named
    ]
    by_change = sorted(free, key=lambda one: str(one["fields"]["updated"]))[:6]
    by_key = sorted(free, key=lambda one: key_order(one["key"]))[:6]
    gone = {one["id"] for one in (*by_change, *by_key)}
    return replace(jira, issues=tuple(one for one in jira.issues if one["id"] not in gone))


def _without_first(repository: GithubRepository) -> GithubRepository:
    named = {
        str(value)
        for one in repository.issues
        for event in one.events
        for name, value in event.values.items()
        if name in ISSUE_REFERENCES
    }
    oldest = sorted(repository.issues, key=lambda one: one.updated_at)
    gone = [one.node_id for one in oldest if one.node_id not in named][:3]
    return replace(
        repository, issues=tuple(one for one in repository.issues if one.node_id not in gone)
    )


def moved(sites: Sites, _: Trackers) -> Sites:
    """Three items of one project or repository are in another one, under other keys."""
    jira, github, data_center = sites
    keys = ("PAY-4", "PAY-5", "PAY-6"), ("QLT-4", "QLT-5", "QLT-6")
    return (
        _with_moved(jira, keys[0], "IDN"),
        _with_transferred(github),
        _with_moved(data_center, keys[1], "HRS"),
    )


def _with_transferred(github: GithubSite) -> GithubSite:
    """Three issues of the largest repository are in the smallest one."""
    *others, smallest, largest = sorted(github.repositories, key=lambda one: -len(one.issues))
    smallest, largest = largest, (others or [smallest])[0]
    named = {one.parent for one in largest.issues} | {
        blocker for one in largest.issues for blocker in one.blocked_by
    }
    free = [one for one in largest.issues if one.node_id not in named and not one.milestone]
    gone = {one.node_id for one in free[:3]}
    arrived = tuple(_transferred(one, largest, smallest) for one in free[:3])
    kept = tuple(one for one in largest.issues if one.node_id not in gone)
    now = {
        largest.node_id: replace(largest, issues=kept),
        smallest.node_id: replace(smallest, issues=(*smallest.issues, *arrived)),
    }
    return replace(
        github, repositories=tuple(now.get(one.node_id, one) for one in github.repositories)
    )


def _transferred(
    issue: GithubIssue, here: GithubRepository, there: GithubRepository
) -> GithubIssue:
    at, number = "2026-06-30T18:59:00Z", 900_000 + issue.number
    told = TimelineEvent(
        "TransferredEvent", f"T_{issue.node_id}", at, None, {"fromRepository": here.node_id}
    )
    return replace(
        issue, number=number, url=f"{there.url}/issues/{number}", updated_at=at, labels=(),
        events=(*issue.events, told),
    )  # fmt: skip


def _with_moved(jira: JiraSite, keys: tuple[str, ...], to: str) -> JiraSite:
    target = next(one for one in jira.projects if one["key"] == to)
    return replace(
        jira,
        issues=tuple(_moved(one, target) if one["key"] in keys else one for one in jira.issues),
    )


def all_at_once(sites: Sites, trackers: Trackers) -> Sites:
    return deleted(moved(later(sites, trackers), trackers), trackers)


def _moved(issue: Any, target: Any) -> Any:
    key = f"{target['key']}-90{issue['key'].rpartition('-')[2]}"
    at = "2026-06-30T18:59:00.000+0000"
    items = [{"field": "Key", "fieldtype": "jira", "from": None, "fromString": issue["key"],
              "to": None, "toString": key}]  # fmt: skip
    told = sorted(issue["changelog"]["histories"], key=lambda one: -int(one["id"]))
    author = issue["fields"]["reporter"]
    newest = {"id": f"9{issue['id']}", "author": author, "created": at, "items": items}
    histories = [newest, *told]
    fields = {**issue["fields"], "project": target, "updated": at}
    return {**issue, "key": key, "fields": fields, "changelog": {"histories": histories}}


CHANGES = (later, deleted, moved, all_at_once)
MOMENTS = (20,)
MORE_MOMENTS = tuple(n for n in range(2, 45) if n not in MOMENTS)


@pytest.mark.parametrize(
    "moment", [*MOMENTS, *(pytest.param(n, marks=pytest.mark.slow) for n in MORE_MOMENTS)]
)
@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_while_it_is_read_is_complete_after_the_next_sync(
    trackers: Trackers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Sites, Trackers], Sites],
    moment: int,
) -> None:
    """The change comes just before a request of Jira Cloud's, a third as late of GitHub's, and
    half as late of the Data Center's."""
    hurry(monkeypatch, attempts=2)
    change_during_a_sync(trackers, tmp_path, change, moment, Faults())


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 40))]
)
def test_what_changes_while_trackers_fail_is_complete_after_the_next_sync(
    trackers: Trackers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Every fault is on, and anything may change at any moment."""
    hurry(monkeypatch, attempts=30)
    rng = Random(seed)
    change, moment = rng.choice(CHANGES), rng.randrange(2, 60)
    faults = Faults(TRANSIENT, seed, hold=1.5 * READ, wait=0)
    change_during_a_sync(trackers, tmp_path, change, moment, faults)


def change_during_a_sync(
    trackers: Trackers,
    folder: Path,
    change: Callable[[Sites, Trackers], Sites],
    moment: int,
    faults: Faults,
) -> None:
    before = site_of(WORLD, trackers)
    after = change(before, trackers)
    load_all(trackers, before)
    path, fresh = (configured(folder / name, trackers) for name in ("changing", "fresh"))
    made = trackers.disturb(faults)
    data_center = trackers.jira_dc
    assert data_center
    made["jira"].before(moment, lambda: trackers.jira.load(after[0]))
    made["github"].before(1 + moment // 3, lambda: trackers.github.load(after[1]))
    made["jira_dc"].before(1 + moment // 2, lambda: data_center.load(after[2]))

    syncing.sync(load(path), Quiet(), now=NOW)
    trackers.calm()
    load_all(trackers, after)
    for each in (path, fresh):
        syncing.sync(load(each), Quiet(), now=NOW + timedelta(days=5))

    for ours, theirs in zip(present(path), present(fresh), strict=True):
        assert ours == theirs


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 30))]
)
def test_nothing_is_lost_where_all_of_that_and_every_fault_comes_together(
    trackers: Trackers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """A GitHub that is read over four connections while items are changed, transferred and
    deleted, and while any request may fail."""
    hurry(monkeypatch, attempts=30, connections=4)
    before = site_of(WORLD, trackers)
    after = all_at_once(before, trackers)
    load_all(trackers, before)
    path, fresh = (configured(tmp_path / name, trackers) for name in ("changing", "fresh"))
    made = trackers.disturb(Faults(TRANSIENT, seed, hold=1.5 * READ, wait=0, only="github"))
    made["github"].before(2 + seed, lambda: trackers.github.load(after[1]))

    syncing.sync(load(path), Quiet(), now=NOW, only=["github"])
    trackers.calm()
    load_all(trackers, after)
    for each in (path, fresh):
        syncing.sync(load(each), Quiet(), now=NOW + timedelta(days=5), only=["github"])

    assert made["github"].made
    for ours, theirs in zip(present(path), present(fresh), strict=True):
        assert ours == theirs
