"""What left a project between two days: recounted from what each day's items say, in plain Python,
and what became a high risk or was closed."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from pmo_sync.model import HistoryRow, ItemRecord, Observation
from pmo_sync.store import Store
from tests.pipeline.test_health_report import CONFIG, ask, report
from tests.store.test_store import at, batch, item, run_sync

TWO = (
    CONFIG.replace('container = "A" }]', 'container = "A", label = "ours" }]')
    + """
[[projects]]
name = "Q"
owner = "Bo"
select = [{ source = "jira", container = "B" }]
"""
)
BEFORE, NOW = "2026-01-12", "2026-01-20"


def labelled(number: int, *labels: HistoryRow) -> ItemRecord:
    one = item(number)
    return structs.replace(one, history=(*one.history, *labels))


def ours(number: int, until: int | None = None) -> HistoryRow:
    return HistoryRow(
        "item", f"site#{number}", "label", "ours", at(1), at(until) if until else None
    )


def moves(number: int) -> list[HistoryRow]:
    """A Jira's history of an item that was moved from A to B on the 15th."""
    id = f"site#{number}"
    told = (("container", "A", "B"), ("key", f"A-{number}", f"B-{number}"))
    return [
        row
        for field, old, new in told
        for row in (
            HistoryRow("item", id, field, old, at(1), at(15)),
            HistoryRow("item", id, field, new, at(15)),
        )
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of five items one stays, one loses its label, one is moved to B and loses it too, one is gone
    and one is moved while it keeps its label."""
    (tmp_path / "pmo-sync.toml").write_text(TWO, encoding="utf-8")
    store = Store(tmp_path / "store")
    run_sync(store, batch(*(labelled(n, ours(n)) for n in range(1, 6))), day=10)
    there = (labelled(3, ours(3, 15), *moves(3)), labelled(5, ours(5), *moves(5)))
    moved = [
        structs.replace(
            one, item=structs.replace(one.item, container="B", key=one.item.key.replace("A", "B"))
        )
        for one in there
    ]
    changed = batch(labelled(1, ours(1)), labelled(2, ours(2, 15)), *moved, sweep=[1, 2])
    run_sync(store, changed, day=16)
    return tmp_path


def keys(folder: Path, day: str, project: str) -> dict[str, str]:
    """Address -> key of what is in a project on a day: an address names an item here for good."""
    words = ["--where", f"project = {project}", "--as-of", day, "--format", "json"]
    rows = json.loads(ask(folder, "items", *words).stdout)
    return {row["url"]: row["key"] for row in rows}


def change(told: Any, name: str, kind: str) -> Any:
    project = next(p for p in [*told["attention"], *told["steady"]] if p["name"] == name)
    return next((each for each in project["changes"] if each["kind"] == kind), None)


def test_what_left_a_project_is_told_with_where_it_went(folder: Path) -> None:
    told = report(folder, "--since", BEFORE, day=NOW)
    was, there = keys(folder, BEFORE, "P"), keys(folder, NOW, "P")
    recounted = {key for url, key in was.items() if url not in there}
    found = change(told, "P", "left")
    assert found["count"] == len(recounted) == 4
    (listed,) = [each for each in told["lists"] if each["id"] == found["items"]]
    went = {row["key"]: row["note"] for row in listed["rows"]}
    assert went.keys() == recounted
    assert went == {
        "A-2": "re-labelled, now in no project",
        "A-3": "moved to B, now in Q",
        "A-4": "deleted, or not visible any more",
        "A-5": "moved to B, now in Q",
    }
    assert found["text"].startswith("Left the project: 2 moved to B, now in Q; 1 deleted")
    words = shlex.split(listed["command"])[2:]
    rows = json.loads(ask(folder, "items", *words, "--format", "json").stdout)
    assert {row["key"] for row in rows} == recounted
    (whole,) = [each for each in told["changes"] if each["kind"] == "left"]
    assert whole["count"] == 4
    assert change(told, "Q", "left") is None


def test_where_nothing_left_nothing_is_told(folder: Path) -> None:
    told = report(folder, "--since", "2026-01-17", day=NOW)
    assert not [each for each in told["changes"] if each["kind"] == "left"]


RISK = """
[policy.risk]
where = "type = Risk or key in (A-1, A-2, A-3, A-4)"
"""


def assessed(number: int, *rows: tuple[str, int, int | None], status: str = "1") -> ItemRecord:
    """A risk of probability 5 whose impact is said from day to day; done on the 15th where told."""
    id = f"site#{number}"
    one = item(number)
    held = [HistoryRow("item", id, "status", "1", at(1), None if status == "1" else at(15))]
    if status != "1":
        held.append(HistoryRow("item", id, "status", status, at(15)))
    told = [
        HistoryRow("item", id, "impact", value, at(start), at(end) if end else None)
        for value, start, end in rows
    ]
    sure = HistoryRow("item", id, "probability", "5", at(1))
    return structs.replace(
        one, item=structs.replace(one.item, status=status), history=(*held, sure, *told)
    )


def test_risks_that_became_high_and_that_were_closed(tmp_path: Path) -> None:
    """One rose past the limit, one was high and rose, one was assessed for the first time, one was
    high and is closed."""
    (tmp_path / "pmo-sync.toml").write_text(CONFIG + RISK, encoding="utf-8")
    risks = (
        assessed(1, ("2", 1, 15), ("4", 15, None)), assessed(2, ("3", 1, 15), ("5", 15, None)),
        assessed(3, ("5", 16, None)), assessed(4, ("5", 1, None), status="3"),
    )  # fmt: skip
    target = [Observation("project", "P", "target", "2026-06-30")]
    run_sync(Store(tmp_path / "store"), batch(*risks), day=20, observations=target)
    told = report(tmp_path, "--since", BEFORE, day=NOW)
    lists = {each["id"]: {row["key"] for row in each["rows"]} for each in told["lists"]}
    assert lists[change(told, "P", "risk_newly_high")["items"]] == {"A-1", "A-3"}
    assert lists[change(told, "P", "risk_closed")["items"]] == {"A-4"}
    why = next(r for p in told["attention"] for r in p["reasons"] if r["rule"] == "risk.unanswered")
    assert lists[why["items"]] == {"A-1", "A-2", "A-3"}
    words = ["--where", "change = newly_high", "--since", BEFORE, "--as-of", NOW]
    rows = json.loads(ask(tmp_path, "items", *words, "--format", "json").stdout)
    assert {row["key"] for row in rows} == {"A-1", "A-3"}
