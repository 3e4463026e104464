"""What the simulated Jiras answer is what Jira's published descriptions say, path by path.

The descriptions are Cloud's (REST v3, and Jira Software's). Data Center's REST v2 has none that
is this exact; where Cloud still has a path that Data Center answers, its answers are checked too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft4Validator

from pmo_sync.demo.facts import World
from pmo_sync.demo.jira_server import JiraLogin, JiraServer
from pmo_sync.demo.render_jira import jira_site
from pmo_sync.demo.servers import JIRA_EMAIL, JIRA_TOKEN
from tests.demo.data_center import PASSWORD, data_center
from tests.demo.noted_world import PAGES, noted

BEYOND = {
    "ServerInformation": {"defaultLocale", "deploymentType"},
    "FieldDetails": {"untranslatedName"},
    "IssueTypeDetails": {"untranslatedName"},
    "StatusDetails": {"untranslatedName"},
}
"""Names that real answers carry (they are in recorded ones) though the description omits them."""
OWN_EXAMPLES: dict[str, dict[str, Any]] = {
    "BulkIssueResults": {"expand": {"type": "string"}},
    "Changelog": {"created": {"type": ["string", "integer"]}},
}
"""Properties that the description's own examples have otherwise than its schemas."""

ISSUE = "/rest/api/3/issue/{issueIdOrKey}"
PROJECT = "/rest/api/3/project/{projectIdOrKey}"
BOARD = "/rest/agile/1.0/board/{boardId}"
IN_BOTH = [
    ("/rest/api/3/serverInfo", "serverInfo"),
    ("/rest/api/3/myself", "myself"),
    ("/rest/api/3/mypermissions", "mypermissions?permissions=BROWSE_PROJECTS"),
    ("/rest/api/3/field", "field"),
    ("/rest/api/3/status", "status"),
    ("/rest/api/3/issuetype", "issuetype"),
    ("/rest/api/3/priority", "priority"),
    ("/rest/api/3/resolution", "resolution"),
    (PROJECT, "project/PAY"),
    (PROJECT + "/version", "project/PAY/version"),
    (PROJECT + "/versions", "project/PAY/versions"),
    (ISSUE, "issue/PAY-20"),
    (ISSUE, "issue/PAY-20?expand=changelog"),
    (ISSUE + "/worklog", "issue/PAY-20/worklog"),
    (ISSUE + "/remotelink", "issue/PAY-20/remotelink"),
    ("/rest/api/3/worklog/updated", "worklog/updated"),
    ("/rest/api/3/worklog/deleted", "worklog/deleted"),
    ("/rest/agile/1.0/board", "board"),
    (BOARD, "board/1"),
    (BOARD + "/configuration", "board/1/configuration"),
]
CLOUD_ALONE = [
    ("/rest/api/3/project/search", "project/search"),
    ("/rest/api/3/priority/search", "priority/search"),
    ("/rest/api/3/resolution/search", "resolution/search"),
    ("/rest/api/3/search/jql", "search/jql?jql=project=PAY"),
    ("/rest/api/3/search/jql", "search/jql?jql=key=PAY-20&fields=*all&expand=changelog"),
    (ISSUE + "/changelog", "issue/PAY-20/changelog"),
]
DATA_CENTER_ALONE = [
    ("/rest/api/3/search", "search?jql=project=PAY"),
    ("/rest/api/3/search", "search?jql=key=PAY-20&fields=*all&expand=changelog"),
    ("/rest/api/3/user", "user?username=ada"),
]


@dataclass(frozen=True)
class Descriptions:
    """The published descriptions, by the beginning of the paths that they describe."""

    platform: dict[str, Any]
    software: dict[str, Any]

    def mistakes(self, method: str, path: str, answer: Any) -> list[str]:
        """What of an answer contradicts the description of a path."""
        described = self.platform if path.startswith("/rest/api") else self.software
        content = described["paths"][path][method]["responses"]["200"]["content"]
        schema = {**content["application/json"]["schema"], "components": described["components"]}
        if "$ref" in schema:
            schema = {"allOf": [{"$ref": schema.pop("$ref")}], **schema}
        found = Draft4Validator(schema).iter_errors(without_nulls(answer))
        return [f"{'/'.join(map(str, one.path))}: {one.message}" for one in found]


def without_nulls(value: Any) -> Any:
    """A JSON value without the names whose value is null: the description leaves null out."""
    if isinstance(value, dict):
        return {name: without_nulls(one) for name, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def descriptions(recorded_folder: Path) -> Descriptions:
    folder = recorded_folder.parent / "specs" / "jira"
    names = ("jira-cloud-platform-v3.2025-07.json", "jira-software.2022-07.json")
    if not all((folder / name).is_file() for name in names):
        pytest.skip("Jira's published descriptions are not here")
    platform, software = (json.loads((folder / name).read_text("utf-8")) for name in names)
    mend(platform)
    return Descriptions(platform, software)


def mend(platform: dict[str, Any]) -> None:
    """Amend the description where it contradicts real answers or its own examples."""
    schemas = platform["components"]["schemas"]
    for schema, beyond in BEYOND.items():
        schemas[schema]["properties"].update({name: {} for name in beyond})
    for schema, properties in OWN_EXAMPLES.items():
        schemas[schema]["properties"].update(properties)
    links = platform["paths"][ISSUE + "/remotelink"]["get"]["responses"]["200"]["content"]
    # the example is a list of what the schema says there is one of
    one = links["application/json"]["schema"]
    links["application/json"]["schema"] = {"type": "array", "items": one}


@pytest.fixture(scope="module")
def cloud(world: World) -> Iterator[str]:
    server = JiraServer(JiraLogin(JIRA_EMAIL, JIRA_TOKEN))
    server.load(jira_site(noted(world), server.url, pages=PAGES))
    with server:
        yield server.url


@pytest.fixture(scope="module")
def own(world: World) -> Iterator[str]:
    with data_center(world) as server:
        yield server.url


def ask(url: str, version: str, login: tuple[str, str], path: str, body: Any = None) -> Any:
    area = "agile/1.0" if path.startswith("board") else f"api/{version}"
    method = "GET" if body is None else "POST"
    address = f"{url}/rest/{area}/{path}"
    answer = requests.request(method, address, json=body, auth=login, timeout=5)
    assert answer.status_code == 200, answer.text
    return answer.json()


ask_cloud = partial(ask, version="3", login=(JIRA_EMAIL, JIRA_TOKEN))
ask_own = partial(ask, version="2", login=("pmo", PASSWORD))


@pytest.mark.parametrize(("path", "asked"), [*IN_BOTH, *CLOUD_ALONE])
def test_cloud_answers_as_described(
    descriptions: Descriptions, cloud: str, path: str, asked: str
) -> None:
    answer = ask_cloud(cloud, path=asked)
    assert answer
    assert descriptions.mistakes("get", path, answer) == []


@pytest.mark.parametrize(("path", "asked"), [*IN_BOTH, *DATA_CENTER_ALONE])
def test_data_center_answers_as_described(
    descriptions: Descriptions, own: str, path: str, asked: str
) -> None:
    answer = ask_own(own, path=asked)
    assert answer
    assert descriptions.mistakes("get", path, answer) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("search/jql", {"jql": "key = PAY-20", "fields": ["*all"], "expand": "changelog"}),
        ("search/approximate-count", {"jql": "project = PAY"}),
        ("issue/bulkfetch", {"issueIdsOrKeys": ["PAY-20"], "fields": ["*all"]}),
        ("changelog/bulkfetch", {"issueIdsOrKeys": ["PAY-20"]}),
    ],
)
def test_cloud_answers_a_post_as_described(
    descriptions: Descriptions, cloud: str, path: str, body: Any
) -> None:
    answer = ask_cloud(cloud, path=path, body=body)
    assert descriptions.mistakes("post", f"/rest/api/3/{path}", answer) == []


def test_worklogs_by_id_are_as_described(descriptions: Descriptions, cloud: str, own: str) -> None:
    for url, asked in ((cloud, ask_cloud), (own, ask_own)):
        changed = asked(url, path="worklog/updated")["values"]
        body = {"ids": [one["worklogId"] for one in changed]}
        answer = asked(url, path="worklog/list", body=body)
        assert len(answer) == 2
        assert descriptions.mistakes("post", "/rest/api/3/worklog/list", answer) == []


def test_users_are_as_described(descriptions: Descriptions, cloud: str) -> None:
    account = ask_cloud(cloud, path="myself")["accountId"]
    for path in ("user", "user/bulk"):
        answer = ask_cloud(cloud, path=f"{path}?accountId={account}")
        assert descriptions.mistakes("get", f"/rest/api/3/{path}", answer) == []


def test_a_description_catches_a_mistake(descriptions: Descriptions, cloud: str) -> None:
    answer = ask_cloud(cloud, path="worklog/updated")
    wrong = {**answer, "isLastPage": True, "since": "yesterday"}
    found = descriptions.mistakes("get", "/rest/api/3/worklog/updated", wrong)
    assert len(found) == 2
