"""A site that is rendered team by team, synced page by page, equals what is loaded straight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pmo_sync.config.load import load as load_config
from pmo_sync.demo.facts import Tracker
from pmo_sync.demo.jira_dc_server import JiraDcServer
from pmo_sync.demo.jira_large import jira_large
from pmo_sync.demo.jira_server import JiraServer
from pmo_sync.demo.load import load, site_of
from pmo_sync.demo.names import TITLE
from pmo_sync.demo.render_jira import CLOUD_ID
from pmo_sync.demo.scale import Part, stream
from pmo_sync.demo.servers import DC_LOGIN, JIRA_DC_TOKEN, JIRA_EMAIL, JIRA_TOKEN, LOGIN
from pmo_sync.pipeline import syncing
from pmo_sync.render.progress import Quiet
from pmo_sync.store import Store
from tests.demo.in_names import RISKS, in_names
from tests.demo.test_load import NOW

ITEMS = 8600
"""More than one portfolio."""


@pytest.fixture(scope="module")
def streamed() -> list[Part]:
    return list(stream(3, ITEMS))


@pytest.fixture(scope="module", params=["jira", "jira_dc"])
def tracker(request: pytest.FixtureRequest) -> Tracker:
    chosen: Tracker = request.param
    return chosen


@pytest.fixture(scope="module")
def parts(streamed: list[Part], tracker: Tracker) -> list[Part]:
    return [part for part in streamed if part.team.tracker == tracker]


@pytest.fixture(scope="module")
def server(parts: list[Part], tracker: Tracker) -> Iterator[JiraServer | JiraDcServer]:
    made = JiraServer(LOGIN) if tracker == "jira" else JiraDcServer(DC_LOGIN)
    with made as server:
        site, spool = jira_large(parts, server.url, tracker)
        server.load_issues(site, spool)
        yield server
        spool.close()


@pytest.fixture(scope="module")
def stores(
    server: JiraServer | JiraDcServer,
    parts: list[Part],
    tracker: Tracker,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Store, Store]:
    folder: Path = tmp_path_factory.mktemp("large")
    path = folder / "pmo-sync.toml"
    email, identity = (f'email = "{JIRA_EMAIL}"\n', CLOUD_ID) if tracker == "jira" else ("", None)
    path.write_text(
        f'[[sources]]\nname = "{tracker}"\ntype = "jira"\nurl = "{server.url}"\n'
        f'{email}token = {{ file = "token" }}\n{RISKS}'
    )
    (folder / "token").write_text(JIRA_TOKEN if tracker == "jira" else JIRA_DC_TOKEN)
    syncing.sync(load_config(path), Quiet(), now=NOW)
    sites = {tracker: site_of(tracker, server.url, f"{TITLE} Jira", identity)}
    straight = Store(folder / "straight")
    load(straight, ((part.team, part.people) for part in parts), sites, list, now=NOW)
    return Store(load_config(path).store_path), straight


def test_there_is_more_than_one_portfolio(parts: list[Part]) -> None:
    assert len({tuple(one.key for one in part.people) for part in parts}) > 1


@pytest.mark.parametrize(
    "table",
    ["work_item", "history", "presence", "link", "milestone", "iteration", "term", "person"],
)
def test_it_is_what_is_loaded_straight(stores: tuple[Store, Store], table: str) -> None:
    synced, straight = (Counter(in_names(store, table)) for store in stores)
    assert list((synced - straight).elements())[:3] == []
    assert list((straight - synced).elements())[:3] == []
    assert synced
