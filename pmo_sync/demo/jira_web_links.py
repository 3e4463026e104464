"""Links from an item to items of another tracker, as a Jira site shows them: to their pages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

from pmo_sync.demo.facts import Event, Item
from pmo_sync.demo.jira_catalogue import LINK_TYPES, Catalogue
from pmo_sync.demo.jira_site import Json

Pages = Mapping[str, tuple[str, str]]
"""The address and the title of items that are not on the site, by item key."""
NO_PAGES: Pages = MappingProxyType({})


class WebLinks:
    """Writes remote links; an item without a page is not linked to."""

    def __init__(self, catalogue: Catalogue, pages: Pages) -> None:
        self._catalogue = catalogue
        self._pages = pages

    def of(self, item: Item) -> list[Json]:
        """Return the remote links of an item, oldest first."""
        linked = {event.new: event for event in item.events if self.leads_away(event)}
        return [self._link(item, event) for event in linked.values()]

    def leads_away(self, event: Event) -> bool:
        """Say whether an event links to an item that is not on the site."""
        return event.field in LINK_TYPES and event.new in self._pages

    def change(self, item: Item, event: Event) -> Json:
        """Return what the changelog tells of a link that leads away."""
        address, title = self._pages[event.new or ""]
        return {
            "field": "RemoteIssueLink",
            "fieldtype": "jira",
            "from": None,
            "fromString": None,
            "to": str(_number(item.key, address)),
            "toString": f'This issue links to "{title} (Web Link)"',
        }

    def _link(self, item: Item, event: Event) -> Json:
        address, title = self._pages[event.new or ""]
        number = _number(item.key, address)
        return {
            "id": number,
            "self": self._catalogue.rest(f"issue/{item.key}/remotelink/{number}"),
            "globalId": f"url={address}",
            "application": {},
            "relationship": LINK_TYPES[event.field][3],
            "object": {
                "url": address,
                "title": title,
                "icon": {},
                "status": {"resolved": False, "icon": {}},
            },
        }


def _number(key: str, address: str) -> int:
    """Return the id of a remote link; it does not depend on what else is linked."""
    return int(hashlib.sha256(f"{key} {address}".encode()).hexdigest()[:7], 16)
