"""A site that is rendered team by team, synced page by page, equals what is loaded straight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pmo_sync import pipeline
from pmo_sync.config.load import load as load_config
from pmo_sync.demo.jira_large import jira_large
from pmo_sync.demo.jira_server import JiraServer
from pmo_sync.demo.load import load, site_of
from pmo_sync.demo.names import TITLE
from pmo_sync.demo.render_jira import CLOUD_ID
from pmo_sync.demo.scale import Part, stream
from pmo_sync.demo.servers import JIRA_EMAIL, JIRA_TOKEN, LOGIN
from pmo_sync.render.progress import Quiet
from pmo_sync.store import Store
from tests.demo.in_names import RISKS, in_names
from tests.demo.test_load import NOW

ITEMS = 7000
"""More than one portfolio."""


@pytest.fixture(scope="module")
def parts() -> list[Part]:
    return [part for part in stream(3, ITEMS) if part.team.tracker == "jira"]


@pytest.fixture(scope="module")
def server(parts: list[Part]) -> Iterator[JiraServer]:
    with JiraServer(LOGIN) as server:
        site, spool = jira_large(parts, server.url)
        server.load_issues(site, spool)
        yield server
        spool.close()


@pytest.fixture(scope="module")
def stores(
    server: JiraServer, parts: list[Part], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Store, Store]:
    folder: Path = tmp_path_factory.mktemp("large")
    path = folder / "pmo-sync.toml"
    path.write_text(
        f'[[sources]]\nname = "jira"\ntype = "jira"\nurl = "{server.url}"\n'
        f'email = "{JIRA_EMAIL}"\ntoken = {{ file = "token" }}\n{RISKS}'
    )
    (folder / "token").write_text(JIRA_TOKEN)
    pipeline.sync(load_config(path), Quiet(), now=NOW)
    sites = {"jira": site_of("jira", server.url, f"{TITLE} Jira", CLOUD_ID)}
    straight = Store(folder / "straight")
    load(straight, ((part.team, part.people) for part in parts), sites, list, now=NOW)  # type: ignore[arg-type]
    return Store(load_config(path).store_path), straight


@pytest.mark.parametrize(
    "table", ["work_item", "history", "presence", "link", "milestone", "iteration", "term"]
)
def test_it_is_what_is_loaded_straight(stores: tuple[Store, Store], table: str) -> None:
    synced, straight = (Counter(in_names(store, table)) for store in stores)
    assert list((synced - straight).elements())[:3] == []
    assert list((straight - synced).elements())[:3] == []
    assert synced
