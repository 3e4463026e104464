"""The files in which items lie until they are merged: what counts of them, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from pmo_sync.model import ItemRecord, Observation
from pmo_sync.store import SourceRun, Store, records, staging
from tests.store.test_store import at, batch, item, run_sync, table


def files(store: Store, kind: str = "items") -> list[Path]:
    return sorted((store.folder / "staging" / "jira.sync").glob(f"{kind}-*"))


def journal(store: Store) -> Path:
    return store.folder / "staging" / "jira.sync" / "journal-3.jsonl"


def completed(store: Store, *more: int) -> list[object]:
    """Go on with a sync that was interrupted; return the keys of what is there then."""
    with store.writing():
        begun = store.staging("jira")
        assert begun.begin(at(12), "fingerprint", full=False) == {"issues": "s"}
        for number in more:
            begun.append(batch(item(number)))
        begun.complete()
        begun.close()
        store.publish([SourceRun("jira", "site", 1, 0.3)], [], now=at(12))
    return [row[2] for row in table(store, "work_item")]


@pytest.mark.parametrize(
    "lost",
    [
        lambda text: b"",
        lambda text: text[:-100],
        lambda text: text[: text.index(b"\n") + 1],
        lambda text: text[:50] + bytes(100) + text[150:],
        lambda text: text.replace(b'"batch"', b'"bat"'),
    ],
)
@pytest.mark.parametrize("kind", ["items", "past"])
def test_items_that_a_disk_had_not_got_to_when_its_power_went_are_read_again(
    tmp_path: Path, kind: str, lost: Callable[[bytes], bytes]
) -> None:
    store = Store(tmp_path)
    run_sync(store, batch(item(1), item(2)), day=10, complete=False)
    (damaged,) = files(store, kind)
    damaged.write_bytes(lost(damaged.read_bytes()))
    with store.writing():
        begun = store.staging("jira")
        assert begun.begin(at(12), "fingerprint", full=False) == {}
        begun.close()
    run_sync(store, batch(item(1), item(2)), day=12)
    assert [row[2] for row in table(store, "work_item")] == ["A-1", "A-2"]
    assert len(table(store, "history")) == 4


@pytest.mark.parametrize("half", [b"", b'{"batch":2,"dig', b'{"batch":2}\n'])
@pytest.mark.parametrize("more", [(), (2,)])
def test_what_was_written_of_a_batch_that_was_not_committed_does_not_count(
    tmp_path: Path, half: bytes, more: tuple[int, ...]
) -> None:
    store = Store(tmp_path)
    run_sync(store, batch(item(1)), day=10, complete=False)
    for kind in ("items", "past"):
        (path,) = files(store, kind)
        for one in (path, path.with_name(f"{kind}-000002.jsonl")):
            with one.open("ab") as file:
                file.write(half)
    assert completed(store, *more) == ["A-1", *(f"A-{number}" for number in more)]
    assert len(table(store, "history")) == 2 + 2 * len(more)


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


PERSON = b'{"person":{"person_id":"site#ada"},"batch":2}\n'
COMMIT = b'{"commit":{"file":1,"size":0,"longest":0},"batch":2}\n'


@pytest.mark.parametrize(
    "half",
    [
        PERSON,
        PERSON + COMMIT[:-1],
        PERSON[:20] + bytes(100) + COMMIT,
        b'{"resume":{"scope":"issues","state":"later"},"batch":2}\n',
        b'{"commit":[],"batch":2}\n',
    ],
)
def test_what_was_told_of_a_batch_that_was_not_committed_does_not_count(
    tmp_path: Path, half: bytes
) -> None:
    store = Store(tmp_path)
    run_sync(store, batch(item(1)), day=10, complete=False)
    with journal(store).open("ab") as file:
        file.write(half)
    assert completed(store, 2) == ["A-1", "A-2"]
    assert table(store, "person") == []


def test_a_list_of_ids_is_kept_in_parts_and_an_empty_one_is_one_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "TOGETHER", 2)
    store = Store(tmp_path)
    for day, found in ((10, 5), (11, 3), (12, 0)):
        run_sync(store, batch(*map(item, range(found)), sweep=range(found)), day=day)
        there = [row for row in table(store, "presence") if row[3] is None]
        assert len(there) == found


def test_of_what_was_seen_of_an_item_twice_in_a_sync_the_last_counts(tmp_path: Path) -> None:
    store = Store(tmp_path)
    due, none = (seen(item(1), value) for value in ("2026-02-01", None))
    run_sync(store, batch(due), batch(none), day=10)
    assert observed(store) == []
    run_sync(store, batch(none), batch(due), day=11)
    assert observed(store) == [("2026-02-01", None)]
    run_sync(store, batch(due), batch(none), day=12)
    assert observed(store) == [("2026-02-01", 12), (None, None)]


def seen(record: ItemRecord, value: str | None) -> ItemRecord:
    if value is None:
        return replace(record, empty=("due",))
    return replace(record, observations=(Observation("item", record.item.item_id, "due", value),))


def observed(store: Store) -> list[tuple[object, ...]]:
    """The values that were observed, each with the day on which it ended."""
    with store.read() as con:
        return con.execute(
            "SELECT value, day(valid_to) FROM history WHERE origin = 'observed' ORDER BY valid_from"
        ).fetchall()


def test_what_a_version_before_this_one_left_goes_with_the_next_sync(tmp_path: Path) -> None:
    store = Store(tmp_path)
    older = tmp_path / "staging" / "jira.records"
    older.mkdir(parents=True)
    (tmp_path / "staging" / "jira.duckdb").touch()
    half = tmp_path / "staging" / "jira.sync"
    half.mkdir()
    for name in ("journal.jsonl", "journal-2.jsonl", "items-000001.jsonl", "items-000002.jsonl"):
        (half / name).write_text('{"batch":1}\n')
    run_sync(store, batch(item(1)), day=10)
    assert [row[2] for row in table(store, "work_item")] == ["A-1"]
    assert list((tmp_path / "staging").iterdir()) == []


def test_a_sync_that_is_not_complete_is_not_merged(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run_sync(store, batch(item(1)), day=10, complete=False)
    with store.writing(), pytest.raises(ValueError, match="not complete"):
        store.publish([SourceRun("jira", "site", 1, 0.3)], [], now=at(10))
    assert not store.exists()
