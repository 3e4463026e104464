"""What a simulated Jira Cloud tells of time spent, of links elsewhere and of people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
import requests
from jira import JIRA

from pmo_sync.demo.facts import World
from pmo_sync.demo.jira_server import JiraLogin, JiraServer
from pmo_sync.demo.jira_state import JiraLimits
from pmo_sync.demo.jira_time_spent import duration
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.demo.servers import JIRA_EMAIL, JIRA_TOKEN
from tests.demo.noted_world import PAGE, PAGES, noted


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[JiraServer]:
    server = JiraServer(JiraLogin(JIRA_EMAIL, JIRA_TOKEN), limits=JiraLimits(worklogs=1))
    server.load(jira_site(noted(world), server.url, pages=PAGES))
    with server:
        yield server


@pytest.fixture
def api(server: JiraServer) -> str:
    return server.url + "/rest/api/3"


@pytest.fixture(scope="module")
def client(server: JiraServer) -> Iterator[JIRA]:
    options = {"rest_api_version": "3", "check_update": False}
    with closing(JIRA(server.url, options=options, basic_auth=(JIRA_EMAIL, JIRA_TOKEN))) as client:
        yield client


def test_the_real_client_reads_worklogs_and_remote_links(client: JIRA) -> None:
    worklogs = client.worklogs("PAY-20")
    assert [(log.timeSpent, log.timeSpentSeconds) for log in worklogs] == [
        ("1h 30m", 5400),
        ("1h", 3600),
    ]
    assert client.worklog("PAY-20", worklogs[0].id).author.displayName == "Ada Lindqvist"
    (link,) = client.remote_links("PAY-20")
    assert (link.relationship, link.object.url) == ("blocks", PAGE)
    assert client.remote_link("PAY-20", link.id).object.title == "Show the new prices"
    assert client.worklogs("PAY-21") == []
    assert client.remote_links("PAY-21") == []


def test_an_issue_sums_its_time_and_tells_how_it_came(client: JIRA) -> None:
    issue = client.issue("PAY-20", expand="changelog")
    assert issue.fields.timespent == 9000
    assert issue.raw["fields"]["worklog"]["total"] == 2
    items = [item for history in issue.changelog.histories for item in history.items]
    spent = [(one.fromString, one.toString) for one in items if one.field == "timespent"]
    assert list(reversed(spent)) == [
        (None, "5400"),
        ("5400", "9000"),
        ("9000", "9600"),
        ("9600", "9000"),
        ("9000", "9000"),
    ]
    assert [one.toString for one in items if one.field == "RemoteIssueLink"] == [
        'This issue links to "Show the new prices (Web Link)"'
    ]
    assert issue.fields.updated == issue.changelog.histories[0].created


def test_changed_worklogs_are_paged_by_time(session: requests.Session, api: str) -> None:
    """A page starts with the moment at which the one before ended."""
    since, found = 0, []
    while True:
        page = session.get(f"{api}/worklog/updated", params={"since": since}, timeout=5).json()
        found += [one["worklogId"] for one in page["values"]]
        assert page["since"] == since
        if page["lastPage"]:
            break
        assert page["nextPage"].endswith(f"since={page['until']}")
        since = page["until"] + 1
    assert len(found) == len(set(found)) == 2
    assert page["values"][0]["updatedTime"] == page["until"]
    again = session.get(f"{api}/worklog/updated", params={"since": page["until"]}, timeout=5)
    assert again.json()["values"] == page["values"]


def test_worklogs_are_read_by_id(session: requests.Session, api: str) -> None:
    found = session.get(f"{api}/issue/PAY-20/worklog", timeout=5).json()
    assert (found["startAt"], found["maxResults"], found["total"]) == (0, 5000, 2)
    number = found["worklogs"][1]["id"]
    body = {"ids": [int(number)]}
    (one,) = session.post(f"{api}/worklog/list", json=body, timeout=5).json()
    assert one == found["worklogs"][1]
    assert session.post(f"{api}/worklog/list", json={"ids": [9]}, timeout=5).json() == []


def test_removed_worklogs_are_named_and_gone(session: requests.Session, api: str) -> None:
    (gone,) = session.get(f"{api}/worklog/deleted", timeout=5).json()["values"]
    body = {"ids": [gone["worklogId"]]}
    assert session.post(f"{api}/worklog/list", json=body, timeout=5).json() == []


def test_an_issues_worklogs_are_cut_by_page_and_by_start(
    session: requests.Session, api: str
) -> None:
    address = f"{api}/issue/PAY-20/worklog"
    whole = session.get(address, timeout=5).json()["worklogs"]
    page = session.get(address, params={"startAt": 1, "maxResults": 1}, timeout=5).json()
    assert (page["total"], page["worklogs"]) == (2, whole[1:])
    changed = session.get(f"{api}/worklog/updated", timeout=5).json()["values"]
    moment = changed[0]["updatedTime"]
    later = session.get(address, params={"startedAfter": moment + 1}, timeout=5).json()
    assert later["worklogs"] == whole[1:]
    earlier = session.get(address, params={"startedBefore": moment + 1}, timeout=5).json()
    assert earlier["worklogs"] == whole[:1]


def test_users_are_found_by_account_id(session: requests.Session, api: str, client: JIRA) -> None:
    me = client.myself()["accountId"]
    author = client.worklogs("PAY-20")[0].author.accountId
    asked = {"accountId": [me, author, "nobody"]}
    page = session.get(f"{api}/user/bulk", params=asked, timeout=5).json()
    assert (page["maxResults"], page["total"], page["isLast"]) == (10, 2, True)
    assert {user["accountId"] for user in page["values"]} == {me, author}
    assert client.user(author).displayName == "Ada Lindqvist"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("POST", "worklog/list", {"ids": []}, 400, "must not be empty"),
        ("POST", "worklog/list", {"ids": [1, 2]}, 400, "at most 1 elements"),
        ("POST", "worklog/list", [1], 400, "Invalid request payload"),
        ("GET", "worklog/updated?since=x", None, 400, "integer"),
        ("GET", "issue/PAY-9999/worklog", None, 404, "does not exist"),
        ("GET", "issue/PAY-20/worklog/1", None, 404, "Cannot find worklog"),
        ("GET", "issue/PAY-9999/remotelink", None, 404, "does not exist"),
        ("GET", "issue/PAY-20/remotelink?globalId=x", None, 404, "No remote link"),
        ("GET", "user/bulk", None, 400, "required"),
        ("GET", "user", None, 400, "required"),
        ("GET", "user?accountId=nobody", None, 404, "does not exist"),
    ],
)
def test_refusals(
    session: requests.Session,
    api: str,
    method: str,
    path: str,
    body: Any,
    status: int,
    message: str,
) -> None:
    answer = session.request(method, f"{api}/{path}", json=body, timeout=5)
    assert answer.status_code == status
    assert message in answer.json()["errorMessages"][0]


def test_what_changed_just_now_is_not_listed_yet(world: World, session: requests.Session) -> None:
    """Jira leaves out the minute before the request; what is ahead of it all the more."""
    site = jira_site(noted(world), "http://jira.invalid")
    ahead = {"worklogId": 1, "updatedTime": 2**53}
    server = JiraServer(JiraLogin(JIRA_EMAIL, JIRA_TOKEN))
    server.load(replace(site, removed_worklogs=(ahead,)))
    with server:
        page = session.get(f"{server.url}/rest/api/3/worklog/deleted?since=5", timeout=5).json()
    assert (page["values"], page["until"], page["lastPage"]) == ([], 5, True)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0m"), (60, "1m"), (5400, "1h 30m"), (8 * 3600, "1d"), (45 * 3600, "1w 5h")],
)
def test_durations_are_written_as_jira_does(seconds: int, text: str) -> None:
    assert duration(seconds) == text
