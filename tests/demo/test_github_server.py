"""The simulated GitHub, asked by the real client and by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from github import Github
from github.GithubException import BadCredentialsException, UnknownObjectException

from pmo_sync.demo.facts import World
from pmo_sync.demo.servers import GITHUB_TOKEN, Trackers
from tests.demo.github_clients import connect, post

ISSUES = """
query($owner: String!, $name: String!, $after: String, $since: DateTime) {
  rateLimit { cost remaining resetAt }
  repository(owner: $owner, name: $name) {
    nameWithOwner
    issues(first: 25, after: $after, orderBy: {field: UPDATED_AT, direction: ASC},
           filterBy: {since: $since}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id number title url state stateReason(enableDuplicate: true) createdAt updatedAt closedAt
        fullDatabaseId databaseId
        author { login __typename }
        labels(first: 20) { nodes { name } }
        milestone { title }
        issueType { name }
        parent { number }
        blockedBy(first: 5) { nodes { number } }
        timelineItems(first: 2) { totalCount pageInfo { hasNextPage endCursor } }
      }
    }
  }
}
"""
TIMELINE = """
query($id: ID!, $after: String) {
  node(id: $id) { ... on Issue { timelineItems(first: 5, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      __typename
      ... on Node { id }
      ... on LabeledEvent { createdAt label { name } }
      ... on UnlabeledEvent { createdAt label { name } }
      ... on ClosedEvent { createdAt stateReason actor { login } }
      ... on ReopenedEvent { createdAt }
      ... on AssignedEvent { createdAt assignee { __typename ... on User { login } } }
    }
  } } }
}
"""


REPOSITORIES = ["portal", "data-platform", "field-app", "gateway", "pricing"]


@pytest.fixture(scope="module")
def client(trackers: Trackers) -> Iterator[Github]:
    client = connect(trackers.github.url)
    yield client
    client.close()


def walk(client: Github, **variables: Any) -> list[dict[str, Any]]:
    """All issues of a repository, page by page."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        _, answer = client.requester.graphql_query(ISSUES, {**variables, "after": after})
        page = answer["data"]["repository"]["issues"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            assert len(found) == page["totalCount"]
            return found
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize("key", ["portal", "data-platform", "field-app"])
def test_the_real_client_walks_all_issues(client: Github, world: World, key: str) -> None:
    team = next(one for one in world.teams if one.key == key)
    owner, _, name = team.container.partition("/")
    issues = walk(client, owner=owner, name=name)
    assert sorted(one["number"] for one in issues) == [item.number for item in team.items]
    categories = {stage.name: stage.category for stage in team.stages}
    by_number = {item.number: item for item in team.items}
    for issue in issues:
        item = by_number[issue["number"]]
        category = categories[str(item.value("status"))]
        labels = {label["name"] for label in issue["labels"]["nodes"]}
        assert (issue["state"] == "CLOSED") == (category == "done")
        assert ("in progress" in labels) == (category == "in_progress")
        assert ("blocked" in labels) == (item.value("blocked") is not None)
        assert (issue["closedAt"] is None) == (issue["state"] == "OPEN")
    assert [one["updatedAt"] for one in issues] == sorted(one["updatedAt"] for one in issues)


def test_the_timeline_of_an_issue_pages_and_ends_at_its_labels(client: Github) -> None:
    issues = walk(client, owner="harbourline", name="portal")
    longest = max(issues, key=lambda one: one["timelineItems"]["totalCount"])
    events: list[dict[str, Any]] = []
    after = longest["timelineItems"]["pageInfo"]["endCursor"]
    assert longest["timelineItems"]["pageInfo"]["hasNextPage"]
    while after:
        _, answer = client.requester.graphql_query(TIMELINE, {"id": longest["id"], "after": after})
        page = answer["data"]["node"]["timelineItems"]
        events += page["nodes"]
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
    assert len(events) == longest["timelineItems"]["totalCount"] - 2
    assert len({event["id"] for event in events}) == len(events)


@pytest.mark.parametrize("name", ["portal", "data-platform", "field-app"])
def test_label_events_add_up_to_the_present_labels(trackers: Trackers, name: str) -> None:
    query = """query($name: String!, $after: String) {
      repository(owner: "harbourline", name: $name) { issues(first: 100, after: $after) { nodes {
        labels(first: 50) { nodes { name } }
        timelineItems(first: 100, itemTypes: [LABELED_EVENT, UNLABELED_EVENT]) { nodes {
          __typename
          ... on LabeledEvent { label { name } }
          ... on UnlabeledEvent { label { name } }
        } }
      } } } }"""
    for issue in post(trackers.github, query, name=name)["data"]["repository"]["issues"]["nodes"]:
        labels: set[str] = set()
        for event in issue["timelineItems"]["nodes"]:
            change = labels.add if event["__typename"] == "LabeledEvent" else labels.remove
            change(event["label"]["name"])
        assert labels == {label["name"] for label in issue["labels"]["nodes"]}


def test_since_asks_for_what_changed(client: Github) -> None:
    everything = walk(client, owner="harbourline", name="portal")
    since = sorted(one["updatedAt"] for one in everything)[len(everything) // 2]
    for text in (since, since.replace("Z", "+00:00"), since.replace("Z", ".000Z")):
        changed = walk(client, owner="harbourline", name="portal", since=text)
        assert {one["number"] for one in changed} == {
            one["number"] for one in everything if one["updatedAt"] >= since
        }


def test_what_is_gone_or_new_is_shown_as_github_does(client: Github) -> None:
    """Deleted accounts are null, bots are Bots, ids outgrow 32 bits."""
    issues = [
        issue for name in REPOSITORIES for issue in walk(client, owner="harbourline", name=name)
    ]
    kinds = {one["author"]["__typename"] if one["author"] else None for one in issues}
    assert kinds == {"User", "Bot", None}
    assert all(one["databaseId"] is None for one in issues)
    assert all(int(one["fullDatabaseId"]) > 2**31 for one in issues)
    assert {one["issueType"]["name"] for one in issues} == {"Epic", "Feature", "Bug", "Task"}
    assert any(one["parent"] for one in issues)
    assert any(one["blockedBy"]["nodes"] for one in issues)


def test_the_real_client_reads_the_rest_api(client: Github) -> None:
    assert client.get_user().login == "portfolio-office"
    assert client.oauth_scopes is not None
    assert "repo" in client.oauth_scopes
    assert client.get_rate_limit().rate.limit == 5000
    assert client.rate_limiting[1] == 5000
    repository = client.get_repo("harbourline/portal")
    assert (repository.private, repository.has_issues, repository.archived) == (True, True, False)
    names = [one.name for one in client.get_organization("harbourline").get_repos()]
    assert names == REPOSITORIES
    assert len(list(client.get_user().get_repos())) == 5
    with pytest.raises(UnknownObjectException):
        client.get_repo("harbourline/nothing")
    with pytest.raises(UnknownObjectException):
        walk(client, owner="harbourline", name="nothing")


def test_a_list_leads_to_its_next_page(trackers: Trackers) -> None:
    answer = requests.get(
        f"{trackers.github.url}/orgs/harbourline/repos?per_page=2",
        headers={"Authorization": f"token {GITHUB_TOKEN}"},
        timeout=5,
    )
    assert len(answer.json()) == 2
    following = requests.get(
        answer.links["next"]["url"], headers={"Authorization": f"token {GITHUB_TOKEN}"}, timeout=5
    )
    assert len(following.json()) == 2
    last = requests.get(
        following.links["next"]["url"],
        headers={"Authorization": f"token {GITHUB_TOKEN}"},
        timeout=5,
    )
    assert len(last.json()) == 1
    assert "next" not in last.links


@pytest.mark.parametrize(
    ("path", "header", "status", "message"),
    [
        ("/user", None, 401, "Requires authentication"),
        ("/user", "token wrong", 401, "Bad credentials"),
        ("/graphql", "bearer wrong", 401, "Bad credentials"),
        ("/user", f"Basic {GITHUB_TOKEN}", 401, "Bad credentials"),
        ("/nothing/here", f"token {GITHUB_TOKEN}", 404, "Not Found"),
        ("/repos/harbourline/nothing", f"token {GITHUB_TOKEN}", 404, "Not Found"),
        ("/graphql", f"token {GITHUB_TOKEN}", 404, "Not Found"),
    ],
)
def test_refusals_are_githubs(
    trackers: Trackers, path: str, header: str | None, status: int, message: str
) -> None:
    headers = {"Authorization": header} if header else {}
    answer = requests.get(trackers.github.url + path, headers=headers, timeout=5)
    assert answer.status_code == status
    assert answer.json()["message"] == message


def test_the_real_client_meets_bad_credentials(trackers: Trackers) -> None:
    client = connect(trackers.github.url, "wrong")
    with pytest.raises(BadCredentialsException):
        client.get_user().login  # noqa: B018
    client.close()


def test_an_enterprise_server_has_its_api_below_a_path(trackers: Trackers) -> None:
    client = connect(f"{trackers.github.url}/api/v3")
    assert client.get_user().login == "portfolio-office"
    assert walk(client, owner="harbourline", name="portal")
    client.close()


REPOSITORY = 'repository(owner: "harbourline", name: "portal")'


@pytest.mark.parametrize(
    ("query", "kind", "message", "data"),
    [
        (
            f"{{ {REPOSITORY} {{ issues {{ nodes {{ id }} }} }} }}",
            "MISSING_PAGINATION_BOUNDARIES",
            "You must provide a `first` or `last` value to properly paginate the `issues` "
            "connection.",
            {"repository": None},
        ),
        (
            f"{{ {REPOSITORY} {{ name issues(first: 101) {{ nodes {{ id }} }} }} }}",
            "EXCESSIVE_PAGINATION",
            "Requesting 101 records on the `issues` connection exceeds the `first` limit of 100 "
            "records.",
            {"repository": None},
        ),
        (
            f'{{ viewer {{ login }} {REPOSITORY} {{ labels(first: 5, after: "x") {{ nodes '
            "{ id } } } }",
            "INVALID_CURSOR_ARGUMENTS",
            "`x` does not appear to be a valid cursor.",
            {"viewer": {"login": "portfolio-office"}, "repository": {"labels": None}},
        ),
        (
            '{ viewer { login } repository(owner: "x", name: "y") { id } }',
            "NOT_FOUND",
            "Could not resolve to a Repository with the name 'x/y'.",
            {"viewer": {"login": "portfolio-office"}, "repository": None},
        ),
        (
            '{ nodes(ids: ["none"]) { id } }',
            "NOT_FOUND",
            "Could not resolve to a node with the global id of 'none'.",
            {"nodes": [None]},
        ),
        (
            '{ organization(login: "none") { id } }',
            "NOT_FOUND",
            "Could not resolve to an Organization with the login of 'none'.",
            {"organization": None},
        ),
    ],
)
def test_an_error_comes_with_what_could_be_answered(
    trackers: Trackers, query: str, kind: str, message: str, data: Any
) -> None:
    answer = post(trackers.github, query)
    (error,) = answer["errors"]
    assert (error["type"], error["message"]) == (kind, message)
    assert set(error) == {"type", "path", "locations", "message"}
    assert answer["data"] == data


def test_a_query_that_asks_for_unknown_fields_is_not_executed(trackers: Trackers) -> None:
    answer = post(trackers.github, "{ viewer { shoeSize } }")
    assert "data" not in answer
    (error,) = answer["errors"]
    assert error["message"] == "Field 'shoeSize' doesn't exist on type 'User'"
    assert error["extensions"]["code"] == "undefinedField"


def test_a_count_needs_no_bounds(trackers: Trackers) -> None:
    answer = post(trackers.github, f"{{ {REPOSITORY} {{ issues {{ totalCount }} }} }}")
    assert answer["data"]["repository"]["issues"]["totalCount"] > 50


def test_pages_can_be_walked_backwards(trackers: Trackers) -> None:
    query = f"""query($before: String) {{ {REPOSITORY} {{
      issues(last: 3, before: $before) {{
        nodes {{ number }} pageInfo {{ hasPreviousPage startCursor }} }} }} }}"""
    last = post(trackers.github, query)["data"]["repository"]["issues"]
    start = last["pageInfo"]["startCursor"]
    before = post(trackers.github, query, before=start)["data"]["repository"]["issues"]
    numbers = [one["number"] for one in (*before["nodes"], *last["nodes"])]
    assert numbers == list(range(numbers[0], numbers[0] + 6))
    assert last["pageInfo"]["hasPreviousPage"]


def test_a_duplicate_is_named_to_who_asks(trackers: Trackers) -> None:
    query = """{ repository(owner: "harbourline", name: "%s") { issues(first: 100) { nodes {
      plain: stateReason named: stateReason(enableDuplicate: true) } } } }"""
    reasons = {
        (issue["plain"], issue["named"])
        for name in ("portal", "data-platform", "field-app")
        for issue in post(trackers.github, query % name)["data"]["repository"]["issues"]["nodes"]
    }
    assert ("NOT_PLANNED", "DUPLICATE") in reasons
    assert ("COMPLETED", "COMPLETED") in reasons
    assert ("NOT_PLANNED", "NOT_PLANNED") in reasons


def test_an_issue_has_a_page_to_open(trackers: Trackers) -> None:
    query = f"{{ {REPOSITORY} {{ url issue(number: 1) {{ url }} }} }}"
    repository = post(trackers.github, query)["data"]["repository"]
    assert repository["url"] == f"{trackers.github.url}/harbourline/portal"
    page = requests.get(repository["issue"]["url"], timeout=5)
    assert "Orders at a glance" in page.text
    assert requests.get(f"{repository['url']}/issues/99999", timeout=5).status_code == 404
