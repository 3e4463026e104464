"""A recorded Jira Cloud as a site: served as it was, oddities included."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pmo_sync.demo.jira_fields import EPIC_LINK, RANK, SPRINT, START_DATE, jira_fields
from pmo_sync.demo.jira_site import JiraSite, Json

_STANDARD_FIELDS = frozenset({EPIC_LINK, START_DATE, RANK, SPRINT})
"""Custom fields that have the same id on every Jira Cloud site; the others are not recorded."""


def _rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _table(folder: Path, name: str) -> list[Any]:
    """Read the ``data`` column of a table of raw answers."""
    rows = _rows(folder / "raw_tables" / f"_raw_api_{name}.csv")
    return [json.loads(row["data"]) for row in rows]


def jira_site(folder: Path) -> JiraSite:
    """Return the recorded site; ``folder`` is jira-cloud-devlake of the recordings."""
    issues = _table(folder, "issues")
    types = {one["id"]: one for one in _table(folder, "issue_types")}
    boards = tuple(_boards(folder))
    return JiraSite(
        base_url=issues[0]["self"].partition("/rest/")[0],
        cloud_id="recorded-jira-cloud",
        title="Recorded Jira Cloud",
        account=next(
            user for user in _table(folder, "users") if user["accountType"] == "atlassian"
        ),
        issues=tuple(issues),
        fields=tuple(
            one for one in jira_fields() if not one["custom"] or one["id"] in _STANDARD_FIELDS
        ),
        statuses=tuple(_table(folder, "status")),
        issue_types=tuple(types.values()),
        priorities=_distinct(issues, "priority"),
        resolutions=_distinct(issues, "resolution"),
        projects=_projects(folder, issues),
        versions=_versions(issues),
        boards=boards,
        sprints={boards[0]["id"]: tuple(_table(folder, "sprints"))},
    )


def _distinct(issues: Iterable[Json], name: str) -> tuple[Json, ...]:
    """Return the values that issues have in a field, each once, as they were recorded."""
    values = (issue["fields"].get(name) for issue in issues)
    return tuple({value["id"]: value for value in values if value}.values())


def _projects(folder: Path, issues: Iterable[Json]) -> tuple[Json, ...]:
    """Return the recorded projects, and those that only issues tell of."""
    projects = {one["id"]: one for one in _table(folder, "projects")}
    for one in _distinct(issues, "project"):
        projects.setdefault(one["id"], one)
    return tuple(sorted(projects.values(), key=lambda one: str(one["key"])))


def _versions(issues: Iterable[Json]) -> Mapping[str, tuple[Json, ...]]:
    found: dict[str, dict[str, Json]] = {}
    for issue in issues:
        for version in issue["fields"].get("fixVersions") or ():
            key = issue["fields"]["project"]["key"]
            found.setdefault(key, {})[version["id"]] = version
    return {key: tuple(versions.values()) for key, versions in found.items()}


def _boards(folder: Path) -> Iterator[Json]:
    projects = {one["id"]: one for one in _table(folder, "projects")}
    for row in _rows(folder / "snapshot_tables" / "_tool_boards.csv"):
        project = projects[row["project_id"]]
        yield {
            "id": int(row["board_id"]),
            "self": row["self"],
            "name": row["name"],
            "type": row["type"],
            "location": {"projectId": int(project["id"]), "projectKey": project["key"]},
        }
