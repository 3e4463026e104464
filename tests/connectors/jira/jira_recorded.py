"""Recorded answers of real Jira Cloud sites, read where they lie; tests skip without them."""

from __future__ import annotations

import csv
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pmo_sync.connectors.jira.fields import map_fields
from pmo_sync.connectors.jira.issue import ParsedIssue
from pmo_sync.connectors.jira.mapping import Mapped
from pmo_sync.connectors.jira.payloads import Field, IssueType, Sprint, Status, User
from pmo_sync.connectors.jira.site import SiteContext, type_rank
from tests.connectors.jira.jira_wire import mapped_by, read_by

HERE = Path(__file__).resolve().parents[4] / "shared" / "data"
ROOT = Path(os.environ.get("PMO_SYNC_RECORDED_DATA", HERE))
SITE = "recorded"
URL = "https://merico.atlassian.net"

needed = pytest.mark.skipif(
    not (ROOT / "jira-cloud-devlake").is_dir(), reason="the recorded tracker data is not here"
)

FIELDS = map_fields(
    [
        Field("customfield_10020", "Sprint"),
        Field("customfield_10024", "Story Points"),
        Field("customfield_10036", "Story point estimate"),
        Field("customfield_10014", "Epic Link"),
        Field("customfield_10015", "Start date"),
        Field("customfield_10021", "Flagged"),
        Field("duedate", "Due date"),
    ],
    {},
)
"""Neither site's field list was recorded: these are the ids that its changelogs name."""


def rows(folder: str, table: str) -> list[dict[str, str]]:
    """Read a table of the first site."""
    csv.field_size_limit(10**9)
    path = ROOT / "jira-cloud-devlake" / folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def raw(table: str) -> tuple[bytes, ...]:
    """Return the API elements of a raw table."""
    return tuple(row["data"].encode() for row in rows("raw_tables", f"_raw_api_{table}"))


def decoded(table: str) -> list[Any]:
    """Return the API elements as plain JSON."""
    return [json.loads(one) for one in raw(table)]


def statuses() -> list[Status]:
    return [msgspec.json.decode(one, type=Status) for one in raw("status")]


def types() -> list[IssueType]:
    return [msgspec.json.decode(one, type=IssueType) for one in raw("issue_types")]


def sprints() -> list[Sprint]:
    return [msgspec.json.decode(one, type=Sprint) for one in raw("sprints")]


def users() -> list[User]:
    return [msgspec.json.decode(one, type=User) for one in raw("users")]


@cache
def context() -> SiteContext:
    """The first site's context."""
    ranks = {kind.id: type_rank(kind) for kind in types()}
    keys = {project["id"]: project["key"] for project in decoded("projects")}
    return SiteContext(SITE, URL, FIELDS, ranks, keys)


@cache
def parsed() -> dict[str, ParsedIssue]:
    """The first site's 33 issues by key."""
    return {issue.key: issue for issue in (read_by(one, context()) for one in raw("issues"))}


@cache
def mapped() -> dict[str, Mapped]:
    """The first site's 33 items by key."""
    return {key: mapped_by(issue, context()) for key, issue in parsed().items()}


@cache
def second_site() -> dict[str, Mapped]:
    """The second site's items by the file's path."""
    folder = ROOT / "jira-cloud-jirametrics"
    where = SiteContext(SITE, "https://second.example", FIELDS, {}, {})
    return {
        str(path.relative_to(folder)): mapped_by(path.read_bytes(), where)
        for path in sorted(folder.rglob("SP-*.json"))
    }
