"""Everything that a sync of a Cloud site asks is asked as Jira's published descriptions say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft4Validator

from pmo_sync.demo.http import Request
from pmo_sync.demo.jira_state import JiraLimits
from tests.connectors.jira.jira_recorded import ROOT
from tests.connectors.jira.jira_small_site import ISSUES, NOW, connector, served
from tests.connectors.jira.jira_wire import change, history, user
from tests.connectors.jira.test_jira_remote_links import LINKED, REMOTE

SPECS = ROOT.parent / "specs" / "jira"
PLATFORM, SOFTWARE = "jira-cloud-platform-v3.2025-07.json", "jira-software.2022-07.json"
UNDESCRIBED = ("/_edge/tenant_info",)
"""What is known of a site without an API."""
pytestmark = pytest.mark.skipif(
    not (SPECS / PLATFORM).is_file(), reason="Jira's published descriptions are not here"
)


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """Both descriptions as one: their paths, and their components by name."""
    platform, software = (json.loads((SPECS / name).read_text()) for name in (PLATFORM, SOFTWARE))
    return {"paths": software["paths"] | platform["paths"], "components": platform["components"]}


def mistakes(described: dict[str, Any], request: Request) -> list[str]:
    """What of a request is not as described: its path, its parameters, its body."""
    path = re.sub(r"^/rest/api/2/", "/rest/api/3/", request.path)
    operation = operation_of(described, path, request.method.lower())
    if operation is None:
        return [] if path in UNDESCRIBED else [f"{request.method} {path}: not described"]
    parameters = {one["name"]: one for one in operation.get("parameters", ())}
    found = [f"{path}: {name}" for name in request.query if name not in parameters]
    for name, values in request.query.items():
        kind = parameters.get(name, {}).get("schema", {}).get("type")
        if kind == "integer" and not all(re.fullmatch(r"-?\d+", value) for value in values):
            found.append(f"{path}: {name} is no number")
    if request.body:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        whole = {"allOf": [schema], "components": described["components"]}
        found += [one.message for one in Draft4Validator(whole).iter_errors(request.json())]
    return found


def operation_of(described: dict[str, Any], path: str, method: str) -> dict[str, Any] | None:
    for template, methods in described["paths"].items():
        pattern = re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and method in methods:
            found: dict[str, Any] = methods[method]
            return found
    return None


def test_what_a_sync_and_a_check_ask(described: dict[str, Any]) -> None:
    """With everything that is asked for now and then: epics by key, long changelogs, accounts of
    the past, remote links, worklogs with edits and deletions."""
    former = history(998, "2026-01-06T00:00:00.000+0000",
                     change("assignee", "carl", "bob", field_id="assignee"))  # fmt: skip
    fields = ISSUES[1]["fields"] | {"cf_epic": "OPS-999"}
    epic = ISSUES[1] | {"fields": fields, "changelog": {
        "histories": [former, *ISSUES[1]["changelog"]["histories"]]}}  # fmt: skip
    log = {
        "id": "1", "issueId": "10", "author": user("bob"), "timeSpentSeconds": 60,
        **dict.fromkeys(("started", "created", "updated"), "2026-01-04T00:00:00.000+0000"),
    }  # fmt: skip
    site: dict[str, Any] = {
        "issues": (LINKED, epic, *ISSUES[2:]), "remote_links": REMOTE, "worklogs": {"10": (log,)},
    }  # fmt: skip
    with served(limits=JiraLimits(page=6, changelog=1), **site) as server:
        asking = connector(server, projects=("PAY",), jql="created > 2001-01-01")
        list(asking.check())
        state: dict[str, str] = {}
        for batch in asking.sync({}, now=NOW):
            state |= batch.state
        loaded = server.site
        assert loaded is not None
        gone = ({"worklogId": 2, "updatedTime": 1_800_000_000_000},)
        server.load(replace(loaded, removed_worklogs=gone))
        list(asking.sync(state, now=NOW))
        server.load(replace(loaded, issues=()))
        list(asking.sync(state, now=NOW))
        asked = list(server.asked)
    numbered = r"(?<=issue/)[^/]+|(?<=board/)[^/]+"
    kinds = {re.sub(numbered, "*", one.path.partition("/rest/")[2]) for one in asked}
    assert {
        "api/3/changelog/bulkfetch", "api/3/issue/*/remotelink", "api/3/issue/*",
        "api/3/user/bulk", "api/3/worklog/list", "api/3/worklog/deleted", "api/3/mypermissions",
        "agile/1.0/board/*/sprint",
    } <= kinds  # fmt: skip
    assert any(one.query.get("status") == ("archived", "deleted") for one in asked)
    assert [mistake for one in asked for mistake in mistakes(described, one)] == []


def test_a_request_that_is_not_described_is_found(described: dict[str, Any]) -> None:
    """The test above would see it."""
    wrong = [
        Request("GET", "/rest/api/3/nothing", {}, {}),
        Request("DELETE", "/rest/api/3/issue/1/votes/2", {}, {}),
        Request("GET", "/rest/api/3/myself", {"colour": ("red",)}, {}),
        Request("GET", "/rest/api/3/worklog/updated", {"since": ("yesterday",)}, {}),
        Request("POST", "/rest/api/3/worklog/list", {}, {}, b'{"ids": "all"}'),
        Request("POST", "/rest/api/3/search/jql", {}, {}, b'{"fields": "summary"}'),
    ]
    assert [bool(mistakes(described, one)) for one in wrong] == [True] * len(wrong)
