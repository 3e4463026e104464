"""Recorded data is served as it was, through the same servers."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import requests

from pmo_sync.demo.servers import GITHUB_TOKEN, Trackers

ISSUES = """query($after: String) { repository(owner: "bitcoin-core", name: "secp256k1") {
  issues(first: 100, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      id number title state stateReason closedAt url
      author { login __typename }
      labels(first: 50) { nodes { name } }
      milestone { title state }
      assignees(first: 10) { nodes { login } }
      assignedActors(first: 10) { nodes { __typename ... on Bot { login } } }
      timelineItems(first: 100) { totalCount nodes {
        __typename
        ... on ClosedEvent { createdAt actor { login } stateReason }
        ... on RenamedTitleEvent { previousTitle currentTitle }
        ... on MilestonedEvent { milestoneTitle }
      } }
    }
  }
} }"""


def github_issues(recorded: Trackers) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    after = None
    while True:
        answer = requests.post(
            f"{recorded.github.url}/graphql",
            json={"query": ISSUES, "variables": {"after": after}},
            headers={"Authorization": f"bearer {GITHUB_TOKEN}"},
            timeout=30,
        ).json()
        assert "errors" not in answer
        page = answer["data"]["repository"]["issues"]
        found |= {issue["number"]: issue for issue in page["nodes"]}
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == len(found)
            return found
        after = page["pageInfo"]["endCursor"]


def test_github_serves_all_517_issues_as_they_were(
    recorded: Trackers, recorded_folder: Path
) -> None:
    served = github_issues(recorded)
    assert len(served) == 517
    path = recorded_folder / "github-secp256k1" / "threads.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        threads = [one for line in file if (one := json.loads(line))["type"] == "issue"]
    for thread in threads:
        was, issue = thread["issue"], served[thread["issue"]["number"]]
        assert issue["id"] == was["node_id"]
        assert issue["title"] == was["title"]
        assert issue["state"].lower() == was["state"]
        assert issue["closedAt"] == was.get("closed_at")
        assert issue["url"] == was["html_url"]
        assert {one["name"] for one in issue["labels"]["nodes"]} == {
            one["name"] for one in was["labels"]
        }
        closings = [one for one in thread["events"] if one["event"] == "closed"]
        events = [
            one for one in issue["timelineItems"]["nodes"] if one["__typename"] == "ClosedEvent"
        ]
        assert [one["createdAt"] for one in events] == [one["created_at"] for one in closings]


def test_githubs_oddities_survive(recorded: Trackers) -> None:
    issues = github_issues(recorded).values()
    events = [event for issue in issues for event in issue["timelineItems"]["nodes"]]
    assert [issue for issue in issues if issue["author"] is None], "ghosts are null"
    assert [one for one in events if one["__typename"] == "ClosedEvent" and one["actor"] is None]
    assert [issue for issue in issues if issue["stateReason"] == "REOPENED"]
    actors = [one for issue in issues for one in issue["assignedActors"]["nodes"]]
    assert {"__typename": "Bot", "login": "Copilot"} in actors
    assert "ConvertedToDiscussionEvent" in {one["__typename"] for one in events}


def test_jira_serves_all_33_issues_as_they_were(
    recorded: Trackers, session: requests.Session, recorded_folder: Path
) -> None:
    """30 of EE and 3 of K5."""
    query: dict[str, str | int] = {
        "jql": "project in (EE, K5) ORDER BY id ASC",
        "fields": "*all",
        "expand": "changelog",
        "maxResults": 100,
    }
    address = f"{recorded.jira.url}/rest/api/3/search/jql"
    page = session.get(address, params=query, timeout=30).json()
    csv.field_size_limit(2**31 - 1)
    path = recorded_folder / "jira-cloud-devlake" / "raw_tables" / "_raw_api_issues.csv"
    with path.open(encoding="utf-8", newline="") as file:
        were = {one["id"]: one for row in csv.DictReader(file) if (one := json.loads(row["data"]))}
    assert page["isLast"]
    assert len(page["issues"]) == len(were) == 33
    for issue in page["issues"]:
        was = were[issue["id"]]
        assert issue["fields"] == was["fields"]
        assert issue["changelog"] == was["changelog"]


def test_jiras_lists_are_the_recorded_ones(recorded: Trackers, session: requests.Session) -> None:
    def get(path: str) -> Any:
        return session.get(recorded.jira.url + path, timeout=10).json()

    assert len(get("/rest/api/3/status")) == 53
    assert get("/rest/api/3/myself")["timeZone"] == "Asia/Shanghai"
    assert get("/rest/agile/1.0/board/8/sprint?maxResults=50")["total"] == 30
    assert {one["key"] for one in get("/rest/api/3/project")} >= {"EE", "K5"}
    assert "v2.7.0" in {one["name"] for one in get("/rest/api/3/project/EE/versions")}
    custom = {one["id"]: one["name"] for one in get("/rest/api/3/field") if one["custom"]}
    assert custom["customfield_10020"] == "Sprint"
    assert "Story Points" not in custom.values(), "nobody recorded which field it was"
