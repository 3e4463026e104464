"""A world of any size: as many items as asked for, under names that are there once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tracemalloc

import pytest

from pmo_sync.demo.facts import World
from pmo_sync.demo.scale import RELATIONS, stream


def test_the_first_teams_are_those_of_the_default_world(world: World) -> None:
    parts = list(stream(1, sum(1 for _ in world.items())))
    assert tuple(part.team for part in parts) == world.teams
    assert tuple(part.project for part in parts) == world.portfolio.projects


def test_another_process_with_other_hashes_builds_an_equal_world() -> None:
    code = (
        "import hashlib; from datetime import date; from pmo_sync.demo.world import build;"
        "print(hashlib.sha256(repr(build(5, date(2024, 12, 31))).encode()).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True, check=True, text=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(told) == 1


def test_there_are_as_many_items_as_asked_for_each_under_its_own_name() -> None:
    parts = list(stream(1, 7_001))
    keys = [item.key for part in parts for item in part.team.items]
    assert len(keys) == len(set(keys)) == 7_001
    containers = [(part.team.tracker, part.team.container) for part in parts]
    assert len(containers) == len(set(containers)) > 14
    assert containers[14] == ("jira", "PAY2")
    for part in parts:
        people = {person.key for person in part.people}
        assert {event.actor for item in part.team.items for event in item.events} <= people


def test_what_was_cut_off_is_referred_to_by_nothing() -> None:
    (part,) = stream(1, 200)
    keys = {item.key for item in part.team.items}
    for item in part.team.items:
        for event in item.events:
            if event.field in RELATIONS and str(event.new).startswith(f"{part.team.key}-"):
                assert event.new in keys


@pytest.mark.slow
def test_memory_does_not_grow_with_the_size() -> None:
    tracemalloc.start()
    for _ in stream(1, 7_000):
        pass
    small = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    for _ in stream(1, 28_000):
        pass
    large = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert large < 1.5 * small


@pytest.mark.slow
def test_a_hundred_thousand_items() -> None:
    before = time.process_time()
    items = sum(len(part.team.items) for part in stream(1, 100_000))
    print(f"\n{items / (time.process_time() - before):.0f} items a second")
    assert items == 100_000
