"""An item of the world as an issue of a Jira Cloud site, with all its fields and its changelog."""

from __future__ import annotations

from datetime import datetime

from pmo_sync.demo.facts import Event, Item
from pmo_sync.demo.jira_catalogue import LINK_TYPES, Catalogue, link_events
from pmo_sync.demo.jira_fields import (
    EPIC_LINK,
    FLAGGED,
    IMPEDIMENT,
    POINTS,
    RANK,
    SPRINT,
    START_DATE,
)
from pmo_sync.demo.jira_history import JiraHistory
from pmo_sync.demo.jira_risks import risk_fields
from pmo_sync.demo.jira_site import Json
from pmo_sync.demo.jira_time_spent import TimeSpent
from pmo_sync.demo.jira_web_links import WebLinks

EXPAND = "operations,versionedRepresentations,editmeta,changelog,renderedFields"


class IssueRenderer:
    """Writes issues with all their fields."""

    def __init__(
        self,
        catalogue: Catalogue,
        web_links: WebLinks,
        time_spent: TimeSpent,
    ) -> None:
        self._catalogue = catalogue
        self._time_spent = time_spent
        self.incoming = link_events(catalogue.items)
        self._history = JiraHistory(catalogue, self.incoming, web_links, time_spent)

    def issue(self, item: Item, board: int) -> Json:
        """Return an issue as /search/jql does, with its whole changelog."""
        catalogue = self._catalogue
        number = catalogue.issue_ids[item.key]
        histories = self._history.histories(item)
        return {
            "expand": EXPAND,
            "id": number,
            "self": catalogue.rest(f"issue/{number}"),
            "key": item.key,
            "changelog": {"histories": histories},
            "fields": {
                **self._people(item),
                **self._state(item, histories),
                **self._content(item, board),
                **self._time_spent.fields(item),
                **risk_fields(catalogue, item),
                "issuelinks": self._links(item),
            },
        }

    def _people(self, item: Item) -> Json:
        reporter = self._catalogue.user(item.reporter)
        return {
            "assignee": self._catalogue.user(item.value("assignee")),
            "reporter": reporter,
            "creator": reporter,
        }

    def _state(self, item: Item, histories: list[Json]) -> Json:
        catalogue = self._catalogue
        resolution = item.value("resolution")
        flag = {"self": catalogue.rest(f"customFieldOption/{IMPEDIMENT}"), "id": IMPEDIMENT,
                "value": "Impediment"}  # fmt: skip
        return {
            "created": catalogue.time(item.created),
            "updated": histories[0]["created"] if histories else catalogue.time(item.created),
            "status": catalogue.statuses[item.value("status") or ""],
            "statuscategorychangedate": catalogue.time(_last(item, "status") or item.created),
            "resolution": catalogue.resolutions[resolution] if resolution else None,
            "resolutiondate": _time(catalogue, _last(item, "resolution") if resolution else None),
            "priority": catalogue.priorities[item.value("priority") or "Medium"],
            FLAGGED: [flag] if item.value("blocked") else None,
        }

    def _content(self, item: Item, board: int) -> Json:
        catalogue = self._catalogue
        parent = item.value("parent")
        points = item.value("points")
        sprints = [catalogue.sprint(key, board) for key in item.values("sprint")]
        content: dict[str, object] = {
            "summary": item.value("title") or item.title,
            "description": None,
            "issuetype": catalogue.types[item.type],
            "project": catalogue.projects[item.project],
            "duedate": item.value("due"),
            "labels": sorted(item.values("label")),
            "components": [
                catalogue.component(item.project, name) for name in item.values("component")
            ],
            "fixVersions": [catalogue.version(key) for key in item.values("milestone")],
            "subtasks": [],
            "timeoriginalestimate": _whole(item.value("estimate")),
            "timeestimate": _whole(item.value("remaining")),
            EPIC_LINK: parent,
            START_DATE: item.value("start"),
            POINTS: float(points) if points else None,
            RANK: f"0|i{item.number:05d}:",
            SPRINT: sprints or None,
        }
        if parent:
            content["parent"] = catalogue.issue_stub(catalogue.items[parent])
        return content

    def _links(self, item: Item) -> list[Json]:
        outward = [
            (event.field, item.key, event.new)
            for event in item.events
            if event.field in LINK_TYPES and event.new in self._catalogue.items
        ]
        inward = [(event.field, other, item.key) for event, other in self._incoming_of(item)]
        return [self._link(*link, item) for link in dict.fromkeys([*outward, *inward])]

    def _incoming_of(self, item: Item) -> list[tuple[Event, str]]:
        return self.incoming.get(item.key, [])

    def _link(self, kind: str, source: str, target: str, item: Item) -> Json:
        """Return a link from source to target, as one of the two shows it."""
        catalogue = self._catalogue
        number, name, inward, outward = LINK_TYPES[kind]
        link = catalogue.link_id(kind, source, target)
        other, end = (target, "outwardIssue") if item.key == source else (source, "inwardIssue")
        return {
            "id": link,
            "self": catalogue.rest(f"issueLink/{link}"),
            "type": {
                "id": number,
                "name": name,
                "inward": inward,
                "outward": outward,
                "self": catalogue.rest(f"issueLinkType/{number}"),
            },
            end: catalogue.issue_stub(catalogue.items[other]),
        }


def _last(item: Item, name: str) -> datetime | None:
    """Return when a field was last changed."""
    return next((event.at for event in reversed(item.events) if event.field == name), None)


def _whole(number: str | None) -> int | None:
    return None if number is None else int(number)


def _time(catalogue: Catalogue, at: datetime | None) -> str | None:
    return catalogue.time(at) if at else None
