"""The simulated Jira Data Center, asked by the real client and by hand."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest
import requests
from jira import JIRA

from pmo_sync.demo.facts import World
from pmo_sync.demo.http import Request
from pmo_sync.demo.jira_dc_server import JiraDcServer
from tests.demo.data_center import PASSWORD, TOKEN, data_center

EVERYTHING = "project in (PAY, IDN, WHS)"
ADA = "Ada Lindqvist"


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[JiraDcServer]:
    with data_center(world) as running:
        yield running


@pytest.fixture(scope="module")
def capped(world: World) -> Iterator[JiraDcServer]:
    """A server whose administrators allow 30 issues a page."""
    with data_center(world, page=30) as running:
        yield running


@pytest.fixture(scope="module")
def client(capped: JiraDcServer) -> Iterator[JIRA]:
    """The real client with its own habits; it asks for 100 issues a page and gets 30."""
    with closing(JIRA(capped.url, token_auth=TOKEN, options={"check_update": False})) as client:
        yield client


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        yield session


@pytest.fixture
def api(server: JiraDcServer) -> str:
    return server.url + "/rest/api/2"


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_the_real_client_walks_all_pages(client: JIRA, world: World) -> None:
    issues = client.search_issues(EVERYTHING, maxResults=False, expand="changelog")
    wanted = {item.key: item for item in world.items() if item.project in ("PAY", "IDN", "WHS")}
    assert [issue.key for issue in issues] == sorted(
        wanted, key=lambda key: (key[:3], int(key[4:])), reverse=True
    ), "each once, by key where no order is asked for"
    for issue in issues:
        assert issue.fields.status.name == wanted[issue.key].value("status")
        log = issue.changelog
        assert (log.startAt, log.maxResults, log.total) == (0, log.total, len(log.histories))
        created = [datetime.fromisoformat(one.created) for one in log.histories]
        assert created == sorted(created)


def test_the_real_client_reads_the_rest(client: JIRA, world: World) -> None:
    assert client.server_info()["deploymentType"] == "Server"
    assert (client.myself()["name"], client.myself()["timeZone"]) == ("pmo", "America/Toronto")
    teams = [team for team in world.teams if team.tracker == "jira"]
    assert [project.key for project in client.projects()] == sorted(team.key for team in teams)
    assert {field["name"] for field in client.fields()} >= {"Sprint", "Epic Link", "Epic Name"}
    kinds = ["scrum" if team.sprints else "kanban" for team in teams]
    assert [board.type for board in client.boards(maxResults=False)] == kinds
    assert [one.name for one in client.boards(projectKeyOrID="IDN")] == ["Identity board"]
    sprints = client.sprints(kinds.index("scrum") + 1, maxResults=False)
    assert {sprint.state for sprint in sprints} == {"closed", "active", "future"}
    assert client.sprint(sprints[0].id).name == sprints[0].name
    releases = next(team.milestones for team in teams if team.key == "PAY")
    assert [one.name for one in client.project_versions("PAY")] == [one.name for one in releases]
    assert {one.name for one in client.resolutions()} == {"Done", "Won't Do", "Duplicate"}
    assert {one.name for one in client.issue_types()} >= {"Epic", "Story", "Bug"}
    assert client.user("ada").displayName == ADA
    assert client.my_permissions()["permissions"]["BROWSE_PROJECTS"]["havePermission"]


def test_the_real_client_reads_worklogs_and_remote_links(client: JIRA) -> None:
    worklogs = client.worklogs("PAY-20")
    assert [(log.author.name, log.timeSpentSeconds) for log in worklogs] == [
        ("ada", 5400),
        ("ada", 3600),
    ]
    assert [link.relationship for link in client.remote_links("PAY-20")] == ["blocks"]


def test_the_real_client_may_log_in_with_a_password(server: JiraDcServer) -> None:
    login = ("pmo", PASSWORD)
    with closing(JIRA(server.url, basic_auth=login, options={"check_update": False})) as client:
        assert client.session().name == "pmo"


@pytest.mark.parametrize(
    ("path", "header", "status", "kind", "said"),
    [
        ("serverInfo", None, 200, "application/json", "Server"),
        ("myself", None, 401, "application/json", "Authentication required"),
        ("myself", f"Bearer {TOKEN}", 200, "application/json", "pmo"),
        ("myself", basic("pmo", PASSWORD), 200, "application/json", "pmo"),
        ("myself", "Bearer other", 401, "application/json", "Client must be authenticated"),
        ("serverInfo", "Bearer other", 401, "application/json", "Client must be authenticated"),
        ("myself", basic("pmo", "other"), 401, "text/html", "Unauthorized (401)"),
        ("myself", basic("pmo", TOKEN), 401, "text/html", "Unauthorized (401)"),
        ("myself", "Basic ~~~", 401, "text/html", "Unauthorized (401)"),
    ],
)
def test_who_may_ask(
    api: str, path: str, header: str | None, status: int, kind: str, said: str
) -> None:
    headers = {"Authorization": header} if header else {}
    answer = requests.get(f"{api}/{path}", headers=headers, timeout=5)
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (status, kind)
    assert said in answer.text
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize(("login", "name"), [(None, "anonymous"), (f"Bearer {TOKEN}", "pmo")])
def test_an_answer_says_who_asked(api: str, login: str | None, name: str) -> None:
    headers = {"Authorization": login} if login else {}
    answer = requests.get(f"{api}/serverInfo", headers=headers, timeout=5)
    assert answer.headers["X-AUSERNAME"] == name


@pytest.mark.parametrize(
    ("asked", "size", "shown"),
    [
        ({}, 50, 50),
        ({"maxResults": "20"}, 20, 20),
        ({"maxResults": "0"}, 0, 0),
        ({"maxResults": "-1"}, 1000, 1000),
        ({"maxResults": "5000"}, 1000, 1000),
        ({"startAt": "99999"}, 50, 0),
    ],
)
def test_a_page_has_at_most(
    session: requests.Session, api: str, asked: dict[str, str], size: int, shown: int
) -> None:
    query = {"jql": EVERYTHING, "fields": "key", **asked}
    page = session.get(f"{api}/search", params=query, timeout=5).json()
    assert set(page) == {"expand", "startAt", "maxResults", "total", "issues"}
    assert page["maxResults"] == size
    assert page["total"] > 1000
    assert len(page["issues"]) == shown
    assert session.post(f"{api}/search", timeout=5, json={
        "jql": EVERYTHING, "fields": ["key"], **{name: int(one) for name, one in asked.items()}
    }).json() == page  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "there", "absent"),
    [
        (None, {"summary", "customfield_10106"}, {"worklog"}),
        ("*all", {"summary", "worklog", "description"}, set()),
        ("*navigable,-summary", {"status"}, {"summary"}),
        ("summary,status", {"summary", "status"}, {"created"}),
        ("id", set(), {"summary"}),
    ],
)
def test_a_search_picks_fields(
    session: requests.Session, api: str, fields: str | None, there: set[str], absent: set[str]
) -> None:
    query = {"jql": "key = PAY-20", **({"fields": fields} if fields else {})}
    (issue,) = session.get(f"{api}/search", params=query, timeout=5).json()["issues"]
    assert {"id", "key", "self", "expand"} <= set(issue)
    found = set(issue.get("fields", {}))
    assert there <= found
    assert not absent & found
    assert "changelog" not in issue


def test_a_query_without_a_restriction_finds_everything(
    session: requests.Session, api: str, world: World
) -> None:
    page = session.get(f"{api}/search", timeout=5).json()
    assert page["total"] == sum(len(team.items) for team in world.teams if team.tracker == "jira")


def test_queries_read_dates_in_the_logins_zone(
    session: requests.Session, api: str, world: World
) -> None:
    """The server writes times in UTC, and takes them in Toronto's time."""
    issue = session.get(f"{api}/issue/PAY-20", params={"fields": "created"}, timeout=5).json()
    created = datetime.fromisoformat(issue["fields"]["created"])
    assert issue["fields"]["created"].endswith("+0000")
    hour = created.replace(hour=created.hour - 4)
    for minute, found in ((0, 1), (1, 0)):
        moment = f"{hour:%Y-%m-%d %H:}{hour.minute + minute:02d}"
        query = {"jql": f'key = PAY-20 and created >= "{moment}"'}
        assert session.get(f"{api}/search", params=query, timeout=5).json()["total"] == found


def test_an_issues_worklogs_are_not_paged(session: requests.Session, api: str) -> None:
    page = session.get(f"{api}/issue/PAY-20/worklog?startAt=1&maxResults=1", timeout=5).json()
    assert (page["startAt"], page["maxResults"], page["total"]) == (0, 2, 2)
    changed = session.get(f"{api}/worklog/updated?since=0", timeout=5).json()
    gone = session.get(f"{api}/worklog/deleted?since=0", timeout=5).json()
    assert (len(changed["values"]), len(gone["values"]), gone["lastPage"]) == (2, 1, True)
    ids = [one["worklogId"] for one in changed["values"]]
    assert (
        session.post(f"{api}/worklog/list", json={"ids": ids}, timeout=5).json()
        == (page["worklogs"])
    )


def test_a_board_names_no_location_and_lists_its_projects(
    session: requests.Session, server: JiraDcServer
) -> None:
    agile = server.url + "/rest/agile/1.0"
    board = session.get(f"{agile}/board/2", timeout=5).json()
    assert set(board) == {"id", "self", "name", "type"}
    projects = session.get(f"{agile}/board/2/project", timeout=5).json()
    assert [one["key"] for one in projects["values"]] == ["IDN"]
    estimation = session.get(f"{agile}/board/2/configuration", timeout=5).json()["estimation"]
    assert estimation["field"]["fieldId"] == "customfield_10106"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("GET", "search?jql=project=X", None, 400, "does not exist for the field 'project'"),
        ("POST", "search", {"jql": "project = X"}, 400, "does not exist for the field"),
        ("GET", "search?jql=colour=red", None, 400, "Field 'colour' does not exist"),
        ("GET", "search?jql=project", None, 400, "Error in the JQL Query"),
        ("GET", "search?jql=created>soon", None, 400, "Date value 'soon'"),
        ("GET", "search?startAt=x", None, 400, "integer"),
        ("POST", "search", ["x"], 400, "Invalid request payload"),
        ("GET", "issue/PAY-9999", None, 404, "does not exist"),
        ("GET", "project/NOPE", None, 404, "No project could be found"),
        ("GET", "mypermissions?projectKey=NOPE", None, 404, "No project could be found"),
        ("GET", "user?username=nobody", None, 404, "'nobody' does not exist"),
        ("GET", "user", None, 400, "Either the 'username' or the 'key'"),
        ("POST", "worklog/list", {"ids": []}, 400, "must not be empty"),
        ("POST", "myself", None, 405, "Method Not Allowed"),
    ],
)
def test_refusals_are_jiras(
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


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/rest/api/3/myself"),
        ("GET", "/rest/api/myself"),
        ("POST", "/rest/api/2/search/jql"),
        ("POST", "/rest/api/2/search/approximate-count"),
        ("GET", "/rest/api/2/issue/bulkfetch"),
        ("GET", "/rest/api/2/issue/PAY-1/changelog"),
        ("GET", "/rest/api/2/project/PAY/search"),
        ("GET", "/rest/api/2/user/bulk"),
        ("GET", "/_edge/tenant_info"),
    ],
)
def test_what_only_cloud_has_is_not_there(
    session: requests.Session, server: JiraDcServer, method: str, path: str
) -> None:
    assert session.request(method, server.url + path, json={}, timeout=5).status_code == 404


@pytest.mark.parametrize("path", ["/rest/api/2/serverInfo", "/", "/jirafoo/rest/api/2/serverInfo"])
def test_outside_the_context_path_there_is_no_jira(
    session: requests.Session, server: JiraDcServer, path: str
) -> None:
    root = server.url.removesuffix("/jira")
    assert session.get(root + path, timeout=5).status_code == 404


def test_an_issue_has_a_page_to_open(session: requests.Session, server: JiraDcServer) -> None:
    page = session.get(server.url + "/browse/PAY-1", timeout=5)
    assert "New payment provider" in page.text


def test_a_page_of_100_issues_is_cheap(world: World) -> None:
    """Under 10 ms of processor time, so that measuring a client measures the client."""
    server = data_center(world)
    query = {"jql": (EVERYTHING,), "maxResults": ("100",), "fields": ("*all",),
             "expand": ("changelog",)}  # fmt: skip
    headers = {"authorization": f"Bearer {TOKEN}"}
    request = Request("GET", "/jira/rest/api/2/search", query, headers)
    spent = []
    for _ in range(5):
        before = time.process_time()
        assert len(server.answer(request).body) > 100_000
        spent.append(time.process_time() - before)
    server.stop()
    assert min(spent) < 0.010
