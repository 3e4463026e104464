"""What ``pmo-sync rollup`` counts is what ``pmo-sync items`` lists, of every kind and group."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pmo_sync.cli import main
from pmo_sync.config import Config
from pmo_sync.config.load import load
from pmo_sync.demo.world import UNTIL
from pmo_sync.frames import Tables
from pmo_sync.pipeline import asking, snapshot
from pmo_sync.policy import Policy
from pmo_sync.reports.items import item_rows
from pmo_sync.reports.rollup import question, rollup_table
from pmo_sync.rollups.dimensions import DIMENSIONS
from pmo_sync.rollups.metrics import NAMES, metrics
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import Compare, Empty, all_of

BEGIN = date(2026, 1, 1)
DAY = UNTIL
PERIOD = f"{(DAY - BEGIN).days}d"
Row = Mapping[str, Any]
Groups = Mapping[str, tuple[str | None, ...]]
COUNTED: Mapping[str, Callable[[Row], float | None]] = {
    "items": lambda row: 1,
    "open": lambda row: 1 if row["category"] in ("todo", "in_progress") else None,
    "wip": lambda row: 1 if row["category"] == "in_progress" and is_work(row) else None,
    "todo": lambda row: 1 if row["category"] == "todo" and is_work(row) else None,
    "completed": lambda row: 1 if row["category"] == "done" and is_work(row) else None,
    "done": lambda row: 1 if row["category"] == "done" else None,
    "arrived": lambda row: 1 if row["created"] > BEGIN.isoformat() and is_work(row) else None,
    "throughput": lambda row: 1 if done_after(row, BEGIN) and is_work(row) else None,
    "blocked": lambda row: 1 if row["blocked"] else None,
    "overdue": lambda row: 1 if row["overdue"] else None,
    "unassigned": lambda row: (
        1 if row["category"] == "in_progress" and not row["assignee"] else None
    ),
    "unestimated": lambda row: (
        1
        if row["category"] in ("todo", "in_progress") and row["points"] is row["estimate"] is None
        else None
    ),
    "remaining": lambda row: (
        row["remaining"] if row["category"] in ("todo", "in_progress") else None
    ),
    "spent": lambda row: row["spent"],
}
"""What an item adds to each metric, by its row in the list; None is nothing."""


def is_work(row: Row) -> bool:
    """Neither an epic nor a risk."""
    risk = row["type"] == "Risk" or "risk" in [label.lower() for label in row["label"]]
    return not risk and not (row["level"] or 0) > 0


def done_after(row: Row, day: date) -> bool:
    return row["category"] == "done" and (row["finished"] or "") > day.isoformat()


def test_every_metric_that_counts_is_recounted() -> None:
    known = metrics(Policy(), DAY, DAY)
    assert {*COUNTED} == {name for name in NAMES if known[name].kind in ("count", "sum")}


@pytest.fixture(scope="module")
def config(demo_folder: Path) -> Config:
    return load(demo_folder / "pmo-sync.toml")


@pytest.fixture(scope="module")
def tables(config: Config) -> Iterator[Tables]:
    with snapshot.reading(config) as opened:
        yield opened


@pytest.fixture(scope="module")
def listed(config: Config) -> Sequence[Row]:
    """Every item as ``items --format json`` lists it."""
    columns = asking.item_columns("json", None)
    rows = asking.items(config, None, DAY, None, columns)
    read: list[Row] = json.loads(asking.row_text(rows, "json", columns))
    above = {(row["tracker"], row["parent"]) for row in read}
    return [{**row, "level": _level(row, (row["tracker"], row["key"]) in above)} for row in read]


def _level(row: Row, has_parts: bool) -> int:
    """In Jira the type says what is an epic, on GitHub that it has sub-issues."""
    epic = has_parts if row["tracker"] == "github" else row["type"] == "Epic"
    return int(epic)


@pytest.fixture(scope="module")
def told(listed: Sequence[Row]) -> Sequence[tuple[Groups, Mapping[str, float]]]:
    """The groups of each item, and what it adds to each metric."""
    return [
        (
            {name: groups_of(row, name) for name in DIMENSIONS},
            {name: n for name, adds in COUNTED.items() if (n := adds(row)) is not None},
        )
        for row in listed
    ]


@pytest.fixture(scope="module")
def scope(tables: Tables, config: Config) -> Scope:
    return scope_at(tables, config, DAY)


def table(tables: Tables, config: Config, *by: str) -> Any:
    return rollup_table(tables, config, DAY, question(by, tuple(COUNTED), None, PERIOD))


def groups_of(row: Row, name: str) -> tuple[str | None, ...]:
    """The groups that an item is in: none is a group, and case makes no difference."""
    value = row[DIMENSIONS[name].field]
    if DIMENSIONS[name].kind == "month":
        return (value[:7] if value else None,)
    if DIMENSIONS[name].kind == "one":
        return (value.lower() if value else None,)
    return tuple({each.lower() for each in value}) or (None,)


def test_what_a_metric_counts_is_what_its_filter_lists(
    tables: Tables, config: Config, listed: Sequence[Row]
) -> None:
    known = metrics(config.policy, DAY, BEGIN)
    for name, adds in COUNTED.items():
        where = known[name].where or None
        found = item_rows(tables, config, where, DAY, None, ("tracker", "key")).rows
        expected = {(row["tracker"], row["key"]) for row in listed if adds(row) is not None}
        assert {(row["tracker"], row["key"]) for row in found} == expected, name


@pytest.mark.parametrize(
    "by",
    [*((name,) for name in DIMENSIONS), *combinations(DIMENSIONS, 2)],
    ids=lambda by: "-".join(by),
)
def test_every_figure_is_what_items_lists(
    tables: Tables,
    config: Config,
    scope: Scope,
    told: Sequence[tuple[Groups, Mapping[str, float]]],
    by: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of each dimension and pair. One portrait of the day serves all questions, as it is most of
    their time; that each question makes its own is looked at below."""
    monkeypatch.setattr("pmo_sync.rollups.table.scope_at", lambda *_: scope)
    found = table(tables, config, *by)
    expected: dict[Any, Counter[str]] = {}
    for groups, amounts in told:
        for key in product(*(groups[name] for name in by)):
            expected.setdefault(key, Counter()).update(amounts)
    rows = {tuple(row[name] and row[name].lower() for name in by): row for row in found.rows}
    assert len(rows) == len(found.rows)
    assert rows.keys() == expected.keys()
    for key, row in rows.items():
        for metric in COUNTED:
            assert (row[metric] or 0) == pytest.approx(expected[key][metric]), (key, metric)
    for metric in COUNTED:
        whole = sum(amounts.get(metric, 0) for _, amounts in told)
        assert (found.totals[0][metric] or 0) == pytest.approx(whole), metric


def where_of(name: str, value: str | None) -> Any:
    """The filter of one group."""
    field = DIMENSIONS[name].field
    if value is None:
        return Empty(field)
    if DIMENSIONS[name].kind == "month":
        first = date.fromisoformat(f"{value}-01")
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return all_of([Compare(field, ">=", first), Compare(field, "<", after)])
    return Compare(field, "=", value)


@pytest.mark.parametrize("name", DIMENSIONS)
def test_a_group_is_opened_by_its_filter(tables: Tables, config: Config, name: str) -> None:
    """Of each dimension the largest group and the one without a value, by another metric each."""
    found = table(tables, config, name)
    known = metrics(config.policy, DAY, BEGIN)
    chosen = [found.rows[0], *(row for row in found.rows if row[name] is None)]
    place = list(DIMENSIONS).index(name)
    for at, row in enumerate(chosen):
        if name == "category" and row[name] is None:
            continue
        metric = [each for each in COUNTED if each not in ("remaining", "spent")][(place + at) % 9]
        terms = [where_of(name, row[name])]
        terms += [parse(known[metric].where)] if known[metric].where else []
        rows = item_rows(tables, config, str(all_of(terms)), DAY, None, ("key",)).rows
        assert len(rows) == row[metric], (name, row[name], metric)


def run(folder: Path, *words: str) -> str:
    done = CliRunner().invoke(main, ["-c", str(folder / "pmo-sync.toml"), *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_command_in_each_format(demo_folder: Path) -> None:
    asked = ("rollup", "--by", "team,type", "--metric", "open,remaining,cycle_p85", "--limit", "2")
    rows = json.loads(run(demo_folder, *asked, "--format", "json"))
    assert [list(row) for row in rows] == [["team", "type", "open", "remaining", "cycle_p85"]] * 2
    header = "team,type,open,remaining (hours),cycle_p85 (days)"
    assert run(demo_folder, *asked, "--format", "csv").splitlines()[0] == header
    markdown = run(demo_folder, *asked, "--format", "md").splitlines()
    assert markdown[1] == "| :-- | :-- | --: | --: | --: |"
    assert markdown[4].startswith("| total |")
    shown = run(demo_folder, *asked)
    assert "remaining (hours)" in shown
    assert "an item counts in each of its groups by team, and once in the total" in shown


def test_a_mistake_is_told_before_anything_is_read(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["-c", str(tmp_path / "none.toml"), "rollup", "--by", "tem"])
    assert (done.exit_code, "no dimension 'tem' (did you mean 'team'?)" in done.output) == (2, True)


@pytest.mark.parametrize("where", [None, "blocked", "change = postponed", "key = nothing"])
def test_the_first_items_are_those_that_the_whole_list_begins_with(
    tables: Tables, config: Config, where: str | None
) -> None:
    whole = item_rows(tables, config, where, DAY, None)
    assert whole.total == len(whole.rows)
    for limit in (1, 7, 200):
        first = item_rows(tables, config, where, DAY, None, limit=limit)
        assert (first.rows, first.total) == (whole.rows[:limit], whole.total)
