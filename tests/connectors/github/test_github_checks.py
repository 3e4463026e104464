"""``check`` against a simulated GitHub: the permission that is missing is named, thing by thing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from pmo_sync.connectors.base import Finding
from pmo_sync.connectors.github import GithubConnector
from pmo_sync.demo.http import Request, Response
from tests.connectors.github.board_samples import board, row, site_with
from tests.connectors.github.github_samples import (
    FaultyGithub,
    Recorder,
    graphql_errors,
    site,
    site_issue,
)


@pytest.fixture
def server() -> Iterator[FaultyGithub]:
    with FaultyGithub() as server:
        server.load(site_with([board([row(1)])], [site_issue(1)]))
        yield server


def check(server: FaultyGithub, **fields: Any) -> list[Finding]:
    return list(GithubConnector(server.source(**fields), Recorder()).check())


def about(found: list[Finding], *subjects: str) -> list[tuple[str, str]]:
    return [(one.level, one.text) for one in found if one.subject in subjects]


@pytest.mark.parametrize(
    ("unreadable", "level", "text"),
    [
        ("issues", "error", "the token needs Issues: read (a classic token: the scope repo)"),
        ("pullRequests", "warning", "pull requests cannot be read; the token needs Pull requests"),
        ("releases", "warning", "acme/shop: releases cannot be read; the token needs Contents"),
        ("deployments", "warning", "deployments cannot be read; the token needs Deployments: read"),
    ],
)
def test_a_missing_permission_is_named(
    server: FaultyGithub, unreadable: str, level: str, text: str
) -> None:
    server.load(site([site_issue(1)], unreadable=frozenset({unreadable})))
    [(found, told)] = [
        one for one in about(check(server), "permission", "repository") if one[0] != "ok"
    ]
    assert found == level and text in told


def test_an_organization_whose_repositories_hide_their_issues_is_told(
    server: FaultyGithub,
) -> None:
    server.load(site([site_issue(1)], unreadable=frozenset({"issues"})))
    [(level, text)] = about(check(server, organization="acme"), "repository")
    assert level == "error" and text.startswith("acme: 1 of its repositories: forbidden")
    assert "the token needs Issues: read" in text


def test_a_repository_that_is_hidden_wants_metadata(server: FaultyGithub) -> None:
    server.load(site([site_issue(1)], forbidden=True))
    [(level, text)] = about(check(server), "repository")
    assert level == "error"
    assert "acme/shop: forbidden" in text and "Issues: read and Metadata: read" in text


def test_nothing_is_said_of_evidence_that_is_not_wanted(server: FaultyGithub) -> None:
    server.load(site([site_issue(1)], unreadable=frozenset({"releases"})))
    assert about(check(server, pull_requests="ignore"), "permission") == []


def test_a_board_says_which_fields_are_read(server: FaultyGithub) -> None:
    [(level, text)] = about(check(server, boards=("acme/5",)), "board")
    assert level == "ok"
    assert text.startswith("acme/projects/5: Board 5; reads Estimate as points, Priority as")
    [(level, text)] = about(check(server, boards=("acme/5",), fields={"impact": "Impact"}), "board")
    assert level == "warning" and text.endswith("it has no field for impact")


def test_a_board_that_cannot_be_read_wants_projects(server: FaultyGithub) -> None:
    found = about(check(server, boards=("acme/9",)), "board")
    assert [level for level, _ in found] == ["error"] and "Projects: read" in found[0][1]
    server.scopes = ("repo",)
    server.load(site_with([board([row(1)])], [site_issue(1)]))
    found = about(check(server, boards=("acme/5",)), "board", "token")
    assert [level for level, _ in found] == ["error", "error"]
    assert all("read:project" in text for _, text in found)
    assert about(check(server), "token") == [], "which nobody wants without boards"


def test_a_fine_grained_token_without_projects_is_told_so(server: FaultyGithub) -> None:
    no = graphql_errors(
        {"type": "FORBIDDEN", "message": "Resource not accessible by personal access token",
         "path": ["owner", "projectV2"]},
        data={"owner": {"projectV2": None}},
    )  # fmt: skip
    server.faults.extend([None, None, no])
    [(level, text)] = about(check(server, boards=("acme/5",)), "board")
    assert level == "error"
    assert "Resource not accessible" in text and "boards want Projects: read" in text


def test_single_sign_on_that_hides_an_organization_is_told(server: FaultyGithub) -> None:
    def partial(_: Request, proper: Response) -> Response:
        header = ("X-GitHub-SSO", "partial-results; organizations=21955855,20582480")
        return replace(proper, headers=(*proper.headers, header))

    server.faults.extend([None, partial])
    [(level, text)] = about(check(server), "single sign-on")
    assert level == "error" and "21955855,20582480" in text and "authorize the token" in text


def test_single_sign_on_that_blocks_the_token_is_told(server: FaultyGithub) -> None:
    url = "https://github.com/orgs/acme/sso?authorization_request=SECRET"
    server.faults.append(
        Response(b'{"message": "Resource protected by organization SAML enforcement."}', 403,
                 headers=(("X-GitHub-SSO", f"required; url={url}"),))
    )  # fmt: skip
    [(level, text)] = about(check(server), "access")
    assert level == "error" and "single sign-on" in text and "SECRET" not in text
