"""The simulated world: build it from a seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pmo_sync.demo.facts import World
from pmo_sync.demo.plans import LEAVERS, ORGANIZATION, PEOPLE, PLANS, TITLE, portfolio
from pmo_sync.demo.teams import simulate

__all__ = ["UNTIL", "World", "build"]

UNTIL = date(2026, 6, 30)


def build(seed: int = 1, until: date = UNTIL) -> World:
    """Return the world as it was at the end of a day; the same arguments give an equal world.

    A later end has the same past: no item or event changes, new ones follow.
    """
    people = tuple(
        replace(one, active=until < LEAVERS[one.key]) if one.key in LEAVERS else one
        for one in PEOPLE
    )
    return World(
        seed=seed,
        until=until,
        organization=ORGANIZATION,
        title=TITLE,
        people=people,
        teams=tuple(simulate(plan, seed, until, LEAVERS) for plan in PLANS),
        portfolio=portfolio(people),
    )
