"""A recorded Jira Server as a Data Center site: its issues as they were, without changelogs."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pmo_sync.demo.jira_dc_fields import DC_IDS, jira_dc_fields
from pmo_sync.demo.jira_dc_issues import dc_sprint
from pmo_sync.demo.jira_fields import EPIC_LINK, SPRINT
from pmo_sync.demo.jira_site import JiraSite, Json

URL = "https://jira-archive.titaniumsdk.com"
ACCOUNT = {
    "name": "pmo",
    "key": "pmo",
    "displayName": "Portfolio office",
    "active": True,
    "timeZone": "America/Los_Angeles",
}
_CUSTOM = frozenset({DC_IDS[EPIC_LINK], DC_IDS[SPRINT]})
_AGILE = frozenset({"closedSprints", "epic", "flagged"})
"""What the recording took from the API of boards, where a search has custom fields."""


def jira_server_site(folder: Path) -> JiraSite:
    """Return the recorded site; ``folder`` is jira-server-tidev of the recordings."""
    recorded = list(_lines(folder / "issues.jsonl.gz"))
    projects = list(_lines(folder / "projects.jsonl.gz"))
    sprints = {one["id"]: one for issue in recorded for one in _sprints(issue)}
    types = [one for project in projects for one in project["issueTypes"]]
    return JiraSite(
        base_url=URL,
        cloud_id="",
        title="Recorded Jira Server",
        account=ACCOUNT,
        issues=tuple(_issue(one) for one in recorded),
        fields=tuple(one for one in jira_dc_fields() if not one["custom"] or one["id"] in _CUSTOM),
        statuses=_distinct(issue["fields"]["status"] for issue in recorded),
        issue_types=_distinct([*types, *(issue["fields"]["issuetype"] for issue in recorded)]),
        priorities=_by_number(issue["fields"]["priority"] for issue in recorded),
        resolutions=_distinct(issue["fields"]["resolution"] for issue in recorded),
        projects=tuple({name: one[name] for name in ("id", "key", "name")} for one in projects),
        versions={one["key"]: tuple(one["versions"]) for one in projects},
        boards=tuple(_boards(sprints.values())),
        sprints=_by_board(sprints.values()),
        users=tuple(_users(recorded)),
    )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _sprints(issue: Json) -> list[Json]:
    return issue["fields"].get("closedSprints") or []


def _issue(recorded: Json) -> Json:
    """Return an issue as a search gives it: sprints and epic in their custom fields."""
    told = recorded["fields"]
    fields = {name: value for name, value in told.items() if name not in _AGILE}
    sprints = [
        dc_sprint({**one, "boardId": one.get("originBoardId")}) for one in _sprints(recorded)
    ]
    fields[DC_IDS[SPRINT]] = sprints or None
    fields[DC_IDS[EPIC_LINK]] = told["epic"]["key"] if told.get("epic") else None
    return {"id": recorded["id"], "key": recorded["key"], "fields": fields}


def _distinct(values: Iterable[Json | None]) -> tuple[Json, ...]:
    return tuple({one["id"]: one for one in values if one}.values())


def _by_number(values: Iterable[Json | None]) -> tuple[Json, ...]:
    """Return what is numbered in the site's own order: the highest priority has the first."""
    return tuple(sorted(_distinct(values), key=lambda one: int(one["id"])))


def _boards(sprints: Iterable[Json]) -> Iterator[Json]:
    """Yield the boards that sprints were made on; what they were called is not recorded."""
    for number in sorted({one["originBoardId"] for one in sprints if "originBoardId" in one}):
        yield {"id": number, "name": f"Board {number}", "type": "scrum"}


def _by_board(sprints: Iterable[Json]) -> Mapping[int, tuple[Json, ...]]:
    found: dict[int, tuple[Json, ...]] = {}
    for one in sorted(sprints, key=lambda sprint: int(sprint["id"])):
        if board := one.get("originBoardId"):
            found[board] = (*found.get(board, ()), one)
    return found


def _users(recorded: Iterable[Json]) -> Iterator[Json]:
    people = {}
    for issue in recorded:
        for role in ("creator", "reporter", "assignee"):
            if user := issue["fields"].get(role):
                people[user["key"]] = user
    yield from (ACCOUNT, *people.values())
