"""A Jira site's worklogs prepared for serving: by id, and in the order of their changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pmo_sync.demo.jira_index import jira_time
from pmo_sync.demo.jira_site import JiraSite, Json


class WorklogIndex:
    """The worklogs of a site; ``changed`` and ``removed`` are worklogId and updatedTime."""

    def __init__(self, site: JiraSite) -> None:
        self.by_id = {str(log["id"]): log for logs in site.worklogs.values() for log in logs}
        self.changed = _ordered(
            {"worklogId": int(log["id"]), "updatedTime": milliseconds(log["updated"])}
            for log in self.by_id.values()
        )
        self.removed = _ordered(site.removed_worklogs)

    def named(self, ids: Sequence[object]) -> Iterator[Json]:
        """Yield the worklogs of these ids, each once; unknown ids are passed over."""
        for number in dict.fromkeys(str(one) for one in ids):
            if number in self.by_id:
                yield self.by_id[number]


def milliseconds(text: str) -> int:
    """Return a time of Jira's as epoch milliseconds."""
    return int(jira_time(text).timestamp() * 1000)


def _ordered(changes: Iterable[Json]) -> tuple[Json, ...]:
    return tuple(sorted(changes, key=lambda one: (one["updatedTime"], one["worklogId"])))
