"""The same kind of world in any size: numbered copies of the portfolio, one team at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pmo_sync.demo.draw import UNTIL, draw
from pmo_sync.demo.facts import Event, Item, Person, Team, WorldProject
from pmo_sync.demo.plans import Blueprint
from pmo_sync.demo.renumber import renumbered
from pmo_sync.demo.world import blueprint_days

RELATIONS = frozenset({"parent", "blocks", "relates", "duplicates"})


@dataclass(frozen=True, slots=True)
class Part:
    """One team with all of its items, the project that they are, and the people of its copy."""

    team: Team
    project: WorldProject
    people: tuple[Person, ...]


def stream(seed: int, items: int, until: date = UNTIL) -> Iterator[Part]:
    """Yield teams that have so many items together, as they were at the end of a day.

    The first are those of ``world.build(seed)``; then come the portfolios of the seeds after it,
    whose containers and people are numbered: PAY2, ada2. The last team is cut to what is missing:
    its later items are not there, nor what refers to them. At any time one portfolio (about
    6,000 items) is held.
    """
    number = 0
    while items > 0:
        number += 1
        for part in _portfolio(renumbered(draw(seed + number - 1), number), until):
            if items <= 0:
                return
            yield replace(part, team=_cut(part.team, items))
            items -= len(part.team.items)


def _portfolio(blueprint: Blueprint, until: date) -> Iterator[Part]:
    world = next(blueprint_days(blueprint, [until]))
    for team, project in zip(world.teams, world.portfolio.projects, strict=True):
        yield Part(team, project, world.people)


def _cut(team: Team, items: int) -> Team:
    """Return a team without its items from a number on."""
    if len(team.items) <= items:
        return team
    gone = {item.key for item in team.items[items:]}
    return replace(team, items=tuple(_without(item, gone) for item in team.items[:items]))


def _without(item: Item, gone: set[str]) -> Item:
    return replace(item, events=tuple(one for one in item.events if not _names(one, gone)))


def _names(event: Event, gone: set[str]) -> bool:
    return event.field in RELATIONS and (event.old in gone or event.new in gone)
