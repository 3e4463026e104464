"""The world is made, not invented anew: seeds repeat, the past stays, situations are there."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_sync.demo.calendar import is_working
from pmo_sync.demo.facts import SEVERAL, Item, Team, World
from pmo_sync.demo.world import UNTIL, build, build_days

few = settings(max_examples=5, deadline=None)
seeds = st.integers(min_value=1, max_value=500)


def category(team: Team, item: Item) -> str:
    name = item.value("status")
    return next(stage.category for stage in team.stages if stage.name == name)


def test_the_same_seed_gives_an_equal_world(world: World) -> None:
    assert build(seed=1) == world
    assert build(seed=2) != world


@pytest.mark.parametrize("days", [1, 40, 200])
def test_a_later_end_has_the_same_past(world: World, days: int) -> None:
    earlier = build(until=UNTIL - timedelta(days=days))
    for before, after in zip(earlier.teams, world.teams, strict=True):
        later = {item.key: item for item in after.items}
        for item in before.items:
            assert later[item.key].title == item.title
            assert later[item.key].events[: len(item.events)] == item.events
            assert all(
                event.at.date() > earlier.until
                for event in later[item.key].events[len(item.events) :]
            )


@few
@given(seeds)
def test_every_history_is_possible(seed: int) -> None:
    world = build(seed)
    keys = {item.key for item in world.items()}
    people = {person.key for person in world.people}
    assert len(keys) == sum(1 for _ in world.items())
    for item in world.items():
        held: dict[str, str | None] = {"title": item.title}
        members: set[tuple[str, str]] = set()
        last = item.created
        assert is_working(item.created.date())
        for event in item.events:
            assert event.at >= last, "events are in order"
            assert event.at.date() <= world.until
            assert event.actor in people
            last = event.at
            if event.field not in SEVERAL:
                assert event.old == held.get(event.field), "a change starts from what was"
                assert event.new != event.old
                held[event.field] = event.new
            elif event.new is not None:
                members.add((event.field, event.new))
            else:
                members.remove((event.field, str(event.old)))
        assert {target for field, target in members if field == "blocks"} <= keys
        assert held["status"] is not None


@few
@given(seeds)
def test_finished_means_resolved_and_the_other_way_round(seed: int) -> None:
    for one in build(seed).teams:
        for item in one.items:
            assert (category(one, item) == "done") == (item.value("resolution") is not None)


def test_the_world_is_a_whole_portfolio(world: World) -> None:
    assert len(world.portfolio.programs) == 4
    assert [program.parent for program in world.portfolio.programs if program.parent]
    assert len(world.portfolio.projects) == 14
    trackers = [one.tracker for one in world.teams]
    assert {name: trackers.count(name) for name in set(trackers)} == {
        "jira": 6, "jira_dc": 3, "github": 5,
    }  # fmt: skip
    assert 5_400 <= sum(1 for _ in world.items()) <= 6_600
    assert len(world.portfolio.people) == 45
    assert len([one for one in world.people if len(one.accounts) == 2]) == 12
    assert [person for person in world.people if not person.active]


def test_building_the_world_takes_less_than_ten_seconds() -> None:
    before = time.process_time()
    build(3)
    assert time.process_time() - before < 10


def test_days_of_one_world_are_worlds_of_those_days(world: World) -> None:
    day = UNTIL - timedelta(days=56)
    earlier, later = build_days(1, [day, UNTIL])
    assert earlier == build(1, day)
    assert later == world


def test_work_is_dropped_reopened_reestimated_and_handed_over(world: World) -> None:
    events = [event for item in world.items() for event in item.events]
    resolutions = {item.value("resolution") for item in world.items()}
    assert resolutions == {None, "done", "dropped", "duplicate"}
    assert [one for one in events if one.field == "resolution" and one.new is None]
    assert [one for one in events if one.field == "points" and one.old]
    assert [one for one in events if one.field == "assignee" and one.old and one.new]
    assert [one for one in events if one.field == "due" and one.old]
    assert [one for one in events if one.field == "milestone" and one.new is None]


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 6, 30), True),
        (date(2026, 6, 28), False),
        (date(2025, 12, 25), False),
        (date(2026, 1, 1), False),
    ],
)
def test_nobody_works_on_weekends_and_holidays(day: date, working: bool) -> None:
    assert is_working(day) is working
