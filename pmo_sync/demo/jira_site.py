"""What a Jira site holds: everything that its server needs to answer, as REST JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JiraSite:
    """One site; ``cloud_id`` is empty for a Data Center.

    ``account`` is the login's own user, with its time zone. ``versions`` are by project key,
    ``sprints`` and ``configurations`` by board id, ``worklogs`` (oldest first) and
    ``remote_links`` by issue id. ``removed_worklogs`` are worklogId and updatedTime (epoch
    milliseconds) of those that were deleted. ``board_projects`` has the project's id for boards
    that name no location. An issue is as a search returns it with all fields, and carries its
    whole changelog (``{"histories": [...]}``) in the order in which Jira embeds it: Cloud newest
    first, Data Center oldest first; the server cuts and pages it.
    """

    base_url: str
    cloud_id: str
    title: str
    account: Json
    issues: tuple[Json, ...]
    fields: tuple[Json, ...] = ()
    statuses: tuple[Json, ...] = ()
    issue_types: tuple[Json, ...] = ()
    priorities: tuple[Json, ...] = ()
    resolutions: tuple[Json, ...] = ()
    projects: tuple[Json, ...] = ()
    versions: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    boards: tuple[Json, ...] = ()
    sprints: Mapping[int, tuple[Json, ...]] = field(default_factory=dict)
    configurations: Mapping[int, Json] = field(default_factory=dict)
    board_projects: Mapping[int, str] = field(default_factory=dict)
    users: tuple[Json, ...] = ()
    worklogs: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    removed_worklogs: tuple[Json, ...] = ()
    remote_links: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    archived: tuple[Json, ...] = ()
    """Projects that are named only to who asks for archived ones, and have no issues to search."""
    forbidden: frozenset[str] = frozenset()
    """Keys of projects that are listed, but whose parts are refused to the login (403)."""

    @property
    def time_zone(self) -> str:
        """The zone that the login reads and writes dates in."""
        return str(self.account.get("timeZone") or "UTC")

    def board_project(self, board: Json) -> str:
        """Return the id of the project that a board shows, "" where that is unknown."""
        place = board.get("location", {}).get("projectId", "")
        return self.board_projects.get(board["id"], str(place))
