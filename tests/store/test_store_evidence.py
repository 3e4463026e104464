"""What is kept beside work items, and links that name their far end in another tracker's words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from msgspec import structs

from pmo_sync.model import (
    NAMED,
    Batch,
    Delivery,
    Departed,
    ItemRecord,
    Link,
    LinkKind,
    PullRecord,
    PullRequest,
    StatusUpdate,
    WorkItem,
    global_id,
)
from pmo_sync.store import SourceRun, Store, archive
from pmo_sync.store.database import SCHEMA_VERSION


def at(day: int) -> datetime:
    return datetime(2026, 1, day, 12, tzinfo=UTC)


def item(site: str, native: int, key: str, *links: Link, url: str = "") -> ItemRecord:
    work = WorkItem(global_id(site, native), site, key, key, "1", 0, key, "1", at(1), at(2), url)
    return ItemRecord(work, links=links)


def pull(number: int, *links: Link, state: str = "open") -> PullRecord:
    key = f"acme/shop#{number}"
    return PullRecord(
        PullRequest(
            global_id("hub", number), "hub", key, "acme/shop", "Pay", state,
            f"https://hub/acme/shop/pull/{number}", at(1), at(2),
        ),
        links,
    )  # fmt: skip


def link(one: str, other: str, kind: LinkKind = "relates") -> Link:
    return Link(one, other, kind, "", one, other)


def named(name: str) -> str:
    return global_id(NAMED, name)


def sync(store: Store, day: int, **sources: Batch) -> None:
    runs = []
    for source, batch in sources.items():
        staging = store.staging(source)
        staging.begin(at(day), "scope", full=False)
        staging.append(batch)
        staging.complete()
        staging.close()
        runs.append(SourceRun(source, None, 1, 0.3))
    results = store.publish(runs, (), now=at(day))
    assert [result.message for result in results] == [None] * len(runs)


def links(store: Store) -> set[tuple[str, str, str]]:
    with store.read() as con:
        return set(con.execute(
            "SELECT from_id, to_id, kind FROM link WHERE valid_to IS NULL").fetchall())  # fmt: skip


JIRA = item("jira", 12, "PAY-12", link("jira#12", named("https://hub/acme/shop/pull/7")))
HUB = pull(7, link("hub#7", named("PAY-12")), link("hub#7", "hub#5", "closes"))
ONE_LINK = {("hub#7", "jira#12", "relates"), ("hub#7", "hub#5", "closes")}


@pytest.mark.parametrize("order", [("jira", "hub"), ("hub", "jira")])
def test_a_link_that_both_trackers_tell_is_one_link(tmp_path: Path, order: tuple[str, ...]) -> None:
    store = Store(tmp_path)
    told = {"jira": Batch(items=(JIRA,)), "hub": Batch(pulls=(HUB,))}
    for day, source in enumerate(order, start=3):
        sync(store, day, **{source: told[source]})
    assert links(store) == ONE_LINK
    sync(store, 9, **told)
    assert links(store) == ONE_LINK, "and no other when it is told again"


def test_a_name_that_two_items_bear_is_nobodys(tmp_path: Path) -> None:
    store = Store(tmp_path)
    twins = (item("jira", 12, "PAY-12"), item("other", 3, "PAY-12"))
    sync(store, 3, jira=Batch(items=twins), hub=Batch(pulls=(HUB,)))
    assert ("?#PAY-12", "hub#7", "relates") in links(store)


def test_a_link_that_a_pull_request_no_longer_tells_has_ended(tmp_path: Path) -> None:
    store = Store(tmp_path)
    sync(store, 3, hub=Batch(pulls=(HUB,)))
    sync(store, 4, hub=Batch(pulls=(pull(7, state="merged"),)))
    assert links(store) == set()
    with store.read() as con:
        assert con.execute("SELECT key, state FROM pull_request").fetchall() == [
            ("acme/shop#7", "merged")
        ]
        assert con.execute("SELECT count(*) FROM link WHERE valid_to IS NOT NULL").fetchall() == [
            (2,)
        ]


def declared(number: int, day: int) -> StatusUpdate:
    return StatusUpdate(f"hub#{number}", "hub", "acme/projects/1", "Shop", "at_risk", "Late",
                        at(day))  # fmt: skip


def test_what_is_missing_among_the_newest_declarations_was_withdrawn(tmp_path: Path) -> None:
    store = Store(tmp_path)
    sync(store, 5, hub=Batch(status_updates=(declared(1, 2), declared(2, 3), declared(3, 4))))
    sync(store, 6, hub=Batch(status_updates=(declared(3, 4), declared(1, 2))))
    sync(store, 7, hub=Batch(status_updates=(declared(4, 5),)))
    with store.read() as con:
        ids = con.execute("SELECT update_id FROM status_update ORDER BY 1").fetchall()
    assert ids == [("hub#1",), ("hub#3",), ("hub#4",)]


def test_a_delivery_is_known_by_its_newest_state(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for day, state in ((3, "pending"), (4, "success")):
        one = Delivery("hub#9", "hub", "acme/shop", "deployment", "deploy", state, at(2))
        sync(store, day, hub=Batch(deliveries=(one,)))
    with store.read() as con:
        assert con.execute("SELECT state FROM delivery").fetchall() == [("success",)]


def older(store: Store) -> None:
    """Make the current snapshot one of version 1."""
    (path,) = (store.folder / "snapshots").glob("*.duckdb")
    with duckdb.connect(str(path)) as con:
        for table in ("pull_request", "delivery", "status_update"):
            con.execute(f"DROP TABLE {table}")
        con.execute("UPDATE meta SET value = '1' WHERE name = 'schema_version'")


def test_an_older_store_is_read_and_then_written_on(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    sync(store, 3, jira=Batch(items=(JIRA,)))
    older(store)
    with store.read() as con:
        assert con.execute("SELECT count(*) FROM pull_request").fetchall() == [(0,)]
    archive.export(store.folder, tmp_path / "old.zip")
    sync(store, 4, hub=Batch(pulls=(HUB,)))
    assert links(store) == ONE_LINK
    archive.restore(store.folder, tmp_path / "old.zip")
    with store.read() as con:
        assert con.execute("SELECT value FROM meta").fetchall() == [(str(SCHEMA_VERSION),)]
        assert con.execute("SELECT count(*) FROM work_item").fetchall() == [(1,)]


def test_a_container_that_has_left_takes_all_its_items_along(tmp_path: Path) -> None:
    store = Store(tmp_path)
    items = tuple(item("hub", number, f"acme/shop#{number}") for number in range(20))
    placed = tuple(
        structs.replace(one, item=structs.replace(one.item, container="acme/shop")) for one in items
    )
    sync(store, 3, hub=Batch(items=placed))
    sync(store, 5, hub=Batch(departed=(Departed("hub", "acme/shop"),)))
    with store.read() as con:
        rows = con.execute("SELECT DISTINCT valid_to, reason FROM presence").fetchall()
    assert rows == [(datetime(2026, 1, 5, 12), "out of scope")]
    sync(store, 7, hub=Batch(items=placed))
    with store.read() as con:
        there = con.execute("SELECT count(*) FROM presence WHERE valid_to IS NULL").fetchall()
    assert there == [(20,)], "and comes back with them"
