"""A board from a simulated GitHub to the items of a day: columns, values and what had left."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pmo_sync.config.load import load as load_config
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.demo.github_site import GithubSite
from pmo_sync.frames.items import items_at
from pmo_sync.frames.tables import from_store, records
from pmo_sync.pipeline import syncing
from pmo_sync.policy import Policy
from pmo_sync.render.progress import Quiet
from pmo_sync.store import Store
from tests.connectors.github.board_samples import board, draft, moves, row, site_with
from tests.connectors.github.github_samples import TOKEN, day, site_issue

VALUES = {"Status": "o_In Progress", "Estimate": 5.0, "Target date": "2024-06-30"}


def before() -> GithubSite:
    working = site_issue(1, events=tuple(moves(1, (2, "Todo"), (4, "In Progress"))))
    rows = [row(1, values=VALUES), draft(20, "An idea", values={"Status": "o_Todo"})]
    return site_with([board(rows)], [working, site_issue(2)])


def after() -> GithubSite:
    events = tuple(moves(1, (2, "Todo"), (4, "In Progress"), (70, "Done")))
    rows = [row(1, 70, values={"Status": "o_Done", "Estimate": 8.0})]
    return site_with([board(rows)], [site_issue(1, events=events), site_issue(2)])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store after two syncs, of day 60 and of day 71."""
    folder: Path = tmp_path_factory.mktemp("board")
    (folder / "token").write_text(TOKEN)
    with GithubServer(TOKEN) as server:
        (folder / "pmo-sync.toml").write_text(
            f'[[sources]]\nname = "gh"\ntype = "github"\nurl = "{server.url}"\n'
            'token = { file = "token" }\nrepositories = ["acme/shop"]\nboards = ["acme/5"]\n'
        )
        config = load_config(folder / "pmo-sync.toml")
        for now, site in ((day(60), before()), (day(71), after())):
            server.load(site)
            syncing.sync(config, Quiet(), now=now)
    return Store(config.store_path)


def items(store: Store, at: float) -> dict[str, dict[str, Any]]:
    with store.read() as con:
        portrait = items_at(from_store(con), day(at).astimezone(UTC).replace(tzinfo=None), Policy())
        return {one["title"]: one for one in records(portrait.items)}


def test_a_column_is_the_status_on_each_day_by_what_its_name_means(store: Store) -> None:
    told = {at: items(store, at)["Task 1"] for at in (1.5, 3, 5, 72)}
    assert {at: (one["status"], one["category"]) for at, one in told.items()} == {
        1.5: ("Open", "todo"), 3: ("Todo", "todo"), 5: ("In Progress", "in_progress"),
        72: ("Done", "done"),
    }  # fmt: skip
    assert told[72]["started"] == datetime(2024, 1, 5)


def test_values_of_a_board_are_known_from_the_sync_that_saw_them(store: Store) -> None:
    assert [items(store, at)["Task 1"]["points"] for at in (59, 61, 72)] == [None, 5.0, 8.0]
    assert items(store, 61)["Task 1"]["due"] == datetime(2024, 6, 30)
    assert items(store, 72)["Task 1"]["due"] is None
    with store.read() as con:
        query = "SELECT DISTINCT origin FROM history WHERE field IN ('points', 'due')"
        assert con.execute(query).fetchall() == [("observed",)]


def test_a_draft_that_has_gone_is_still_there_in_the_past(store: Store) -> None:
    assert items(store, 61)["An idea"]["category"] == "todo"
    assert "An idea" not in items(store, 72)
