"""A whole sync against a Jira Data Center that is served over HTTP under a context path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pmo_sync.config import Secret
from pmo_sync.connectors.jira import JiraConnector, plan
from pmo_sync.connectors.jira.packed import unpacked
from pmo_sync.connectors.jira.payloads import Sprint
from pmo_sync.connectors.jira.scope import place_of
from pmo_sync.demo.http import Request, Response, json_response
from pmo_sync.demo.jira_dc_server import JiraDcLogin, JiraDcServer
from pmo_sync.demo.jira_site import JiraSite, Json
from pmo_sync.demo.jql_query import key_order
from pmo_sync.demo.render_jira_dc import jira_dc_site
from pmo_sync.demo.world import build
from pmo_sync.errors import AccessError
from pmo_sync.model import Batch, ItemRecord
from tests.connectors.jira.jira_small_site import NOW
from tests.connectors.jira.jira_wire import HASTE, Said, reply, scripted, source

TOKEN = "a-personal-access-token"
LOGIN = JiraDcLogin("pmo", "a-password", TOKEN)
BY_TOKEN: dict[str, Any] = {"email": None, "token": Secret("inline", TOKEN)}


class Asked(JiraDcServer):
    """A Data Center that keeps what it was asked; ``before`` acts just before a search."""

    def __init__(self, changed: Mapping[str, Response], page: int) -> None:
        super().__init__(LOGIN, page=page)
        self.changed = changed
        self.before: dict[int, Callable[[], None]] = {}
        self.asked: list[Request] = []
        self.searches = 0

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        if request.path.endswith("/search"):
            self.searches += 1
            self.before.get(self.searches, lambda: None)()
        return self.changed.get(request.path) or super().answer(request)


@pytest.fixture(scope="module")
def site() -> JiraSite:
    world = build(5, date(2024, 7, 20))
    teams = [team for team in world.teams if team.tracker == "jira_dc"]
    return jira_dc_site(world, "http://dc.example/jira", teams)


@contextmanager
def served(
    site: JiraSite, changed: Mapping[str, Response] | None = None, page: int = 1000
) -> Iterator[Asked]:
    with Asked(changed or {}, page) as server:
        server.load(site)
        yield server


def connector(server: JiraDcServer, said: Said | None = None, **keys: Any) -> JiraConnector:
    return JiraConnector(source(server.url, **(BY_TOKEN | keys)), said or Said(), HASTE)


def synced(server: JiraDcServer, state: Mapping[str, str] | None = None) -> list[Batch]:
    return list(connector(server).sync(state or {}, now=NOW))


def records(batches: list[Batch]) -> dict[str, ItemRecord]:
    return {record.item.key: record for batch in batches for record in batch.items}


def last_state(batches: list[Batch]) -> dict[str, str]:
    state: dict[str, str] = {}
    for batch in batches:
        state |= batch.state
    return state


def archived(site: JiraSite, key: str) -> JiraSite:
    """A project is archived: a search finds nothing of it, and it is listed to who asks for it."""
    kept = [one["key"] for one in site.issues if one["fields"]["project"]["key"] == key]
    projects = {one["key"]: one for one in site.projects}
    left = projects.pop(key)
    return replace(without(site, *kept), projects=tuple(projects.values()), archived=(left,))


def without(site: JiraSite, *keys: str) -> JiraSite:
    return replace(site, issues=tuple(one for one in site.issues if one["key"] not in keys))


def ordered(site: JiraSite) -> list[str]:
    return sorted((one["key"] for one in site.issues), key=key_order)


def test_the_site_is_known_by_its_address_with_the_context_path(site: JiraSite) -> None:
    with served(site) as server:
        batches = synced(server)
        paths = {request.path for request in server.asked}
    (found,) = (one for batch in batches for one in batch.sites)
    assert (found.site, found.url) == ("dc.example/jira", "http://dc.example/jira")
    assert all(path.startswith(("/jira/rest/api/2/", "/jira/rest/agile/1.0/")) for path in paths)
    assert records(batches).keys() == set(ordered(site))


@pytest.mark.parametrize("said", ["Server", "DataCenter", ""])
def test_whatever_is_not_cloud_is_asked_in_version_2(said: str) -> None:
    info = reply({"baseUrl": "https://x", "version": "9.12.0", "deploymentType": said})
    with scripted(info, reply([])) as server:
        asking = JiraConnector(source(f"http://{server.host}/jira"), Said(), HASTE)
        assert asking.containers() == []
        assert [one.path for one in server.asked] == [
            "/jira/rest/api/2/serverInfo",
            "/jira/rest/api/2/project",
        ]


@pytest.mark.parametrize(
    "login",
    [
        BY_TOKEN,
        {"email": None, "token": None, "user": "pmo", "password": Secret("inline", "a-password")},
    ],
)
def test_it_logs_in_by_token_or_by_user_and_password(site: JiraSite, login: Any) -> None:
    with served(site) as server:
        findings = list(connector(server, **login).check())
    assert {one.level for one in findings} == {"ok"}
    assert findings[0].text.endswith("(http://dc.example/jira), Jira Data Center")


def test_a_wrong_token_is_refused(site: JiraSite) -> None:
    wrong: dict[str, Any] = {"email": None, "token": Secret("inline", "other")}
    with served(site) as server, pytest.raises(AccessError, match="personal access token") as err:
        list(connector(server, **wrong).sync({}, now=NOW))
    assert "other" not in str(err.value).replace("another", "")


@pytest.mark.parametrize("page", [1000, 37, 2])
def test_small_pages_change_nothing(site: JiraSite, page: int) -> None:
    few = replace(site, issues=site.issues[:60])
    with served(few) as server:
        whole = records(synced(server))
    with served(few, page=page) as server:
        assert records(synced(server)) == whole


@pytest.mark.parametrize("search", range(2, 7))
@pytest.mark.parametrize("gone", [1, 15, 40])
def test_what_leaves_while_it_is_read_hides_nothing(site: JiraSite, search: int, gone: int) -> None:
    """Everything after it moves forward by its place, just before a page is asked for."""
    first = ordered(site)[:gone]
    with served(site, page=30) as server:
        server.before[search] = lambda: server.load(without(site, *first))
        batches = synced(server)
    left = set(ordered(site)[gone:])
    assert left <= records(batches).keys()
    swept = {one for batch in batches for sweep in batch.sweeps for one in sweep.item_ids}
    assert len(swept) == len(left)


def test_what_comes_in_while_it_is_read_is_read_next_time(site: JiraSite) -> None:
    early, late = ordered(site)[3], "2026-06-30T18:00:00.000+0000"
    with served(site, page=50) as server:
        before = synced(server)
        changed = replace(site, issues=tuple(_edited(one, early, late) for one in site.issues))
        server.searches, server.before = 0, {3: lambda: server.load(changed)}
        during = synced(server)
        after = synced(server, last_state(during))
    assert records(before)[early].item.title == records(during)[early].item.title
    assert records(after)[early].item.title == "edited"
    assert len(records(after)) < 20


def _edited(issue: Json, key: str, at: str) -> Json:
    if issue["key"] != key:
        return issue
    return {**issue, "fields": {**issue["fields"], "summary": "edited", "updated": at}}


def test_a_sync_that_was_killed_goes_on_from_its_last_page(
    site: JiraSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "ITEMS_A_STEP", 1)
    with served(site, page=50) as server:
        whole = synced(server)
        pages = [batch for batch in whole if batch.items]
        state = {**pages[0].state, **pages[1].state}
        walk = place_of(state["issues"]).walk
        assert walk is not None
        assert walk.done == 2 * 50 - 1
        rest = records(synced(server, state))
    known = {key for page in pages[:2] for key in records([page])}
    assert known | rest.keys() == records(whole).keys()
    assert not known & rest.keys()


def test_a_second_sync_asks_for_what_is_new(site: JiraSite) -> None:
    with served(site) as server:
        state = last_state(synced(server))
        server.asked.clear()
        again = synced(server, state)
        asked = [request.query["jql"][0] for request in server.asked if "jql" in request.query]
    assert len(records(again)) < 20, "those of the overlap"
    assert len(asked) == 3, "the newest change, what changed, what is there"
    assert "updated >= " in asked[1]
    assert place_of(last_state(again)["issues"]).walk is None


def test_a_changelog_that_was_cut_is_asked_for_by_its_issue(site: JiraSite) -> None:
    with served(site) as server:
        whole = records(synced(server))

    class Cutting(Asked):
        def answer(self, request: Request) -> Response:
            found = super().answer(request)
            if request.path.endswith("/search") and "expand" in request.query:
                body = Request("GET", "", {}, {}, found.body).json()
                for issue in body["issues"]:
                    issue["changelog"]["histories"] = issue["changelog"]["histories"][:1]
                return json_response(body)
            return found

    with Cutting({}, 1000) as server:
        server.load(site)
        assert records(synced(server)) == whole


def test_an_account_that_is_gone_keeps_the_name_of_the_changelog(site: JiraSite) -> None:
    history = {
        "id": "1",
        "created": "2024-07-16T10:00:00.000+0000",
        "items": [
            {"field": "assignee", "fieldtype": "jira", "from": "JIRAUSER99", "to": None,
             "fromString": "Gone Person", "toString": None},
        ],
    }  # fmt: skip
    one = site.issues[0]
    edited = {**one, "fields": {**one["fields"], "assignee": None},
              "changelog": {"histories": [history]}}  # fmt: skip
    with served(replace(site, issues=(edited,))) as server:
        persons = [who for batch in synced(server) for who in batch.persons]
    (found,) = (who for who in persons if who.person_id == "dc.example/jira#JIRAUSER99")
    assert (found.name, found.kind, found.active) == ("Gone Person", "unknown", False)


CLASS = "com.atlassian.greenhopper.service.sprint.Sprint@1f"


@pytest.mark.parametrize(
    ("text", "sprint"),
    [
        (
            CLASS + "[id=4,rapidViewId=2,state=ACTIVE,name=Sprint 4,startDate=2026-01-05T08:00:00"
            ".000Z,endDate=2026-01-19T08:00:00.000Z,completeDate=<null>,sequence=4,goal=]",
            Sprint(4, "Sprint 4", "active", 2, None, "2026-01-05T08:00:00.000Z",
                   "2026-01-19T08:00:00.000Z"),
        ),
        (
            CLASS + "[activatedDate=<null>,autoStartStop=false,completeDate=<null>,endDate=<null>,"
            "goal=Ship, then rest,id=5,incompleteIssuesDestinationId=<null>,name=A, b [c] = d,"
            "rapidViewId=2,sequence=5,startDate=<null>,state=FUTURE,synced=false]",
            Sprint(5, "A, b [c] = d", "future", 2),
        ),
        (CLASS + "[goal=a,id=x,id=6,name=one\ntwo,state=CLOSED]", Sprint(6, "one\ntwo", "closed")),
    ],
)  # fmt: skip
def test_a_packed_sprint(text: str, sprint: Sprint) -> None:
    assert unpacked(text) == sprint


@pytest.mark.parametrize("text", ["", "Sprint 4", CLASS + "[]", CLASS + "[id=<null>,name=x]"])
def test_what_is_no_packed_sprint(text: str) -> None:
    with pytest.raises(ValueError, match="not a sprint"):
        unpacked(text)


def test_an_archived_project_is_told_from_one_that_lost_its_items(site: JiraSite) -> None:
    key = site.issues[0]["fields"]["project"]["key"]
    with served(site) as server:
        state = last_state(synced(server))
        server.load(archived(site, key))
        gone = synced(server, state)
        emptied = replace(archived(site, key), archived=())
        server.load(emptied)
        lost = synced(server, state)
    assert [one.container for batch in gone for one in batch.departed] == [key]
    assert key not in [one.container for batch in gone for one in batch.sweeps]
    assert [one for batch in lost for one in batch.departed] == []
    assert key in [one.container for batch in lost for one in batch.sweeps]


def test_a_data_center_that_does_not_tell_what_is_archived(site: JiraSite) -> None:
    key = site.issues[0]["fields"]["project"]["key"]
    with served(site) as server:
        state = last_state(synced(server))
        server.load(archived(site, key))
        server.between = lambda request, answer: (
            json_response({}, 400) if "includeArchived" in request.query else answer(request)
        )
        lost = synced(server, state)
    assert [one for batch in lost for one in batch.departed] == []
