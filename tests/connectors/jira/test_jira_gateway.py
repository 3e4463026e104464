"""A Cloud site behind the gateway of scoped tokens, service accounts and OAuth apps."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from pmo_sync.connectors.jira import JiraConnector
from pmo_sync.demo.http import Request, Response, json_response
from pmo_sync.demo.jira_state import JiraLimits
from pmo_sync.errors import AccessError
from tests.connectors.jira.jira_small_site import ISSUES, NOW, SITE, AlteredServer
from tests.connectors.jira.jira_wire import EMAIL, HASTE, TOKEN, Said, source

CLOUD_ID = "11111111-2222-3333-4444-555555555555"
PREFIX = f"/ex/jira/{CLOUD_ID}"
BASIC = "Basic " + base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
LOGINS: dict[str, dict[str, Any]] = {
    "an OAuth access token": {"email": None},
    "a scoped API token": {"email": EMAIL},
}


class Gateway(AlteredServer):
    """Lets through, from its own address, what the token's scopes are for."""

    def __init__(self, *refused: str) -> None:
        super().__init__({}, JiraLimits(page=6))
        self._refused = refused

    def answer(self, request: Request) -> Response:
        if not request.path.startswith(PREFIX + "/"):
            return json_response({"code": 404, "message": "Not Found"}, 404)
        if request.headers.get("authorization") not in (BASIC, f"Bearer {TOKEN}"):
            return json_response({"code": 401, "message": "Unauthorized"}, 401)
        path = request.path.removeprefix(PREFIX)
        if path.startswith(self._refused):
            return json_response(
                {"code": 401, "message": "Unauthorized; scope does not match"}, 401
            )
        headers = {**request.headers, "authorization": BASIC}
        return super().answer(replace(request, path=path, headers=headers))


@contextmanager
def gateway(*refused: str) -> Iterator[Gateway]:
    with Gateway(*refused) as server:
        server.load(SITE)
        yield server


def behind(server: Gateway, **keys: Any) -> JiraConnector:
    return JiraConnector(source(server.url + PREFIX, **keys), Said(), HASTE)


@pytest.mark.parametrize("login", LOGINS)
def test_a_site_behind_the_gateway_is_the_same_site(login: str) -> None:
    with gateway() as server:
        batches = list(behind(server, **LOGINS[login]).sync({}, now=NOW))
    (site,) = (one for batch in batches for one in batch.sites)
    assert (site.site, site.url) == (CLOUD_ID, "https://site.example")
    items = [record.item for batch in batches for record in batch.items]
    assert len(items) == len(ISSUES)
    assert items[0].url == "https://site.example/browse/PAY-10"
    assert len([one for batch in batches for one in batch.iterations]) == 2


def test_without_the_scope_for_boards_all_else_arrives(caplog: pytest.LogCaptureFixture) -> None:
    with gateway("/rest/agile/") as server:
        batches = list(behind(server, email=None).sync({}, now=NOW))
    assert sum(len(batch.items) for batch in batches) == len(ISSUES)
    assert "the boards of the site cannot be seen (403); skipped" in caplog.text


def test_without_the_scope_for_work_the_missing_scope_is_named() -> None:
    with gateway("/rest/api/3/search") as server, pytest.raises(AccessError) as caught:
        list(behind(server, email=None).sync({}, now=NOW))
    assert "the token lacks a scope for this: it needs read:jira-work" in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_an_expired_token_is_no_missing_scope() -> None:
    with gateway() as server:
        findings = behind(server, email="somebody@example.com").check()
    assert "the login is refused (401)" in next(f.text for f in findings if f.level == "error")
