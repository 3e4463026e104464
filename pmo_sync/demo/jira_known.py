"""Issues as they were written for an earlier day of the world: most are the same on the next."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from pmo_sync.demo.facts import Event, Item
from pmo_sync.demo.jira_catalogue import LINK_TYPES, Catalogue
from pmo_sync.demo.jira_site import Json
from pmo_sync.demo.jira_web_links import Pages

Incoming = list[tuple[Event, str]]


class KnownIssues:
    """Issues of one site with what they were made of, by item; kept from one day to the next."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[object, Json]] = {}

    def issue(self, item: Item, made_of: object, write: Callable[[], Json]) -> Json:
        """Return an item's issue; it is written anew only where what it is made of differs."""
        known = self._known.get(item.key)
        if known is None or known[0] != made_of:
            known = self._known[item.key] = (made_of, write())
        return known[1]


def ingredients(catalogue: Catalogue, pages: Pages, item: Item, incoming: Incoming) -> object:
    """Return all that an issue tells of: the item, and what is not its own but changes."""
    people: dict[str | None, None] = {item.reporter: None}
    others = dict.fromkeys(other for _, other in incoming)
    sprints, versions = [], []
    for event in item.events:
        people[event.actor] = None
        if event.field == "assignee":
            people |= {event.old: None, event.new: None}
        elif event.field == "sprint":
            sprints.append(catalogue.sprints.get(event.new or ""))
        elif event.field == "milestone":
            versions.append(catalogue.versions.get(event.new or ""))
        elif event.new and (event.field == "parent" or event.field in LINK_TYPES):
            others[event.new] = None
    people |= dict.fromkeys(event.actor for event, _ in incoming)
    people |= dict.fromkeys(log.author for log in item.worklogs)
    return (
        item,
        incoming,
        [catalogue.people[key] for key in people if key is not None],
        [_shown(catalogue, pages, key) for key in others],
        sprints,
        versions,
    )


def _shown(catalogue: Catalogue, pages: Pages, key: str) -> Hashable:
    """Return what an issue shows of another item."""
    other = catalogue.items.get(key)
    if other is None:
        return pages.get(key)
    return key, other.value("title"), other.value("status"), other.value("priority")
