"""What the client does when a tracker, or the way to it, fails."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import certifi
import pytest

from pmo_sync.config import Secret
from pmo_sync.connectors.jira import JiraClient, Patience
from pmo_sync.connectors.jira.failures import RefusedError
from pmo_sync.connectors.jira.fields import FieldMap
from pmo_sync.connectors.jira.reading import IssueReader
from pmo_sync.connectors.jira.scope import Place
from pmo_sync.errors import AccessError, ConfigError, SourceError
from tests.connectors.jira.jira_wire import (
    EMAIL,
    HASTE,
    TOKEN,
    Said,
    certificate,
    client,
    issue,
    reply,
    scripted,
    source,
)

ME = reply({"accountId": "ada", "displayName": "Ada"})


READER = IssueReader(FieldMap({}, {}))


def http(host: str) -> str:
    return f"http://{host}"


def test_nothing_is_asked_before_a_question() -> None:
    with scripted(ME) as server:
        asking = client(http(server.host))
        assert (server.asked, asking.requests) == ([], 0)
        asking.myself()
        assert [asked.path for asked in server.asked] == ["/rest/api/3/myself"]
        assert asking.requests == 1


@pytest.mark.parametrize(
    ("keys", "authorization"),
    [
        ({}, "Basic " + base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()),
        ({"email": None}, f"Bearer {TOKEN}"),
        ({"email": None, "token": None}, None),
    ],
)
def test_how_it_logs_in(keys: dict[str, Any], authorization: str | None) -> None:
    with scripted(ME) as server:
        client(http(server.host), **keys).myself()
        assert server.asked[0].headers.get("authorization") == authorization


def test_an_email_alone_is_no_login() -> None:
    with pytest.raises(ConfigError, match=r"sources\.tracker: an e-mail needs a token"):
        client("http://localhost", token=None)


def test_a_context_path_stays_in_the_address() -> None:
    with scripted(ME) as server:
        client(http(server.host) + "/tracker/").myself()
        assert server.asked[0].path == "/tracker/rest/api/3/myself"


def _in(seconds: int) -> str:
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return format_datetime(at, usegmt=True)


@pytest.mark.parametrize(
    ("failure", "least_wait"),
    [
        pytest.param(lambda: reply(status=429), 0.0, id="429"),
        pytest.param(lambda: reply(status=429, Retry_After="1"), 1.0, id="429 in seconds"),
        pytest.param(lambda: reply(status=429, Retry_After=_in(2)), 0.5, id="429 as a date"),
        pytest.param(lambda: reply(status=429, Retry_After="soon"), 0.0, id="429 in no words"),
        pytest.param(lambda: reply(status=503, Retry_After="1"), 1.0, id="503 in seconds"),
        *(
            pytest.param(lambda n=n: reply(b"<html>", status=n), 0.0, id=str(n))
            for n in (500, 502, 503, 504)
        ),
        pytest.param(lambda: reply({"accountId": "ada"}, cut=3), 0.0, id="truncated"),
        pytest.param(lambda: reply(b'{"accountId": "a'), 0.0, id="half of a JSON text"),
        pytest.param(lambda: reply(b"<html>", media="text/html"), 0.0, id="a page with 200"),
        pytest.param(lambda: b"", 0.0, id="hung up"),
    ],
)
def test_what_passes_is_borne(failure: Callable[[], bytes], least_wait: float) -> None:
    said = Said()
    with scripted(failure(), ME) as server:
        asking = client(http(server.host), said)
        assert asking.myself().display_name == "Ada"
        assert asking.requests == len(server.asked) == 2
    assert len(said.waits) == 1
    assert said.waits[0][0] >= least_wait


def test_a_search_is_safe_to_repeat() -> None:
    page = reply({"issues": [issue()]})
    with scripted(reply(status=502), page) as server:
        assert len(list(client(http(server.host)).issues("project = PAY", Place(1), READER))) == 1
        assert [asked.method for asked in server.asked] == ["POST", "POST"]
        assert server.asked[0].body == server.asked[1].body


@pytest.mark.parametrize(
    ("answer", "words", "kind"),
    [
        (reply(status=401), "the login is refused (401)", AccessError),
        (
            reply({"x": 1}, X_Seraph_LoginReason="AUTHENTICATED_FAILED"),
            "the login is refused (401)",
            AccessError,
        ),
        (reply(status=403), "the login may not see this (403)", AccessError),
        (reply(status=404), "not found (404): check the url", AccessError),
        (reply(status=410), "the tracker removed it", AccessError),
        (
            reply({"errorMessages": ["The value 'X' does not exist"], "errors": {}}, 400),
            "the question is refused (400): The value 'X' does not exist",
            AccessError,
        ),
        (reply({"errors": {"jql": "too long"}}, 400), "jql: too long", AccessError),
        (reply({"message": "no licence"}, 403), "no licence", AccessError),
        (reply(status=429), "the rate limit is used up (429)", SourceError),
        (reply(status=429, Retry_After="86400"), "the rate limit is used up (429)", SourceError),
        (reply(status=502), "the tracker failed (502), also when asked again", SourceError),
        (
            reply(status=302, Location="https://login.example.com/x"),
            "login.example.com",
            SourceError,
        ),
        (reply({"a": 1}, cut=2), "the answer breaks off, also when asked again", SourceError),
        (reply(b"<html>", media="text/html"), "not whole JSON but text/html", SourceError),
        (reply([1]), "not the answer that was expected", SourceError),
    ],
)
def test_what_stays_is_said(answer: bytes, words: str, kind: type[SourceError]) -> None:
    with scripted(answer) as server, pytest.raises(kind) as caught:
        client(http(server.host)).myself()
    assert str(caught.value).startswith("tracker: GET /rest/api/3/myself: ")
    assert words in str(caught.value)


def test_a_wait_beyond_bearing_is_not_begun() -> None:
    said = Said()
    with scripted(reply(status=429, Retry_After="3600")) as server, pytest.raises(SourceError):
        client(http(server.host), said).myself()
    assert (said.waits, len(server.asked)) == ([], 1)


def test_the_budget_of_attempts_is_kept() -> None:
    with scripted(reply(status=500)) as server, pytest.raises(SourceError):
        client(http(server.host)).myself()
    assert len(server.asked) == HASTE.attempts


def test_a_refusal_is_not_repeated() -> None:
    with scripted(reply(status=404)) as server, pytest.raises(RefusedError) as caught:
        client(http(server.host)).myself()
    assert (caught.value.status, len(server.asked)) == (404, 1)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:1", "the connection is refused: check the url"),
        ("http://no-such-host.invalid", "the host name is not known (DNS)"),
    ],
)
def test_no_way_to_the_tracker(url: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        client(url).myself()
    assert words in str(caught.value)


def test_a_tracker_that_never_answers_is_given_up() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        patience = Patience(connect=0.2, read=0.2, attempts=2, connections=1, backoff=0.0)
        with pytest.raises(SourceError, match=r"no answer within 0\.2 seconds|no answer in time"):
            JiraClient(source(url), Said(), patience).server_info()


def test_a_private_certificate_needs_the_ca_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with scripted(ME, context=context) as server:
        url = f"https://{server.host}"
        with pytest.raises(SourceError, match=r"certificate is not trusted.*set ca_bundle"):
            client(url).myself()
        assert client(url, ca_bundle=path).myself().account_id == "ada"
        with monkeypatch.context() as patch:
            patch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
            assert client(url, ca_bundle=path).myself().account_id == "ada"
        with pytest.raises(SourceError, match="the file named by ca_bundle"):
            client(url, ca_bundle=tmp_path / "absent.pem").myself()


def test_the_environments_certificates_and_proxy_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with scripted(ME, context=context) as server:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
        assert client(f"https://{server.host}").myself().account_id == "ada"
    with scripted(ME) as proxy:
        monkeypatch.setenv("HTTP_PROXY", http(proxy.host))
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert client("http://tracker.invalid").myself().account_id == "ada"
        assert proxy.asked[0].path == "http://tracker.invalid/rest/api/3/myself"
    monkeypatch.setenv("HTTP_PROXY", "http://someone:proxy-password@127.0.0.1:1")
    with pytest.raises(SourceError, match="the proxy cannot be reached") as caught:
        client("http://tracker.invalid").myself()
    assert "proxy-password" not in str(caught.value)


AT = "2026-02-01T00:00:00.000+0000"


def test_a_page_token_that_comes_twice_stops_the_search() -> None:
    page = reply({"issues": [issue(updated=AT)], "nextPageToken": "again"})
    with scripted(page) as server:
        pages = client(http(server.host)).issues("project = PAY", Place(), READER)
        with pytest.raises(SourceError, match="the same page token came twice"):
            list(pages)
        tokens = [asked.json().get("nextPageToken") for asked in server.asked]
        assert tokens.count("again") == 1


def test_rows_end_at_an_empty_page_whatever_the_total_says() -> None:
    first = reply({"values": [{"id": "1", "key": "A"}], "isLast": False, "total": 7})
    empty = reply({"values": [], "isLast": False, "total": 7})
    with scripted(first, empty) as server:
        assert [project.key for project in client(http(server.host)).projects()] == ["A"]
        assert ["startAt=0" in a.path or "startAt=1" in a.path for a in server.asked] == [True] * 2


@pytest.mark.parametrize(
    ("pages", "notes"),
    [([2, 0], 2), ([2, 1, 0], 3), ([0], 0), ([2, 2, 3], 7)],
    ids=["fewer than its total", "fewer on two pages", "none", "as many"],
)
def test_worklogs_of_an_issue_end_at_an_empty_page_whatever_the_total_says(
    pages: list[int], notes: int
) -> None:
    answers = [
        reply({"worklogs": [{"id": str(n)} for n in range(size)], "total": 7}) for size in pages
    ]
    with scripted(*answers) as server:
        assert len(list(client(http(server.host)).worklogs_of("10"))) == notes
        starts = [
            asked.path.rpartition("startAt=")[2]
            for asked in server.asked
            if "startAt" in asked.path
        ]
    assert starts == [str(sum(pages[:place])) for place in range(len(pages))]


@pytest.mark.parametrize(
    "answer",
    [
        reply({"errorMessages": [f"bad token {TOKEN}"]}, 400),
        reply({"message": f"Basic {TOKEN}"}, 403),
        reply(status=401),
        reply({"accountId": ["x"]}),
        reply(status=500),
    ],
)
def test_the_token_is_in_no_message(
    answer: bytes, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    secret = base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
    with scripted(answer) as server, pytest.raises(SourceError) as caught:
        client(http(server.host)).myself()
    everything = f"{caught.value!r} {caught.value.args} {caplog.text} {capsys.readouterr()}"
    chain = f"{caught.value.__cause__!r} {caught.value.__suppress_context__}"
    for hidden in (TOKEN, secret):
        assert hidden not in everything
        assert hidden not in chain


def test_an_inline_secret_does_not_show() -> None:
    assert TOKEN not in repr(source("http://localhost", token=Secret("inline", TOKEN)))
