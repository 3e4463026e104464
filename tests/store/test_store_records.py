"""The files in which items lie until they are merged: what counts of them, and what does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pmo_sync.store import SourceRun, Store, records
from tests.store.test_store import at, batch, item, run_sync, table


def files(store: Store) -> list[Path]:
    return sorted((store.folder / "staging" / "jira.records").iterdir())


def completed(store: Store, *more: int) -> list[object]:
    """Go on with a sync that was interrupted; return the keys of what is there then."""
    with store.writing():
        staging = store.staging("jira")
        assert staging.begin(at(12), "fingerprint", full=False) == {"issues": "s"}
        for number in more:
            staging.append(batch(item(number)))
        staging.complete()
        staging.close()
        store.publish([SourceRun("jira", "site", 1, 0.3)], [], now=at(12))
    return [row[2] for row in table(store, "work_item")]


@pytest.mark.parametrize("half", [b"", b'{"batch":2,"dig', b'{"batch":2}\n'])
@pytest.mark.parametrize("more", [(), (2,)])
def test_what_was_written_of_a_batch_that_was_not_committed_does_not_count(
    tmp_path: Path, half: bytes, more: tuple[int, ...]
) -> None:
    store = Store(tmp_path)
    run_sync(store, batch(item(1)), day=10, complete=False)
    for path in (*files(store), files(store)[0].with_name("000002.jsonl")):
        with path.open("ab") as file:
            file.write(half)
    assert completed(store, *more) == ["A-1", *(f"A-{number}" for number in more)]


def test_items_in_many_files_are_all_there_once_and_the_files_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "A_FILE", 1000)
    store = Store(tmp_path)
    pages = [batch(item(number), item(number + 1)) for number in range(1, 9)]
    run_sync(store, *pages, day=10, complete=False)
    assert len(files(store)) > 2
    assert completed(store) == [f"A-{number}" for number in range(1, 10)]
    assert len(table(store, "history")) == 18
    assert list((tmp_path / "staging").iterdir()) == []


def test_what_an_item_has_held_since_it_was_made_is_a_row_by_whoever_made_it(
    tmp_path: Path,
) -> None:
    store, plain = Store(tmp_path), item(1)
    held = replace(plain, held=(("points", "3.0"), ("label", "a")), creator="site#ada")
    run_sync(store, batch(held), day=10)
    with store.read() as con:
        rows = con.execute(
            "SELECT field, value, valid_from, valid_to, actor, origin FROM history ORDER BY ALL"
        ).fetchall()
    told = [(r.field, r.value, r.valid_from, r.valid_to, r.actor, r.origin) for r in held.rows()]
    assert len(told) == 4
    assert [(*r[:2], *(day and day.replace(tzinfo=None) for day in r[2:4]), *r[4:])
            for r in sorted(told, key=lambda row: row[:2])] == rows  # fmt: skip


def test_a_working_file_that_holds_items_itself_is_begun_anew(tmp_path: Path) -> None:
    """As a version before this one left it: its items could not be read."""
    store = Store(tmp_path)
    run_sync(store, batch(item(1)), day=10, complete=False)
    with duckdb.connect(tmp_path / "staging" / "jira.duckdb") as con:
        con.execute("CREATE TABLE record (batch BIGINT, item_id VARCHAR)")
    staging = store.staging("jira")
    assert staging.begin(at(11), "fingerprint", full=False) == {}
    staging.close()
