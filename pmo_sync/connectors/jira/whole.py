"""Answers that are read in few pieces.

By default requests unpacks ten kilobytes at a time, and at each piece the thread that reads lets
another one have the interpreter and waits for it again: beside a thread that is busy, a page of a
hundred issues changes hands a hundred times, which was a sixth of a sync's processor time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse

A_PIECE = 1 << 20
"""Bytes: most pages are one piece."""


class WholeResponse(Response):
    """An answer whose pieces are large."""

    def iter_content(
        self, chunk_size: int | None = 1, decode_unicode: Any = False
    ) -> Iterator[Any]:
        """Yield the body in pieces of a megabyte at least."""
        size = max(chunk_size or 0, A_PIECE)
        pieces: Iterator[Any] = super().iter_content(size, decode_unicode)
        return pieces


class WholeAdapter(HTTPAdapter):
    """Sends requests, and makes such answers."""

    def build_response(self, req: PreparedRequest, resp: BaseHTTPResponse) -> Response:
        """Return an answer that has all that the library knows of it."""
        answer = WholeResponse()
        answer.__dict__.update(super().build_response(req, resp).__dict__)
        return answer
