"""A GitHub item of the world as a record: its values, their history, its links."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

from pmo_sync.demo.facts import Event, Item, Person, Team
from pmo_sync.demo.load_spans import Moment, by_member, one_at_a_time, while_there
from pmo_sync.demo.render_github_fields import FIELDS, keeps_fields
from pmo_sync.model import HistoryRow, ItemRecord, Link, LinkKind, Site, WorkItem, global_id

CLOSED = {"done": "completed", "dropped": "not_planned", "duplicate": "duplicate"}
NOTED: Mapping[str, Callable[[str], str]] = {
    "priority": str.casefold,
    "points": lambda text: repr(float(text)),
    "start": str,
    "due": str,
}
"""Issue fields whose history is told -> how a value of them is written down."""
TYPES = {"Story": "Feature", "Bug": "Bug", "Task": "Task", "Epic": "Epic"}
IN_PROGRESS, BLOCKED = "in progress", "blocked"


class GithubStory:
    """One item while it is told. ``incoming`` are events of the team that lead to it, with the
    keys of their items; ``keys`` are those of all the team's items, ``categories`` what its
    statuses mean. ``people`` are those whom the telling names."""

    def __init__(
        self,
        site: Site,
        people: Mapping[str, Person],
        team: Team,
        item: Item,
        incoming: list[tuple[Event, str]],
        keys: set[str],
        categories: Mapping[str, str],
    ) -> None:
        self._site, self._team, self._item, self._incoming = site, team, item, incoming
        self._known = people
        self._keys, self._categories = keys, categories
        self.people: dict[str, None] = {}
        self._id = self._id_of(item.key)
        self._times = [item.created]
        self._author = self._named(item.reporter)

    def record(self) -> ItemRecord:
        """Return the item with its history and links."""
        rows = tuple(self._history())
        links = tuple(self._links())
        self._times += [event.at for event, _ in self._incoming]
        if keeps_fields(self._team):
            self._times += [event.at for event in self._item.events if event.field in FIELDS]
        now = {row.field: row.value for row in rows if row.valid_to is None}
        return ItemRecord(self._work_item(now), rows, (), links)

    def _work_item(self, now: Mapping[str, str | None]) -> WorkItem:
        item, site, container = self._item, self._site, self._team.container
        children = any(event.field == "parent" and event.new for event, _ in self._incoming)
        return WorkItem(
            item_id=self._id,
            site=site.site,
            key=f"{container}#{item.number}",
            container=container,
            type=TYPES[item.type],
            rank=1 if children else 0,
            title=item.value("title") or item.title,
            status=now["status"] or "",
            created=item.created,
            updated=max(self._times),
            url=f"{site.url}/{container}/issues/{item.number}",
            reporter=self._author,
            parent=now.get("parent"),
            priority=now.get("priority"),
            points=float(points) if (points := now.get("points")) else None,
            start=_day(now.get("start")),
            due=_day(now.get("due")),
            restricted=True,
        )

    def _history(self) -> Iterator[HistoryRow]:
        status, labels = self._status()
        yield from one_at_a_time(self._id, "status", status)
        yield from self._titles()
        parents = self._single("parent")
        yield from one_at_a_time(self._id, "parent", parents)
        yield from self._assignees()
        for moments in labels.values():
            yield from while_there(self._id, "label", moments)
        milestones = self._single("milestone")
        yield from while_there(self._id, "milestone", milestones)
        if keeps_fields(self._team):
            for field, worded in NOTED.items():
                yield from one_at_a_time(self._id, field, self._noted(field, worded))

    def _noted(self, field: str, worded: Callable[[str], str]) -> list[Moment]:
        """Return what was noted of an item in one of the organization's issue fields."""
        told = [Moment(self._item.created, None, self._author)]
        for event in self._of(field):
            value = worded(event.new) if event.new else None
            told.append(Moment(event.at, value, self._note(event)))
        return told

    def _status(self) -> tuple[list[Moment], dict[str, list[Moment]]]:
        """Return what was open and closed, and when each label came and went."""
        status = [Moment(self._item.created, "open", self._author)]
        labels: dict[str, list[Moment]] = {}
        before = "todo"
        for event in self._item.events:
            if event.field == "status":
                after = self._categories[event.new or ""]
                status += self._closing(event, before, after)
                self._label(labels, IN_PROGRESS, event, before == "in_progress",
                            after == "in_progress")  # fmt: skip
                before = after
            elif event.field == "blocked":
                self._label(labels, BLOCKED, event, bool(event.old), bool(event.new))
            elif event.field in ("label", "component"):
                name = event.new or event.old or ""
                self._label(labels, name, event, event.new is None, event.new is not None)
        return status, labels

    def _closing(self, event: Event, before: str, after: str) -> Iterator[Moment]:
        if (before == "done") != (after == "done"):
            how = CLOSED[self._resolution(event.at)] if after == "done" else "open"
            yield Moment(event.at, how, self._note(event))

    def _resolution(self, at: datetime) -> str:
        """Return what was decided with a closing."""
        return next((event.new for event in self._item.events if event.field == "resolution"
                     and event.at == at and event.new), "done")  # fmt: skip

    def _label(
        self,
        labels: dict[str, list[Moment]],
        name: str,
        event: Event,
        was: bool,
        there: bool,
    ) -> None:
        if was != there:
            moment = Moment(event.at, name if there else None, self._note(event))
            labels.setdefault(name, []).append(moment)

    def _titles(self) -> list[HistoryRow]:
        """Return the titles of an item that has had several."""
        told = [Moment(self._item.created, self._item.title, self._author)]
        told += [Moment(event.at, event.new, self._note(event)) for event in self._of("title")]
        rows = one_at_a_time(self._id, "title", told)
        return rows if len(rows) > 1 else []

    def _single(self, field: str) -> list[Moment]:
        """Return which record a field led to, one at a time."""
        told = [Moment(self._item.created, None, self._author)]
        for event in self._of(field):
            value = self._id_of(event.new) if event.new else None
            told.append(Moment(event.at, value, self._note(event)))
        return told

    def _assignees(self) -> Iterator[HistoryRow]:
        events = self._of("assignee")
        for event in events:
            self._note(event)
        for person, mine in by_member(events).items():
            if value := self._named(person):
                told = [Moment(event.at, value if event.new == person else None,
                               self._note(event)) for event in mine]  # fmt: skip
                yield from while_there(self._id, "assignee", told)

    def _links(self) -> Iterator[Link]:
        """Yield who waits for whom, as both sides say, and what this item repeats."""
        blocking = [(event, self._item.key, event.new or "") for event in self._of("blocks")
                    if event.new in self._keys]  # fmt: skip
        blocked = [(event, other, self._item.key) for event, other in self._incoming
                   if event.field == "blocks"]  # fmt: skip
        repeated = [(event, self._item.key, event.new or "") for event in self._of("duplicates")]
        kinds: dict[LinkKind, list[tuple[Event, str, str]]]
        kinds = {"blocks": [*blocked, *blocking], "duplicates": repeated}
        for kind, told in kinds.items():
            for event, source, target in told:
                self._note(event)
                yield self._link(kind, source, target, event.at)

    def _link(self, kind: LinkKind, source: str, target: str, at: datetime) -> Link:
        shown = {key: f"{self._team.container}#{key.rpartition('-')[2]}"
                 for key in (source, target)}  # fmt: skip
        return Link(
            self._id_of(source), self._id_of(target), kind, f"{kind} {source} {target}",
            shown[source], shown[target], at,
        )  # fmt: skip

    def _of(self, field: str) -> list[Event]:
        return [event for event in self._item.events if event.field == field]

    def _note(self, event: Event) -> str | None:
        """Take an event for one that the item's timeline shows; return whose it was."""
        self._times.append(event.at)
        return self._named(event.actor)

    def _named(self, person: str | None) -> str | None:
        """Return the id of somebody, and remember them; GitHub forgets who has no account now."""
        if person is None or not self._known[person].active:
            return None
        if "github" not in self._known[person].accounts:
            return None
        self.people[person] = None
        return self._id_of(person)

    def _id_of(self, key: str) -> str:
        return global_id(self._site.site, key)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
