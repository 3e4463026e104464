"""A project in several places: is it better forecast by all of its weeks, or as its parts?

pytest -m slow -s tests/benchmarks/test_several_teams.py

Projects are made of simulated ones: two teams that are one project, each in its own place; and one
team of which three of five items are in one place and the others in another. PMO_SYNC_SEEDS=101-120
asks other seeds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from math import ceil
from random import Random

import pytest

from pmo_sync.demo.draw import draw
from pmo_sync.demo.facts import Team, World
from pmo_sync.rollups.forecast.forecast import SURE, Asked, Forecast
from pmo_sync.rollups.forecast.joint import joint
from pmo_sync.rollups.forecast.record import band
from tests.benchmarks.calibration import (
    SHARES,
    STABLE,
    Life,
    ended,
    ends_of,
    lives,
    of_lives,
    target_of,
)

FIRST, _, LAST = os.environ.get("PMO_SYNC_SEEDS", "1-20").partition("-")
SEEDS = range(int(FIRST), int(LAST or FIRST) + 1)
IN_ONE = 0.6
"""Of one team's items, those that are in the first of two places."""
LOOKED_AT = 150
"""Weeks over which odds are compared with what came."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A project forecast as one and as its parts on ``day``, and when it was done."""

    how: str
    day: date
    target: date | None
    done: date
    pooled: Forecast
    parts: Forecast


@pytest.mark.slow
def test_a_project_is_forecast_better_as_one_than_as_its_parts() -> None:
    found: list[Tried] = []
    for seed in SEEDS:
        found += _tried(ended(seed))
    print("\n                              held of 85 %  band     weeks missed  Brier")
    for how in ("two teams", "one team"):
        some = [one for one in found if one.how == how and not one.parts.reason]
        pooled = _scored(f"{how}, as one", some, [one.pooled for one in some])
        apart = _scored(f"{how}, as parts", some, [one.parts for one in some])
        assert pooled < apart


def _tried(world: World) -> Iterator[Tried]:
    kinds = {plan.key: plan.kind for plan in draw(world.seed).plans}
    names = {
        team.key: each.name
        for team, each in zip(world.teams, world.portfolio.projects, strict=True)
    }
    stable = [team for team in world.teams if kinds[team.key] in STABLE and ends_of(team)]
    Random(world.seed).shuffle(stable)
    pairs = zip(stable[::2], stable[1::2], strict=False)
    for teams in (*pairs, *((team,) for team in stable)):
        ends = sorted(end for team in teams for end in ends_of(team))
        for share in SHARES:
            day = ends[ceil(share * len(ends)) - 1]
            targets = [target_of(world, names[team.key], day) for team in teams]
            yield _once(teams, day, max(filter(None, targets), default=None), ends[-1])


def _once(teams: Sequence[Team], day: date, target: date | None, done: date) -> Tried:
    known = [lives(team, day) for team in teams]
    parts = known if len(known) > 1 else _placed(known[0])
    each = {f"{n}": of_lives(one, day, Asked(target)) for n, one in enumerate(parts)}
    return Tried(
        "two teams" if len(teams) > 1 else "one team", day, target, done,
        of_lives([life for one in known for life in one], day, Asked(target)),
        joint(each, day, target),
    )  # fmt: skip


def _placed(known: list[Life]) -> list[list[Life]]:
    first = {life.key for life in known if Random(life.key).random() < IN_ONE}
    return [[life for life in known if (life.key in first) == here] for here in (True, False)]


def _scored(name: str, tried: Sequence[Tried], found: Sequence[Forecast]) -> float:
    """Print how good forecasts were, and return by how many weeks they missed: the continuous
    ranked probability score."""
    both = list(zip(tried, found, strict=True))
    held = sum(each.p85 is None or one.done <= each.p85 for one, each in both)
    missed = sum(_missed(one, each) for one, each in both) / len(both)
    odds = [(each.probability, one.done <= one.target) for one, each in both
            if each.probability is not None and one.target]  # fmt: skip
    brier = sum((chance - came) ** 2 for chance, came in odds) / len(odds)
    low, high = band(len(both), SURE)
    print(f"{name:<28} {held:>4} of {len(both):>3}  {low}-{high} {missed:>14.1f}  {brier:.3f}")
    return missed


def _missed(one: Tried, found: Forecast) -> float:
    weeks = ceil((one.done - one.day).days / 7)
    pairs = zip_longest(range(1, LOOKED_AT + 1), found.odds[:LOOKED_AT], fillvalue=found.odds[-1])
    return sum((float(chance) - (week >= weeks)) ** 2 for week, chance in pairs)
