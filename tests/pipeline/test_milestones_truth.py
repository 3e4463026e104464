"""The portfolio's milestones over the world's trackers, recounted in plain Python."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pmo_sync.config import Gather, MilestoneConfig
from pmo_sync.config.load import load
from pmo_sync.demo.facts import Item, Team, World
from pmo_sync.demo.run import EVERY, SYNCS
from pmo_sync.demo.world import UNTIL, build
from pmo_sync.frames import from_store
from pmo_sync.pipeline import reporting
from pmo_sync.reports.forecast_milestone import milestone_rows
from pmo_sync.store import Store
from tests.pipeline.test_truth import category, end_of

TARGET = date(2026, 9, 30)
EPIC = "PAY-1"
MILESTONES = (
    MilestoneConfig("Third releases", target=TARGET, gather=(Gather(milestone="3.0"),)),
    MilestoneConfig("On GitHub", gather=(Gather(milestone="3.0", source="github"),)),
    MilestoneConfig("An epic and more", gather=(Gather(epic=EPIC), Gather(item="QLT-3"))),
    MilestoneConfig("Bugs", gather=(Gather(where="type = Bug and container in (PAY, OPS)"),)),
)
DAYS = (UNTIL, date(2026, 3, 15))


@pytest.fixture(scope="module", params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> date:
    chosen: date = request.param
    return chosen


@pytest.fixture(scope="module")
def told(demo_folder: Path, day: date, tmp_path_factory: pytest.TempPathFactory) -> Any:
    config = replace(load(demo_folder / "pmo-sync.toml"), milestones=MILESTONES)
    written = reporting.report(config, "status", day, ["json"], tmp_path_factory.mktemp("reports"))
    return {each["name"]: each for each in json.loads(written.paths[0].read_bytes())["milestones"]}


def held(item: Item, field: str, day: date) -> set[str]:
    """The members of a several-valued field at the end of a day."""
    known: set[str] = set()
    for event in item.events:
        if event.field == field and event.at <= end_of(day):
            known = (known | {event.new}) if event.new else known - {event.old or ""}
    return known


def above(world: World, day: date) -> dict[str, str | None]:
    return {
        item.key: next((e.new for e in reversed(item.events)
                        if e.field == "parent" and e.at <= end_of(day)), None)
        for item in world.items()
    }  # fmt: skip


def members(world: World, name: str, day: date) -> list[tuple[Team, Item]]:
    parents = above(world, day)

    def inside(team: Team, item: Item) -> bool:
        released = any(each.endswith("/3.0") for each in held(item, "milestone", day))
        below = [item.key, parents[item.key], parents.get(parents[item.key] or "")]
        return {
            "Third releases": released,
            "On GitHub": released and team.tracker == "github",
            "An epic and more": EPIC in below or item.key == "QLT-3",
            "Bugs": item.type == "Bug" and team.container in ("PAY", "OPS"),
        }[name]

    return [
        (team, item)
        for team in world.teams
        for item in team.items
        if item.created <= end_of(day) and inside(team, item)
    ]


@pytest.mark.parametrize("name", [each.name for each in MILESTONES])
def test_counts_by_place(world: World, told: Any, day: date, name: str) -> None:
    found: dict[str, Counter[str]] = {}
    for team, item in members(world, name, day):
        found.setdefault(team.container, Counter())[category(team, item, end_of(day))] += 1
    parts = {part["name"]: (part["open"], part["done"]) for part in told[name]["parts"]}
    expected = {
        place: (counts["todo"] + counts["in_progress"], counts["done"])
        for place, counts in found.items()
    }
    assert found, "the world has none"
    assert parts == expected
    assert told[name]["open"]["value"] == sum(open_ for open_, _ in expected.values())
    assert told[name]["done"]["value"] == sum(done for _, done in expected.values())


def test_the_date_of_what_gives_none_is_the_latest_that_a_sync_saw(
    world: World, told: Any, day: date
) -> None:
    """Of the milestones that GitHub's items are in; a sync every four weeks sees them."""
    seen = max(at for n in range(SYNCS) if (at := UNTIL - EVERY * n) <= day)
    teams = {team.key for team, _ in members(world, "On GitHub", day)}
    dues = [
        one.due
        for team in build(1, seen).teams if team.key in teams
        for one in team.milestones if one.name == "3.0" and one.due
    ]  # fmt: skip
    assert told["On GitHub"]["target"] == max(dues).isoformat()


def test_a_whole_is_no_earlier_and_no_likelier_than_any_of_its_parts(told: Any) -> None:
    found = told["Third releases"]
    assert found["target"] == TARGET.isoformat()
    parts = [part for part in found["parts"] if part["open"]]
    for share in ("p50", "p85", "p95"):
        if found["reason"] is None and found[share]:
            assert found[share] >= max(part[share] for part in parts), share


def test_the_command_says_the_same(demo_folder: Path, told: Any, day: date) -> None:
    config = replace(load(demo_folder / "pmo-sync.toml"), milestones=MILESTONES)
    with Store(config.store_path).read() as con:
        rows = milestone_rows(from_store(con), config, "third RELEASES", day, None)
    assert rows[-1]["group"] == "Third releases"
    found = told["Third releases"]
    for share in ("p50", "p85", "p95"):
        value = rows[-1][share]
        assert (value.isoformat() if isinstance(value, date) else value) == found[share]
    assert {str(row["group"]): row["open"] for row in rows[:-1]} == {
        part["name"]: part["open"] for part in found["parts"] if part["open"]
    }
