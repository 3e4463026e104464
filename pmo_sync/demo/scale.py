"""Worlds of any size: portfolios of other seeds side by side, a team at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from pmo_sync.demo.facts import Event, Item, Person, Team, WorldProject, WorldSelect
from pmo_sync.demo.world import UNTIL, build

LEADS: frozenset[str] = frozenset(
    {"parent", "sprint", "milestone", "blocks", "relates", "duplicates"}
)
"""Fields whose values are keys."""


@dataclass(frozen=True, slots=True)
class Part:
    """One team with all of its items, the project that they are, and the people of its
    portfolio."""

    team: Team
    project: WorldProject
    people: tuple[Person, ...]


def stream(seed: int, items: int, until: date = UNTIL) -> Iterator[Part]:
    """Yield teams with at least so many items together; never more than one portfolio is held.

    The first are those of ``world.build(seed)``; then come the portfolios of the seeds after it.
    """
    done = 0
    for number in count():
        world = build(seed + number, until)
        for team, project in zip(world.teams, world.portfolio.projects, strict=True):
            part = Part(team, project, world.people)
            yield part if number == 0 else _renamed(part, str(number + 1))
            done += len(team.items)
            if done >= items:
                return


def _renamed(part: Part, mark: str) -> Part:
    team, project = _team(part.team, mark), part.project
    name, rules = f"{project.name} {mark}", (WorldSelect(team.tracker, team.container),)
    return replace(part, team=team, project=replace(project, name=name, select=rules))


def _team(team: Team, mark: str) -> Team:
    """Return a team under keys of its own: PAY2-17, PAY2/1.0."""
    return replace(
        team,
        key=team.key + mark,
        name=f"{team.name} {mark}",
        container=team.container + mark,
        items=tuple(_item(item, mark) for item in team.items),
        sprints=tuple(replace(one, key=_key(one.key, mark)) for one in team.sprints),
        milestones=tuple(replace(one, key=_key(one.key, mark)) for one in team.milestones),
    )


def _item(item: Item, mark: str) -> Item:
    return replace(
        item,
        key=_key(item.key, mark),
        project=item.project + mark,
        events=tuple(
            _event(event, mark) if event.field in LEADS else event for event in item.events
        ),
    )


def _event(event: Event, mark: str) -> Event:
    old, new = (key and _key(key, mark) for key in (event.old, event.new))
    return replace(event, old=old, new=new)


def _key(key: str, mark: str) -> str:
    """Mark the team in the key of an item (PAY-17), a sprint or a version (PAY/1.0)."""
    end = "/" if "/" in key else "-"
    team, _, number = key.rpartition(end)
    return f"{team}{mark}{end}{number}"
