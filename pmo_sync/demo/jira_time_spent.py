"""Time noted on an item, as Jira tells it: worklogs, and what the issue says of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pmo_sync.demo.facts import Item, Worklog
from pmo_sync.demo.jira_catalogue import Catalogue
from pmo_sync.demo.jira_site import Json

_EMBEDDED = 20
"""Worklogs that an issue carries itself."""
_UNITS = (("w", 5 * 8 * 3600), ("d", 8 * 3600), ("h", 3600), ("m", 60))
"""Jira's default week has five days of eight hours."""

Entry = tuple[datetime, str | None, list[Json]]
"""A changelog entry to be: when, by whom, what."""


class TimeSpent:
    """Writes worklogs; ids count an issue's worklogs in the order in which they were made."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def worklogs(self, item: Item) -> list[Json]:
        """Return the worklogs that are there, oldest first."""
        return [
            self._worklog(item, number, log)
            for number, log in self._numbered(item)
            if log.removed is None
        ]

    def removed(self, item: Item) -> list[Json]:
        """Return worklogId and updatedTime of the worklogs that were deleted."""
        return [
            {"worklogId": number, "updatedTime": int(log.removed.timestamp() * 1000)}
            for number, log in self._numbered(item)
            if log.removed is not None
        ]

    def fields(self, item: Item) -> Json:
        """Return the issue's fields that tell of its worklogs."""
        logs = self.worklogs(item)
        return {
            "timespent": sum(log["timeSpentSeconds"] for log in logs) or None,
            "worklog": {
                "startAt": 0,
                "maxResults": _EMBEDDED,
                "total": len(logs),
                "worklogs": logs[:_EMBEDDED],
            },
        }

    def entries(self, item: Item) -> list[Entry]:
        """Return what the changelog tells of the worklogs, oldest first."""
        steps = sorted(self._steps(item), key=lambda step: step[:2])
        spent, entries = 0, []
        for at, number, seconds, author in steps:
            changed = [_changed("timespent", spent or None, (spent + seconds) or None)]
            if seconds <= 0:
                changed.append(_changed("WorklogId", number, None))
            entries.append((at, author, changed))
            spent += seconds
        return entries

    def _steps(self, item: Item) -> Iterator[tuple[datetime, int, int, str | None]]:
        """Yield when time was added to an item, noted anew (0 seconds) or taken off again."""
        for number, log in self._numbered(item):
            yield log.created, number, log.seconds, log.author
            if log.updated > log.created:
                yield log.updated, number, 0, log.author
            if log.removed is not None:
                yield log.removed, number, -log.seconds, log.author

    def _numbered(self, item: Item) -> Iterator[tuple[int, Worklog]]:
        first = 1000 * int(self._catalogue.issue_ids[item.key])
        return enumerate(item.worklogs, start=first)

    def _worklog(self, item: Item, number: int, log: Worklog) -> Json:
        catalogue = self._catalogue
        issue = catalogue.issue_ids[item.key]
        author = catalogue.user(log.author)
        return {
            "self": catalogue.rest(f"issue/{issue}/worklog/{number}"),
            "author": author,
            "updateAuthor": author,
            "created": catalogue.time(log.created),
            "updated": catalogue.time(log.updated),
            "started": catalogue.time(log.started),
            "timeSpent": duration(log.seconds),
            "timeSpentSeconds": log.seconds,
            "id": str(number),
            "issueId": issue,
        }


def duration(seconds: int) -> str:
    """Write a duration as Jira does: 1d 2h 30m."""
    words = []
    for unit, size in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            words.append(f"{count}{unit}")
    return " ".join(words) or "0m"


def _changed(field: str, old: int | None, new: int | None) -> Json:
    before, after = (None if value is None else str(value) for value in (old, new))
    return {
        "field": field,
        "fieldtype": "jira",
        "fieldId": field.casefold(),
        "from": before,
        "fromString": before,
        "to": after,
        "toString": after,
    }
