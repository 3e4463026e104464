"""A site whose issues lie in a file answers as one that holds them in memory, byte for byte."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from pmo_sync.demo.facts import World
from pmo_sync.demo.http import Request
from pmo_sync.demo.jira_dc_server import JiraDcLogin, JiraDcServer
from pmo_sync.demo.jira_server import JiraLogin, JiraServer
from pmo_sync.demo.jira_site import JiraSite
from pmo_sync.demo.jira_spool import JiraSpool
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.demo.render_jira_dc import jira_dc_site

LOGIN = {"authorization": "Basic " + base64.b64encode(b"me:token").decode()}
EVERYTHING = "project in (PAY, IDN) ORDER BY updated ASC"
ASKED: list[tuple[str, str, Any]] = [
    ("POST", "search/jql", {"jql": EVERYTHING, "maxResults": 5000}),
    ("POST", "search/jql", {"jql": EVERYTHING, "maxResults": 100, "fields": ["*all"],
                            "expand": "changelog"}),
    ("POST", "search/jql", {"jql": "project = PAY AND created > 2025-01-01",
                            "fields": ["*navigable", "-status"]}),
    ("POST", "search/jql", {"jql": "key in (PAY-3, IDN-7, PAY-99999)", "fields": ["summary"]}),
    ("POST", "search/jql", {"jql": "project = PAY ORDER BY key DESC", "fields": ["key"]}),
    ("POST", "search/approximate-count", {"jql": EVERYTHING}),
    ("POST", "issue/bulkfetch", {"issueIdsOrKeys": ["PAY-1", "20007", "NO-1", "IDN-3"],
                                 "expand": "changelog"}),
    ("POST", "changelog/bulkfetch", {"issueIdsOrKeys": ["PAY-1", "PAY-2", "PAY-3"]}),
    ("POST", "changelog/bulkfetch", {"issueIdsOrKeys": ["PAY-20", "PAY-21"],
                                     "fieldIds": ["status"]}),
    ("GET", "issue/PAY-20", None),
    ("GET", "issue/PAY-20/changelog", None),
    ("GET", "issue/PAY-0", None),
    ("GET", "issue/ABSENT-1", None),
    ("GET", "issue/999", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def site(world: World) -> JiraSite:
    return jira_site(world, "http://127.0.0.1:1")


def spool_of(site: JiraSite) -> JiraSpool:
    spool = JiraSpool()
    spool.add(site.issues)
    spool.finish(site)
    return spool


@pytest.fixture(scope="module")
def servers(site: JiraSite) -> Iterator[tuple[JiraServer, JiraServer]]:
    held, spooled = (JiraServer(JiraLogin("me", "token")) for _ in range(2))
    held.load(site)
    spool = spool_of(site)
    spooled.load_issues(replace(site, issues=()), spool)
    yield held, spooled
    spool.close()
    held.stop()
    spooled.stop()


def asked(method: str, path: str, body: Any) -> Request:
    return Request(method, f"/rest/api/3/{path}", {}, LOGIN, json.dumps(body).encode())


@pytest.mark.parametrize(("method", "path", "body"), ASKED)
def test_it_answers_alike(
    servers: tuple[JiraServer, JiraServer], method: str, path: str, body: Any
) -> None:
    held, spooled = (server.answer(asked(method, path, body)) for server in servers)
    assert spooled == held


def test_it_leads_through_all_pages_alike(servers: tuple[JiraServer, JiraServer]) -> None:
    token, pages = None, 0
    while pages == 0 or token:
        body = {"jql": EVERYTHING, "maxResults": 90, "nextPageToken": token}
        held, spooled = (server.answer(asked("POST", "search/jql", body)) for server in servers)
        assert spooled == held
        token, pages = json.loads(held.body).get("nextPageToken"), pages + 1
    assert pages > 5


def test_a_data_center_answers_alike(world: World) -> None:
    teams = [team for team in world.teams if team.tracker == "jira_dc"]
    held, spooled = (JiraDcServer(JiraDcLogin("me", "token", "pat")) for _ in range(2))
    site = jira_dc_site(world, "http://127.0.0.1:1/jira", teams)
    held.load(site)
    spool = spool_of(site)
    spooled.load_issues(replace(site, issues=()), spool)
    query = {"jql": ("project = OPS",), "startAt": ("50",), "maxResults": ("60",),
             "expand": ("changelog",)}  # fmt: skip
    request = Request("GET", "/jira/rest/api/2/search", query, LOGIN)
    assert spooled.answer(request) == held.answer(request)
    spool.close()
    held.stop()
    spooled.stop()


def test_the_file_is_packed(site: JiraSite) -> None:
    spool = spool_of(site)
    written = sum(len(json.dumps(issue)) for issue in site.issues)
    assert len(spool) == len(site.issues)
    assert 5 * spool.size < written
    spool.close()
