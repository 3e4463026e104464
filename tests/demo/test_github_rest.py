"""The REST API of the simulated GitHub: the real client walks it, and its answers are described."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from github import Github
from jsonschema import Draft202012Validator

from pmo_sync.demo.facts import Team, World
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.demo.render_github import github_site
from pmo_sync.demo.servers import GITHUB_TOKEN, Trackers
from tests.demo.github_clients import connect

HEADERS = {"Authorization": f"token {GITHUB_TOKEN}"}
PORTAL = "/repos/harbourline/portal"
DESCRIBED = "/repos/{owner}/{repo}"
ISSUE = f"{DESCRIBED}/issues/{{issue_number}}"
ANSWERED = [
    ("/user", "/user"),
    ("/orgs/{org}", "/orgs/harbourline"),
    ("/orgs/{org}/repos", "/orgs/harbourline/repos"),
    ("/rate_limit", "/rate_limit"),
    (DESCRIBED, PORTAL),
    (f"{DESCRIBED}/issues", f"{PORTAL}/issues?state=all"),
    (f"{DESCRIBED}/pulls", f"{PORTAL}/pulls?state=all"),
    (f"{DESCRIBED}/milestones", f"{PORTAL}/milestones?state=all"),
    (f"{DESCRIBED}/labels", f"{PORTAL}/labels"),
    (ISSUE, f"{PORTAL}/issues/40"),
    (f"{ISSUE}/timeline", f"{PORTAL}/issues/1/timeline"),
    (f"{ISSUE}/timeline", f"{PORTAL}/issues/40/timeline"),
    (f"{ISSUE}/sub_issues", f"{PORTAL}/issues/1/sub_issues"),
    (f"{ISSUE}/dependencies/blocked_by", f"{PORTAL}/issues/40/dependencies/blocked_by"),
]


@pytest.fixture(scope="module")
def client(trackers: Trackers) -> Iterator[Github]:
    client = connect(trackers.github.url)
    client.per_page = 100
    yield client
    client.close()


@pytest.fixture(scope="module")
def team(world: World) -> Team:
    return next(one for one in world.teams if one.key == "portal")


def get(trackers: Trackers, path: str, **headers: str) -> requests.Response:
    address = trackers.github.url + path
    return requests.get(address, headers={**HEADERS, **headers}, timeout=30, allow_redirects=False)


def test_the_real_client_walks_issues_and_pull_requests_together(
    client: Github, team: Team
) -> None:
    found = list(client.get_repo(team.container).get_issues(state="all"))
    pulls = [one for one in found if one.pull_request]
    assert {one.number for one in found} - {one.number for one in pulls} == {
        item.number for item in team.items
    }
    assert {one.number for one in pulls} == {
        one.number for one in client.get_repo(team.container).get_pulls(state="all")
    }
    assert pulls


def test_the_real_client_reads_what_hangs_on_an_issue(client: Github, team: Team) -> None:
    repository = client.get_repo(team.container)
    children = [item for item in team.items if item.value("parent") == f"{team.key}-1"]
    epic = repository.get_issue(1)
    assert {one.number for one in epic.get_sub_issues()} == {item.number for item in children}
    assert epic.sub_issues_summary.total == len(children)
    blocker = next(item for item in team.items if item.values("blocks"))
    blocked = next(int(key.rpartition("-")[2]) for key in blocker.values("blocks"))
    assert blocker.number in {one.number for one in repository.get_issue(blocked).get_blocked_by()}
    kinds = [one.event for one in repository.get_issue(blocked).get_timeline()]
    assert "blocked_by_added" in kinds
    assert "labeled" in kinds


def test_the_real_client_reads_milestones_by_state(client: Github, team: Team) -> None:
    repository = client.get_repo(team.container)
    for state, released in (("open", (False,)), ("closed", (True,)), ("all", (False, True))):
        found = {one.title for one in repository.get_milestones(state=state)}
        assert found == {one.name for one in team.milestones
                         if (one.released is not None) in released}  # fmt: skip


def test_a_merged_pull_request_closed_its_issue(client: Github, team: Team) -> None:
    repository = client.get_repo(team.container)
    merged = next(one for one in repository.get_pulls(state="closed") if one.merged_at)
    number = int(str(merged.body).removeprefix("Closes #"))
    issue = repository.get_issue(number)
    closings = [one.created_at for one in issue.get_timeline() if one.event == "closed"]
    assert merged.merged_at in closings


def test_since_and_order_are_as_asked(trackers: Trackers) -> None:
    query = "state=all&per_page=100&sort=updated&direction=asc"
    everything = get(trackers, f"{PORTAL}/issues?{query}").json()
    changes = [one["updated_at"] for one in everything]
    assert changes == sorted(changes)
    later = get(trackers, f"{PORTAL}/issues?{query}&since={changes[50]}").json()
    assert later[0]["updated_at"] == changes[50]


def test_pages_lead_to_all_others(trackers: Trackers) -> None:
    first = get(trackers, f"{PORTAL}/issues?state=all&per_page=50")
    assert first.links.keys() == {"next", "last"}
    second = requests.get(first.links["next"]["url"], headers=HEADERS, timeout=30)
    assert second.links.keys() == {"prev", "next", "last", "first"}
    last = requests.get(first.links["last"]["url"], headers=HEADERS, timeout=30)
    assert last.links.keys() == {"prev", "first"}
    assert "state=all" in last.links["first"]["url"]


def test_what_has_not_changed_is_not_sent_again(trackers: Trackers) -> None:
    first = get(trackers, f"{PORTAL}/issues/1")
    again = get(trackers, f"{PORTAL}/issues/1", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = get(trackers, f"{PORTAL}/issues/2", **{"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_issues_that_were_transferred_or_deleted(world: World) -> None:
    with GithubServer(GITHUB_TOKEN) as server:
        site = github_site(world, server.url)
        portal, gateway = site.repositories[0], site.repositories[3]
        left = replace(
            portal,
            issues=portal.issues[2:],
            moved={1: gateway.issues[0].node_id},
            deleted=frozenset({2}),
        )
        server.load(replace(site, repositories=(left, *site.repositories[1:])))
        client = connect(server.url)
        found = client.get_repo("harbourline/portal").get_issue(1)
        moved, gone = (
            requests.get(f"{server.url}{PORTAL}/issues/{number}", headers=HEADERS, timeout=5,
                         allow_redirects=False)
            for number in (1, 2)
        )  # fmt: skip
        client.close()
    assert found.id == gateway.issues[0].database_id
    assert moved.status_code == 301
    assert moved.headers["Location"].endswith("/repos/harbourline/gateway/issues/1")
    assert (gone.status_code, gone.json()["message"]) == (410, "This issue was deleted")


@pytest.mark.parametrize(
    "path", ["issues/99999", "issues/99999/timeline", "pulls/1", "issues/1/parent", "nothing"]
)
def test_what_is_not_there(trackers: Trackers, path: str) -> None:
    answer = get(trackers, f"{PORTAL}/{path}")
    assert (answer.status_code, answer.json()["message"]) == (404, "Not Found")


@pytest.fixture(scope="module")
def description(recorded_folder: Path) -> dict[str, Any]:
    path = recorded_folder.parent / "specs" / "github" / "api.github.com.json"
    if not path.is_file():
        pytest.skip("GitHub's published description of REST is not here")
    found = json.loads(path.read_text("utf-8"))
    return {"paths": nullable({one: found["paths"][one] for one, _ in ANSWERED}),
            "components": {"schemas": nullable(found["components"]["schemas"])}}  # fmt: skip


@pytest.mark.parametrize(("path", "asked"), ANSWERED)
def test_answers_are_as_githubs_description_has_them(
    trackers: Trackers, description: dict[str, Any], path: str, asked: str
) -> None:
    content = description["paths"][path]["get"]["responses"]["200"]["content"]
    schema = content["application/json"]["schema"]
    validator = Draft202012Validator({**schema, "components": description["components"]})
    answer = get(trackers, asked)
    assert answer.status_code == 200
    found = [f"{'/'.join(map(str, one.path))}: {one.message}"
             for one in validator.iter_errors(answer.json())]  # fmt: skip
    assert not found, found[:5]


def nullable(value: Any) -> Any:
    """OpenAPI 3.0's ``nullable`` in the words of JSON Schema."""
    if isinstance(value, list):
        return [nullable(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: nullable(one) for name, one in value.items()}
    if found.pop("nullable", None) is True:
        return {"anyOf": [found, {"type": "null"}]}
    return found


def recorded_exchanges(folder: Path, name: str) -> Iterator[tuple[str, int, Any]]:
    """Yield path, status and body of the recorded exchanges of a file."""
    path = folder / "github-rest-recorded" / f"{name}.txt"
    if not path.is_file():
        pytest.skip("the recorded REST exchanges are not here")
    lines = path.read_text("utf-8").splitlines()
    for at in range(0, len(lines) - 9, 11):
        yield lines[at + 4], int(lines[at + 7]), json.loads(lines[at + 9])


@pytest.mark.parametrize(
    ("name", "ending", "asked"),
    [
        ("SubIssue.testListSubIssues", "/sub_issues", f"{PORTAL}/issues/1/sub_issues"),
        ("Issue.testGetTimeline", "/timeline", f"{PORTAL}/issues/40/timeline"),
    ],
)
def test_answers_have_the_names_of_the_recorded_ones(
    trackers: Trackers, recorded_folder: Path, name: str, ending: str, asked: str
) -> None:
    ours = get(trackers, asked).json()
    recorded = [body for path, status, body in recorded_exchanges(recorded_folder, name)
                if path.endswith(ending) and status == 200]  # fmt: skip
    for was in (one for body in recorded for one in body):
        for mine in (one for one in ours if one.get("event") == was.get("event")):
            beyond = {"repository", "reactions", "comments"}
            missing = {one for one in was if was[one] is not None} - mine.keys() - beyond
            assert not missing, (was.get("event"), missing)
