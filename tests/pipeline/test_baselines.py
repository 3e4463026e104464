"""The baseline commands: what they keep, what they refuse, and that nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from pmo_sync.cli import main
from pmo_sync.store import Store, archive
from tests.store.test_store import batch, item, run_sync

CONFIG = """
[portfolio]
as_of = 2026-01-20

[store]
path = "store"

[[sources]]
name = "jira"
type = "jira"
url = "https://tracker.example"

[[projects]]
name = "P"
target = 2026-03-31
select = [{ source = "jira", container = "A" }]

[[projects]]
name = "Over"
lifecycle = "complete"
select = [{ source = "jira", container = "A" }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pmo-sync.toml").write_text(CONFIG, encoding="utf-8")
    run_sync(Store(tmp_path / "store"), batch(item(1), item(2)), day=10)
    return tmp_path


def ask(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(folder / "pmo-sync.toml"), "baseline", *words])


def listed(folder: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(ask(folder, "list", "--format", "json").stdout)
    return found


def test_a_baseline_is_kept_for_what_is_not_over(folder: Path) -> None:
    done = ask(folder, "set", "Plan", "--by", "Ada", "--reason", "agreed in the board")
    assert done.exit_code == 0, done.output
    assert "P: 2 items, target 31 Mar 2026, as of 20 Jan 2026" in done.stdout
    (row,) = listed(folder)
    assert {key: row[key] for key in ("action", "name", "project", "items", "by", "reason")} == {
        "action": "set", "name": "Plan", "project": "P", "items": 2, "by": "Ada",
        "reason": "agreed in the board",
    }  # fmt: skip


def test_it_is_taken_from_the_history_of_a_day(folder: Path) -> None:
    run_sync(Store(folder / "store"), batch(item(3)), day=12)
    ask(folder, "set", "Plan", "--as-of", "2025-12-31")
    ask(folder, "set", "Now")
    assert [(row["name"], row["items"]) for row in listed(folder)] == [("Plan", 0), ("Now", 3)]


def test_what_is_removed_stays_on_record(folder: Path) -> None:
    ask(folder, "set", "Plan")
    assert ask(folder, "remove", "Plan", "--by", "Bo").exit_code == 0
    assert [(row["action"], row["stands"]) for row in listed(folder)] == [
        ("set", False), ("removed", False),
    ]  # fmt: skip
    assert ask(folder, "set", "Plan").exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["set", "Plan"], "'P' has a baseline 'Plan' already"),
        (["set", "More", "--project", "Q"], "no project 'Q' (known: P, Over)"),
        (["remove", "Nix"], "there is no 'Nix' (known: Plan)"),
        (["remove", "Plan", "--project", "Over"], "there is no 'Plan' of 'Over' (known: Plan)"),
    ],
)
def test_what_cannot_be_is_refused(folder: Path, words: list[str], told: str) -> None:
    ask(folder, "set", "Plan")
    refused = ask(folder, *words)
    assert (refused.exit_code, len(listed(folder))) == (2, 1)
    assert told in refused.stderr


def test_a_sync_keeps_it_and_an_export_holds_it(folder: Path, tmp_path: Path) -> None:
    ask(folder, "set", "Plan")
    before = listed(folder)
    run_sync(Store(folder / "store"), batch(item(1)), day=15)
    archive.export(folder / "store", tmp_path / "all.zip")
    archive.restore(folder / "store", tmp_path / "all.zip")
    assert listed(folder) == before


def test_a_store_from_before_there_were_baselines_has_none(folder: Path) -> None:
    store = Store(folder / "store")
    snapshot = next((folder / "store" / "snapshots").glob("*.duckdb"))
    with duckdb.connect(str(snapshot)) as con:
        con.execute("DROP TABLE baseline")
        con.execute("DROP TABLE baseline_item")
        con.execute("UPDATE meta SET value = '1' WHERE name = 'schema_version'")
    assert listed(folder) == []
    assert ask(folder, "set", "Plan").exit_code == 0
    assert store.counts()["baseline_item"] == 2
    assert len(listed(folder)) == 1


def test_people_are_spoken_of_as_the_policy_says(folder: Path) -> None:
    ask(folder, "set", "Plan", "--by", "Ada Berg")
    config = folder / "pmo-sync.toml"
    config.write_text(CONFIG + '\n[policy]\npeople = "initials"\n', encoding="utf-8")
    assert [row["by"] for row in listed(folder)] == ["AB"]
