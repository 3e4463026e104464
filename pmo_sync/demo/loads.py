"""How much planned work everybody has before them, counted from what the trackers show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pmo_sync.demo.calendar import working_days
from pmo_sync.demo.facts import RISK, Item, Team, World

WEEKS = 4


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody has to do in the next four weeks, in shares of their weekly hours.

    ``share`` is all that is left of what is due by then, or in a sprint that ends by then, of
    four weeks' hours; ``weeks`` is the same work spread evenly over the working days until it is
    due, by week from the day after the world's last. What has no date or no estimate counts
    nothing, and absences, which no tracker shows, are not taken off.
    """

    person: str
    share: float
    weeks: tuple[float, ...]
    items: tuple[str, ...]


def is_work(item: Item) -> bool:
    """Say whether an item is work: an epic is the sum of its items, and a risk is none."""
    return item.level == 0 and item.type != RISK and "risk" not in item.values("label")


def loads(world: World) -> tuple[Load, ...]:
    """Return everybody's load, the heaviest first; who has nothing planned is not there."""
    planned: dict[str, list[tuple[Item, int, date]]] = {}
    for team in world.teams:
        for one in _planned(team, world.until):
            planned.setdefault(str(one[0].value("assignee")), []).append(one)
    hours = {person.key: person.hours for person in world.people}
    names = {person.key: person.name for person in world.people}
    found = [_load(names[key], hours[key], work, world.until) for key, work in planned.items()]
    return tuple(sorted(found, key=lambda one: (-one.share, one.person)))


def _planned(team: Team, until: date) -> Iterator[tuple[Item, int, date]]:
    """Yield a team's open, estimated and assigned work of the next weeks, with its last day."""
    done = {stage.name for stage in team.stages if stage.category == "done"}
    sprints = {one.key: one.end.date() for one in team.sprints if not one.completed}
    for item in team.items:
        left = int(item.value("remaining") or 0)
        if not left or not item.value("assignee") or item.value("status") in done:
            continue
        last = _last_day(item, sprints)
        if last and until < last <= until + timedelta(weeks=WEEKS):
            yield item, left, last


def _last_day(item: Item, sprints: Mapping[str, date]) -> date | None:
    """Return the day an item is due; without one, the end of its sprint."""
    due = item.value("due")
    if due:
        return date.fromisoformat(due)
    return max((sprints[key] for key in item.values("sprint") if key in sprints), default=None)


def _load(person: str, hours: float, work: list[tuple[Item, int, date]], until: date) -> Load:
    weeks = [0.0] * WEEKS
    for _, left, last in work:
        days = list(working_days(until + timedelta(days=1), last)) or [last]
        for day in days:
            weeks[((day - until).days - 1) // 7] += left / len(days)
    week = hours * 3600
    return Load(
        person,
        sum(left for _, left, _ in work) / (WEEKS * week),
        tuple(one / week for one in weeks),
        tuple(item.key for item, _, _ in work),
    )
