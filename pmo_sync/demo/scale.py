"""Worlds of any size: portfolios of other seeds side by side, a team at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from pmo_sync.demo.facts import Event, Item, Person, Team
from pmo_sync.demo.world import build

LEADS: frozenset[str] = frozenset(
    {"parent", "sprint", "milestone", "blocks", "relates", "duplicates"}
)
"""Fields whose values are keys."""


def stream(seed: int, items: int) -> tuple[tuple[Person, ...], Iterator[Team]]:
    """Return the people, and teams with at least so many items; never more than one portfolio is
    held. The first is the world of the seed, the same people live in all."""
    return build(seed).people, _teams(seed, items)


def _teams(seed: int, items: int) -> Iterator[Team]:
    done = 0
    for number in count():
        for team in build(seed + number).teams:
            yield team if number == 0 else _renamed(team, str(number + 1))
            done += len(team.items)
            if done >= items:
                return


def _renamed(team: Team, mark: str) -> Team:
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
