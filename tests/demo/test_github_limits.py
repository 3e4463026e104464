"""What the simulated GitHub refuses before or while it answers, as a client meets it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from github import Auth, Github, GithubRetry
from github.GithubException import RateLimitExceededException
from graphql import parse

from pmo_sync.demo.facts import World
from pmo_sync.demo.github_cost import Cost, costs
from pmo_sync.demo.github_pace import Pace, Turnstile
from pmo_sync.demo.github_server import GithubServer
from pmo_sync.demo.render_github import github_site
from pmo_sync.demo.servers import GITHUB_TOKEN, Trackers
from tests.demo.github_clients import ask, connect, post

BOARD = '{ organization(login: "harbourline") { projectV2(number: 1) { id title } } }'
REPOSITORIES = "viewer { repositories(first: 100) { nodes { name %s } } }"
ISSUES = "issues(first: 100) { nodes { title %s } }"
LABELS = "labels(first: 60) { nodes { name } }"
FOLLOWED = "{ " + REPOSITORIES % (ISSUES % LABELS) + " }"


@pytest.fixture
def server(world: World) -> Iterator[GithubServer]:
    with GithubServer(GITHUB_TOKEN) as running:
        yield running


def loaded(server: GithubServer, world: World) -> GithubServer:
    server.load(github_site(world, server.url))
    return server


@pytest.mark.parametrize(
    ("query", "variables", "expected", "points"),
    [
        ("{ viewer { login } }", {}, Cost(0, 0), 1),
        ("{ " + REPOSITORIES % "" + " }", {}, Cost(100, 1), 1),
        ("{ " + REPOSITORIES % (ISSUES % "") + " }", {}, Cost(10_100, 101), 1),
        (FOLLOWED, {}, Cost(610_100, 10_101), 101),
        (
            "query($n: Int!) { viewer { repositories(first: $n) { nodes { ...On } } } } "
            "fragment On on Repository { issues(last: 50) { nodes { title } } "
            "labels(first: 1) { totalCount } }",
            {"n": 10},
            Cost(10 + 500 + 10, 21),
            1,
        ),
        (
            "query($n: Int = 50) { viewer { repositories(first: $n) { nodes { "
            "issues(first: 100) { nodes { labels(first: 60) { nodes { name } } } } } } } }",
            {},
            Cost(50 + 5000 + 300_000, 1 + 50 + 5000),
            51,
        ),
    ],
)
def test_a_querys_cost_is_told_from_its_text(
    query: str, variables: dict[str, Any], expected: Cost, points: int
) -> None:
    found = costs(parse(query), None).at(variables)
    assert found == expected
    assert found.points == points


def test_a_query_for_too_many_nodes_is_not_executed(trackers: Trackers) -> None:
    assert post(trackers.github, FOLLOWED) == {
        "errors": [
            {
                "type": "MAX_NODE_LIMIT_EXCEEDED",
                "message": "This query requests up to 610,100 possible nodes which exceeds the "
                "maximum limit of 500,000.",
            }
        ]
    }


def test_the_points_of_the_hour_are_told_in_the_answer_and_its_headers(trackers: Trackers) -> None:
    query = "{ rateLimit { limit cost remaining used nodeCount resetAt } %s }" % (
        REPOSITORIES % (ISSUES % "labels(first: 3) { nodes { name } }")
    )
    answer = ask(trackers.github, query)
    told = answer.json()["data"]["rateLimit"]
    assert (told["limit"], told["cost"], told["nodeCount"]) == (5000, 101, 40_100)
    assert told["used"] + told["remaining"] == 5000
    assert answer.headers["X-RateLimit-Remaining"] == str(told["remaining"])
    assert answer.headers["X-RateLimit-Resource"] == "graphql"
    after = ask(trackers.github, "{ rateLimit { used } }").json()["data"]["rateLimit"]["used"]
    assert after == told["used"] + 1


def test_without_points_nothing_is_answered(server: GithubServer, world: World) -> None:
    loaded(server, world).allowance.limit = 2
    server.allowance.strict = True
    for _ in range(2):
        assert "data" in post(server, "{ viewer { login } }")
    answer = ask(server, "{ viewer { login } }")
    assert answer.status_code == 200
    (error,) = answer.json()["errors"]
    assert (error["type"], error["code"]) == ("RATE_LIMIT", "graphql_rate_limit")
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    client = connect(server.url)
    client.get_user().login  # noqa: B018
    client.get_repo("harbourline/portal")
    with pytest.raises(RateLimitExceededException):
        client.get_repo("harbourline/portal")
    client.close()


def test_where_nothing_is_refused_clients_are_never_told_to_be_short_of_points(
    server: GithubServer, world: World
) -> None:
    """They would wait for the next hour: a sync of a long-lived simulation stood still."""
    allowance = loaded(server, world).allowance
    allowance.limit = 10
    left = [
        post(server, "{ rateLimit { remaining } }")["data"]["rateLimit"]["remaining"]
        for _ in range(25)
    ]
    assert (min(left), max(left)) == (5, 9)


def test_a_client_that_asks_too_fast_is_told_when_to_come_again(
    server: GithubServer, world: World
) -> None:
    loaded(server, world).limit(Pace(core=3, graphql=2, window=30))
    client = connect(server.url)
    for _ in range(3):
        client.get_repo("harbourline/portal")
    with pytest.raises(RateLimitExceededException) as refused:
        client.get_repo("harbourline/portal")
    assert refused.value.status == 403
    assert "secondary rate limit" in str(refused.value.data)
    assert 25 <= int((refused.value.headers or {})["retry-after"]) <= 30
    used = [client.requester.graphql_query("{ rateLimit { used } }", {})[1] for _ in range(2)]
    assert [one["data"]["rateLimit"]["used"] for one in used] == [1, 2], "an API of its own"
    with pytest.raises(RateLimitExceededException):
        client.requester.graphql_query("{ rateLimit { used } }", {})
    client.close()


def test_a_client_that_waits_as_it_is_told_loses_nothing(
    server: GithubServer, world: World
) -> None:
    loaded(server, world).limit(Pace(core=2, window=1))
    retry = GithubRetry(total=5, secondary_rate_wait=1)
    client = Github(base_url=server.url, auth=Auth.Token(GITHUB_TOKEN), retry=retry,
                    seconds_between_requests=None)  # fmt: skip
    names = [one.name for one in client.get_repo("harbourline/field-app").get_labels()]
    milestones = list(client.get_repo("harbourline/field-app").get_milestones(state="all"))
    site = server.site
    assert site
    (repository,) = (one for one in site.repositories if one.name == "field-app")
    assert names == [one.name for one in repository.labels]
    assert len(milestones) == len(repository.milestones)
    assert server.requests > 4, "no request was refused"
    client.close()


def test_the_points_of_a_minute_come_back_as_they_went() -> None:
    now = [0.0]
    gate = Turnstile(Pace(core=2, graphql=1, window=60), lambda: now[0])
    asked = []
    for at in (0, 10, 30, 59.5, 60, 69, 70):
        now[0] = at
        asked.append(gate.enter("core"))
    assert asked == [None, None, 30, 1, None, 1, None]
    assert gate.enter("graphql") is None


def test_only_so_many_are_answered_at_once() -> None:
    gate = Turnstile(Pace(concurrent=2))
    assert [gate.enter("core"), gate.enter("graphql"), gate.enter("core")] == [None, None, 0]
    gate.leave()
    assert gate.enter("core") is None


def test_a_token_without_the_scope_sees_no_board(server: GithubServer, world: World) -> None:
    server.scopes = ("repo", "read:org")
    answer = post(loaded(server, world), BOARD)
    assert "data" not in answer
    assert {one["type"] for one in answer["errors"]} == {"INSUFFICIENT_SCOPES"}
    fields = [one["message"].split("'")[1] for one in answer["errors"]]
    assert fields == ["projectV2", "id", "title"]
    assert (
        "['read:project'], but your token has only been granted the: ['read:org', 'repo']"
        in (answer["errors"][0]["message"])
    )
    assert "data" in post(server, '{ organization(login: "harbourline") { login } }')


def test_a_query_that_takes_too_much_is_given_up(server: GithubServer, world: World) -> None:
    server.resource_limit = 50
    answer = post(loaded(server, world), "{ one: " + REPOSITORIES % "" + " }")
    assert answer == {
        "data": {"one": None},
        "errors": [
            {
                "type": "RESOURCE_LIMITS_EXCEEDED",
                "path": ["one"],
                "message": "Resource limits for this query exceeded.",
            }
        ],
    }


def test_what_rest_says_of_the_limits(trackers: Trackers) -> None:
    headers = {"Authorization": f"token {GITHUB_TOKEN}"}
    answer = requests.get(f"{trackers.github.url}/rate_limit", headers=headers, timeout=5)
    limits = answer.json()
    assert limits["rate"] == limits["resources"]["core"]
    assert {"core", "search", "graphql"} <= limits["resources"].keys()
    before = limits["rate"]["used"]
    again = requests.get(f"{trackers.github.url}/rate_limit", headers=headers, timeout=5).json()
    assert again["rate"]["used"] == before, "asking costs nothing"
