"""A world that is put straight into a store equals the same world served and synced."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pmo_sync.config.load import load as load_config
from pmo_sync.demo.facts import Tracker, World
from pmo_sync.demo.load import load, site_of
from pmo_sync.demo.render_github import issue_page
from pmo_sync.demo.render_jira import CLOUD_ID
from pmo_sync.demo.servers import (
    GITHUB_TOKEN,
    JIRA_DC_TOKEN,
    JIRA_EMAIL,
    JIRA_TOKEN,
    Trackers,
    serve_world,
)
from pmo_sync.demo.world import build
from pmo_sync.model import Site
from pmo_sync.pipeline import syncing
from pmo_sync.render.progress import Quiet
from pmo_sync.store import Store
from tests.demo.in_names import RISKS, in_names

NOW = datetime(2025, 6, 30, 18, tzinfo=UTC)
OPAQUE = {
    "meta": "says nothing of items",
    "resume": "what a connector asks next time",
    "sync_run": "how many requests it took",
    **dict.fromkeys(
        ("pull_request", "delivery", "status_update"), "a loaded world has items alone"
    ),
}


@pytest.fixture(scope="module")
def world() -> World:
    return build(2, date(2025, 6, 30))


@pytest.fixture(scope="module")
def stores(world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    """The store of a sync, and the one that was loaded."""
    folder = tmp_path_factory.mktemp("stores")
    with serve_world(world) as trackers:
        path = configured(folder, trackers)
        syncing.sync(load_config(path), Quiet(), now=NOW)
        urls = trackers.urls()
    straight = Store(folder / "straight")
    sites: dict[Tracker, Site] = {
        "jira": site_of("jira", urls["jira"], f"{world.title} Jira", CLOUD_ID),
        "jira_dc": site_of("jira_dc", urls["jira_dc"], f"{world.title} Jira"),
        "github": site_of("github", urls["github"], urls["github"].removeprefix("http://")),
    }
    teams = ((team, world.people) for team in world.teams)
    pages = {
        item.key: (issue_page(urls["github"], team, item), f"{team.container}#{item.number}")
        for team in world.teams if team.tracker == "github" for item in team.items
    }  # fmt: skip
    load(straight, teams, sites, list, now=NOW, pages=pages)
    return Store(load_config(path).store_path), straight


def configured(folder: Path, trackers: Trackers) -> Path:
    site = trackers.github.site
    assert site is not None
    repositories = [f"{one.owner}/{one.name}" for one in site.repositories]
    path = folder / "pmo-sync.toml"
    path.write_text(
        f'[[sources]]\nname = "jira"\ntype = "jira"\nurl = "{trackers.jira.url}"\n'
        f'email = "{JIRA_EMAIL}"\ntoken = {{ file = "jira.token" }}\n{RISKS}'
        f'[[sources]]\nname = "jira_dc"\ntype = "jira"\nurl = "{trackers.urls()["jira_dc"]}"\n'
        f'token = {{ file = "jira_dc.token" }}\n{RISKS}'
        f'[[sources]]\nname = "github"\ntype = "github"\nurl = "{trackers.github.url}"\n'
        f'token = {{ file = "github.token" }}\nrepositories = {repositories}\n'
        'pull_requests = "ignore"\n'
    )
    (folder / "jira.token").write_text(JIRA_TOKEN)
    (folder / "jira_dc.token").write_text(JIRA_DC_TOKEN)
    (folder / "github.token").write_text(GITHUB_TOKEN)
    return path


def tables(store: Store) -> list[str]:
    return [name for name in store.counts() if name not in OPAQUE]


@pytest.mark.parametrize("table", [
    "site", "work_item", "history", "presence", "link", "milestone", "iteration", "person",
    "term", "rejected", "worklog",
])  # fmt: skip
def test_it_is_what_a_sync_of_the_same_world_gives(stores: tuple[Store, Store], table: str) -> None:
    synced, straight = (in_names(store, table) for store in stores)
    assert list((Counter(synced) - Counter(straight)).elements()) == []
    assert list((Counter(straight) - Counter(synced)).elements()) == []
    assert table == "rejected" or len(synced) > 1


def test_every_table_is_compared(stores: tuple[Store, Store]) -> None:
    assert tables(stores[0]) == tables(stores[1])
    assert set(tables(stores[0])) == {
        "site", "work_item", "history", "presence", "link", "milestone", "iteration", "person",
        "term", "rejected", "worklog", "baseline", "baseline_item",
    }  # fmt: skip
