"""What a Jira Cloud site holds: everything that its server needs to answer, as REST JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JiraSite:
    """One site.

    ``account`` is the login's own user, with its time zone. ``versions`` are by project key,
    ``sprints`` and ``configurations`` by board id. An issue is as /search/jql returns it with all
    fields, and carries its whole changelog (``{"histories": [...]}``), newest first as Jira
    embeds it; the server cuts and pages it.
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
    forbidden: frozenset[str] = frozenset()
    """Keys of projects that are listed, but whose parts are refused to the login (403)."""

    @property
    def time_zone(self) -> str:
        """The zone that the login reads and writes dates in."""
        return str(self.account.get("timeZone") or "UTC")
