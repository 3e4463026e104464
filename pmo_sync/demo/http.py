"""A small HTTP/1.1 server on the loopback interface: what both simulated trackers stand on."""

from __future__ import annotations

import gzip
import json
import socket
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

JSON_TYPE = "application/json;charset=UTF-8"
HTML_TYPE = "text/html;charset=UTF-8"
WORTH_ZIPPING = 1000


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked; header names are lower case."""

    method: str
    path: str
    query: Mapping[str, tuple[str, ...]]
    headers: Mapping[str, str]
    body: bytes = b""

    def first(self, name: str) -> str | None:
        """Return the first value of a query parameter, None where it is absent or empty."""
        return next((value for value in self.query.get(name, ()) if value), None)

    def json(self) -> Any:
        """Decode the body; raise ValueError where it is not JSON."""
        return json.loads(self.body or b"null")


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered."""

    body: bytes = b""
    status: int = 200
    content_type: str = JSON_TYPE
    headers: tuple[tuple[str, str], ...] = ()
    whole: bool = True
    """False: only half of the announced body is sent, then the connection is closed."""
    zipped: bytes | None = None
    """The body as gzip, where that was made before."""


Answering = Callable[[Request], Response]
Between = Callable[[Request, Answering], Response]
"""Answers a request by asking the server proper, or in its place."""


def encode(value: Any) -> bytes:
    """Return compact JSON; half a character, as texts that were cut end with, stays escaped."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def json_response(
    value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    """Answer with JSON."""
    return Response(encode(value), status, JSON_TYPE, headers)


def zip_body(body: bytes) -> bytes:
    """Return a body as gzip, quickly."""
    return gzip.compress(body, 1, mtime=0)


class LoopbackServer(ABC):
    """A server on 127.0.0.1 that answers in threads of its own between start() and stop().

    The port is bound at once, so ``url`` is known before anything is served.
    """

    def __init__(self, port: int = 0) -> None:
        self.requests = 0
        """Requests answered so far."""
        self.sent = 0
        """Bytes of bodies sent so far, as they went over the wire."""
        self.between: Between | None = None
        """What stands between the clients and the answers; None lets every request through."""
        self._lock = Lock()
        self._listener = _Listener(("127.0.0.1", port), self)
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        """The address, without a slash at the end."""
        return f"http://127.0.0.1:{self._listener.server_address[1]}"

    @abstractmethod
    def answer(self, request: Request) -> Response:
        """Answer one request; called from several threads."""

    def count(self, request: Request) -> Response:
        """Answer a request and count it."""
        with self._lock:
            self.requests += 1
        return self.between(request, self.answer) if self.between else self.answer(request)

    def note(self, sent: int) -> None:
        """Count the bytes of a body that is sent."""
        with self._lock:
            self.sent += sent

    def start(self) -> None:
        """Serve from now on."""
        self._thread = Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving, close the port and every open connection."""
        if self._thread is not None:
            self._listener.shutdown()
            self._thread.join()
            self._thread = None
        self._listener.server_close()
        self._listener.hang_up()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], owner: LoopbackServer) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                self._open.discard(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Listener

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def version_string(self) -> str:
        """Name the server, not the software that it runs on."""
        return "demo"

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        query = parse_qs(parts.query, keep_blank_values=True)
        response = self.server.owner.count(
            Request(
                self.command,
                unquote(parts.path),
                {name: tuple(values) for name, values in query.items()},
                {name.lower(): value for name, value in self.headers.items()},
                body,
            )
        )
        self._send(response)

    def _send(self, response: Response) -> None:
        body, zipped = response.body, False
        if len(body) > WORTH_ZIPPING and "gzip" in self.headers.get("accept-encoding", ""):
            body, zipped = response.zipped or zip_body(body), True
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(body)))
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        for name, value in response.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.server.owner.note(len(body))
            self.wfile.write(body if response.whole else body[: len(body) // 2])
        self.close_connection = self.close_connection or not response.whole
