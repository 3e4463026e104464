"""The store: batches with their resume state, whole snapshots, nothing doubled, nothing lost."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import pytest
from msgspec import structs

from pmo_sync.errors import LockedError, StoreError
from pmo_sync.model import (
    Batch,
    HistoryRow,
    ItemRecord,
    Iteration,
    Link,
    Observation,
    Rejected,
    Site,
    Sweep,
    Term,
    WorkItem,
    Worklog,
)
from pmo_sync.store import SourceRun, Store, archive

SITE = "site"


def at(day: int) -> datetime:
    return datetime(2026, 1, day, 12, tzinfo=UTC)


def item(number: int, *, title: str = "", links: Iterable[int] = ()) -> ItemRecord:
    id = f"{SITE}#{number}"
    return ItemRecord(
        WorkItem(
            item_id=id, site=SITE, key=f"A-{number}", container="A", type="1", rank=0,
            title=title or f"Item {number}", status="3", created=at(1), updated=at(5),
            url=f"https://tracker.example/A-{number}", due=date(2026, 2, 1),
        ),
        history=(
            HistoryRow("item", id, "status", "1", at(1), at(3)),
            HistoryRow("item", id, "status", "3", at(3)),
        ),
        links=tuple(
            Link(id, f"{SITE}#{to}", "blocks", "Blocks", f"A-{number}", f"A-{to}") for to in links
        ),
    )  # fmt: skip


def batch(*items: ItemRecord, state: str = "s", sweep: Iterable[int] | None = None) -> Batch:
    return Batch(
        sites=(Site(SITE, "jira", "https://tracker.example", "Tracker"),),
        items=items,
        terms=(Term(SITE, "status", "1", "To Do", "todo"), Term(SITE, "status", "3", "Done")),
        sweeps=()
        if sweep is None
        else (Sweep(SITE, "A", tuple(f"{SITE}#{number}" for number in sweep)),),
        state={"issues": state},
    )


def run_sync(
    store: Store,
    *batches: Batch,
    day: int,
    source: str = "jira",
    complete: bool = True,
    fingerprint: str = "fingerprint",
    observations: Iterable[Observation] = (),
) -> None:
    with store.writing():
        staging = store.staging(source)
        staging.begin(at(day), fingerprint, full=False)
        for each in batches:
            staging.append(each)
        if complete:
            staging.complete()
        staging.close()
        if complete:
            runs = [SourceRun(source, SITE, 1, max_loss=0.3)]
            store.publish(runs, list(observations), now=at(day))


def table(store: Store, name: str) -> list[tuple[object, ...]]:
    with store.read() as con:
        return sorted(con.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)


def content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    return {name: table(store, name) for name in store.counts() if name != "sync_run"}


def test_a_sync_with_nothing_new_adds_its_run_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    everything = batch(item(1, links=[2]), item(2), sweep=[1, 2])
    target = [Observation("project", "P", "target", "2026-03-01")]
    run_sync(store, everything, day=10, observations=target)
    before = content(store)

    run_sync(store, everything, day=11, observations=target)

    assert content(store) == before
    assert len(table(store, "sync_run")) == 2


def test_the_newest_of_an_item_that_came_twice_in_one_sync_counts(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    run_sync(store, batch(item(1, title="old")), batch(item(1, title="new")), day=10)

    assert [row[6] for row in table(store, "work_item")] == ["new"]
    assert len(table(store, "history")) == 2


def test_an_item_that_is_twice_in_one_batch_is_there_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run_sync(store, batch(item(1, title="old"), item(2), item(1, title="new")), day=10)

    found = {row[0]: row for row in table(store, "work_item")}
    assert (len(found), found[f"{SITE}#1"][6]) == (len(table(store, "work_item")), "new")
    assert [len(table(store, name)) for name in ("history", "presence")] == [4, 2]


def test_an_interrupted_sync_is_not_seen_and_is_resumed_from_its_last_batch(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path / "store")
    run_sync(store, batch(item(1), state="first"), day=10)
    run_sync(store, batch(item(2), state="second"), day=11, complete=False)

    assert [row[2] for row in table(store, "work_item")] == ["A-1"]
    assert store.unfinished() == ["jira"]
    assert store.resume("jira", "fingerprint") == {"issues": "first"}
    with store.writing():
        staging = store.staging("jira")
        assert staging.begin(at(12), "fingerprint", full=False) == {"issues": "second"}
        staging.close()


@pytest.mark.parametrize(("fingerprint", "full"), [("other fields", False), ("fingerprint", True)])
def test_a_sync_that_asks_for_something_else_does_not_resume(
    tmp_path: Path, fingerprint: str, full: bool
) -> None:
    store = Store(tmp_path / "store")
    run_sync(store, batch(item(1), state="first"), day=10, complete=False)

    with store.writing():
        staging = store.staging("jira")
        assert staging.begin(at(11), fingerprint, full=full) == {}
        staging.append(batch(item(2)))
        staging.complete()
        staging.close()
        store.publish([SourceRun("jira", SITE, 1, 0.3)], [], now=at(11))

    assert [row[2] for row in table(store, "work_item")] == ["A-2"]
    assert store.resume("jira", "a third question") == {}


def test_what_a_sweep_does_not_find_has_left_and_stays_in_the_past(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    run_sync(store, batch(item(1), item(2), sweep=[1, 2]), day=10)
    run_sync(store, batch(sweep=[1]), day=12)

    gone = [row for row in table(store, "presence") if row[3] is not None]
    assert [(row[0], row[3], row[4]) for row in gone] == [
        ("site#2", at(12).replace(tzinfo=None), "gone")
    ]
    assert len(table(store, "work_item")) == 2


def test_what_comes_back_is_there_again_from_then_on(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    run_sync(store, batch(item(1), item(2), sweep=[1, 2]), day=10)
    run_sync(store, batch(sweep=[1]), day=12)
    run_sync(store, batch(item(2), sweep=[1, 2]), day=14)

    spans = [row[2:4] for row in table(store, "presence") if row[0] == "site#2"]
    assert spans == [
        (at(1).replace(tzinfo=None), at(12).replace(tzinfo=None)),
        (at(14).replace(tzinfo=None), None),
    ]


def test_what_the_source_is_no_longer_asked_for_is_out_of_scope(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    run_sync(store, batch(*map(item, range(20)), sweep=range(20)), day=10)
    run_sync(store, batch(item(1), sweep=[1]), day=12, fingerprint="narrower")

    left = {row[0]: row[4] for row in table(store, "presence") if row[3] is not None}
    assert len(left) == 19
    assert set(left.values()) == {"out of scope"}


def test_a_container_that_is_no_longer_asked_for_is_out_of_scope(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    run_sync(store, batch(item(1), item(2), sweep=[1, 2]), day=10)
    run_sync(store, batch(item(1)), day=12, fingerprint="narrower")

    left = {row[0]: row[4] for row in table(store, "presence") if row[3] is not None}
    assert left == {"site#2": "out of scope"}


def test_a_sweep_that_loses_too_much_is_a_failure_of_the_source(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    run_sync(store, batch(*map(item, range(20)), sweep=range(20)), day=10)
    before = content(store)

    run_sync(store, batch(sweep=[1, 2]), day=11)

    assert content(store) == before
    outcome, message = table(store, "sync_run")[-1][4], str(table(store, "sync_run")[-1][8])
    assert outcome == "failed"
    assert "18 of 20 items of A are missing" in message


def test_two_sources_that_see_one_item_share_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    run_sync(store, batch(item(1), sweep=[1]), day=10, source="one")
    run_sync(store, batch(item(1), sweep=[1]), day=10, source="two")
    run_sync(store, batch(sweep=[]), day=11, source="two")

    assert len(table(store, "work_item")) == 1
    open_spans = [row[1] for row in table(store, "presence") if row[3] is None]
    assert open_spans == ["one"]


def test_an_observed_change_lies_between_two_syncs(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    for day, due in ((10, "2026-03-01"), (12, "2026-03-01"), (14, "2026-04-01"), (16, None)):
        observed = Observation("milestone", "site#m1", "due", due)
        run_sync(store, Batch(observations=(observed,)), day=day)

    rows = [row for row in table(store, "history") if row[0] == "milestone"]
    spans = {row[3]: (row[4], row[5], row[8]) for row in rows}
    naive = {day: at(day).replace(tzinfo=None) for day in (10, 12, 14, 16)}
    assert spans == {
        "2026-03-01": (naive[10], naive[14], None),
        "2026-04-01": (naive[14], naive[16], naive[12]),
        None: (naive[16], None, naive[14]),
    }


def test_a_redated_target_in_the_configuration_is_history(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    for day, target in ((10, "2026-03-01"), (11, "2026-05-01")):
        run_sync(store, day=day, observations=[Observation("project", "P", "target", target)])

    rows = [row for row in table(store, "history") if row[0] == "project"]
    assert [(row[3], row[7], row[5] is None) for row in rows] == [
        ("2026-03-01", "config", False),
        ("2026-05-01", "config", True),
    ]


def test_a_link_that_is_no_longer_named_has_ended(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    run_sync(store, batch(item(1, links=[2, 3])), day=10)
    run_sync(store, batch(item(1, links=[3], title="changed")), day=12)

    ends = {row[5 + 1]: row[8] for row in table(store, "link")}
    assert ends == {"A-2": at(12).replace(tzinfo=None), "A-3": None}


def test_a_rejected_payload_is_kept_until_the_item_can_be_read(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    refused = Batch(rejected=(Rejected(SITE, "7", "A-7", "no status"),))
    run_sync(store, refused, day=10)
    run_sync(store, refused, day=11)
    assert [row[3:5] for row in table(store, "rejected")] == [("A-7", "no status")]

    run_sync(store, batch(item(7)), day=12)
    assert table(store, "rejected") == []


def test_a_word_of_the_site_is_not_overruled_by_one_seen_in_passing(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    own = Batch(terms=(Term(SITE, "status", "3", "In Progress", "in_progress"),))
    passing = Batch(terms=(Term(SITE, "status", "3", "In Development"),))
    run_sync(store, own, passing, day=10)
    run_sync(store, passing, day=11)

    assert table(store, "term") == [(SITE, "status", "3", "In Progress", "in_progress", None)]


def test_only_one_writes_at_a_time(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    holder = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(f"""
            import sys
            from pathlib import Path
            from pmo_sync.store import Store
            with Store(Path({str(tmp_path / "store")!r})).writing():
                print("held", flush=True)
                sys.stdin.read()
        """)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(LockedError, match="another pmo-sync is writing"), store.writing():
        pass
    holder.stdin.close()
    holder.wait(timeout=10)
    holder.stdout.close()
    with store.writing():
        pass


def test_a_reader_keeps_its_snapshot_while_others_are_published(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    run_sync(store, batch(item(1)), day=10)
    with store.read() as con:
        for day in range(11, 15):
            run_sync(store, batch(item(day)), day=day)
        assert con.execute("SELECT count(*) FROM work_item").fetchall() == [(1,)]
    assert store.counts()["work_item"] == 5


def test_reading_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="run pmo-sync sync"):
        Store(tmp_path).read()


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run_sync(store, batch(item(1)), day=10)
    (path,) = (tmp_path / "snapshots").glob("*.duckdb")
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE meta SET value = '99' WHERE name = 'schema_version'")

    with pytest.raises(StoreError, match=r"newer pmo-sync \(schema 99"):
        store.read()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run_sync(store, batch(item(1)), day=10)
    (path,) = (tmp_path / "snapshots").glob("*.duckdb")
    path.write_bytes(b"not a database" * 1000)

    with pytest.raises(StoreError, match=path.name):
        store.read()


def test_an_export_restores_everything(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    run_sync(store, batch(item(1, links=[2]), item(2), sweep=[1, 2]), day=10)
    archive.export(store.folder, tmp_path / "backup.zip")
    restored = Store(tmp_path / "restored")

    with restored.writing():
        archive.restore(restored.folder, tmp_path / "backup.zip")

    assert content(restored) == content(store)
    run_sync(restored, batch(item(3)), day=11)
    assert restored.counts()["work_item"] == 3


def test_a_file_that_is_no_export_changes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    run_sync(store, batch(item(1)), day=10)
    (tmp_path / "bad.zip").write_bytes(b"PK nonsense")

    with pytest.raises(StoreError, match="not an export"), store.writing():
        archive.restore(store.folder, tmp_path / "bad.zip")
    assert store.counts()["work_item"] == 1


def test_times_are_kept_whatever_their_zone_and_their_century(tmp_path: Path) -> None:
    store, tokyo = Store(tmp_path), timezone(timedelta(hours=9))
    starts = [datetime(2024, 5, 1, 9, tzinfo=tokyo), datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
              datetime(1, 1, 2, tzinfo=UTC), None]  # fmt: skip
    sprints = [Iteration(f"s#{n}", "s", "Sprint", "active", start=start)
               for n, start in enumerate(starts)]  # fmt: skip
    run_sync(store, Batch(iterations=tuple(sprints)), day=1)
    with store.read() as con:
        kept = con.execute('SELECT "start" FROM iteration ORDER BY iteration_id').fetchall()
    assert kept == [(datetime(2024, 5, 1),), (datetime(9999, 12, 31, 23, 59),),
                    (datetime(1, 1, 2),), (None,)]  # fmt: skip


def test_texts_and_numbers_are_kept_as_they_came(tmp_path: Path) -> None:
    store, text = Store(tmp_path), 'tab\t, line\n, "quote", \\, null\0, é, 🚀, {}'
    plain = item(1, title=text, links=[2])
    odd = structs.replace(
        plain,
        item=structs.replace(plain.item, points=0.1, estimate=2**60),
        history=(HistoryRow("item", "site#1", text, text, at(1), None, None, "migration"),),
        links=(replace(plain.links[0], to_key=text, valid_from=at(2)),),
    )
    run_sync(store, batch(odd), day=10)
    with store.read() as con:
        (one,) = con.execute("SELECT title, points, estimate, due FROM work_item").fetchall()
        (row,) = con.execute("SELECT field, value, actor, origin FROM history").fetchall()
        (link,) = con.execute("SELECT owner, to_key, valid_from, valid_to FROM link").fetchall()
    assert one == (text, 0.1, 2**60, date(2026, 2, 1))
    assert row == (text, text, None, "migration")
    assert link == ("site#1", text, at(2).replace(tzinfo=None), None)


def noted(number: int, seconds: int = 60, author: str | None = None) -> Worklog:
    id = f"{SITE}#worklog/{number}"
    return Worklog(id, SITE, f"{SITE}#1", author, at(1), seconds, at(1), at(2))


def test_time_that_was_noted_is_edited_and_deleted(tmp_path: Path) -> None:
    store = Store(tmp_path)
    steps = [
        Batch(items=(item(1),), worklogs=(noted(1), noted(2), noted(3, author=f"{SITE}#ada"))),
        Batch(worklogs=(noted(1, 120), noted(3, author=f"{SITE}#ada")),
              removed_worklogs=(f"{SITE}#worklog/2",)),
        Batch(worklogs=(noted(2),), removed_worklogs=(f"{SITE}#worklog/2",)),
    ]  # fmt: skip
    for day, batch in enumerate(steps, start=2):
        with store.writing():
            staging = store.staging("source")
            staging.begin(at(day), "asked", full=False)
            staging.append(batch)
            staging.complete()
            staging.close()
            store.publish([SourceRun("source", SITE, 1, 0.3)], [], now=at(day))
    with store.read() as con:
        rows = con.execute("SELECT worklog_id, seconds FROM worklog ORDER BY 1").fetchall()
    assert rows == [(f"{SITE}#worklog/1", 120), (f"{SITE}#worklog/3", 60)]


def test_a_store_from_before_an_addition_takes_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.writing():
        store.publish([], [], now=at(1))
    (path,) = (tmp_path / "snapshots").glob("*.duckdb")
    with duckdb.connect(path) as con:
        con.execute("DROP TABLE worklog")
        con.execute("ALTER TABLE person DROP timezone")
    archive.export(tmp_path, tmp_path / "old.zip")
    with store.writing():
        store.publish([], [], now=at(2))
    restored = archive.restore(tmp_path / "other", tmp_path / "old.zip")
    assert store.counts()["worklog"] == restored["worklog"] == 0
    for each in (store, Store(tmp_path / "other")):
        with each.read() as con:
            assert con.execute("SELECT timezone FROM person").fetchall() == []


def test_histories_that_are_unpacked_in_parts_are_whole(tmp_path: Path) -> None:
    store, long = Store(tmp_path), "x" * 500
    records = []
    for number in (1, 2, 3):
        plain = item(number)
        rows = tuple(
            HistoryRow("item", plain.item.item_id, "title", f"{turn}{long}", at(1))
            for turn in range(10_000)
        )
        records.append(structs.replace(plain, history=rows))
    run_sync(store, batch(*records[:2]), batch(records[2]), day=10)
    with store.read() as con:
        found = con.execute(
            "SELECT entity_id, count(DISTINCT value) FROM history GROUP BY entity_id ORDER BY ALL"
        ).fetchall()
    assert found == [(f"{SITE}#{number}", 10_000) for number in (1, 2, 3)]
