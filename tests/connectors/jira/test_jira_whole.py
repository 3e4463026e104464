"""Answers are unpacked in few pieces, and are whole all the same."""

from __future__ import annotations

import gzip
from io import BytesIO

import pytest
from requests import Request
from urllib3 import HTTPResponse

from pmo_sync.connectors.jira.whole import A_PIECE, WholeAdapter, WholeResponse

SIZES = (0, 1, 10_240, A_PIECE, 3 * A_PIECE + 7)


def answer(body: bytes) -> WholeResponse:
    raw = HTTPResponse(
        BytesIO(gzip.compress(body)), {"Content-Encoding": "gzip"}, 200, preload_content=False
    )
    request = Request("GET", "https://tracker.example/page").prepare()
    found = WholeAdapter().build_response(request, raw)
    assert isinstance(found, WholeResponse)
    return found


@pytest.mark.parametrize("size", SIZES)
def test_a_body_is_whole(size: int) -> None:
    found = answer(b"7" * size)
    assert (found.content, found.url) == (b"7" * size, "https://tracker.example/page")


def test_a_piece_has_a_megabyte_at_least() -> None:
    pieces = [len(piece) for piece in answer(b"7" * SIZES[-1]).iter_content(10_240)]
    assert pieces == [A_PIECE, A_PIECE, A_PIECE, 7]
