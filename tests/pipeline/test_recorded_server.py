"""What a real Jira Server holds that naive code does not expect, synced beside two other trackers.

Each test is a sentence of the recordings' own description, counted from the raw file.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pmo_sync.config import Config
from pmo_sync.config.load import load
from pmo_sync.pipeline import asking
from pmo_sync.store import Store

Row = dict[str, Any]
SITE = "jira-archive.titaniumsdk.com"
PROJECTS = {"ALOY": "Alloy", "MOD": "Appcelerator Modules", "DAEMON": "Appcelerator Daemon"}
DROPPED = {"Won't Fix", "Won't Do", "Duplicate", "Cannot Reproduce", "Invalid"}


@pytest.fixture(scope="module")
def issues(data: Path) -> dict[str, Row]:
    found = lines(data, "issues")
    return {one["key"]: one["fields"] | {"id": one["id"]} for one in found}


@pytest.fixture(scope="module")
def versions(data: Path) -> list[Row]:
    return [one for project in lines(data, "projects") for one in project["versions"]]


def lines(data: Path, name: str) -> list[Row]:
    path = data / "jira-server-tidev" / f"{name}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def config(recorded_demo: Path) -> Config:
    return load(recorded_demo / "pmo-sync.toml")


@pytest.fixture(scope="module")
def con(config: Config) -> Iterator[duckdb.DuckDBPyConnection]:
    with Store(config.store_path).read() as con:
        yield con


@pytest.fixture(scope="module")
def items(config: Config) -> dict[str, Any]:
    until = config.portfolio.as_of or date.max
    where = " or ".join(f"container = {key}" for key in PROJECTS)
    return {str(row["key"]): row for row in asking.items(config, where, until, None)}


def day_of(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).date().isoformat()


def test_every_issue_is_there_and_none_is_refused(
    con: duckdb.DuckDBPyConnection, items: dict[str, Any], issues: dict[str, Row]
) -> None:
    assert items.keys() == issues.keys()
    assert con.execute("SELECT count(*) FROM rejected").fetchone() == (0,)


def test_reopened_is_of_category_new(items: dict[str, Any], issues: dict[str, Row]) -> None:
    categories = {"new": "todo", "indeterminate": "in_progress", "done": "done"}
    wanted = {}
    for key, issue in issues.items():
        category = categories[issue["status"]["statusCategory"]["key"]]
        if category == "done" and (issue["resolution"] or {}).get("name") in DROPPED:
            category = "dropped"
        wanted[key] = category
    reopened = [key for key, one in issues.items() if one["status"]["name"] == "Reopened"]
    assert {wanted[key] for key in reopened} == {"todo"}
    assert {key: row["category"] for key, row in items.items()} == wanted


def test_what_was_finished_says_so_by_its_resolution_date(
    items: dict[str, Any], issues: dict[str, Row]
) -> None:
    """There is no changelog: a date is all that is known, and not all issues have one."""
    done = {key for key, one in issues.items() if one["status"]["statusCategory"]["key"] == "done"}
    undated = {key for key in done if not issues[key]["resolutiondate"]}
    assert undated
    for key in done - undated:
        first = max(issues[key]["created"], issues[key]["resolutiondate"])
        assert str(items[key]["finished"]) == day_of(first), key


def test_links_lead_to_issues_that_are_not_there(
    con: duckdb.DuckDBPyConnection, issues: dict[str, Row]
) -> None:
    told = {
        (link["id"], (link.get("outwardIssue") or link["inwardIssue"])["key"])
        for issue in issues.values()
        for link in issue["issuelinks"]
    }
    away = {one for one in told if one[1] not in issues}
    found = con.execute(
        "SELECT native, CASE WHEN owner = from_id THEN to_key ELSE from_key END FROM link"
        f" WHERE owner LIKE '{SITE}%'"
    ).fetchall()
    assert set(found) == told
    assert len(away) > 400


def test_an_issue_was_in_many_sprints_and_sprints_share_their_names(
    con: duckdb.DuckDBPyConnection, issues: dict[str, Row]
) -> None:
    sprints = {key: one.get("closedSprints") or [] for key, one in issues.items()}
    most = max(sprints, key=lambda key: len(sprints[key]))
    query = (
        "SELECT i.name, i.iteration_id FROM history AS h JOIN iteration AS i"
        " ON i.iteration_id = h.value JOIN work_item AS w ON w.item_id = h.entity_id"
        f" WHERE h.field = 'iteration' AND w.key = '{most}' AND h.valid_to IS NULL"
    )
    found = {number.rpartition("#")[2]: name for name, number in con.execute(query).fetchall()}
    assert found == {str(one["id"]): one["name"] for one in sprints[most]}
    assert len(found) >= 20
    names = {one["id"]: one["name"] for several in sprints.values() for one in several}
    shared = [name for name, n in Counter(names.values()).items() if n > 1]
    kept = con.execute(
        f"SELECT name FROM iteration WHERE site = '{SITE}' GROUP BY name HAVING count(*) > 1"
    ).fetchall()
    assert {name for (name,) in kept} == set(shared)
    assert shared


def test_one_display_name_is_not_one_person(
    con: duckdb.DuckDBPyConnection, issues: dict[str, Row]
) -> None:
    people = {
        user["key"]: user["displayName"]
        for issue in issues.values()
        for role in ("creator", "reporter", "assignee")
        if (user := issue[role])
    }
    found = con.execute(f"SELECT login, name FROM person WHERE site = '{SITE}'").fetchall()
    assert Counter(name for _, name in found) == Counter(people.values())
    assert max(Counter(people.values()).values()) > 1


def test_a_version_is_released_without_a_date(
    con: duckdb.DuckDBPyConnection, versions: list[Row]
) -> None:
    undated = {one["id"] for one in versions if one["released"] and not one.get("releaseDate")}
    assert undated
    found = con.execute(
        f"SELECT milestone_id, due, finished FROM milestone WHERE site = '{SITE}'"
        " AND state = 'released'"
    ).fetchall()
    by_id = {number.rpartition("#")[2]: (due, finished) for number, due, finished in found}
    assert {by_id[number] for number in undated} == {(None, None)}


def test_none_is_the_name_of_a_priority(items: dict[str, Any], issues: dict[str, Row]) -> None:
    named = {key: (one["priority"] or {}).get("name") for key, one in issues.items()}
    assert {"None", None} <= set(named.values())
    assert {key: row["priority"] for key, row in items.items()} == named


def test_sub_tasks_and_stories_find_their_parents(
    con: duckdb.DuckDBPyConnection, issues: dict[str, Row]
) -> None:
    """A sub-task names its parent, a story its epic by key; some epics are not to be had."""
    wanted = {}
    for key, one in issues.items():
        above = (one.get("parent") or one.get("epic") or {}).get("key")
        if above in issues:
            wanted[key] = above
    found = con.execute(
        "SELECT w.key, p.key FROM work_item AS w JOIN work_item AS p ON p.item_id = w.parent"
        f" WHERE w.site = '{SITE}'"
    ).fetchall()
    assert dict(found) == wanted
    assert len(wanted) > 100


def test_the_report_shows_the_three_projects(config: Config, issues: dict[str, Row]) -> None:
    path = next((config.path.parent / "reports").glob("*/status.json"))
    report = json.loads(path.read_bytes())
    by_name = {one["name"]: one for one in [*report["attention"], *report["steady"]]}
    for key, name in PROJECTS.items():
        total = sum(figure["value"] for _, figure in by_name[name]["counts"])
        assert total == sum(issue.startswith(f"{key}-") for issue in issues)
