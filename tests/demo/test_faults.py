"""Faults on demand: how a plan is written, and what of it a client meets on the wire."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from pmo_sync.demo.facts import World
from pmo_sync.demo.faults import Closed, Faults, parse_faults
from pmo_sync.demo.servers import (
    GITHUB_TOKEN,
    JIRA_DC_TOKEN,
    JIRA_EMAIL,
    JIRA_TOKEN,
    Trackers,
    serve_world,
)
from pmo_sync.errors import ConfigError

SEARCH: dict[str, Any] = {
    "jql": "project = PAY ORDER BY updated ASC",
    "maxResults": 10,
    "fields": ["key"],
}
ISSUES = (
    'query($after: String) { repository(owner: "harbourline", name: "portal") { issues('
    "first: 10, after: $after) { nodes { number } pageInfo { hasNextPage endCursor } } } }"
)


@pytest.fixture(scope="module")
def serving(world: World) -> Iterator[Trackers]:
    with serve_world(world, faults=Faults({"5xx": 1})) as running:
        yield running


@pytest.fixture
def disturbed(serving: Trackers, world: World) -> Trackers:
    serving.calm()
    serving.show(world)
    return serving


def jira(trackers: Trackers, **more: Any) -> requests.Response:
    url = f"{trackers.jira.url}/rest/api/3/search/jql"
    return requests.post(url, json=SEARCH | more, auth=(JIRA_EMAIL, JIRA_TOKEN), timeout=5)


def data_center(trackers: Trackers, path: str = "search") -> requests.Response:
    assert trackers.jira_dc
    return requests.get(
        f"{trackers.jira_dc.url}/rest/api/2/{path}",
        params={"jql": "project = QLT ORDER BY key ASC", "maxResults": "10", "fields": "key"},
        headers={"Authorization": f"Bearer {JIRA_DC_TOKEN}"},
        timeout=5,
    )


def github(trackers: Trackers, after: str | None = None) -> requests.Response:
    return requests.post(
        f"{trackers.github.url}/graphql",
        json={"query": ISSUES, "variables": {"after": after}},
        headers={"Authorization": f"token {GITHUB_TOKEN}"},
        timeout=5,
    )


def keys(response: requests.Response) -> list[str]:
    return [one["key"] for one in response.json()["issues"]]


def issues(response: requests.Response) -> Any:
    return response.json()["data"]["repository"]["issues"]


def test_a_plan_is_read() -> None:
    text = "latency=150ms, 429=0.05,5xx=0.1,budget=20,expired=40,hidden=PAY@30,wait=2s,only=jira"
    assert parse_faults(text, 7) == Faults(
        {"429": 0.05, "5xx": 0.1}, 7, latency=0.15, wait=2, budget=20, expired=40,
        closed=Closed("PAY", 30, hidden=True), only="jira",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("flood=0.1", "faults: no fault 'flood' (known: 429, secondary, 5xx, "),
        ("429=often", "faults: 429=often: want a share between 0 and 1, e.g. 0.05"),
        ("429=1.5", "want a share between 0 and 1"),
        ("429=nan", "want a share between 0 and 1"),
        ("latency=150", "faults: latency=150: want a time, e.g. 150ms or 2s"),
        ("wait=1.5s", "want whole seconds, e.g. 2s"),
        ("wait=-1s", "want whole seconds, e.g. 2s"),
        ("expired=0", "want the number of a request, from 1 on"),
        ("hidden=PAY", "want a project or repository and the number of a request, e.g. PAY@30"),
        ("only=gitlab", "want jira, jira_dc, github"),
        ("429=0.6,5xx=0.6", "the shares add up to 1.2, more than all requests"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_faults(text)
    assert words in str(caught.value)


def test_an_unknown_container_is_refused(disturbed: Trackers) -> None:
    with pytest.raises(ConfigError, match=r"no project or repository 'NO' \(known: .*PAY"):
        disturbed.disturb(Faults(closed=Closed("NO", 1, hidden=True)))


def test_a_world_can_be_served_with_faults_from_the_start(world: World) -> None:
    with serve_world(world, faults=Faults({"5xx": 1})) as running:
        assert {jira(running).status_code, github(running).status_code} <= {500, 502, 503, 504}


def test_a_limit_asks_for_a_wait_in_seconds_or_until_a_date(disturbed: Trackers) -> None:
    disturbed.disturb(Faults({"429": 1}, wait=30))
    asked = set()
    for _ in range(10):
        for answer in (jira(disturbed), github(disturbed)):
            assert answer.status_code == 429
            text = answer.headers["Retry-After"]
            asked.add(text.isdigit())
            if text.isdigit():
                assert text == "30"
            else:
                wait = parsedate_to_datetime(text) - datetime.now(UTC)
                assert timedelta(seconds=25) < wait <= timedelta(seconds=31)
    assert asked == {True, False}


def test_a_secondary_limit_is_a_403_or_an_error_in_a_200(disturbed: Trackers) -> None:
    disturbed.disturb(Faults({"secondary": 1}))
    answers = [github(disturbed) for _ in range(10)]
    assert {answer.status_code for answer in answers} == {200, 403}
    assert all("Retry-After" in answer.headers for answer in answers)
    assert all("secondary rate limit" in answer.text for answer in answers)
    assert jira(disturbed).status_code == 200, "Jira has none"


def test_connections_break(disturbed: Trackers) -> None:
    for kind, error in (
        ("dropped", requests.ConnectionError), ("timeout", requests.ConnectionError),
        ("truncated", requests.exceptions.ChunkedEncodingError),
    ):  # fmt: skip
        disturbed.disturb(Faults({kind: 1}, hold=0.05))  # type: ignore[dict-item]
        for ask in (jira, github):
            with pytest.raises(error):
                ask(disturbed)


def test_latency_is_added_to_each_answer(disturbed: Trackers) -> None:
    disturbed.disturb(Faults(latency=0.2))
    begun = time.monotonic()
    assert jira(disturbed).ok
    assert time.monotonic() - begun >= 0.2


def test_entries_of_a_page_come_twice_or_in_another_order(disturbed: Trackers) -> None:
    calm = keys(jira(disturbed)), [one["number"] for one in issues(github(disturbed))["nodes"]]
    for kind, extra in (("duplicated", 1), ("reordered", 0)):
        disturbed.disturb(Faults({kind: 1}))  # type: ignore[dict-item]
        odd = keys(jira(disturbed)), [one["number"] for one in issues(github(disturbed))["nodes"]]
        for ours, theirs in zip(calm, odd, strict=True):
            assert (set(theirs), len(theirs)) == (set(ours), len(ours) + extra)
            assert theirs != ours


def test_a_part_of_an_answer_is_left_out_and_said_so(disturbed: Trackers) -> None:
    calm = keys(jira(disturbed))
    disturbed.disturb(Faults({"partial": 1}))
    answer = github(disturbed).json()
    [error] = answer["errors"]
    assert "Something went wrong" in error["message"]
    found: Any = answer["data"]["repository"]["issues"]
    for step in error["path"]:
        found = found[step]
    assert found is None
    assert keys(jira(disturbed)) == calm, "a Jira answers in whole"


def test_a_repeated_page_leads_to_itself(disturbed: Trackers) -> None:
    disturbed.disturb(Faults({"repeated": 1}))
    token = jira(disturbed).json()["nextPageToken"]
    second = jira(disturbed, nextPageToken=token).json()
    assert (second["nextPageToken"], second["isLast"]) == (token, False)
    cursor = issues(github(disturbed))["pageInfo"]["endCursor"]
    assert issues(github(disturbed, cursor))["pageInfo"] == {
        "hasNextPage": True, "endCursor": cursor,
    }  # fmt: skip


def test_a_token_expires_at_a_request(disturbed: Trackers) -> None:
    disturbed.disturb(Faults(expired=3))
    for ask in (jira, github):
        assert [ask(disturbed).status_code for _ in range(4)] == [200, 200, 401, 401]


@pytest.mark.parametrize(("hidden", "status", "kind"), [(True, 404, "NOT_FOUND"),
                                                        (False, 403, "FORBIDDEN")])  # fmt: skip
def test_a_project_and_a_repository_are_lost_at_a_request(
    disturbed: Trackers, hidden: bool, status: int, kind: str
) -> None:
    url = f"{disturbed.jira.url}/rest/api/3/project/PAY/versions"
    disturbed.disturb(Faults(closed=Closed("PAY", 2, hidden=hidden)))
    answers = [requests.get(url, auth=(JIRA_EMAIL, JIRA_TOKEN), timeout=5) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, status, status]

    disturbed.disturb(Faults(closed=Closed("harbourline/portal", 2, hidden=hidden)))
    first, second = (github(disturbed).json() for _ in range(2))
    assert "errors" not in first
    assert (second["data"], second["errors"][0]["type"]) == ({"repository": None}, kind)


def test_a_budget_ends_the_faults(disturbed: Trackers) -> None:
    made = disturbed.disturb(Faults({"5xx": 1}, budget=2))
    assert [jira(disturbed).ok for _ in range(4)] == [False, False, True, True]
    assert made["jira"].made == [(1, "5xx"), (2, "5xx")]


def test_a_page_goes_on_where_the_last_one_ended_though_items_have_gone(
    disturbed: Trackers, world: World
) -> None:
    first = jira(disturbed)
    site = disturbed.jira.site
    assert site is not None
    gone = keys(first)[:5]
    rest = keys(jira(disturbed, nextPageToken=first.json()["nextPageToken"]))
    disturbed.jira.load(
        replace(site, issues=tuple(one for one in site.issues if one["key"] not in gone))
    )
    assert keys(jira(disturbed, nextPageToken=first.json()["nextPageToken"])) == rest


def test_the_data_center_words_its_limit_itself(disturbed: Trackers) -> None:
    disturbed.disturb(Faults({"429": 1}))
    answer = data_center(disturbed)
    assert (answer.status_code, answer.headers["X-RateLimit-Remaining"]) == (429, "0")
    assert "Retry-After" in answer.headers
    disturbed.disturb(Faults({"secondary": 0.5, "repeated": 0.5}))
    assert {data_center(disturbed).status_code for _ in range(6)} == {200}, "it has neither"


def test_the_data_centers_pages_and_login_are_disturbed_too(disturbed: Trackers) -> None:
    calm = keys(data_center(disturbed))
    disturbed.disturb(Faults({"duplicated": 1}, expired=2))
    twice = keys(data_center(disturbed))
    assert (set(twice), len(twice)) == (set(calm), 11)
    assert data_center(disturbed).status_code == 401


@pytest.mark.parametrize(("hidden", "status"), [(True, 404), (False, 403)])
def test_a_project_of_the_data_center_is_lost_at_a_request(
    disturbed: Trackers, hidden: bool, status: int
) -> None:
    made = disturbed.disturb(Faults(closed=Closed("QLT", 2, hidden=hidden)))
    answers = [data_center(disturbed, "project/QLT/versions").status_code for _ in range(3)]
    assert answers == [200, status, status]
    assert set(made) == {"jira", "jira_dc", "github"}
    data_center_site = disturbed.jira_dc.site if disturbed.jira_dc else None
    assert data_center_site
    assert len(data_center_site.boards) == 3 - hidden
