"""Asks GitHub: our queries, waits and messages, over ``transport``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Lock
from typing import Generic, TypeVar
from urllib.parse import urlsplit

import msgspec
import requests

from pmo_sync.config import Source
from pmo_sync.connectors.base import Progress
from pmo_sync.connectors.decoding import decoder
from pmo_sync.connectors.github import refusal
from pmo_sync.connectors.github.limits import Gate, Meter
from pmo_sync.connectors.github.payloads import Answer, GraphqlError
from pmo_sync.connectors.github.queries import Query
from pmo_sync.connectors.github.sizes import Size
from pmo_sync.connectors.github.transport import Transport
from pmo_sync.connectors.github.waits import (
    TRANSIENT,
    Patience,
    Response,
    hourly,
    limit_wait,
    overloaded,
    reset_time,
    retry_after,
)
from pmo_sync.connectors.least import Least
from pmo_sync.errors import SourceError

T = TypeVar("T")
Fit = Callable[[Mapping[str, object], int], Mapping[str, object]]
"""Variables that ask for so many nodes."""


def _first(variables: Mapping[str, object], count: int) -> Mapping[str, object]:
    return {**variables, "first": count}


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """What was answered, and what of it the server could not give."""

    data: T
    errors: tuple[GraphqlError, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure(Generic[T]):
    """What went wrong, the seconds after which to ask again (None: it would be in vain), and what
    there is nevertheless."""

    error: SourceError
    wait: float | None
    partial: Reply[T] | None = None


class GithubClient:
    """One login at one GitHub; as many threads may ask as ``connections`` says."""

    def __init__(
        self,
        source: Source,
        progress: Progress,
        *,
        patience: Patience | None = None,
        connections: int = 1,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.asked: Counter[str] = Counter()
        """HTTP requests made so far, by query."""
        self.least = Least()
        """Of requests for data, as far as their lists were read."""
        self.headers: Mapping[str, str] = {}
        """Of the last answer: limits, scopes, the end of the token's life."""
        self.meter = Meter()
        self.stopped = Event()
        """Once it is set, nobody waits any more."""
        self.patience = patience or Patience()
        self._source, self._progress = source, progress
        self._sleep, self._clock = sleep or self.stopped.wait, clock
        self._gate = Gate(connections, self._sleep, clock)
        self._transport = Transport(source)
        self._sizes: dict[tuple[str, int], Size] = {}
        self._never: set[tuple[str, ...]] = set()
        self._lock = Lock()

    @property
    def requests(self) -> int:
        """HTTP requests made so far."""
        return self.asked.total()

    @property
    def base(self) -> str:
        """The address of the API."""
        return self._transport.base

    def ask_once(
        self, query: Query[T], variables: Mapping[str, object], *, largest: int | None = None
    ) -> Reply[T]:
        """Answer a query for data that is one request at the least."""
        self.least.add()
        return self.ask(query, variables, largest=largest)

    def ask(
        self,
        query: Query[T],
        variables: Mapping[str, object],
        *,
        largest: int | None = None,
        fit: Fit = _first,
    ) -> Reply[T]:
        """Answer a query; raise SourceError (AccessError where a person must act, LimitError where
        time alone helps) once patience is at its end. A query with ``largest`` asks for a page of
        so many (``fit`` says how), or half where the server does not manage them, down to one."""
        size = self._size(query, largest)
        attempt = halved = 0
        while True:
            first = size.now if size else 0
            asked = fit(variables, first) if size else variables
            found = self._try(query, asked, attempt + halved)
            if isinstance(found, Reply):
                if size:
                    size.managed(first)
                return found
            if isinstance(found.error, refusal.OverloadedError) and size and size.failed(first):
                halved += 1
            elif found.wait is not None and attempt < self.patience.retries:
                attempt += 1
            elif found.partial is not None:
                self._never.update(_places(query, found.partial.errors))
                return found.partial
            else:
                raise found.error from None
            self._wait(found)

    def where(self, query: Query[T]) -> str:
        """What a message about a query begins with."""
        return f"{self._source.name}: {query.name}"

    def _size(self, query: Query[T], largest: int | None) -> Size | None:
        """The size of such pages: what one repository's showed holds for the next."""
        if largest is None:
            return None
        with self._lock:
            return self._sizes.setdefault((query.name, largest), Size(largest))

    def _wait(self, found: Failure[T]) -> None:
        """Wait before the next attempt; while it is a limit that we wait for, nobody asks."""
        wait = found.wait or 0.0
        self._progress.waiting(self._source.name, wait, str(found.error))
        if isinstance(found.error, refusal.LimitError):
            self._gate.hold(wait)
            self.meter.renew()
        else:
            self._sleep(wait)

    def _try(
        self, query: Query[T], variables: Mapping[str, object], attempt: int
    ) -> Reply[T] | Failure[T]:
        """Ask once."""
        where = self.where(query)
        pause = min(self.patience.first * 2.0**attempt, self.patience.longest)
        if lacking := self.meter.lacking(query.name, self._clock()):
            return self._spent(where, lacking + 1, self.meter.reset)
        try:
            response = self._send(query, variables)
        except (requests.RequestException, OSError, RuntimeError) as error:
            failure, again = refusal.from_failure(where, self._host, error)
            return Failure(failure, pause if again else None)
        try:
            answer = _decoded(response.body, query)
        except msgspec.ValidationError as error:
            if response.status == 200:
                text = f"{where}: the answer is not what we know: {refusal.said(str(error))}"
                return Failure(SourceError(text), None)
            answer = None
        self.meter.note(query.name, response, getattr(answer and answer.data, "rate_limit", None))
        if response.limited(_errors(answer), _message(answer)):
            return self._limited(where, response, _errors(answer), attempt)
        if response.status != 200:
            return self._refused(where, response, _message(answer), pause)
        return self._answered(query, response, answer, pause)

    def _send(self, query: Query[T], variables: Mapping[str, object]) -> Response:
        with self._gate.passing():
            if self.stopped.is_set():
                raise SourceError(f"{self.where(query)}: the sync was stopped")
            with self._lock:
                self.asked[query.name] += 1
            response = self._transport.send(query.text, variables)
        self.headers = response.headers
        return response

    def _answered(
        self, query: Query[T], response: Response, answer: Answer[T] | None, pause: float
    ) -> Reply[T] | Failure[T]:
        """Judge a 200: GraphQL tells of its failures in there."""
        where = self.where(query)
        if answer is None and response.body.lstrip().startswith("<"):
            hint = "is the url right, and is no proxy or sign-in page in between?"
            text = f"{where}: {self._host} answers with a web page; {hint}"
            return Failure(SourceError(text), None)
        if answer is None:
            text = f"{where}: the answer is cut off, or no JSON"
            return Failure(refusal.OverloadedError(text), pause)
        errors = tuple(
            msgspec.structs.replace(error, message=self._transport.login.clean(error.message))
            for error in _errors(answer)
        )
        reply = Reply(answer.data, errors) if answer.data is not None else None
        if reply and not (overloaded(errors) and _places(query, errors) - self._never):
            return reply
        if overloaded(errors) or not errors:
            text = f"{where}: the server did not manage the answer"
            return Failure(refusal.OverloadedError(text), pause, reply)
        return Failure(refusal.from_errors(where, errors), None)

    def _refused(self, where: str, response: Response, message: str, pause: float) -> Failure[T]:
        """Judge any other status."""
        words = self._transport.login.clean(message)
        if response.status in TRANSIENT:
            text = f"{where}: the server answers {response.status} {refusal.said(words)}".rstrip()
            asked = retry_after(response, self._clock()) or 0.0
            wait = max(pause, min(asked, self.patience.longest))
            return Failure(refusal.OverloadedError(text), wait)
        token_at = self._transport.login.where
        return Failure(refusal.from_response(where, self.base, token_at, response, words), None)

    def _limited(
        self, where: str, response: Response, errors: Sequence[GraphqlError], attempt: int
    ) -> Failure[T]:
        """Judge a limit: after a secondary one, fewer requests go at a time."""
        if not hourly(response, errors):
            self._gate.narrow()
        wait = limit_wait(response, self._clock(), attempt, self.patience)
        return self._spent(where, wait, reset_time(response))

    def _spent(self, where: str, wait: float, reset: datetime | None) -> Failure[T]:
        until = f"; it resets at {reset:%Y-%m-%d %H:%M} UTC" if reset else ""
        kept = "what was read is kept, and the next sync goes on from there"
        error = refusal.LimitError(f"{where}: the rate limit is reached{until}; {kept}")
        return Failure(error, wait if wait <= self.patience.longest else None)

    @property
    def _host(self) -> str:
        return urlsplit(self.base).netloc


def _places(query: Query[T], errors: Sequence[GraphqlError]) -> set[tuple[str, ...]]:
    """Where in the answers of a query something went wrong, whichever node it was."""
    return {
        (query.name, *(step for step in error.path or () if isinstance(step, str)))
        for error in errors
    }


def _errors(answer: Answer[T] | None) -> tuple[GraphqlError, ...]:
    return (answer.errors if answer else None) or ()


def _message(answer: Answer[T] | None) -> str:
    return (answer.message if answer else None) or ""


def _decoded(body: str, query: Query[T]) -> Answer[T] | None:
    """The body as typed structs; None where it is no JSON, ValidationError where it is other."""
    try:
        return _typed(body, query)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return None


def _typed(body: str, query: Query[T]) -> Answer[T]:
    try:
        return decoder(query.answer).decode(body)
    except msgspec.ValidationError:
        if query.loosely is None:
            raise
        return decoder(query.loosely).decode(body)
