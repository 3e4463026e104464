"""Cumulative flow by any group, recounted from the world's own events in plain Python."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmo_sync.cli import main
from pmo_sync.config import Config
from pmo_sync.config.load import load
from pmo_sync.demo.facts import Item, Team, World
from pmo_sync.demo.world import UNTIL
from pmo_sync.rollups.membership import program_chain
from tests.pipeline.test_truth import category, end_of, finish, works
from tests.pipeline.told import GITHUB_TYPES, forgotten

DAYS = [UNTIL - timedelta(weeks=back) for back in (3, 2, 1, 0)]
BANDS = {"todo": "todo", "in_progress": "wip", "done": "completed"}
Told = dict[tuple[str, str], Counter[str]]


def asked(folder: Path, *words: str) -> str:
    metrics = ("--metric", "todo,wip,completed,throughput", "--over", "4w")
    command = ["-c", str(folder / "pmo-sync.toml"), "rollup", *words, *metrics]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    return done.stdout


def assigned(item: Item, day: date) -> set[str]:
    """Who has an item at the end of a day: a change takes it from one and gives it to another."""
    found: set[str] = set()
    for event in item.events:
        if event.field == "assignee" and event.at <= end_of(day):
            found -= {event.old or ""}
            found |= {event.new} if event.new else set()
    return found


def groups(world: World, config: Config, by: str, team: Team, item: Item, day: date) -> set[str]:
    """The groups of an item on a day, by what happened until then."""
    if by == "container":
        return {team.container}
    if by == "type":
        return {GITHUB_TYPES[item.type] if team.tracker == "github" else item.type}
    if by == "team":
        people = {each.name: each.team for each in config.people}
        names = {each.key: each.name for each in world.people}
        holders = {names[key] for key in assigned(item, day)}
        if team.tracker == "github":
            holders -= forgotten(world)
        return {found for name in holders if (found := people.get(name))} or {"none"}
    mine = {p for p in config.projects if any(s.container == team.container for s in p.select)}
    if by == "project":
        return {each.name for each in mine}
    chains = program_chain(config.programs)
    return {name for each in mine for name in chains.get(each.program or "", ())}


def recounted(world: World, config: Config, by: str) -> Told:
    found: Told = {}
    for team, item, day in _each(world):
        how = category(team, item, end_of(day))
        begin = end_of(day - timedelta(days=7))
        for group in groups(world, config, by, team, item, day):
            counts = found.setdefault((group, day.isoformat()), Counter())
            if how in BANDS:
                counts[BANDS[how]] += 1
            if how == "done" and finish(team, item, end_of(day)) > begin:
                counts["throughput"] += 1
    return found


def _each(world: World) -> Iterator[tuple[Team, Item, date]]:
    for day in DAYS:
        for team in world.teams:
            yield from ((team, item, day) for item in works(world, team, end_of(day)))


@pytest.mark.parametrize("by", ["container", "type", "project", "program", "team"])
def test_by_group_over_weeks(world: World, demo_folder: Path, by: str) -> None:
    rows = json.loads(asked(demo_folder, "--by", by, "--format", "json"))
    told: Told = {
        (row.pop(by) or "none", row.pop("day")): +Counter(row) for row in rows
    }  # fmt: skip
    expected = recounted(world, load(demo_folder / "pmo-sync.toml"), by)
    assert {day for _, day in told} == {day.isoformat() for day in DAYS}
    assert {key: each for key, each in told.items() if each} == {
        key: +each for key, each in expected.items() if +each
    }


def test_a_total_of_each_day_counts_each_item_once(world: World, demo_folder: Path) -> None:
    lines = asked(demo_folder, "--by", "team").splitlines()
    told = [line.split() for line in lines if line.startswith("total")]
    expected: dict[str, Counter[str]] = {day.isoformat(): Counter() for day in DAYS}
    for team, item, day in _each(world):
        expected[day.isoformat()][category(team, item, end_of(day))] += 1
    assert [line[1] for line in told] == [day.isoformat() for day in DAYS]
    for _, end, *counts in told:
        numbers = [int(each.replace(",", "")) for each in counts[:3]]
        assert numbers == [expected[end][name] for name in BANDS]


def test_as_csv_a_spreadsheet_draws_it(demo_folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(asked(demo_folder, "--by", "type", "--format", "csv"))))
    assert list(rows[0]) == ["type", "day", "todo", "wip", "completed", "throughput"]


def test_two_ways_to_look_at_time_are_one_too_many(demo_folder: Path) -> None:
    words = ["rollup", "--over", "4w", "--compare", "2026-01-01"]
    done = CliRunner().invoke(main, ["-c", str(demo_folder / "pmo-sync.toml"), *words])
    assert (done.exit_code, "--over and --compare: only one of them" in done.output) == (2, True)
