"""The situations are in the world by name, and what is on record of them is so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pmo_sync.demo.facts import World
from pmo_sync.demo.truth import Truth, truth
from pmo_sync.demo.world import build

WELL = ("healthy", "blocking", "unowned", "one_person", "overdue_version")


@pytest.fixture(scope="module")
def told(world: World) -> Truth:
    return truth(world, futures=20)


def test_what_is_healthy_makes_its_date_and_a_watermelon_cannot(told: Truth) -> None:
    for project in told.projects:
        assert project.target is not None
        if project.situation in WELL:
            assert project.probability(project.target) >= 0.95, project.name
    watermelon = told.project("watermelon")
    assert watermelon.target is not None
    assert watermelon.probability(watermelon.target) <= 0.05
    assert told.project("finished").open == 0


def test_a_target_was_moved_four_times_and_the_office_knew_it_then(
    world: World, told: Truth
) -> None:
    name = told.project("moved_target").name
    days = [world.until - timedelta(days=number) for number in range(200, -1, -1)]
    targets = [next(one.target for one in world.portfolio_at(day).projects if one.name == name)
               for day in days]  # fmt: skip
    assert len(set(targets)) == 5
    assert targets == sorted(targets, key=str)


def test_a_scope_grew_by_two_fifths(world: World, told: Truth) -> None:
    key = told.project("grown_scope").team
    before = world.until - timedelta(days=180)
    items = next(one.items for one in world.teams if one.key == key)
    old = sum(item.created.date() <= before for item in items)
    assert 0.37 <= len(items) / old - 1 <= 0.45


def test_a_chain_blocks_across_trackers(world: World, told: Truth) -> None:
    here, there = told.project("blocked_chain").team, told.project("blocking").team
    trackers = {team.key: team.tracker for team in world.teams}
    assert (trackers[here], trackers[there]) == ("jira", "github")
    across = [event.new for item in world.items() if item.project == there
              for event in item.events if event.field == "blocks"
              and str(event.new).startswith(f"{here}-")]  # fmt: skip
    assert len(across) == 2


def test_one_person_two_trackers_and_nobody(world: World, told: Truth) -> None:
    alone = told.project("one_person").team
    assert len({item.value("assignee") for item in world.items()
                if item.project == alone} - {None}) == 1  # fmt: skip
    assert len(told.identities[told.overloaded]) == 2
    unowned = [one.name for one in world.portfolio.projects if one.owner is None]
    assert unowned == [told.project("unowned").name]


def test_a_version_is_overdue(world: World, told: Truth) -> None:
    team = next(one for one in world.teams if one.key == told.project("overdue_version").team)
    assert [one.name for one in team.milestones
            if one.due and one.due < world.until and not one.released] == ["2.0"]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 21))
def test_healthy_is_healthy_on_the_tuning_seeds(seed: int) -> None:
    for project in truth(build(seed), futures=40).projects:
        if project.situation in WELL and project.target:
            assert project.probability(project.target) >= 0.95, (seed, project.name)
