"""What the trackers of a world must tell, worked out from the world's own events alone.

A fact is (item key, field, value, from, to): times are naive UTC, values are words (names of
statuses, people, sprints), None is "known to be empty", an open interval ends with None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from pmo_sync.demo.facts import Field, Item, Team, World
from pmo_sync.demo.render_github_fields import keeps_fields

Fact = tuple[str, str, str | None, datetime, datetime | None]
Changes = list[tuple[datetime, str | None]]

JIRA_SINGLE: Mapping[str, Field] = {
    "status": "status", "resolution": "resolution", "priority": "priority", "points": "points",
    "due": "due", "parent": "parent", "flagged": "blocked", "title": "title",
    "start": "start", "estimate": "estimate", "remaining": "remaining",
    "probability": "probability", "impact": "impact", "response": "response",
}  # fmt: skip
JIRA_SEVERAL: Mapping[str, Field] = {
    "assignee": "assignee", "iteration": "sprint", "milestone": "milestone", "label": "label",
    "component": "component",
}  # fmt: skip
DEFAULT_PRIORITY = "Medium"
"""What a Jira gives an issue that nobody gave a priority."""
RESOLUTIONS = {"done": "Done", "dropped": "Won't Do", "duplicate": "Duplicate"}
GITHUB_TYPES = {"Story": "Feature", "Bug": "Bug", "Task": "Task", "Epic": "Epic"}
CLOSED = {
    "done": "Closed as completed",
    "dropped": "Closed as not planned",
    "duplicate": "Closed as duplicate",
}
GITHUB_NOTED: Mapping[Field, Callable[[str], str]] = {
    "priority": str,
    "points": lambda number: repr(float(number)),
    "start": str,
    "due": str,
}
"""What issue fields tell -> how a value is worded: a priority goes by the name that is written."""


def forgotten(world: World) -> set[str]:
    """Return the names of those whose GitHub account was deleted: it forgets what was assigned to
    them, while a store that read it before does not."""
    return {one.name for one in world.people if not one.active and "github" in one.accounts}


def facts_of(world: World) -> Iterator[Fact]:
    """Yield every interval of every item, of every tracker."""
    names = _Names(world)
    for team in world.teams:
        for item in team.items:
            yield from (names.github if team.tracker == "github" else names.jira)(team, item)


def key_of(team: Team, item: Item) -> str:
    """Return the key that the team's tracker gives an item."""
    return f"{team.container}#{item.number}" if team.tracker == "github" else item.key


def states_of(world: World) -> Iterator[tuple[object, ...]]:
    """Yield what each item is now: key, type, status, resolution, priority, title, container,
    created, parent, start, due, points, whether it is blocked; None for what its tracker cannot
    say."""
    names = _Names(world)
    for team in world.teams:
        for item in team.items:
            yield (names.now_on_github if team.tracker == "github" else names.now_in_jira)(
                team, item
            )


class _Names:
    """Turns the events of items into facts, in the words that trackers use."""

    def __init__(self, world: World) -> None:
        self._people = {one.key: one.name for one in world.people}
        self._sprints = {one.key: one.name for team in world.teams for one in team.sprints}
        self._milestones = {one.key: one.name for team in world.teams for one in team.milestones}
        self._keys = {item.key: key_of(team, item) for team in world.teams for item in team.items}

    def jira(self, team: Team, item: Item) -> Iterator[Fact]:
        """Yield what a Jira of either kind must tell."""
        key = key_of(team, item)
        for ours, theirs in JIRA_SINGLE.items():
            changes = self._single(item, theirs, self._word(theirs))
            yield from _single(key, ours, item.created, changes)
        yield from _single(key, "spent", item.created, _spent(item))
        for ours, theirs in JIRA_SEVERAL.items():
            yield from _several(key, ours, self._several(item, theirs))

    def github(self, team: Team, item: Item) -> Iterator[Fact]:
        """Yield what GitHub must tell: an issue is open or closed, the rest of it is labels, and
        fields in the repository that keeps them."""
        key = key_of(team, item)
        yield from _single(key, "status", item.created, _github_status(team, item))
        titles = self._single(item, "title", str)
        yield from _single(key, "title", item.created, titles)
        parents = self._single(item, "parent", self._word("parent"))
        yield from _single(key, "parent", item.created, parents)
        yield from _several(key, "assignee", self._several(item, "assignee"))
        yield from _several(key, "milestone", self._several(item, "milestone"))
        labels = [*self._several(item, "label"), *self._several(item, "component")]
        labels += [(at, "blocked" if new else None, "blocked" if old else None)
                   for at, new, old in self._events(item, "blocked")]  # fmt: skip
        yield from _several(key, "label", [*labels, *_started(team, item)])
        if keeps_fields(team):
            for field in GITHUB_NOTED:
                yield from _single(key, field, item.created, self._noted(item, field))

    def now_in_jira(self, team: Team, item: Item) -> tuple[object, ...]:
        """Return an item's state as ``states_of`` does."""
        resolution, points = item.value("resolution"), item.value("points")
        return (
            item.key,
            item.type,
            item.value("status"),
            RESOLUTIONS[resolution] if resolution else None,
            item.value("priority") or DEFAULT_PRIORITY,
            item.value("title") or item.title,
            team.container,
            naive(item.created),
            item.value("parent"),
            item.value("start"),
            item.value("due"),
            float(points) if points else None,
            bool(item.value("blocked")),
        )

    def now_on_github(self, team: Team, item: Item) -> tuple[object, ...]:
        """Return an item's state as ``states_of`` does."""
        noted = {field: self._noted(item, field)[-1][1] for field in GITHUB_NOTED}
        noted = noted if keeps_fields(team) else {}
        points = noted.get("points")
        return (
            key_of(team, item),
            GITHUB_TYPES[item.type],
            _github_status(team, item)[-1][1],
            None,
            noted.get("priority"),
            item.value("title") or item.title,
            team.container,
            naive(item.created),
            self._keys.get(item.value("parent") or ""),
            noted.get("start"),
            noted.get("due"),
            float(points) if points else None,
            False,
        )

    def _word(self, field: Field) -> Callable[[str], str]:
        words: dict[str, Callable[[str], str]] = {
            "resolution": lambda key: RESOLUTIONS[key],
            "points": lambda number: repr(float(number)),
            "response": str.capitalize,
            "parent": lambda key: self._keys[key],
            "assignee": lambda key: self._people[key],
            "sprint": lambda key: self._sprints[key],
            "milestone": lambda key: self._milestones[key],
        }
        return words.get(field, str)

    def _single(self, item: Item, field: Field, word: Callable[[str], str]) -> Changes:
        born = {"title": item.title, "priority": DEFAULT_PRIORITY}.get(field)
        start: Changes = [(item.created, born)]
        return start + [
            (at, word(new) if new is not None else None) for at, new, _ in self._events(item, field)
        ]

    def _noted(self, item: Item, field: Field) -> Changes:
        """Return what an issue field has held: nothing, until somebody filled it in."""
        told: Changes = [(item.created, None)]
        return told + [
            (at, GITHUB_NOTED[field](new) if new is not None else None)
            for at, new, _ in self._events(item, field)
        ]

    def _several(self, item: Item, field: Field) -> list[tuple[datetime, str | None, str | None]]:
        word = self._word(field)
        return [
            (at, word(new) if new else None, word(old) if old else None)
            for at, new, old in self._events(item, field)
        ]

    @staticmethod
    def _events(item: Item, field: Field) -> Iterable[tuple[datetime, str | None, str | None]]:
        return [(one.at, one.new, one.old) for one in item.events if one.field == field]


def _category(team: Team, name: str | None) -> str:
    return {stage.name: stage.category for stage in team.stages}.get(name or "", "todo")


def _github_status(team: Team, item: Item) -> Changes:
    changes: Changes = [(item.created, "Open")]
    for event in item.events:
        if event.field != "status":
            continue
        if _category(team, event.new) == "done":
            if _category(team, event.old) == "done":
                continue
            reason = next((one.new for one in item.events if one.at == event.at
                           and one.field == "resolution"), None)  # fmt: skip
            changes.append((event.at, CLOSED[reason or "done"]))
        else:
            changes.append((event.at, "Open"))
    return changes


def _started(team: Team, item: Item) -> Iterator[tuple[datetime, str | None, str | None]]:
    for event in item.events:
        if event.field == "status":
            now = "in progress" if _category(team, event.new) == "in_progress" else None
            before = "in progress" if _category(team, event.old) == "in_progress" else None
            if now != before:
                yield event.at, now, before


def _spent(item: Item) -> Changes:
    steps = [(log.created, log.seconds) for log in item.worklogs]
    steps += [(log.removed, -log.seconds) for log in item.worklogs if log.removed]
    told: Changes = [(item.created, None)]
    total = 0
    for at, seconds in sorted(steps):
        total += seconds
        told.append((at, str(total) if total else None))
    return told


def _single(key: str, field: str, created: datetime, changes: Changes) -> Iterator[Fact]:
    """Yield a field's intervals; of a title only where it changed, of others where ever set."""
    kept: Changes = []
    for at, value in changes:
        if kept and kept[-1][0] == at:
            kept.pop()
        if not kept or kept[-1][1] != value:
            kept.append((at, value))
    if field == "title" and len(kept) == 1:
        return
    if all(value is None for _, value in kept):
        return
    ends = [at for at, _ in kept[1:]]
    for (at, value), end in zip(kept, [*ends, None], strict=True):
        yield key, field, value, naive(at), naive(end) if end else None


def _several(
    key: str, field: str, changes: Iterable[tuple[datetime, str | None, str | None]]
) -> Iterator[Fact]:
    since: dict[str, datetime] = {}
    for at, new, old in sorted(changes, key=lambda one: one[0]):
        if old is not None and old in since:
            began = since.pop(old)
            if began != at:
                yield key, field, old, naive(began), naive(at)
        if new is not None:
            since.setdefault(new, at)
    for member, began in since.items():
        yield key, field, member, naive(began), None


def naive(at: datetime) -> datetime:
    """Return a time as the store keeps it."""
    return at.astimezone(UTC).replace(tzinfo=None)
