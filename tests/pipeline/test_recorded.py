"""The report of real, recorded trackers, synced over HTTP, recounted from the raw files."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pmo_sync.config import Config
from pmo_sync.config.load import load
from pmo_sync.pipeline import asking, reporting

Row = dict[str, Any]


@pytest.fixture(scope="module")
def threads(data: Path) -> list[Row]:
    with gzip.open(data / "github-secp256k1" / "threads.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [row for row in rows if row["type"] == "issue"]


@pytest.fixture(scope="module")
def issues(data: Path) -> dict[str, Row]:
    csv.field_size_limit(10**9)
    path = data / "jira-cloud-devlake" / "raw_tables" / "_raw_api_issues.csv"
    with path.open(encoding="utf-8") as file:
        found = [json.loads(row["data"]) for row in csv.DictReader(file)]
    return {issue["key"]: issue for issue in found}


@pytest.fixture(scope="module")
def config(recorded_demo: Path) -> Config:
    return load(recorded_demo / "pmo-sync.toml")


@pytest.fixture(scope="module")
def report(recorded_demo: Path) -> Any:
    (path,) = (recorded_demo / "reports").glob("*/status.json")
    return json.loads(path.read_bytes())


def project(report: Any, name: str) -> Any:
    return next(p for p in [*report["attention"], *report["steady"]] if p["name"] == name)


def values(figures: Any) -> dict[str, Any]:
    return {name: figure["value"] for name, figure in figures}


def converted(thread: Row) -> bool:
    return any(event["event"] == "converted_to_discussion" for event in thread["events"])


def test_github_issues_by_category(report: Any, threads: list[Row]) -> None:
    told = values(project(report, "secp256k1")["counts"])
    open_ones = sum(t["issue"]["state"] == "open" for t in threads)
    dropped = sum(
        t["issue"]["state"] == "closed"
        and (t["issue"]["state_reason"] in ("not_planned", "duplicate") or converted(t))
        for t in threads
    )
    assert told["To do"] + told["In progress"] == open_ones
    assert told["Done"] + told["Dropped"] == len(threads) - open_ones
    assert told["Dropped"] == dropped


def test_an_open_issue_is_in_progress_only_where_a_label_says_so(report: Any) -> None:
    """No label of this repository does, so what is in progress is not known: not zero."""
    found = project(report, "secp256k1")
    assert values(found["flow"])["In progress"] is None
    assert set(found["wip"]["lines"][0]["values"]) == {None}
    (reason,) = (one for one in report["confidence_reasons"] if "when work starts" in one)
    assert reason.startswith("no tracker says when work starts in: secp256k1")


def test_github_throughput_by_week(report: Any, threads: list[Row]) -> None:
    chart = project(report, "secp256k1")["throughput"]
    closed = [
        datetime.fromisoformat([e["created_at"] for e in t["events"] if e["event"] == "closed"][-1])
        for t in threads
        if t["issue"]["state"] == "closed"
        and t["issue"]["state_reason"] == "completed"
        and not converted(t)
    ]
    week = timedelta(days=7)
    ends = [
        datetime.combine(date.fromisoformat(x) + timedelta(days=1), datetime.min.time(), UTC)
        for x in chart["x"]
    ]
    expected = [sum(end - week <= moment < end for moment in closed) for end in ends]
    assert chart["lines"][0]["values"] == expected
    assert sum(expected) > 3


def test_jira_items_by_category(report: Any, issues: dict[str, Row]) -> None:
    enterprise = [issue for key, issue in issues.items() if key.startswith("EE-")]
    resolutions = Counter(issue["fields"]["resolution"]["name"] for issue in enterprise)
    told = values(project(report, "Enterprise Edition")["counts"])
    assert told["Dropped"] == resolutions["Won't Do"]
    assert told["Done"] == len(enterprise) - resolutions["Won't Do"]


def test_a_workflow_migration_moves_no_finish(
    config: Config, report: Any, issues: dict[str, Row]
) -> None:
    """The tracker's own resolution dates are an independent word on when work was finished."""
    day = date.fromisoformat(report["as_of"])
    rows = {str(row["key"]): row for row in asking.items(config, "container = EE", day, None)}
    differs = {
        key: (str(row["finished"]), resolved(issues[key]))
        for key, row in rows.items()
        if str(row["finished"]) != resolved(issues[key])
    }
    assert len(rows) == 30
    assert differs == {}


def resolved(issue: Row) -> str:
    moment = datetime.strptime(issue["fields"]["resolutiondate"], "%Y-%m-%dT%H:%M:%S.%f%z")
    return moment.astimezone(UTC).date().isoformat()


def test_as_of_a_past_day(config: Config, threads: list[Row], tmp_path: Path) -> None:
    """An item counts as what it was then: recounted from creation and the last event before."""
    day = date(2023, 6, 30)
    end = datetime(2023, 7, 1, tzinfo=UTC)
    then = [t for t in threads if datetime.fromisoformat(t["issue"]["created_at"]) < end]
    open_then = 0
    for thread in then:
        moves = [
            e["event"]
            for e in sorted(thread["events"], key=lambda e: e.get("created_at") or "")
            if e["event"] in ("closed", "reopened", "converted_to_discussion")
            and datetime.fromisoformat(e["created_at"]) < end
        ]
        open_then += not moves or moves[-1] == "reopened"

    told = reporting.report(config, "status", day, ["json"], tmp_path).report
    counts = dict(next(p for p in told.attention if p.name == "secp256k1").counts)

    assert counts["To do"].value == open_then
    assert sum(figure.value or 0 for figure in counts.values()) == len(then)


def test_an_open_issue_in_a_closed_milestone_is_named(report: Any) -> None:
    (found,) = (q for q in report["quality"] if q["id"] == "closed_milestone")
    listed = next(each for each in report["lists"] if each["id"] == found["items"])
    assert found["count"] == len(listed["rows"]) == 3
    assert [row["project"] for row in listed["rows"]].count("secp256k1") == 1


def test_every_link_leads_to_the_recorded_tracker(report: Any) -> None:
    hosts = {row["url"].split("/")[2] for each in report["lists"] for row in each["rows"]}
    assert hosts == {"github.com", "merico.atlassian.net", "jira-archive.titaniumsdk.com"}
