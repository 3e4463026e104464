"""A world of any size: teams one at a time, each with keys of its own."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from pmo_sync.config.load import load
from pmo_sync.demo.facts import Team
from pmo_sync.demo.run import serve
from pmo_sync.demo.run_large import make_large
from pmo_sync.demo.scale import stream
from pmo_sync.demo.world import build
from pmo_sync.errors import PmoSyncError
from pmo_sync.render.progress import Quiet
from pmo_sync.store import Store

ITEMS = 9000
LEADS = {"parent", "sprint", "milestone", "blocks", "relates", "duplicates"}


@pytest.fixture(scope="module")
def teams() -> list[Team]:
    return [part.team for part in stream(1, ITEMS)]


def test_there_are_as_many_items_as_asked_for(teams: list[Team]) -> None:
    sizes = [len(team.items) for team in teams]
    assert sum(sizes[:-1]) < ITEMS <= sum(sizes)


def test_it_begins_with_the_world_of_the_seed(teams: list[Team]) -> None:
    world = build(1)
    assert tuple(islice(teams, len(world.teams))) == world.teams
    (first,) = stream(1, 1)
    assert (first.people, first.project) == (world.people, world.portfolio.projects[0])


def test_no_key_comes_twice_and_each_leads_to_its_own_portfolio(teams: list[Team]) -> None:
    keys = Counter(item.key for team in teams for item in team.items)
    keys.update(sprint.key for team in teams for sprint in team.sprints)
    keys.update(release.key for team in teams for release in team.milestones)
    assert set(keys.values()) == {1}
    whole = {team.key for team in teams}
    led = {
        value
        for team in teams
        for item in team.items
        for event in item.events
        if event.field in LEADS
        for value in (event.old, event.new)
        if value
    }
    lost = {key for key in led - keys.keys() if key.rpartition("-")[0] in whole}
    assert lost == set()
    assert len({team.container for team in teams}) == len(teams)


def test_it_is_loaded_straight_into_a_store(tmp_path: Path) -> None:
    loaded = make_large(tmp_path / "large", 1, 1000, Quiet())
    config = load(tmp_path / "large" / "pmo-sync.toml")
    counts = Store(config.store_path).counts()
    assert loaded.items == counts["work_item"] >= 1000
    assert "items in" in str(loaded)
    rules = {rule.container for project in config.projects for rule in project.select}
    with Store(config.store_path).read() as con:
        found = con.execute("SELECT DISTINCT container FROM work_item").fetchall()
    assert rules == {container for (container,) in found}
    with pytest.raises(PmoSyncError, match="without trackers"):
        serve(tmp_path / "large")
