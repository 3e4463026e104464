"""Whatever GitHub was recorded to answer, over HTTP through the real client: it is judged."""

import ast
import json
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest

from pmo_sync.connectors.github.client import GithubClient
from pmo_sync.connectors.github.payloads import Answer
from pmo_sync.connectors.github.queries import Query
from pmo_sync.connectors.github.waits import Patience
from pmo_sync.demo.http import Response
from pmo_sync.errors import AccessError, PmoSyncError
from tests.connectors.github.github_samples import RECORDED, TOKEN, FaultyGithub, Recorder, site

FOLDER = RECORDED / "github-rest-recorded"
pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason=f"the recorded exchanges are not at {FOLDER}"
)
ANYTHING: Query[dict[str, Any]] = Query("Recorded", "{ viewer { login } }", Answer[dict[str, Any]])
CONNECTION = ("content-length", "transfer-encoding", "content-encoding", "connection", "location")
"""Headers of the recorded connection; ours has its own."""


class Exchange(NamedTuple):
    """One recorded exchange: eleven lines."""

    name: str
    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


@cache
def exchanges() -> tuple[Exchange, ...]:
    return tuple(one for path in sorted(FOLDER.glob("*.txt")) for one in _read(path.stem, path))


def _read(name: str, path: Any) -> Iterator[Exchange]:
    lines = path.read_text(encoding="utf-8").split("\n")
    for start in range(0, len(lines) - 10, 11):
        told = lines[start : start + 11]
        headers = tuple(
            (key, value)
            for key, value in ast.literal_eval(told[8])
            if key.lower() not in CONNECTION
        )
        yield Exchange(name, told[4], int(told[7]), headers, told[9])


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyGithub]:
    with FaultyGithub() as server:
        server.load(site([]))
        yield server


def judged(server: FaultyGithub, one: Exchange) -> Any:
    """The data of a played exchange, or the error that it is."""
    body = "" if one.body in ("None", "") else one.body
    server.faults.append(Response(body.encode(), one.status, headers=one.headers))
    client = GithubClient(server.source(), Recorder(), patience=Patience(retries=0))
    try:
        return client.ask(ANYTHING, {}).data
    except PmoSyncError as error:
        assert TOKEN not in str(error)
        return error
    finally:
        server.faults.clear()


def test_every_recorded_answer_is_judged(server: FaultyGithub) -> None:
    found = [(one, judged(server, one)) for one in exchanges()]
    assert len(found) > 500
    for one, verdict in found:
        where = (one.name, one.path, one.status)
        if one.status == 401:
            assert isinstance(verdict, AccessError), where
        elif one.status != 200:
            assert isinstance(verdict, PmoSyncError), where
        elif "graphql" in one.path:
            said = json.loads(one.body)
            assert verdict == said["data"] or isinstance(verdict, PmoSyncError), where


def test_recorded_graphql_answers_go_through(server: FaultyGithub) -> None:
    asked = [one for one in exchanges() if "graphql" in one.path and one.status == 200]
    assert len(asked) >= 5
    assert sum(isinstance(judged(server, one), dict) for one in asked) >= 5
