"""An item's events as Jira's changelog tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from itertools import groupby

from pmo_sync.demo.facts import SEVERAL, Event, Item
from pmo_sync.demo.jira_catalogue import LINK_TYPES, Catalogue
from pmo_sync.demo.jira_fields import FLAGGED, IMPEDIMENT, POINTS, SPRINT, START_DATE
from pmo_sync.demo.jira_risks import RISK_FIELDS, option
from pmo_sync.demo.jira_site import Json
from pmo_sync.demo.jira_time_spent import Entry, TimeSpent
from pmo_sync.demo.jira_web_links import WebLinks

Pair = tuple[str | None, str | None]
"""A value's id and text."""
Marked = tuple[Event, str | None]
"""A change, with the item that made it where that is another one."""


class JiraHistory:
    """Writes changelogs; ``incoming`` are links that other items made, by item."""

    def __init__(
        self,
        catalogue: Catalogue,
        incoming: dict[str, list[tuple[Event, str]]],
        web_links: WebLinks,
        time_spent: TimeSpent,
    ) -> None:
        self._catalogue = catalogue
        self._web_links = web_links
        self._time_spent = time_spent
        self._incoming = incoming
        self._values: dict[str, tuple[str, str | None, str, Callable[[str], Pair]]] = {
            "status": ("status", "status", "jira", self._status),
            "resolution": ("resolution", "resolution", "jira", self._resolution),
            "priority": ("priority", "priority", "jira", self._priority),
            "assignee": ("assignee", "assignee", "jira", self._person),
            "due": ("duedate", "duedate", "jira", lambda day: (day, f"{day} 00:00:00.0")),
            "start": ("Start date", START_DATE, "custom", _day),
            "title": ("summary", "summary", "jira", lambda text: (None, text)),
            "points": ("Story Points", POINTS, "custom", lambda number: (None, number)),
            "parent": ("IssueParentAssociation", None, "jira", self._issue),
            "milestone": ("Fix Version", "fixVersions", "jira", self._version),
            "component": ("Component", "components", "jira", lambda name: (None, name)),
            "estimate": ("timeoriginalestimate", "timeoriginalestimate", "jira", _seconds),
            "remaining": ("timeestimate", "timeestimate", "jira", _seconds),
            **{
                field: (name, field_id, "custom", partial(option, field))
                for field, (name, field_id, _) in RISK_FIELDS.items()
            },
        }

    def histories(self, item: Item) -> list[Json]:
        """Return the changelog newest first: what was true at creation is not in it."""
        entries = [*self._entries(item), *self._time_spent.entries(item)]
        entries.sort(key=lambda entry: entry[0])
        first = 1000 * int(self._catalogue.issue_ids[item.key])
        found = [
            {
                "id": str(number),
                "author": self._catalogue.user(actor),
                "created": self._catalogue.time(at),
                "items": items,
            }
            for number, (at, actor, items) in enumerate(entries, start=first)
        ]
        return list(reversed(found))

    def _entries(self, item: Item) -> Iterator[Entry]:
        """Yield an item's own events and the links that others made to it, grouped by act."""
        later = [event for event in item.events if self._is_told(item, event)]
        links = self._incoming.get(item.key, [])
        marked: list[Marked] = [(event, None) for event in later]
        marked += links
        marked.sort(key=lambda pair: pair[0].at)
        state = _State(item)
        for (at, actor), group in groupby(marked, key=lambda pair: (pair[0].at, pair[0].actor)):
            for act in _acts(group):
                yield at, actor, [self._item(event, other, item, state) for event, other in act]

    def _is_told(self, item: Item, event: Event) -> bool:
        """Say whether a changelog has an event: an item is born with its values, but only what is
        there can be linked to a page."""
        after = event.at > item.created or self._web_links.leads_away(event)
        return after and self._shows(event)

    def _shows(self, event: Event) -> bool:
        """Say whether the site knows of an event: not of a link to what it cannot name, and not
        of a field that it does not have."""
        if event.field not in (*self._values, "blocked", "sprint", "label", *LINK_TYPES):
            return False
        known = event.new in self._catalogue.items or event.field not in LINK_TYPES
        return known or self._web_links.leads_away(event)

    def _item(self, event: Event, other: str | None, item: Item, state: _State) -> Json:
        if self._web_links.leads_away(event):
            return self._web_links.change(item, event)
        if event.field in LINK_TYPES:
            return self._link(event, other)
        if event.field == "blocked":
            raised: Pair = (f"[{IMPEDIMENT}]", "Impediment")
            return _changed(
                "Flagged", FLAGGED, "custom", raised if event.old else (None, None) if event.new
                else ("", ""), raised if event.new else ("", ""))  # fmt: skip
        if event.field in ("sprint", "label"):
            return self._collection(event, state)
        name, field_id, kind, pair = self._values[event.field]
        if event.field == "component":
            pair = self._component(item)
        old, new = (pair(value) if value is not None else (None, None)
                    for value in (event.old, event.new))  # fmt: skip
        return _changed(name, field_id, kind, old, new)

    def _collection(self, event: Event, state: _State) -> Json:
        """Write a field whose whole content is told before and after: sprints and labels."""
        before, after = state.apply(event)
        if event.field == "label":
            return _changed("labels", "labels", "jira",
                            (None, " ".join(before)), (None, " ".join(after)))  # fmt: skip
        return _changed("Sprint", SPRINT, "custom", self._sprints(before), self._sprints(after))

    def _link(self, event: Event, other: str | None) -> Json:
        _, _, inward, outward = LINK_TYPES[event.field]
        key, words = (event.new, outward) if other is None else (other, inward)
        if key not in self._catalogue.items:
            return _changed("RemoteIssueLink", None, "jira", (None, None),
                            (key, f'This issue links to "{key}"'))  # fmt: skip
        return _changed("Link", None, "jira", (None, None), (key, f"This issue {words} {key}"))

    def _sprints(self, keys: Iterable[str]) -> Pair:
        ids = ", ".join(str(self._catalogue.sprint_ids[key]) for key in keys)
        return ids, ", ".join(self._catalogue.sprints[key].name for key in keys)

    def _status(self, name: str) -> Pair:
        return self._catalogue.statuses[name]["id"], name

    def _resolution(self, key: str) -> Pair:
        one = self._catalogue.resolutions[key]
        return one["id"], one["name"]

    def _priority(self, name: str) -> Pair:
        return self._catalogue.priorities[name]["id"], name

    def _person(self, key: str) -> Pair:
        return self._catalogue.account_id(key), self._catalogue.people[key].name

    def _issue(self, key: str) -> Pair:
        return self._catalogue.issue_ids[key], key

    def _version(self, key: str) -> Pair:
        return str(self._catalogue.version_ids[key]), self._catalogue.versions[key].name

    def _component(self, item: Item) -> Callable[[str], Pair]:
        return lambda name: (
            str(self._catalogue.component(item.project, name)["id"]),
            name,
        )


def _acts(marked: Iterable[Marked]) -> list[list[Marked]]:
    """Return what somebody did at one moment, edit by edit: each changes a single value once."""
    acts: list[list[Marked]] = [[]]
    for event, other in marked:
        told = {one.field for one, _ in acts[-1]}
        if event.field in told and event.field not in SEVERAL:
            acts.append([])
        acts[-1].append((event, other))
    return acts


def _seconds(text: str) -> Pair:
    return text, text


def _day(text: str) -> Pair:
    """Return a custom field's day; its text is written as the site's users read it."""
    return text, f"{date.fromisoformat(text):%d/%b/%y}"


class _State:
    """The members of an item's sprints and labels while its changelog is told."""

    def __init__(self, item: Item) -> None:
        self._members: dict[str, list[str]] = {"sprint": [], "label": []}
        for event in item.events:
            if event.at == item.created and event.field in self._members:
                self.apply(event)

    def apply(self, event: Event) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Apply a change; return the members before and after it."""
        members = self._members[event.field]
        before = tuple(members)
        if event.new is not None:
            members.append(event.new)
        elif event.old in members:
            members.remove(event.old)
        return before, tuple(members)


def _changed(name: str, field_id: str | None, kind: str, old: Pair, new: Pair) -> Json:
    """Return one item of a changelog entry."""
    item: dict[str, str | None] = {"field": name, "fieldtype": kind}
    if field_id is not None:
        item["fieldId"] = field_id
    return {**item, "from": old[0], "fromString": old[1], "to": new[0], "toString": new[1]}
