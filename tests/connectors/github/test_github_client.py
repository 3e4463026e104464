"""What the client does with what goes wrong; the server is real, the faults are put before it."""

import ast
import json
import logging
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pmo_sync.config import Secret, Source
from pmo_sync.connectors.github import issue_queries, queries
from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.limits import A_MINUTE, Gate
from pmo_sync.connectors.github.refusal import LimitError, OverloadedError
from pmo_sync.connectors.github.shape import FULL, Shape
from pmo_sync.connectors.github.sizes import Size
from pmo_sync.connectors.github.waits import Patience
from pmo_sync.demo.http import Request, Response, json_response
from pmo_sync.errors import AccessError, ConfigError, SourceError
from tests.connectors.github.github_samples import (
    RECORDED,
    TOKEN,
    FaultyGithub,
    Recorder,
    graphql_errors,
    several,
    site,
    site_issue,
)

SERVED = Shape(FULL.fields - {"ClosedEvent.stateReason(enableDuplicate)"}, FULL.events)
NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
RESET = str(int((NOW + timedelta(minutes=20)).timestamp()))
SPENT = (("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", RESET))


@pytest.fixture
def server() -> Iterator[FaultyGithub]:
    with FaultyGithub() as server:
        server.load(site([]))
        yield server


def message(status: int, text: str, *headers: tuple[str, str]) -> Response:
    return json_response({"message": text}, status, headers)


def client_of(source: Source, slept: list[float], **patience: Any) -> GithubClient:
    return GithubClient(
        source, Recorder(), patience=Patience(**patience), sleep=slept.append, clock=lambda: NOW
    )


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        pytest.param(Response(b"<html>bad gateway</html>", 502), [1], id="502 of a proxy"),
        pytest.param(message(500, "Server Error"), [1], id="500"),
        pytest.param(Response(b'{"data": {"viewer": {"log', 200), [1], id="cut off"),
        pytest.param(ConnectionResetError(), [1], id="connection lost"),
        pytest.param(
            graphql_errors({"message": "Something went wrong while executing your query."}), [1],
            id="gave up",
        ),
        pytest.param(
            message(503, "maintenance", ("Retry-After", "30")), [30], id="503 that says how long"
        ),
        pytest.param(message(429, "slow down"), [60], id="429 that does not say how long"),
        pytest.param(
            message(403, "You have exceeded a secondary rate limit.", ("Retry-After", "7")), [7],
            id="secondary limit",
        ),
        pytest.param(
            message(429, "x", ("Retry-After", "Wed, 01 May 2024 12:00:30 GMT")), [30],
            id="Retry-After as a date",
        ),
        pytest.param(
            message(403, "API rate limit exceeded for user ID 1.", *SPENT), [1201],
            id="hourly limit",
        ),
        pytest.param(
            json_response({"data": None, "errors": [{"type": "RATE_LIMITED"}]}, 200, SPENT), [1201],
            id="hourly limit, as an error in a 200",
        ),
        pytest.param(
            json_response({"errors": [{"type": "RATE_LIMIT", "code": "graphql_rate_limit",
                           "message": "API rate limit already exceeded for user ID 1."}]},
                          200, SPENT),
            [1201], id="hourly limit, as GraphQL calls it",
        ),
        pytest.param(
            json_response({"errors": [{"message": "You have exceeded a secondary rate limit."}]},
                          200, (("Retry-After", "9"),)),
            [9], id="secondary limit, as an error without a type",
        ),
    ],
)  # fmt: skip
def test_what_passes_is_waited_for(server: FaultyGithub, fault: Any, waits: list[float]) -> None:
    server.faults.append(fault)
    slept: list[float] = []
    client = client_of(server.source(), slept)
    reply = client.ask(queries.SERVER, {})
    assert reply.data.viewer is not None and reply.data.viewer.login == "ann"
    assert slept == waits
    assert client.requests == 2


@pytest.mark.parametrize(
    ("fault", "error", "text"),
    [
        pytest.param(
            message(401, "Bad credentials"), AccessError,
            r"gh: Server: the token is not accepted \(401 Bad credentials\); set a new one at "
            "source.token",
            id="401",
        ),
        pytest.param(
            message(403, "Resource protected by organization SAML enforcement.", ("X-GitHub-SSO",
                    "required; url=https://github.com/orgs/acme/sso?authorization_request=AbC")),
            AccessError, r"authorize the token for it at https://github.com/orgs/acme/sso \(Conf",
            id="single sign-on",
        ),
        pytest.param(
            graphql_errors({"type": "FORBIDDEN", "message": "Resource protected by organization "
                            "SAML enforcement."}), AccessError, "single sign-on",
            id="single sign-on, as an error in a 200",
        ),
        pytest.param(
            message(403, "Resource not accessible by personal access token"), AccessError,
            "the token needs Issues: read and Metadata: read", id="403",
        ),
        pytest.param(
            graphql_errors({"type": "INSUFFICIENT_SCOPES", "message": "needs read:org"}),
            AccessError, "scopes do not suffice", id="scopes",
        ),
        pytest.param(message(404, "Not Found"), SourceError, "is the url right", id="404"),
        pytest.param(Response(b"", 302), SourceError, "is the url right", id="redirect"),
        pytest.param(Response(b"<html>Sign in"), SourceError, "with a web page", id="sign-in page"),
        pytest.param(Response(b"[]"), SourceError, "not what we know", id="other JSON"),
        pytest.param(message(418, f"a \x1b[31mteapot {TOKEN}"), SourceError,
                     r"answers 418 a \[31mteapot \*\*\*$", id="unheard of"),
        pytest.param(
            graphql_errors({"message": "Field 'x' doesn't exist"}), SourceError,
            "refuses the query: Field 'x' doesn't exist", id="query refused",
        ),
    ],
)  # fmt: skip
def test_what_a_person_must_mend_is_said_at_once(
    server: FaultyGithub, fault: Response, error: type[Exception], text: str
) -> None:
    server.faults.append(fault)
    slept: list[float] = []
    with pytest.raises(error, match=text) as caught:
        client_of(server.source(), slept).ask(queries.SERVER, {})
    assert slept == []
    assert type(caught.value) is error
    assert TOKEN not in str(caught.value) and "authorization_request" not in str(caught.value)


EXCHANGES = RECORDED / "github-rest-recorded"


def recorded(name: str) -> Response:
    """The last answer of a recorded exchange: 11 lines each, with status, headers and body."""
    lines = (EXCHANGES / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    start = (len(lines) - 1) // 11 * 11
    status, headers, body = lines[start + 7 : start + 10]
    kept = [
        (key, value) for key, value in ast.literal_eval(headers)
        if key.lower().startswith(("x-", "retry-after", "github-"))
    ]  # fmt: skip
    return Response(body.encode(), int(status), headers=tuple(kept))


@pytest.mark.skipif(not EXCHANGES.exists(), reason=f"no recorded exchanges at {EXCHANGES}")
@pytest.mark.parametrize(
    ("name", "error", "text", "waits"),
    [
        ("SpecificExceptions.testBadCredentials", AccessError, "401 Bad credentials", []),
        ("SpecificExceptions.testBadUserAgent", AccessError, "forbidden", []),
        ("SpecificExceptions.testAuthenticatedRateLimitExceeded", LimitError, "limit", [60]),
        ("SpecificExceptions.testRateLimitExceeded", LimitError, "limit", [60]),
        ("Retry.testRaisesRetryErrorAfterMaxRetries", OverloadedError, "answers 502", [1]),
        ("Exceptions.testNonJsonDataReturnedByGithub", OverloadedError, "answers 503", [1]),
    ],
)
def test_recorded_refusals_are_understood(
    server: FaultyGithub, name: str, error: type[Exception], text: str, waits: list[float]
) -> None:
    server.faults.extend([recorded(name)] * 2)
    slept: list[float] = []
    with pytest.raises(error, match=text) as caught:
        client_of(server.source(), slept, retries=1).ask(queries.SERVER, {})
    assert (type(caught.value), slept) == (error, waits)


def test_patience_ends(server: FaultyGithub) -> None:
    server.faults.extend([Response(b"", 502)] * 4)
    slept: list[float] = []
    with pytest.raises(OverloadedError, match="gh: Server: the server answers 502"):
        client_of(server.source(), slept).ask(queries.SERVER, {})
    assert slept == [1, 2, 4]


def test_a_limit_that_lasts_too_long_is_an_error_that_says_until_when(server: FaultyGithub) -> None:
    server.faults.append(message(403, "API rate limit exceeded for user ID 1.", *SPENT))
    slept: list[float] = []
    with pytest.raises(LimitError, match=r"it resets at 2024-05-01 12:20 UTC; what was") as caught:
        client_of(server.source(), slept, longest=60).ask(queries.SERVER, {})
    assert (slept, caught.value.exit_code) == ([], 3)


def left(points: int) -> Any:
    """A fault that says how many points are left."""
    headers = (("X-RateLimit-Remaining", str(points)), ("X-RateLimit-Reset", RESET))

    def apply(_: Request, proper: Response) -> Response:
        kept = tuple(one for one in proper.headers if not one[0].startswith("X-RateLimit"))
        return replace(proper, headers=(*kept, *headers))

    return apply


def test_what_the_hour_does_not_allow_is_not_asked_for(server: FaultyGithub) -> None:
    """Whoever asks on although the points are spent may be locked out."""
    server.faults.extend([left(7), left(4), left(4999)])
    slept: list[float] = []
    client = client_of(server.source(), slept)
    repository = {"owner": "acme", "name": "shop", "after": None, "first": 100, "since": None}
    for _ in range(3):
        client.ask(issue_queries.issues(SERVED), repository)
    assert (slept, client.requests) == ([1201], 3)
    assert client.meter.told() == "18 points spent, 4,999 left until 12:20 UTC"
    server.faults.append(left(0))
    client.ask(queries.SERVER, {})
    client.patience = Patience(longest=60)
    with pytest.raises(LimitError, match="the rate limit is reached; it resets at 2024-05-01"):
        client.ask(queries.SERVER, {})
    assert client.requests == 4


def test_threads_get_their_own_answers(server: FaultyGithub) -> None:
    client = GithubClient(server.source(), Recorder(), connections=8)
    names = [f"acme/shop{number}" for number in range(40)]
    server.load(several([(name, []) for name in names]))

    def ask(name: str) -> str:
        owner, _, rest = name.partition("/")
        reply = client.ask(queries.repositories(1), {"o0": owner, "n0": rest})
        found = reply.data["r0"]
        return found.name_with_owner if found else ""

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, names)) == names
    assert client.requests == 40


def test_a_part_that_the_server_never_manages_is_done_without(server: FaultyGithub) -> None:
    """It is asked for again in smaller pages, down to one; then never again."""

    def without_labels(_: Request, proper: Response) -> Response:
        answer = json.loads(proper.body)
        nodes = answer["data"]["repository"]["issues"]["nodes"]
        for index, node in enumerate(nodes):
            node["labels"] = None
            path = ["repository", "issues", "nodes", index, "labels"]
            answer.setdefault("errors", []).append(
                {"message": "Something went wrong while executing your query.", "path": path}
            )
        return json_response(answer)

    server.load(site([site_issue(number) for number in range(1, 30)]))
    server.faults.extend([without_labels] * 20)
    client = client_of(server.source(), [], retries=1)
    asked = issue_queries.issues(SERVED)
    variables = {"owner": "acme", "name": "shop", "after": None, "since": None}
    for _ in range(2):
        reply = client.ask(asked, variables, largest=8)
        assert len(reply.errors) == 1
    assert [one["first"] for one in server.asked] == [8, 4, 2, 1, 1, 1]


def test_a_secondary_limit_lets_fewer_ask_at_a_time() -> None:
    gate = Gate(8, lambda _: None, lambda: NOW)
    gate.narrow()
    assert gate.width == 4
    for _ in range(5):
        gate.narrow()
    assert (gate.width, Gate(500, lambda _: None, lambda: NOW).width) == (1, 100)


def test_no_more_requests_a_minute_than_are_allowed() -> None:
    now, slept = [NOW], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += timedelta(seconds=seconds)

    gate = Gate(4, sleep, lambda: now[0])
    for _ in range(2 * A_MINUTE):
        with gate.passing():
            now[0] += timedelta(milliseconds=10)
    assert now[0] - NOW >= timedelta(seconds=60)
    assert len(slept) == 1


@pytest.mark.parametrize(
    ("told", "sizes"),
    [
        ("", [100]),
        ("ff", [100, 50, 25]),
        ("fmmmm", [100, 50, 50, 50, 50, 100]),
        ("fmmmmfmmmmm", [100, 50, 50, 50, 50, 100, 50, 50, 50, 50, 50, 50]),
        ("ffffff", [100, 50, 25, 12, 6, 3, 1]),
    ],
)
def test_a_page_grows_again_unless_it_failed_twice(told: str, sizes: list[int]) -> None:
    size, found = Size(100), [100]
    for one in told:
        size.failed(size.now) if one == "f" else size.managed(size.now)
        found.append(size.now)
    assert found == sizes
    assert [Size(1).failed(1), Size(2).failed(2)] == [False, True]


def test_waits_are_announced(server: FaultyGithub) -> None:
    server.faults.append(Response(b"", 502))
    progress = Recorder()
    client = GithubClient(server.source(), progress, sleep=lambda _: None)
    client.ask(queries.SERVER, {})
    assert progress.waits == [1]


def test_part_of_an_answer_is_kept_with_what_went_wrong(server: FaultyGithub) -> None:
    data = {"viewer": {"__typename": "User", "login": "ann"}, "issue": None}
    server.faults.append(graphql_errors({"message": "lost", "path": ["issue"]}, data=data))
    reply = client_of(server.source(), []).ask(queries.SERVER, {})
    assert reply.data.viewer is not None and reply.data.issue is None
    assert [(error.message, error.path) for error in reply.errors] == [("lost", ("issue",))]


def unreachable(url: str, **fields: Any) -> str:
    token = Secret("inline", TOKEN, "source.token")
    client = client_of(Source("gh", "github", url, token=token, **fields), [], retries=0)
    with pytest.raises(SourceError) as caught:
        client.ask(queries.SERVER, {})
    assert TOKEN not in str(caught.value)
    return str(caught.value)


def test_a_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    for name in (
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    assert "the name git.invalid cannot be resolved (DNS)" in unreachable("https://git.invalid")


def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert f"127.0.0.1:{port} refuses the connection" in unreachable(f"http://127.0.0.1:{port}")


def test_a_certificate_that_is_not_trusted_hints_at_the_bundle(server: FaultyGithub) -> None:
    text = unreachable(server.url.replace("http:", "https:"))
    assert "certificate" in text and "ca_bundle" in text


def test_a_bundle_that_is_not_there(server: FaultyGithub, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="gh: ca_bundle: no such file"):
        client_of(server.source(ca_bundle=tmp_path / "none.pem"), [])


def test_a_token_that_cannot_be_sent_is_refused_without_repeating_it(server: FaultyGithub) -> None:
    source = server.source(token=Secret("inline", "ghp_a\nb", "source.token"))
    with pytest.raises(ConfigError, match=r"source.token: the token has characters") as caught:
        client_of(source, [])
    assert "ghp_a" not in str(caught.value)


def test_no_token_is_told_apart_from_a_wrong_one(server: FaultyGithub) -> None:
    with pytest.raises(AccessError, match="no token is configured"):
        client_of(server.source(token=None), []).ask(queries.SERVER, {})


def test_logs_and_representations_hold_no_token(
    server: FaultyGithub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.faults.append(ConnectionResetError())
    source = server.source()
    client_of(source, []).ask(queries.SERVER, {})
    assert TOKEN not in caplog.text + repr(source)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_requests_follow_each_other_without_a_pause(server: FaultyGithub) -> None:
    client = client_of(server.source(), [])
    begun = datetime.now(UTC)
    for _ in range(8):
        client.ask(queries.SERVER, {})
    assert datetime.now(UTC) - begun < timedelta(seconds=1.5)  # PyGithub's default: 2 s
    assert client.requests == 8
