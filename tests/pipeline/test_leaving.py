"""What left a Jira, or a query of it, is out from the next sync on, and stays in the past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pmo_sync.config import Config, Source, StoreConfig
from pmo_sync.demo.jira_site import JiraSite
from pmo_sync.errors import SourceError
from pmo_sync.frames import from_store, items_at
from pmo_sync.frames.tables import records
from pmo_sync.pipeline import syncing
from pmo_sync.policy import Policy
from pmo_sync.render.progress import Quiet
from pmo_sync.store import Store
from tests.connectors.jira.jira_small_site import NOW, OPS, PAY, SITE, served
from tests.connectors.jira.jira_wire import change, history, source

LATER = NOW + timedelta(hours=3)
MOVED_AT = "2026-07-01T01:00:00.000+0000"
Change = Callable[[JiraSite], JiraSite]


def without(site: JiraSite, *ids: str) -> JiraSite:
    """Deleted, archived, or secured against this login: a search does not tell which."""
    return replace(site, issues=tuple(one for one in site.issues if one["id"] not in ids))


def moved(site: JiraSite, native: str, key: str, project: dict[str, str]) -> JiraSite:
    return replace(site, issues=tuple(
        _moved(one, key, project) if one["id"] == native else one for one in site.issues
    ))  # fmt: skip


def _moved(issue: Any, key: str, project: dict[str, str]) -> Any:
    old = issue["fields"]["project"]
    entry = history(
        9999, MOVED_AT,
        change("project", old["id"], project["id"], names=(old["name"], project["name"])),
        change("Key", None, None, names=(issue["key"], key)),
    )  # fmt: skip
    log = [entry, *issue["changelog"]["histories"]]
    fields = issue["fields"] | {"project": project, "updated": MOVED_AT}
    return issue | {"key": key, "fields": fields, "changelog": {"histories": log}}


def synced(folder: Path, asked: Source, now: datetime) -> None:
    config = Config(folder / "pmo-sync.toml", store=StoreConfig(folder / "store"), sources=(asked,))
    syncing.sync(config, Quiet(), now=now)


def there(folder: Path, at: datetime) -> set[str]:
    """The native ids of what was there at an instant."""
    with Store(folder / "store").read() as con:
        rows = con.execute(
            "SELECT item_id FROM presence WHERE valid_from <= $1 AND"
            " (valid_to IS NULL OR valid_to > $1)",
            [at.replace(tzinfo=None)],
        ).fetchall()
    return {row[0].rpartition("#")[2] for row in rows}


def key_of(folder: Path, native: str) -> tuple[str, str]:
    with Store(folder / "store").read() as con:
        query = "SELECT key, container FROM work_item WHERE item_id = ?"
        (row,) = con.execute(query, [f"cloud-1#{native}"]).fetchall()
    return row


@pytest.mark.parametrize(
    ("projects", "happens", "left"),
    [
        (("PAY", "OPS"), lambda site: without(site, "12", "13"), {"12", "13"}),
        (("PAY",), lambda site: moved(site, "12", "OPS-90", OPS), {"12"}),
        (("PAY", "OPS"), lambda site: moved(site, "12", "OPS-90", OPS), set()),
        ((), lambda site: moved(site, "12", "OPS-90", OPS), set()),
    ],
    ids=["gone", "moved out of the scope", "moved within it", "moved within a whole site"],
)
def test_what_left(
    tmp_path: Path, projects: tuple[str, ...], happens: Change, left: set[str]
) -> None:
    with served() as server:
        asked = source(server.url, projects=projects)
        synced(tmp_path, asked, NOW)
        before = there(tmp_path, NOW)
        server.load(happens(SITE))
        synced(tmp_path, asked, LATER)
    assert there(tmp_path, LATER) == before - left
    assert there(tmp_path, LATER - timedelta(minutes=1)) == before


def test_what_moved_is_the_same_item_under_another_key(tmp_path: Path) -> None:
    with served() as server:
        asked = source(server.url, projects=("PAY", "OPS"))
        synced(tmp_path, asked, NOW)
        server.load(moved(SITE, "12", "OPS-90", OPS))
        synced(tmp_path, asked, LATER)
    assert key_of(tmp_path, "12") == ("OPS-90", "OPS")


@pytest.mark.parametrize(
    "again",
    [moved(SITE, "12", "PAY-90", PAY), SITE],
    ids=["changed", "as it was: hidden, and shown again"],
)
def test_what_comes_back_is_there_again(tmp_path: Path, again: JiraSite) -> None:
    with served() as server:
        asked = source(server.url, projects=("PAY", "OPS"))
        synced(tmp_path, asked, NOW)
        server.load(without(SITE, "12"))
        synced(tmp_path, asked, LATER)
        server.load(again)
        synced(tmp_path, asked, LATER + timedelta(hours=1))
    assert "12" in there(tmp_path, NOW)
    assert "12" not in there(tmp_path, LATER)
    assert "12" in there(tmp_path, LATER + timedelta(hours=1))


def archived(site: JiraSite) -> JiraSite:
    """The project OPS as a whole: a search finds nothing of it."""
    left = without(site, *(str(n) for n in range(20, 30)))
    return replace(left, projects=(PAY,), archived=(OPS,))


@pytest.mark.parametrize("hours", [0.5, 3], ids=["the site is remembered", "it is asked again"])
def test_an_archived_project_takes_its_items_along_until_it_is_restored(
    tmp_path: Path, hours: float
) -> None:
    def after(times: float) -> datetime:
        return NOW + timedelta(hours=times * hours)

    with served() as server:
        asked = source(server.url)
        synced(tmp_path, asked, NOW)
        server.load(archived(SITE))
        synced(tmp_path, asked, after(1))
        server.asked.clear()
        synced(tmp_path, asked, after(2))
        assert [one for one in server.asked if "status" in one.query] == [], "once is enough"
        server.load(SITE)
        synced(tmp_path, asked, after(3))
    numbers = [{int(one) for one in there(tmp_path, after(times))} for times in range(4)]
    everything, payments = set(range(10, 30)), set(range(10, 20))
    assert numbers == [everything, payments, payments, everything]


@pytest.mark.parametrize(
    ("projects", "happens", "words"),
    [
        # Named in the configuration, and not to be seen any more.
        (("PAY", "OPS"), lambda site: replace(site, projects=(PAY,)), "OPS"),
        (("PAY", "OPS"), lambda site: archived(site), "archived or deleted: OPS: take them out"),
        # One of all: nobody named it, but a sync that loses so much is not believed.
        ((), lambda site: without(site, *(str(n) for n in range(20, 30))), "10 of 10 items of OPS"),
    ],
    ids=["a configured project", "one that is archived", "one of the whole site"],
)
def test_a_project_that_is_newly_forbidden_fails_the_source(
    tmp_path: Path, projects: tuple[str, ...], happens: Change, words: str
) -> None:
    with served() as server:
        asked = source(server.url, projects=projects)
        synced(tmp_path, asked, NOW)
        before = there(tmp_path, NOW)
        server.load(happens(SITE))
        with pytest.raises(SourceError, match=words):
            synced(tmp_path, asked, LATER)
    assert there(tmp_path, LATER) == before


def test_what_a_query_for_risks_finds_is_known_from_sync_to_sync(tmp_path: Path) -> None:
    """One that is found no more was a risk until then; a query that is gone changes nothing."""
    queries = ("key in (PAY-10, PAY-11)", "key in (PAY-11, OPS-25)", None)
    with served() as server:
        for hour, query in enumerate(queries):
            asked = source(server.url, risk_jql=query)
            synced(tmp_path, asked, NOW + timedelta(hours=hour))
    with Store(tmp_path / "store").read() as con:
        tables = from_store(con)
        found = [
            {
                row["key"] for row in records(items_at(tables, moment, Policy()).items)
                if row["risk_jql"]
            }
            for moment in (_naive(NOW), _naive(NOW + timedelta(hours=2)))
        ]  # fmt: skip
    assert found == [{"PAY-10", "PAY-11"}, {"PAY-11", "OPS-25"}]


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
