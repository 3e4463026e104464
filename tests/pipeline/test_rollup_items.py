"""What ``pmo-sync rollup`` counts is what ``pmo-sync items`` lists, of every kind and group."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pmo_sync import pipeline
from pmo_sync.cli import main
from pmo_sync.config import Config
from pmo_sync.config.load import load
from pmo_sync.demo.world import UNTIL
from pmo_sync.frames import Tables
from pmo_sync.reports.items import item_rows
from pmo_sync.reports.rollup import question, rollup_table
from pmo_sync.rollups.dimensions import DIMENSIONS
from pmo_sync.rollups.metrics import NAMES, metrics
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import Compare, Empty, OneOf, all_of

BEGIN = date(2026, 1, 1)
DAY = UNTIL
PERIOD = f"{(DAY - BEGIN).days}d"
ADDED = {"remaining": "remaining", "spent": "spent"}
COUNTED = tuple(name for name in NAMES if not name.startswith(("cycle", "age")))
SHOWN = tuple(dict.fromkeys(["key", *(d.field for d in DIMENSIONS.values()), *ADDED.values()]))


@pytest.fixture(scope="module")
def config(demo_folder: Path) -> Config:
    return load(demo_folder / "pmo-sync.toml")


@pytest.fixture(scope="module")
def tables(config: Config) -> Iterator[Tables]:
    with pipeline.reading(config) as opened:
        yield opened


@pytest.fixture(scope="module")
def listed(tables: Tables, config: Config) -> Mapping[str, list[Mapping[str, Any]]]:
    """What ``items`` lists for each metric's filter."""
    known = metrics(config.policy, DAY, BEGIN)
    return {
        name: item_rows(tables, config, known[name].where or None, DAY, None, SHOWN)
        for name in COUNTED
    }


def table(tables: Tables, config: Config, *by: str) -> Any:
    return rollup_table(tables, config, DAY, question(by, COUNTED, None, PERIOD))


def groups_of(row: Mapping[str, Any], name: str, config: Config) -> Iterable[str | None]:
    dimension = DIMENSIONS[name]
    value = row[dimension.field]
    if name == "team":
        teams = {person.name: person.team for person in config.people if person.team}
        value = sorted({teams[each] for each in value if each in teams})
    if dimension.kind == "month":
        return [f"{value:%Y-%m}" if value else None]
    if dimension.kind == "one":
        return [value.lower() if value else None]
    return {each.lower(): None for each in value} or [None]


def counted(
    rows: Iterable[Mapping[str, Any]], by: tuple[str, ...], metric: str, config: Config
) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for row in rows:
        for key in product(*(groups_of(row, name, config) for name in by)):
            found[key] += row[ADDED[metric]] if metric in ADDED else 1
    return found


PAIRS = [("label", "assignee"), ("project", "finished"), ("team", "type"), ("tracker", "category")]


@pytest.mark.parametrize(
    "by", [*((name,) for name in DIMENSIONS), *PAIRS], ids=lambda by: "-".join(by)
)
def test_every_figure_is_what_items_lists(
    tables: Tables,
    config: Config,
    listed: Mapping[str, list[Mapping[str, Any]]],
    by: tuple[str, ...],
) -> None:
    found = table(tables, config, *by)
    for metric in COUNTED:
        expected = counted(listed[metric], by, metric, config)
        told = {
            tuple(row[name].lower() if row[name] else None for name in by): row[metric]
            for row in found.rows
        }
        assert {key: n for key, n in told.items() if n} == pytest.approx(
            {key: n for key, n in expected.items() if n}
        ), metric
        whole = sum(row[ADDED[metric]] if metric in ADDED else 1 for row in listed[metric])
        assert (found.total[metric] or 0) == pytest.approx(whole), metric


def where_of(name: str, value: str | None, config: Config) -> Any:
    """The filter of one group."""
    field = DIMENSIONS[name].field
    if name == "team":
        members = tuple(p.name for p in config.people if p.team and value in (None, p.team))
        return OneOf(field, members, negated=value is None)
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
        metric = [each for each in COUNTED if each not in ADDED][(place + at) % 9]
        terms = [where_of(name, row[name], config)]
        terms += [parse(known[metric].where)] if known[metric].where else []
        rows = item_rows(tables, config, str(all_of(terms)), DAY, None, ("key",))
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
