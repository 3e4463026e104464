"""A Jira item of the world as a record: its values, their history, its links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from pmo_sync.demo.facts import Event, Item, Team
from pmo_sync.demo.facts import Field as WorldField
from pmo_sync.demo.load_spans import Moment, by_member, one_at_a_time, while_there
from pmo_sync.model import (
    NAMED,
    HistoryRow,
    ItemRecord,
    Link,
    LinkKind,
    Site,
    WorkItem,
    Worklog,
    global_id,
)

Pages = Mapping[str, tuple[str, str]]
"""The address and the key of items of other trackers, by item key of the world."""
RESOLUTIONS = {"done": "Done", "dropped": "Won't Do", "duplicate": "Duplicate"}
LINKS: Mapping[WorldField, LinkKind] = {
    "blocks": "blocks", "relates": "relates", "duplicates": "duplicates",
}  # fmt: skip
SINGLE: Mapping[str, str] = {
    "status": "status", "resolution": "resolution", "priority": "priority", "points": "points",
    "due": "due", "parent": "parent", "flagged": "blocked",
    "start": "start", "estimate": "estimate", "remaining": "remaining",
    "probability": "probability", "impact": "impact", "response": "response",
}  # fmt: skip
"""Our field -> the world's; those of a risk as the demo's configuration maps them."""
SEVERAL: Mapping[str, WorldField] = {
    "assignee": "assignee", "label": "label", "component": "component", "milestone": "milestone",
    "iteration": "sprint",
}  # fmt: skip
IDS = ("parent", "assignee", "milestone", "iteration")
"""Fields whose values are ids of records."""


class JiraStory:
    """One item while it is told; of what it was born with the reporter is the author.

    ``incoming`` are events of the team that lead to it, with the keys of their items; ``keys``
    are those of all the team's items, ``pages`` what items of other trackers are linked to by:
    their addresses and keys there.
    """

    def __init__(
        self,
        site: Site,
        team: Team,
        item: Item,
        incoming: list[tuple[Event, str]],
        keys: set[str],
        pages: Pages,
    ) -> None:
        self._site, self._team, self._item, self._incoming = site, team, item, incoming
        known = [one for one in item.events
                 if one.field not in LINKS or one.new in keys or one.new in pages]  # fmt: skip
        self._links = [one for one in known if one.field in LINKS and one.new in keys]
        self._away = {
            there: (one, pages[there])
            for one in known
            if one.field in LINKS and (there := one.new or "") in pages
        }
        self._born: dict[str, list[Event]] = {}
        self._later: dict[str, list[Event]] = {}
        for event in known:
            side = self._later if event.at > item.created else self._born
            side.setdefault(event.field, []).append(event)
        self._id = self._id_of(item.key)
        self._reporter = self._id_of(item.reporter) if item.reporter else None
        self._spent = self._time_spent()

    def people(self) -> list[str]:
        """Name everybody whom the item mentions, each once."""
        item = self._item
        acted = [event for events in self._later.values() for event in events]
        acted += [event for event, _ in self._incoming]
        assigned = [event for side in (self._born, self._later)
                    for event in side.get("assignee", ())]  # fmt: skip
        named = {item.reporter, *(event.actor for event in acted)}
        named |= {person for event in assigned for person in (event.old, event.new)}
        named |= {log.author for log in item.worklogs}
        return sorted(person for person in named if person is not None)

    def record(self) -> ItemRecord:
        """Return the item with its history and links."""
        rows = tuple(self._history())
        now = {row.field: row.value for row in rows if row.valid_to is None}
        return ItemRecord(self._work_item(now), rows, (), tuple(self._all_links()))

    def worklogs(self) -> tuple[Worklog, ...]:
        """Return the time that is noted on the item."""
        return tuple(
            Worklog(
                self._id_of(f"worklog/{self._item.key}/{number}"), self._site.site, self._id,
                self._id_of(log.author) if log.author else None, log.started, log.seconds,
                log.created, log.updated,
            )
            for number, log in enumerate(self._item.worklogs) if log.removed is None
        )  # fmt: skip

    def _work_item(self, now: Mapping[str, str | None]) -> WorkItem:
        item, site = self._item, self._site
        start, due, points = now.get("start"), now.get("due"), now.get("points")
        estimate, remaining, spent = (now.get(name) for name in ("estimate", "remaining", "spent"))
        return WorkItem(
            item_id=self._id,
            site=site.site,
            key=item.key,
            container=self._team.container,
            type=item.type,
            rank=item.level,
            title=item.value("title") or item.title,
            status=now["status"] or "",
            created=item.created,
            updated=self._updated(),
            url=f"{site.url}/browse/{item.key}",
            resolution=now.get("resolution"),
            priority=now.get("priority"),
            reporter=self._reporter,
            parent=now.get("parent"),
            start=date.fromisoformat(start) if start else None,
            due=date.fromisoformat(due) if due else None,
            points=float(points) if points else None,
            estimate=int(estimate) if estimate else None,
            remaining=int(remaining) if remaining else None,
            spent=int(spent) if spent else None,
            flagged=now.get("flagged") is not None,
        )

    def _updated(self) -> datetime:
        """Return when the item last changed: itself, a link to it, or time noted on it."""
        times = [events[-1].at for events in self._later.values()]
        times += [event.at for event, _ in self._incoming]
        times += [log.removed or log.updated for log in self._item.worklogs]
        return max(times, default=self._item.created)

    def _history(self) -> Iterator[HistoryRow]:
        for ours, field in SINGLE.items():
            yield from one_at_a_time(self._id, ours, self._moments(ours, field))
        yield from one_at_a_time(self._id, "spent", self._spent)
        if "title" in self._later:
            yield from one_at_a_time(self._id, "title", self._moments("title", "title"))
        for ours, field in SEVERAL.items():
            events = [*self._born.get(field, ()), *self._later.get(field, ())]
            for member, mine in by_member(events).items():
                moments = self._membership(ours, member, mine)
                yield from while_there(self._id, ours, moments)

    def _moments(self, ours: str, field: str) -> list[Moment]:
        born = {"priority": "Medium", "title": self._item.title}.get(ours)
        for event in self._born.get(field, ()):
            born = event.new
        told = [(self._item.created, born, self._reporter)]
        told += [(one.at, one.new, self._actor(one)) for one in self._later.get(field, ())]
        return [Moment(at, self._value(ours, value), actor) for at, value, actor in told]

    def _membership(self, ours: str, member: str, events: list[Event]) -> list[Moment]:
        """Return when a member came and went; it does so under its own id."""
        created, value = self._item.created, self._value(ours, member)
        moments = [Moment(created, None, self._reporter)]
        for event in events:
            actor = self._actor(event) if event.at > created else self._reporter
            there = value if event.new == member else None
            moments.append(Moment(event.at, there, actor))
        return moments

    def _time_spent(self) -> list[Moment]:
        """Return the sum of the time noted on the item, as it grew and shrank."""
        steps = []
        for number, log in enumerate(self._item.worklogs):
            author = self._id_of(log.author) if log.author else None
            steps.append((log.created, number, log.seconds, author))
            if log.removed is not None:
                steps.append((log.removed, number, -log.seconds, author))
        moments, total = [Moment(self._item.created, None, self._reporter)], 0
        for at, _, seconds, author in sorted(steps, key=lambda step: step[:2]):
            total += seconds
            moments.append(Moment(at, str(total) if total else None, author))
        return moments

    def _value(self, ours: str, value: str | None) -> str | None:
        if value is None:
            return None
        if ours in IDS:
            return self._id_of(value)
        shown = {"resolution": RESOLUTIONS.get(value), "flagged": "true",
                 "response": value.capitalize()}  # fmt: skip
        if ours == "points":
            return repr(float(value))
        return shown.get(ours) or value

    def _id_of(self, key: str) -> str:
        return global_id(self._site.site, key)

    def _actor(self, event: Event) -> str | None:
        return self._id_of(event.actor) if event.actor else None

    def _all_links(self) -> Iterator[Link]:
        """Yield the links that either end made, each once."""
        mine = [(event, self._item.key, event.new or "") for event in self._links]
        theirs = [(event, other, self._item.key) for event, other in self._incoming]
        told = {(event.field, source, target): event.at for event, source, target
                in sorted([*mine, *theirs], key=lambda one: one[0].at)}  # fmt: skip
        for (field, source, target), at in told.items():
            yield Link(
                self._id_of(source), self._id_of(target), LINKS[field],
                f"{field} {source} {target}", source, target, at,
            )  # fmt: skip
        for event, (address, key) in self._away.values():
            yield Link(
                self._id, global_id(NAMED, address), LINKS[event.field], address, self._item.key,
                key, event.at,
            )  # fmt: skip
