"""Pull requests of the simulated GitHub teams, and what a later day makes of them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from pmo_sync.demo.facts import World
from pmo_sync.demo.github_pull_site import GithubPull
from pmo_sync.demo.github_site import GithubSite
from pmo_sync.demo.render_github import github_site
from pmo_sync.demo.servers import Trackers
from pmo_sync.demo.world import UNTIL, build_days
from tests.demo.github_clients import data

QUERY = """query($after: String) { repository(owner: "harbourline", name: "gateway") {
  pullRequests(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes {
    number state isDraft merged mergedAt closedAt baseRefName reviewDecision
    closingIssuesReferences(first: 5) { nodes { number state
      timelineItems(first: 50, itemTypes: [CLOSED_EVENT, CROSS_REFERENCED_EVENT]) { nodes {
        __typename
        ... on ClosedEvent { createdAt closer { ... on PullRequest { number } } }
        ... on CrossReferencedEvent { willCloseTarget source { ... on PullRequest { number } } }
      } } } }
    timelineItems(first: 20) { nodes { __typename } }
  } } } }"""


def test_a_pull_request_closes_its_issue_and_both_say_so(trackers: Trackers) -> None:
    after, pulls = None, []
    while True:
        page = data(trackers.github, QUERY, after=after)["repository"]["pullRequests"]
        pulls += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    states = Counter(one["state"] for one in pulls)
    assert states["MERGED"] > 100
    assert states["OPEN"]
    for pull in pulls:
        (issue,) = pull["closingIssuesReferences"]["nodes"]
        told = issue["timelineItems"]["nodes"]
        assert [one["source"]["number"] for one in told if "source" in one] == [pull["number"]]
        assert pull["merged"] == (pull["state"] == "MERGED") == (pull["mergedAt"] is not None)
        closers = {one["createdAt"]: one["closer"] for one in told if "closer" in one}
        if pull["merged"]:
            assert closers[pull["mergedAt"]] == {"number": pull["number"]}
        kinds = [one["__typename"] for one in pull["timelineItems"]["nodes"]]
        assert ("MergedEvent" in kinds) == pull["merged"]


@pytest.fixture(scope="module")
def days() -> tuple[GithubSite, GithubSite]:
    first, second = build_days(1, [UNTIL - timedelta(days=60), UNTIL])
    return github_site(first, "https://github.test"), github_site(second, "https://github.test")


def pulls_of(site: GithubSite) -> dict[str, GithubPull]:
    return {pull.node_id: pull for one in site.repositories for pull in one.pulls}


def test_a_later_day_has_the_same_past(days: tuple[GithubSite, GithubSite]) -> None:
    before, after = (pulls_of(site) for site in days)
    assert before.keys() < after.keys()
    for key, pull in before.items():
        assert after[key].events[: len(pull.events)] == pull.events
        assert after[key].created_at == pull.created_at
        if pull.state != "OPEN":
            assert after[key] == pull


def test_an_issues_events_stay_as_they_were(days: tuple[GithubSite, GithubSite]) -> None:
    before, after = ({issue.node_id: issue.events for one in site.repositories
                      for issue in one.issues} for site in days)  # fmt: skip
    for key, events in before.items():
        assert {one.node_id for one in events} <= {one.node_id for one in after[key]}


def test_work_that_is_linked_with_another_tracker_names_it(world: World) -> None:
    site = github_site(world, "https://github.test")
    there = {team.key for team in world.teams if team.tracker != "github"}
    named = [pull for pull in pulls_of(site).values() if pull.title.startswith("[")]
    assert named
    for pull in named:
        key = pull.title[1:].partition("]")[0]
        assert key.partition("-")[0] in there
        assert pull.head.startswith(f"{key}-")
