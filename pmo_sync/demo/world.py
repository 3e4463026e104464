"""The simulated world: build it from a seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from pmo_sync.demo.calendar import working_days
from pmo_sync.demo.card import Card
from pmo_sync.demo.declared import declared
from pmo_sync.demo.draw import UNTIL, draw
from pmo_sync.demo.facts import World
from pmo_sync.demo.names import ORGANIZATION, TITLE
from pmo_sync.demo.office import portfolios
from pmo_sync.demo.plans import START, Blueprint
from pmo_sync.demo.staff import OVERLOAD
from pmo_sync.demo.teams import Simulation

__all__ = ["UNTIL", "World", "build", "build_days"]


def build(seed: int = 1, until: date = UNTIL) -> World:
    """Return the world as it was at the end of a day; the same arguments give an equal world.

    A later end has the same past: no item or event changes, new ones follow.
    """
    return next(build_days(seed, [until]))


def build_days(seed: int, days: Sequence[date]) -> Iterator[World]:
    """Yield the world as it was at the end of each of some days, in order."""
    yield from blueprint_days(draw(seed), days)


def blueprint_days(blueprint: Blueprint, days: Sequence[date]) -> Iterator[World]:
    """Yield the world of a blueprint at the end of each of some days, in order."""
    teams = simulations(blueprint)
    first = START
    for until in days:
        live(teams, first, until)
        first = until + timedelta(days=1)
        yield _world(blueprint, teams, until)


def simulations(blueprint: Blueprint) -> list[Simulation]:
    """Return the teams of a blueprint before their first day."""
    gates: dict[str, Card] = {}
    loads = {blueprint.overloaded: OVERLOAD}
    return [Simulation(plan, blueprint.seed, gates, loads) for plan in blueprint.plans]


def simulated(blueprint: Blueprint, until: date) -> list[Simulation]:
    """Return the teams of a blueprint at the end of a day."""
    teams = simulations(blueprint)
    live(teams, START, until)
    return teams


def live(teams: Sequence[Simulation], first: date, last: date) -> None:
    """Let all teams live from a day to another, day by day together."""
    for day in working_days(first, last):
        for team in teams:
            team.live(day)


def _world(blueprint: Blueprint, teams: Sequence[Simulation], until: date) -> World:
    people = tuple(
        replace(one, active=until < blueprint.leavers.get(one.key, date.max))
        for one in blueprint.people
    )
    return World(
        seed=blueprint.seed,
        until=until,
        organization=ORGANIZATION,
        title=TITLE,
        people=people,
        teams=tuple(team.facts(until) for team in teams),
        portfolios=portfolios(blueprint, until),
        updates=declared(blueprint, until),
    )
