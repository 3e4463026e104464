"""What ``check`` finds before a first sync, and what it says a person must do about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from pmo_sync.config import Secret
from pmo_sync.connectors.base import Finding
from pmo_sync.demo.http import Response, json_response
from pmo_sync.demo.jira_site import JiraSite
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.demo.render_jira_dc import jira_dc_site
from pmo_sync.demo.world import build
from tests.connectors.jira import test_jira_data_center as data_center
from tests.connectors.jira.jira_small_site import ISSUES, SITE, connector, served
from tests.connectors.jira.jira_wire import TOKEN
from tests.connectors.jira.test_jira_remote_links import LINKED

REFUSED = json_response({}, 403)
NOT_IN_SCOPE = json_response({"code": 401, "message": "Unauthorized; scope does not match"}, 401)
DENIED = json_response({"permissions": {"BROWSE_PROJECTS": {"havePermission": False}}})
CAPTCHA = Response(b"", 403, "text/html", (("X-Seraph-LoginReason", "AUTHENTICATION_DENIED"),))
BAD_JQL = json_response({"errorMessages": ["Field 'tean' does not exist"]}, 400)
SEARCH = "/rest/api/3/search/jql"
WORKLOGS = "/rest/api/3/worklog/updated"
REMOTE_LINKS = "/rest/api/3/issue/10/remotelink"
LINKING_OFF = json_response({"errorMessages": ["Issue linking is currently disabled."]}, 403)


def found(changed: dict[str, Response] | None = None, **keys: Any) -> dict[str, tuple[str, str]]:
    site = keys.pop("site", {})
    with served(changed, **site) as server:
        return told(connector(server, **keys).check())


def told(findings: Iterable[Finding]) -> dict[str, tuple[str, str]]:
    return {one.subject: (one.level, one.text) for one in findings}


def altered(index: int, **fields: Any) -> tuple[Any, ...]:
    """The small site's issues, one of them with other fields."""
    issues = list(ISSUES)
    issues[index] = issues[index] | {"fields": issues[index]["fields"] | fields}
    return tuple(issues)


def without(name: str) -> tuple[Any, ...]:
    """The small site's issues, none of which has a field, not even empty."""
    return tuple(
        one | {"fields": {key: value for key, value in one["fields"].items() if key != name}}
        for one in ISSUES
    )


def test_a_good_source() -> None:
    findings = found(projects=("PAY",))
    assert {level for level, _ in findings.values()} == {"ok"}
    assert findings["site"][1] == "Small site (https://site.example), Jira Cloud"
    assert findings["login"][1] == "Reader"
    assert findings["project PAY"][1] == "can be read"
    assert findings["items of PAY"][1] == "6 looked at, all can be read"
    assert findings["field iteration"][1] == "cf_sprint"


@pytest.mark.parametrize(
    ("changed", "keys", "subject", "level", "words"),
    [
        # Who asks.
        ({}, {"email": "x@example.com"}, "source", "error", "the login is refused (401)"),
        ({"/rest/api/3/myself": CAPTCHA}, {}, "source", "error", "wants a CAPTCHA"),
        ({"/rest/api/3/myself": NOT_IN_SCOPE}, {}, "source", "error", "needs read:jira-user"),
        ({"/rest/api/3/field": NOT_IN_SCOPE}, {}, "source", "error", "needs read:jira-work"),
        ({SEARCH: NOT_IN_SCOPE}, {}, "items", "error", "needs read:jira-work"),
        ({"/rest/agile/1.0/board": NOT_IN_SCOPE}, {}, "boards", "warning",
         "needs read:board-scope:jira-software, read:sprint:jira-software"),
        ({"/rest/api/2/serverInfo": json_response({}, 503)}, {}, "source", "error", "failed (503)"),
        # What may be seen.
        ({}, {"projects": ("PAI",)}, "project PAI", "error", "nearest: PAY"),
        ({"/rest/api/3/mypermissions": DENIED}, {"projects": ("PAY",)}, "project PAY", "error",
         "'Browse projects' is missing"),
        ({"/rest/api/3/mypermissions": DENIED}, {"projects": ("PAY",)}, "project PAY", "error",
         "a project administrator can grant it in the permission scheme"),
        ({"/rest/api/3/project/search": json_response({"values": []})}, {}, "projects", "error",
         "can see no project"),
        ({SEARCH: BAD_JQL}, {"jql": "tean = A"}, "items", "error",
         "Field 'tean' does not exist: correct jql of the source"),
        ({SEARCH: REFUSED}, {"projects": ("PAY",)}, "items of PAY", "error", "(403)"),
        ({}, {"projects": ("OPS",), "jql": "created < 2001-01-01"}, "items of OPS", "warning",
         "none that this login can see"),
        ({}, {"site": {"issues": altered(3, timespent="much")}}, "items", "warning",
         "1 of 6 cannot be read and will be told as rejected: PAY-13"),
        ({SEARCH: BAD_JQL}, {"risk_jql": "tean = A"}, "risk_jql", "error",
         "correct risk_jql of the source"),
        ({}, {"risk_jql": "created < 2001-01-01"}, "risk_jql", "warning", "finds no risks"),
        ({}, {"risk_jql": "key in (PAY-10, PAY-11) ORDER BY key"}, "risk_jql", "ok", "finds 2"),
        # Fields.
        ({}, {"fields": {"points": "Story Point"}}, "field points", "error", "nearest: Story P"),
        ({}, {"fields": {"points": "cf_points"}}, "field points", "ok", "cf_points"),
        ({}, {"fields": {"tint": "Flagged"}}, "field tint", "error", "known: points"),
        ({}, {"site": {"fields": SITE.fields[1:]}}, "field points", "warning",
         "scope and velocity in points will say 'no data'"),
        ({}, {"site": {"issues": without("cf_points")}}, "field points", "warning",
         "cf_points is hidden from the 6 items looked at: an administrator can show it"),
        ({}, {"site": {"issues": altered(0, cf_points=None)}}, "field points", "ok", "cf_points"),
        # Statuses.
        ({}, {"statuses": {"doing": "done"}}, "status doing", "ok", "done"),
        ({}, {"statuses": {"3": "done"}}, "status 3", "ok", "done"),
        ({}, {"statuses": {"Doin": "done"}}, "status Doin", "warning", "nearest: Doing"),
        # What is beside the items.
        ({WORKLOGS: REFUSED}, {}, "worklogs", "warning", "not read: tracker: GET /rest/api/3/wor"),
        ({WORKLOGS: REFUSED}, {}, "worklogs", "warning", "or set worklogs = false of the source"),
        ({WORKLOGS: NOT_IN_SCOPE}, {}, "worklogs", "warning", "needs read:jira-work"),
        ({WORKLOGS: json_response({}, 410)}, {}, "worklogs", "error", "set worklogs = false"),
        ({REMOTE_LINKS: LINKING_OFF}, {}, "remote links", "error", "Issue linking is currently d"),
        ({REMOTE_LINKS: LINKING_OFF}, {}, "remote links", "error", "switch issue linking on, or"),
        ({REMOTE_LINKS: NOT_IN_SCOPE}, {}, "remote links", "error", "needs read:jira-work"),
        ({REMOTE_LINKS: json_response({}, 404)}, {}, "remote links", "ok", "can be read"),
        # Boards.
        ({"/rest/agile/1.0/board": REFUSED}, {}, "boards", "warning", "no sprint dates"),
        ({"/rest/agile/1.0/board": json_response({}, 404)}, {}, "boards", "warning",
         "no access to Jira Software"),
        ({"/rest/agile/1.0/board/2/sprint": REFUSED}, {}, "board Team", "warning", "have no dates"),
        ({}, {"boards": ("Other",)}, "boards", "warning", "not visible: Other"),
        ({}, {"boards": ("Other",)}, "boards", "warning", "share their filters with this login"),
    ],
)  # fmt: skip
def test_findings(
    changed: dict[str, Response], keys: dict[str, Any], subject: str, level: str, words: str
) -> None:
    findings = found(changed, **keys)
    said_level, text = findings[subject]
    assert said_level == level
    assert words in text
    assert not any(TOKEN in said for _, said in findings.values())


def test_what_the_source_does_not_want_is_not_asked_for() -> None:
    with served({WORKLOGS: REFUSED, REMOTE_LINKS: LINKING_OFF}) as server:
        findings = told(connector(server, worklogs=False, remote_links=False).check())
        assert not findings.keys() & {"worklogs", "remote links"}
        assert not [path for path in server.paths() if "worklog" in path or "remote" in path]


def test_of_the_items_one_that_has_links_is_asked_for_them() -> None:
    with served(issues=(*ISSUES[:2], LINKED | {"id": "77", "key": "PAY-77"})) as server:
        told(connector(server).check())
        asked = [path for path in server.paths() if path.endswith("remotelink")]
    assert asked == ["issue/77/remotelink"]


def test_a_project_that_cannot_be_read_keeps_nothing_of_the_others_back() -> None:
    findings = found(projects=("NONE", "PAY"))
    assert findings["project NONE"][0] == "error"
    assert findings["items of PAY"][0] == "ok"
    assert "items of NONE" not in findings


@pytest.fixture(scope="module")
def both() -> tuple[JiraSite, JiraSite]:
    """A Cloud and a Data Center of the simulated world."""
    world = build(5, date(2024, 7, 20))
    teams = [team for team in world.teams if team.tracker == "jira_dc"]
    return (
        jira_site(world, "https://site.example"),
        jira_dc_site(world, "http://dc.example/jira", teams),
    )


def test_both_kinds_of_the_simulated_sites_are_good(both: tuple[JiraSite, JiraSite]) -> None:
    cloud, center = both
    with served() as server:
        server.load(cloud)
        findings = told(connector(server).check())
    with data_center.served(center) as other:
        theirs = told(data_center.connector(other).check())
    assert {level for level, _ in (findings | theirs).values()} == {"ok"}
    assert findings.keys() == theirs.keys()


@pytest.mark.parametrize(
    ("changed", "keys", "subject", "level", "words"),
    [
        ({}, {"token": Secret("inline", "expired")}, "source", "error", "personal access token"),
        ({"/jira/rest/api/2/myself": CAPTCHA}, {}, "source", "error", "wants a CAPTCHA"),
        ({"/jira/rest/api/2/search": BAD_JQL}, {"jql": "tean = A"}, "items", "error",
         "correct jql of the source"),
        ({}, {"projects": ("NONE",)}, "project NONE", "error", "'Browse projects' is missing"),
        ({"/jira/rest/agile/1.0/board": json_response({}, 404)}, {}, "boards", "warning",
         "no access to Jira Software"),
    ],
)  # fmt: skip
def test_findings_of_a_data_center(
    both: tuple[JiraSite, JiraSite], changed: dict[str, Response], keys: dict[str, Any],
    subject: str, level: str, words: str,
) -> None:  # fmt: skip
    with data_center.served(both[1], changed) as server:
        said_level, text = told(data_center.connector(server, **keys).check())[subject]
    assert said_level == level
    assert words in text
