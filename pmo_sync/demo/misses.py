"""Which dates were missed, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pmo_sync.demo.facts import Team, World

Written = Literal["target", "milestone", "due"]


@dataclass(frozen=True, slots=True)
class Missed:
    """A date that passed before what it was for was done; ``done`` None: it still is not.

    ``what`` is the project of a target, the key of a milestone or of an item; ``who`` the name of
    the project's owner or of the item's assignee, None if there is none. The date is the one that
    is written down now: one that was moved in time was not missed.
    """

    written: Written
    what: str
    project: str
    who: str | None
    due: date
    done: date | None


def missed(world: World, finished: tuple[tuple[str, date | None], ...]) -> tuple[Missed, ...]:
    """Return all dates that were missed by a world's last day: targets, milestones, items.

    ``finished`` are the days on which projects finished, by name.
    """
    ends = dict(finished)
    found: list[Missed] = []
    for project, team in zip(world.portfolio.projects, world.teams, strict=True):
        end = ends[project.name]
        if project.target and _late(project.target, end, world.until):
            found.append(Missed("target", project.name, project.name, project.owner,
                                project.target, end))  # fmt: skip
        found += _milestones(world, project.name, project.owner, team)
        found += _items(world, project.name, team)
    return tuple(found)


def _milestones(world: World, project: str, owner: str | None, team: Team) -> Iterator[Missed]:
    for one in team.milestones:
        released = one.released.date() if one.released else None
        if one.due and one.created.date() <= world.until and _late(one.due, released, world.until):
            yield Missed("milestone", one.key, project, owner, one.due, released)


def _items(world: World, project: str, team: Team) -> Iterator[Missed]:
    names = {person.key: person.name for person in world.people}
    done = {stage.name for stage in team.stages if stage.category == "done"}
    for item in team.items:
        due, assignee = item.value("due"), item.value("assignee")
        end = None
        if item.value("status") in done:
            end = next(one.at.date() for one in reversed(item.events) if one.field == "status")
        if due and _late(date.fromisoformat(due), end, world.until):
            yield Missed("due", item.key, project, names[assignee] if assignee else None,
                         date.fromisoformat(due), end)  # fmt: skip


def _late(due: date, done: date | None, until: date) -> bool:
    return (done or until) > due
