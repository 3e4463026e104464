"""The store after accidents: remains of killed processes, lost files, damaged or older archives."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import pytest

from pmo_sync.errors import StoreError
from pmo_sync.model import Batch, Rejected
from pmo_sync.store import SourceRun, Store, archive
from pmo_sync.store import store as door
from pmo_sync.store.database import connect
from tests.store.test_store import SITE, at, batch, item, run_sync, table


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one item, published once."""
    made = Store(tmp_path / "store")
    run_sync(made, batch(item(1), state="first"), day=10)
    return made


def snapshot(store: Store, name: str) -> Path:
    return store.folder / "snapshots" / name


def keys(store: Store) -> list[object]:
    return [row[2] for row in table(store, "work_item")]


def test_what_a_killed_merge_had_put_on_disk_does_not_stop_the_next(store: Store) -> None:
    spilled = snapshot(store, "000002.making.tmp")
    spilled.mkdir()
    (spilled / "block").write_text("what did not fit into memory")

    run_sync(store, batch(item(2)), day=11)

    assert keys(store) == ["A-1", "A-2"]
    assert not spilled.exists()


@pytest.mark.parametrize("size", [0, 100, 4096])
def test_a_journal_that_was_being_made_when_all_stopped_is_made_anew(
    store: Store, size: int
) -> None:
    working = store.folder / "staging" / "jira.sync"
    working.mkdir()
    (working / "journal-3.jsonl").write_bytes(bytes(size))

    run_sync(store, batch(item(2)), day=11)

    assert keys(store) == ["A-1", "A-2"]


def test_an_old_snapshot_that_cannot_be_removed_stays(store: Store) -> None:
    run_sync(store, batch(item(2)), day=11)
    snapshot(store, "000001.duckdb").unlink()
    snapshot(store, "000001.duckdb").mkdir()  # no unlink removes a folder

    run_sync(store, batch(item(3)), day=12)

    assert store.number() == 3
    assert store.unfinished() == []


def test_a_lost_pointer_does_not_cost_the_snapshot_that_is_published_next(store: Store) -> None:
    for number in (7, 8):
        snapshot(store, f"{number:06d}.duckdb").write_bytes(b"")
    snapshot(store, "CURRENT").unlink()

    run_sync(store, batch(item(2)), day=11)

    assert keys(store) == ["A-2"]


def test_a_pointer_that_names_nothing_is_an_error_that_says_so(store: Store) -> None:
    snapshot(store, "CURRENT").write_text("")

    with pytest.raises(StoreError, match="CURRENT: names no snapshot"):
        store.read()
    with pytest.raises(StoreError, match="CURRENT: names no snapshot"):
        run_sync(store, batch(item(2)), day=11)


def test_a_file_where_the_store_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("no folder")

    with pytest.raises(StoreError, match="store"):
        Store(tmp_path / "store").read()


def test_a_file_where_working_files_should_be_is_named(store: Store) -> None:
    (store.folder / "staging").rmdir()
    (store.folder / "staging").write_text("no folder")

    with pytest.raises(StoreError, match="staging"):
        run_sync(store, batch(item(2)), day=11)


def test_a_snapshot_that_goes_while_it_is_being_opened_is_found_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = iter([11, 12])

    def late(
        path: Path, *, read_only: bool = False, memory: str | None = None
    ) -> duckdb.DuckDBPyConnection:
        for day in days if read_only else ():  # two syncs between the pointer and the file
            run_sync(store, batch(item(day)), day=day)
        return connect(path, read_only=read_only, memory=memory)

    monkeypatch.setattr(door, "connect", late)

    with store.read() as con:
        assert con.execute("SELECT count(*) FROM work_item").fetchall() == [(3,)]


def test_an_interrupted_sync_does_not_go_on_from_what_a_restore_replaced(
    store: Store, tmp_path: Path
) -> None:
    archive.export(store.folder, tmp_path / "old.zip")
    run_sync(store, batch(item(2), state="second"), day=11)
    run_sync(store, batch(item(3), state="third"), day=12, complete=False)

    with store.writing():
        archive.restore(store.folder, tmp_path / "old.zip")
        staging = store.staging("jira")
        begun = staging.begin(at(13), "fingerprint", full=False)
        staging.close()

    # The item of the second sync is asked for again: it is not in what was restored.
    assert {**store.resume("jira", "fingerprint"), **begun} == {"issues": "first"}


@pytest.mark.parametrize("manifest", ["{}", "[]", '{"schema_version": "x"}', "7"])
def test_a_manifest_that_says_too_little_is_no_export(tmp_path: Path, manifest: str) -> None:
    with zipfile.ZipFile(tmp_path / "odd.zip", "w") as made:
        made.writestr("manifest.json", manifest)

    with pytest.raises(StoreError, match="not an export"):
        archive.restore(tmp_path / "store", tmp_path / "odd.zip")


@pytest.mark.parametrize("content", [b"garbage", b"PAR1" + bytes(100) + b"PAR1"])
def test_a_damaged_table_in_an_export_changes_nothing(
    store: Store, tmp_path: Path, content: bytes
) -> None:
    archive.export(store.folder, tmp_path / "whole.zip")
    with (
        zipfile.ZipFile(tmp_path / "whole.zip") as whole,
        zipfile.ZipFile(tmp_path / "damaged.zip", "w") as damaged,
    ):
        for name in whole.namelist():
            damaged.writestr(name, content if name == "link.parquet" else whole.read(name))

    with pytest.raises(StoreError, match=r"damaged\.zip: the archive is damaged"):
        archive.restore(store.folder, tmp_path / "damaged.zip")
    assert keys(store) == ["A-1"]


REFUSED = Batch(
    rejected=(
        Rejected(SITE, "7", "A-7", "no status"),
        Rejected(SITE, "8", "B-8", "no status"),
    )
)


def refused(store: Store) -> list[object]:
    return [row[3] for row in table(store, "rejected")]


def test_a_rejected_payload_whose_item_has_gone_is_forgotten(store: Store) -> None:
    run_sync(store, REFUSED, batch(sweep=[1, 7]), day=11)
    assert refused(store) == ["A-7", "B-8"]

    run_sync(store, batch(sweep=[1]), day=12)

    assert refused(store) == ["B-8"]  # nobody looked for what is in B


def test_a_full_reading_forgets_what_was_rejected_and_did_not_come_again(store: Store) -> None:
    run_sync(store, REFUSED, day=11)

    with store.writing():
        staging = store.staging("jira")
        staging.begin(at(12), "fingerprint", full=True)
        staging.append(Batch(rejected=REFUSED.rejected[1:]))
        staging.complete()
        staging.close()
        store.publish([SourceRun("jira", SITE, 1, 0.3)], [], now=at(12))

    assert refused(store) == ["B-8"]


def test_what_is_asked_for_anew_forgets_what_was_rejected_before(store: Store) -> None:
    run_sync(store, REFUSED, day=11)
    run_sync(store, batch(item(1)), day=12, fingerprint="narrower")

    assert refused(store) == []


def test_a_long_query_draws_no_bar_of_its_own(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys; from pmo_sync.store.database import connect;"
        "con = connect(pathlib.Path(sys.argv[1]));"
        "print(con.execute(\"SELECT current_setting('enable_progress_bar')\").fetchall())"
    )
    # Run like this, DuckDB takes the program for a person at a prompt.
    command = [sys.executable, "-c", code, str(tmp_path / "x.duckdb")]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[(False,)]"
