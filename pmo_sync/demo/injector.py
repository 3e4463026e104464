"""Stands between a simulated tracker and its clients, and disturbs as a plan says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.utils import formatdate
from random import Random
from threading import Lock
from typing import Any, Protocol

from pmo_sync.demo.facts import Tracker
from pmo_sync.demo.faults import Faults, Kind
from pmo_sync.demo.http import HTML_TYPE, Answering, Request, Response, encode

Json = dict[str, Any]
Headers = tuple[tuple[str, str], ...]
GATEWAY = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
           504: "Gateway Timeout"}  # fmt: skip


class Dialect(Protocol):
    """How one tracker words its faults."""

    tracker: Tracker

    def limited(self, headers: Headers) -> Response:
        """Answer 429."""

    def secondary(self, headers: Headers, rng: Random) -> Response | None:
        """Answer with a limit that is no 429; None where the tracker has none."""

    def entries(self, body: Json) -> Iterator[list[Any]]:
        """Yield the entries of the pages in an answer, to be changed in place."""

    def repeat(self, request: Request, body: Json) -> None:
        """Let a page lead to itself, where it was asked for with a token."""

    def leave_out(self, body: Json, rng: Random) -> None:
        """Leave a part of an answer out, and say so, where the tracker does such a thing."""


class Injector:
    """What stands before one server. ``made`` lists the faults with their requests, from 1 on."""

    def __init__(self, plan: Faults, dialect: Dialect) -> None:
        self.made: list[tuple[int, Kind]] = []
        self._plan, self._dialect = plan, dialect
        self._rng = Random(f"{plan.seed}/{dialect.tracker}")
        self._asked = 0
        self._before: dict[int, Callable[[], None]] = {}
        self._lock = Lock()

    def before(self, ordinal: int, action: Callable[[], None]) -> None:
        """Do something just before a request is answered: load another day of the world."""
        self._before[ordinal] = action

    def __call__(self, request: Request, answer: Answering) -> Response:
        """Answer, or do what the plan has for this request instead."""
        with self._lock:
            ordinal, kind, rng = self._draw()
            if action := self._before.get(ordinal):
                action()
        time.sleep(self._plan.latency)
        if self._plan.expired and ordinal >= self._plan.expired:
            request = _with_another_token(request)
        return self._disturbed(kind, rng, request, answer) if kind else answer(request)

    def _draw(self) -> tuple[int, Kind | None, Random]:
        """Draw always the same from the seed, so that a request's fault is its ordinal's."""
        self._asked += 1
        at, rng = self._rng.random(), Random(self._rng.random())
        if self._plan.budget is not None and len(self.made) >= self._plan.budget:
            return self._asked, None, rng
        for kind, rate in self._plan.rates.items():
            at -= rate
            if at < 0:
                self.made.append((self._asked, kind))
                return self._asked, kind, rng
        return self._asked, None, rng

    def _disturbed(self, kind: Kind, rng: Random, request: Request, answer: Answering) -> Response:
        if kind == "dropped":
            raise ConnectionResetError
        if kind == "timeout":
            time.sleep(self._plan.hold)
            raise ConnectionAbortedError
        if kind == "5xx":
            return _gateway(rng.choice(list(GATEWAY)))
        if kind == "429":
            return self._dialect.limited(self._retry_after(rng))
        if kind == "secondary":
            return self._dialect.secondary(self._retry_after(rng), rng) or answer(request)
        proper = answer(request)
        if kind == "truncated":
            return replace(proper, whole=False)
        body = json_object(proper.body)
        if not body or proper.status != 200:
            return proper
        self._change(kind, rng, request, body)
        return replace(proper, body=encode(body))

    def _change(self, kind: Kind, rng: Random, request: Request, body: Json) -> None:
        if kind == "repeated":
            self._dialect.repeat(request, body)
            return
        if kind == "partial":
            self._dialect.leave_out(body, rng)
            return
        for entries in filter(None, self._dialect.entries(body)):
            if kind == "reordered":
                rng.shuffle(entries)
            else:
                entries.insert(rng.randint(0, len(entries)), rng.choice(entries))

    def _retry_after(self, rng: Random) -> Headers:
        """Ask for a wait, in seconds or until a date."""
        wait = self._plan.wait
        in_words = formatdate(time.time() + wait, usegmt=True)
        return (("Retry-After", rng.choice([str(wait), in_words])),)


def json_object(body: bytes) -> Json:
    """Decode a JSON object; empty where it is another thing."""
    try:
        value = json.loads(body or b"null")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _gateway(status: int) -> Response:
    words = f"<html><h1>{status} {GATEWAY[status]}</h1></html>"
    return Response(words.encode(), status, HTML_TYPE)


def _with_another_token(request: Request) -> Request:
    """Make the request one of a login that was valid once; the tracker itself refuses it."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if not token:
        return request
    return replace(request, headers={**request.headers, "authorization": f"{kind} ZXhwaXJlZA=="})
