"""A server in a process of its own, so that its processor time is not the client's.

Its answers are rendered and packed once: what is asked again costs it next to nothing, and a
client is measured against what the network gives.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from pmo_sync.demo.http import Answering, LoopbackServer, Request, Response, zip_body

SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 600
"""Seconds that a server may take until it serves: it may have a million items to render."""

Make = Callable[..., LoopbackServer]
"""Makes a server, not started yet, in the other process: importable by its name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came, to be asked again."""

    method: str
    path: str
    query: Mapping[str, tuple[str, ...]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Usage:
    """What a server has done so far: processor seconds, requests, bytes of bodies as they went
    over the wire and as they were read."""

    cpu: float
    requests: int
    sent: int
    read: int

    def __sub__(self, earlier: Usage) -> Usage:
        return Usage(
            self.cpu - earlier.cpu,
            self.requests - earlier.requests,
            self.sent - earlier.sent,
            self.read - earlier.read,
        )


class Apart:
    """A server that another process runs while the context is open."""

    def __init__(self, make: Make, *arguments: Any) -> None:
        self._line, other = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_serve, args=(other, make, arguments), daemon=True)
        self._process.start()
        other.close()
        self.url = str(self._told(PATIENCE))
        """Where it answers."""

    def usage(self) -> Usage:
        """Ask what the server has done."""
        usage: Usage = self._ask("usage")
        return usage

    def recorded(self) -> list[Asked]:
        """Return the requests since the last call, and forget them."""
        asked: list[Asked] = self._ask("recorded")
        return asked

    def delay(self, seconds: float) -> None:
        """Let each answer take so much longer from now on."""
        self._ask(seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(BrokenPipeError):
            self._line.send("stop")
        self._process.join(30)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._line.close()

    def _ask(self, word: str | float) -> Any:
        self._line.send(word)
        return self._told(30)

    def _told(self, seconds: float) -> Any:
        """Return what the server says; raise RuntimeError with its words where it failed."""
        if not self._line.poll(seconds):
            raise RuntimeError(f"the server said nothing for {seconds:.0f} s")
        try:
            told = self._line.recv()
        except EOFError:
            raise RuntimeError("the server ended: see what it wrote above") from None
        return told


class Prerendered:
    """Stands before a server: answers again what was answered before, packed; keeps a record."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.delay = 0.0
        self.read = 0
        self._known: dict[tuple[str, str, str, bytes], Response] = {}

    def __call__(self, request: Request, answer: Answering) -> Response:
        """Answer a request."""
        if self.delay:
            time.sleep(self.delay)
        self.asked.append(Asked(request.method, request.path, request.query, request.body))
        key = (request.method, request.path, repr(request.query), request.body)
        known = self._known.get(key)
        if known is None:
            found = answer(request)
            known = self._known[key] = replace(found, zipped=zip_body(found.body))
        self.read += len(known.body)
        return known


def _serve(line: Connection, make: Make, arguments: tuple[Any, ...]) -> None:
    server, before = make(*arguments), Prerendered()
    server.between = before
    with server, suppress(EOFError, KeyboardInterrupt):
        line.send(server.url)
        while (word := line.recv()) != "stop":
            line.send(_answer(word, server, before))


def _answer(word: str | float, server: LoopbackServer, before: Prerendered) -> object:
    if word == "usage":
        return Usage(time.process_time(), server.requests, server.sent, before.read)
    if word == "recorded":
        asked, before.asked = before.asked, []
        return asked
    before.delay = float(word)
    return None
