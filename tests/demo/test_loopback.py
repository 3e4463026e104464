"""The server under both trackers speaks HTTP/1.1 as clients expect it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from pmo_sync.demo.http import LoopbackServer, Request, Response, json_response


class Echo(LoopbackServer):
    """Answers with what it was asked."""

    def answer(self, request: Request) -> Response:
        query = {name: list(values) for name, values in request.query.items()}
        size = int(request.first("size") or 0)
        return json_response(
            {"path": request.path, "query": query, "body": request.json(), "pad": "x" * size}
        )


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as server:
        yield server


def test_it_reads_paths_queries_and_bodies(echo: Echo) -> None:
    answer = requests.post(f"{echo.url}/a%20b?x=1&x=2&y=", json={"one": 1}, timeout=5).json()
    assert answer == {
        "path": "/a b", "query": {"x": ["1", "2"], "y": [""]}, "body": {"one": 1}, "pad": "",
    }  # fmt: skip


def test_it_keeps_the_connection_and_counts_requests(echo: Echo) -> None:
    with requests.Session() as session:
        for _ in range(3):
            answer = session.get(echo.url, timeout=5)
            assert answer.raw.version == 11
            assert "Connection" not in answer.headers
    assert echo.requests == 3


@pytest.mark.parametrize(
    ("accepts", "size", "zipped"),
    [("gzip", 5000, True), ("gzip", 10, False), ("identity", 5000, False)],
)
def test_it_zips_what_is_worth_it_when_asked(
    echo: Echo, accepts: str, size: int, zipped: bool
) -> None:
    answer = requests.get(
        echo.url, params={"size": size}, headers={"Accept-Encoding": accepts}, timeout=5
    )
    assert (answer.headers.get("Content-Encoding") == "gzip") is zipped
    assert len(answer.json()["pad"]) == size


def test_head_has_no_body(echo: Echo) -> None:
    answer = requests.head(echo.url, timeout=5)
    assert answer.content == b""
    assert int(answer.headers["Content-Length"]) > 0


def test_after_stop_nobody_answers_even_on_an_open_connection() -> None:
    server = Echo()
    server.start()
    with requests.Session() as session:
        assert session.get(server.url, timeout=5).ok
        server.stop()
        with pytest.raises(requests.ConnectionError):
            session.get(server.url, timeout=5)


def test_a_taken_port_is_refused(echo: Echo) -> None:
    port = int(echo.url.rpartition(":")[2])
    with pytest.raises(OSError):
        Echo(port)
