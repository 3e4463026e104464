"""The simulated Jira Cloud, asked by the real client and by hand."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from jira import JIRA

from pmo_sync.demo.facts import World
from pmo_sync.demo.http import Request
from pmo_sync.demo.jira_server import JiraLogin, JiraServer
from pmo_sync.demo.jira_site import JiraSite
from pmo_sync.demo.jira_state import JiraLimits
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.demo.servers import JIRA_EMAIL, JIRA_TOKEN, Trackers

PROJECTS = {"PAY", "IDN", "WHS", "CRM", "BIL", "LOY"}
EVERYTHING = f"project in ({', '.join(sorted(PROJECTS))})"
LOGIN = JiraLogin(JIRA_EMAIL, JIRA_TOKEN)


@pytest.fixture(scope="module")
def site(world: World) -> JiraSite:
    return jira_site(world, "http://jira.invalid")


@pytest.fixture(scope="module")
def tight(site: JiraSite) -> Iterator[JiraServer]:
    """A server with small limits: pages are shorter than asked."""
    limits = JiraLimits(page=7, ids=50, changelog=3, bulk_issues=5, bulk_changelogs=5)
    server = JiraServer(LOGIN, limits=limits)
    server.load(site)
    with server:
        yield server


class Asker:
    """Asks a Jira for JSON."""

    def __init__(self, session: requests.Session, url: str) -> None:
        self._session, self._url = session, url

    def get(self, path: str, **params: Any) -> Any:
        answer = self._session.get(self._url + path, params=params, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any) -> Any:
        answer = self._session.post(self._url + path, json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def ask(session: requests.Session, trackers: Trackers) -> Asker:
    return Asker(session, trackers.jira.url)


@pytest.fixture
def ask_tight(session: requests.Session, tight: JiraServer) -> Asker:
    return Asker(session, tight.url)


def test_the_real_client_walks_all_pages(jira_client: JIRA, world: World) -> None:
    issues = jira_client.enhanced_search_issues(EVERYTHING, maxResults=0, expand="changelog")
    wanted = {item.key: item for item in world.items() if item.project in PROJECTS}
    assert {issue.key for issue in issues} == set(wanted)
    for issue in issues:
        assert issue.fields.status.name == wanted[issue.key].value("status")
        assert issue.fields.summary == (wanted[issue.key].value("title") or wanted[issue.key].title)


def test_the_real_client_reads_the_rest(jira_client: JIRA) -> None:
    assert jira_client.server_info()["deploymentType"] == "Cloud"
    assert jira_client.myself()["timeZone"] == "Europe/Helsinki"
    assert {project.key for project in jira_client.projects()} == PROJECTS
    assert {field["name"] for field in jira_client.fields()} >= {"Sprint", "Story Points"}
    boards = jira_client.boards()
    assert {board.type for board in boards} == {"scrum", "kanban"}
    scrum = next(board for board in boards if board.type == "scrum")
    sprints = jira_client.sprints(scrum.id, maxResults=0)
    assert {sprint.state for sprint in sprints} == {"closed", "active", "future"}
    assert {version.name for version in jira_client.project_versions("PAY")} == {
        "1.0",
        "2.0",
        "3.0",
    }
    assert {one.name for one in jira_client.resolutions()} == {"Done", "Won't Do", "Duplicate"}


@pytest.mark.parametrize(
    ("path", "header", "status"),
    [
        ("/rest/api/3/serverInfo", None, 200),
        ("/_edge/tenant_info", None, 200),
        ("/rest/api/3/myself", None, 401),
        ("/rest/api/3/myself", "Basic bm86", 401),
        ("/rest/api/3/serverInfo", "Basic bm86", 401),
        ("/rest/api/3/myself", f"Bearer {JIRA_TOKEN}", 401),
        ("/rest/api/3/myself", "Basic ~~~", 401),
    ],
)
def test_who_may_ask(trackers: Trackers, path: str, header: str | None, status: int) -> None:
    headers = {"Authorization": header} if header else {}
    answer = requests.get(trackers.jira.url + path, headers=headers, timeout=5)
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["status-code"] == 401
        assert answer.headers["WWW-Authenticate"].startswith("OAuth realm=")
        failed = answer.headers.get("X-Seraph-LoginReason") == "AUTHENTICATED_FAILED"
        assert failed == (header is not None)


def test_a_search_names_ids_only_unless_fields_are_asked(ask: Asker) -> None:
    page = ask.get("/rest/api/3/search/jql", jql=EVERYTHING)
    assert set(page) == {"issues", "nextPageToken", "isLast"}, "no total"
    assert len(page["issues"]) == 50
    assert all(set(issue) == {"id"} for issue in page["issues"])
    page = ask.get("/rest/api/3/search/jql", jql=EVERYTHING, fields="key")
    assert all(set(issue) == {"expand", "id", "self", "key"} for issue in page["issues"])


@pytest.mark.parametrize(
    ("fields", "asked", "most"), [("id", 9999, 5000), ("summary", 9999, 100), ("summary", 20, 20)]
)
def test_a_page_has_at_most(ask: Asker, fields: str, asked: int, most: int) -> None:
    page = ask.get("/rest/api/3/search/jql", jql=EVERYTHING, fields=fields, maxResults=asked)
    total = ask.post("/rest/api/3/search/approximate-count", {"jql": EVERYTHING})["count"]
    assert len(page["issues"]) == min(most, total)
    assert page["isLast"] == (most >= total)


@pytest.mark.parametrize(
    ("fields", "there", "absent"),
    [
        (["*all"], {"summary", "status", "customfield_10016"}, set()),
        (["*navigable", "-summary"], {"status"}, {"summary"}),
        (["summary", "status"], {"summary", "status"}, {"created"}),
        (["-summary"], {"status"}, {"summary"}),
    ],
)
def test_a_search_picks_fields(
    ask: Asker, fields: list[str], there: set[str], absent: set[str]
) -> None:
    page = ask.post("/rest/api/3/search/jql", {"jql": "key = PAY-20", "fields": fields})
    found = set(page["issues"][0]["fields"])
    assert there <= found
    assert not absent & found


def test_short_pages_lead_to_all_issues_once(ask_tight: Asker) -> None:
    keys: list[str] = []
    body: dict[str, Any] = {"jql": "project = PAY ORDER BY updated ASC", "fields": ["updated"],
                            "maxResults": 100}  # fmt: skip
    updated: list[str] = []
    while True:
        page = ask_tight.post("/rest/api/3/search/jql", body)
        assert len(page["issues"]) <= 7
        keys += [issue["key"] for issue in page["issues"]]
        updated += [issue["fields"]["updated"] for issue in page["issues"]]
        if page["isLast"]:
            break
        body["nextPageToken"] = page["nextPageToken"]
    assert "nextPageToken" not in page
    assert len(keys) == len(set(keys)) > 50
    moments = [datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z") for text in updated]
    assert moments == sorted(moments)


def test_a_search_cuts_the_changelog_and_the_changelog_pages(
    ask_tight: Asker, site: JiraSite
) -> None:
    busiest = max(site.issues, key=lambda one: len(one["changelog"]["histories"]))["key"]
    search = {"jql": f"key = {busiest}", "fields": ["updated"], "expand": "changelog"}
    (issue,) = ask_tight.post("/rest/api/3/search/jql", search)["issues"]
    embedded = issue["changelog"]
    assert embedded["total"] > len(embedded["histories"]) == embedded["maxResults"] == 3
    whole: list[Any] = []
    while True:
        page = ask_tight.get(
            f"/rest/api/3/issue/{busiest}/changelog", startAt=len(whole), maxResults=2
        )
        whole += page["values"]
        if page["isLast"]:
            break
    assert len(whole) == page["total"] == embedded["total"]
    newest_first = [one["id"] for one in reversed(whole)]
    assert newest_first[:3] == [one["id"] for one in embedded["histories"]]


def test_bulk_requests_have_limits(
    ask_tight: Asker, session: requests.Session, tight: JiraServer
) -> None:
    keys = [f"PAY-{number}" for number in range(5, 10)]
    wanted = {"issueIdsOrKeys": [*keys[:4], "PAY-9999"], "fields": ["summary"]}
    found = ask_tight.post("/rest/api/3/issue/bulkfetch", wanted)
    assert [issue["key"] for issue in found["issues"]] == keys[:4]
    assert len(found["issueErrors"]) == 1
    for path in ("issue/bulkfetch", "changelog/bulkfetch"):
        body = {"issueIdsOrKeys": [*keys, "PAY-10"]}
        answer = session.post(f"{tight.url}/rest/api/3/{path}", json=body, timeout=5)
        assert answer.status_code == 400


def test_bulk_changelogs_page_and_filter(ask: Asker) -> None:
    body: dict[str, Any] = {"issueIdsOrKeys": ["PAY-300", "PAY-301"], "fieldIds": ["status"],
                            "maxResults": 2}  # fmt: skip
    found: dict[str, list[int]] = {}
    while True:
        page = ask.post("/rest/api/3/changelog/bulkfetch", body)
        for log in page["issueChangeLogs"]:
            for history in log["changeHistories"]:
                assert any(item["field"] == "status" for item in history["items"])
                found.setdefault(log["issueId"], []).append(history["created"])
        if "nextPageToken" not in page:
            break
        body["nextPageToken"] = page["nextPageToken"]
    assert len(found) == 2
    for created in found.values():
        assert created == sorted(created)
        assert datetime.fromtimestamp(created[0] / 1000, UTC).year in (2024, 2025, 2026)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("GET", "/rest/api/3/search/jql?jql=", None, 400, "Unbounded JQL"),
        ("POST", "/rest/api/3/search/jql", {"jql": "order by created"}, 400, "Unbounded JQL"),
        ("GET", "/rest/api/3/search/jql?jql=project=X", None, 400, "does not exist for the field"),
        ("GET", "/rest/api/3/search/jql?jql=project=PAY&nextPageToken=x", None, 400, "invalid"),
        ("GET", "/rest/api/3/search/jql?jql=project=PAY&maxResults=x", None, 400, "integer"),
        ("GET", "/rest/api/3/search?jql=project=PAY", None, 410, "has been removed"),
        ("POST", "/rest/api/3/search", {"jql": "project=PAY"}, 410, "has been removed"),
        ("GET", "/rest/api/3/issue/PAY-9999", None, 404, "does not exist"),
        ("GET", "/rest/api/3/issue/PAY-9999/changelog", None, 404, "does not exist"),
        ("GET", "/rest/api/3/project/NOPE/versions", None, 404, "No project could be found"),
        ("GET", "/rest/agile/1.0/board/99/sprint", None, 404, "Board does not exist"),
        ("GET", "/rest/agile/1.0/board/1/sprint", None, 400, "doesn't support sprints"),
        ("GET", "/rest/api/3/mypermissions", None, 400, "required"),
        ("POST", "/rest/api/3/changelog/bulkfetch", {}, 400, "must not be empty"),
        ("POST", "/rest/api/3/search/jql", ["x"], 400, "Invalid request payload"),
    ],
)
def test_refusals_are_jiras(
    session: requests.Session,
    trackers: Trackers,
    method: str,
    path: str,
    body: Any,
    status: int,
    message: str,
) -> None:
    answer = session.request(method, trackers.jira.url + path, json=body, timeout=5)
    assert answer.status_code == status
    assert message in answer.json()["errorMessages"][0]


def test_permissions_say_what_may_be_browsed(ask: Asker) -> None:
    permissions = ask.get("/rest/api/3/mypermissions", permissions="BROWSE_PROJECTS,ADMINISTER")
    assert {name: one["havePermission"] for name, one in permissions["permissions"].items()} == {
        "BROWSE_PROJECTS": True,
        "ADMINISTER": False,
    }


def test_an_issue_has_a_page_to_open(session: requests.Session, trackers: Trackers) -> None:
    page = session.get(trackers.jira.url + "/browse/PAY-1", timeout=5)
    assert page.headers["Content-Type"].startswith("text/html")
    assert "New payment provider" in page.text
    assert session.get(trackers.jira.url + "/browse/PAY-9999", timeout=5).status_code == 404


def test_paged_lists_page(ask: Asker) -> None:
    first = ask.get("/rest/api/3/project/search", maxResults=2)
    assert (first["total"], first["isLast"], len(first["values"])) == (6, False, 2)
    last = ask.get("/rest/api/3/project/search", startAt=5, maxResults=2)
    assert (last["isLast"], len(last["values"])) == (True, 1)
    assert ask.get("/rest/api/3/project/PAY/version")["total"] == 3


def test_a_page_of_100_issues_is_cheap(site: JiraSite) -> None:
    """Under 10 ms of processor time, so that measuring a client measures the client."""
    server = JiraServer(LOGIN)
    server.load(site)
    query = {"jql": (EVERYTHING,), "maxResults": ("100",), "fields": ("*all",),
             "expand": ("changelog",)}  # fmt: skip
    login = base64.b64encode(f"{JIRA_EMAIL}:{JIRA_TOKEN}".encode()).decode()
    request = Request("GET", "/rest/api/3/search/jql", query, {"authorization": f"Basic {login}"})
    spent = []
    for _ in range(5):
        before = time.process_time()
        assert len(server.answer(request).body) > 100_000
        spent.append(time.process_time() - before)
    server.stop()
    assert min(spent) < 0.010
