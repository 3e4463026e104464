"""Asks GitHub: PyGithub's authentication and requester, our queries, waits and messages.

Of PyGithub the requester alone is used. Its objects fetch what they lack one by one, and its
``GithubRetry`` is left out: it knows neither a 429 without Retry-After nor a limit that comes as
an error in a 200, waits as long as Retry-After says, silently, and cannot ask for less.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar
from urllib.parse import urlsplit

import github
import msgspec
import requests

from pmo_sync import __version__
from pmo_sync.config import Source
from pmo_sync.connectors.base import Progress
from pmo_sync.connectors.github import refusal
from pmo_sync.connectors.github.access import Login
from pmo_sync.connectors.github.address import api_base
from pmo_sync.connectors.github.payloads import Answer, GraphqlError
from pmo_sync.connectors.github.queries import Query
from pmo_sync.connectors.github.waits import (
    TRANSIENT,
    Patience,
    Response,
    limit_wait,
    overloaded,
    reset_time,
    retry_after,
)
from pmo_sync.errors import ConfigError, SourceError

T = TypeVar("T")
TIMEOUT = 60
"""Seconds; GitHub itself gives up after ten."""


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """What was answered, and what of it the server could not give."""

    data: T
    errors: tuple[GraphqlError, ...] = ()


class GithubClient:
    """One login at one GitHub. Safe to share between threads but for the count of requests."""

    def __init__(
        self,
        source: Source,
        progress: Progress,
        *,
        patience: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.requests = 0
        self.headers: Mapping[str, str] = {}
        """Of the last answer: limits, scopes, the end of the token's life."""
        self._source, self._progress = source, progress
        self.patience = patience or Patience()
        self._sleep, self._clock = sleep, clock
        self.base = api_base(source.url)
        self._login = Login(source, self.base, timeout=TIMEOUT, verify=_bundle(source))
        self._requester = github.Github(
            base_url=self.base,
            auth=self._login.auth,
            timeout=TIMEOUT,
            user_agent=f"pmo-sync/{__version__}",
            verify=_bundle(source),
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        ).requester

    def ask(self, query: Query[T], variables: Mapping[str, object]) -> Reply[T]:
        """Answer a query; raise SourceError (AccessError where a person must act, OverloadedError
        where a smaller question may help) once patience is at its end."""
        attempt = 0
        while True:
            error, wait = self._try(query, variables, attempt)
            if isinstance(error, Reply):
                return error
            if wait is None or attempt >= self.patience.retries:
                raise error from None
            self._progress.waiting(self._source.name, wait, str(error))
            self._sleep(wait)
            attempt += 1

    def where(self, query: Query[T]) -> str:
        """What a message about a query begins with."""
        return f"{self._source.name}: {query.name}"

    def _try(
        self, query: Query[T], variables: Mapping[str, object], attempt: int
    ) -> tuple[Reply[T] | SourceError, float | None]:
        """Ask once: the reply, or the error with the seconds after which to ask again."""
        where = self.where(query)
        pause = self.patience.first * 2.0**attempt
        try:
            response = self._send(query.text, variables)
        except (requests.RequestException, OSError, RuntimeError) as error:
            failure, again = refusal.from_failure(where, self._host, error)
            return failure, pause if again else None
        try:
            answer = _decoded(response.body, query.answer)
        except msgspec.ValidationError as error:
            if response.status == 200:
                text = f"{where}: the answer is not what we know: {refusal.said(str(error))}"
                return SourceError(text), None
            answer = None
        if response.limited(_errors(answer), _message(answer)):
            return self._limited(where, response, attempt)
        if response.status != 200:
            return self._refused(where, response, _message(answer), pause)
        return self._answered(where, response, answer, pause)

    def _answered(
        self, where: str, response: Response, answer: Answer[T] | None, pause: float
    ) -> tuple[Reply[T] | SourceError, float | None]:
        """Judge a 200: GraphQL tells of its failures in there."""
        if answer is None and response.body.lstrip().startswith("<"):
            hint = "is the url right, and is no proxy or sign-in page in between?"
            return SourceError(f"{where}: {self._host} answers with a web page; {hint}"), None
        if answer is None:
            return refusal.OverloadedError(f"{where}: the answer is cut off, or no JSON"), pause
        errors = tuple(
            msgspec.structs.replace(error, message=self._clean(error.message))
            for error in _errors(answer)
        )
        if answer.data is not None:
            return Reply(answer.data, errors), None
        if overloaded(errors) or not errors:
            return refusal.OverloadedError(f"{where}: the server did not manage the answer"), pause
        return refusal.from_errors(where, errors), None

    def _refused(
        self, where: str, response: Response, message: str, pause: float
    ) -> tuple[SourceError, float | None]:
        """Judge any other status."""
        words = self._clean(message)
        if response.status in TRANSIENT:
            text = f"{where}: the server answers {response.status} {refusal.said(words)}".rstrip()
            asked = retry_after(response, self._clock()) or 0.0
            return refusal.OverloadedError(text), max(pause, min(asked, self.patience.longest))
        return refusal.from_response(where, self.base, self._login.where, response, words), None

    def _send(self, text: str, variables: Mapping[str, object]) -> Response:
        """One HTTP request through PyGithub's requester, which adds the login."""
        self.requests += 1
        status, headers, body = self._requester.requestJson(
            "POST",
            self._requester.graphql_url,
            input={"query": text, "variables": dict(variables)},
        )
        self.headers = headers
        return Response(status, headers, body)

    def _limited(
        self, where: str, response: Response, attempt: int
    ) -> tuple[SourceError, float | None]:
        wait = limit_wait(response, self._clock(), attempt, self.patience)
        reset = reset_time(response)
        until = f"; it resets at {reset:%Y-%m-%d %H:%M} UTC" if reset else ""
        error = SourceError(f"{where}: the rate limit is reached{until}")
        return error, wait if wait <= self.patience.longest else None

    def _clean(self, text: str) -> str:
        """A server's words without our token, should it repeat it."""
        return self._login.clean(text)

    @property
    def _host(self) -> str:
        return urlsplit(self.base).netloc


def _errors(answer: Answer[T] | None) -> tuple[GraphqlError, ...]:
    return (answer.errors if answer else None) or ()


def _message(answer: Answer[T] | None) -> str:
    return (answer.message if answer else None) or ""


def _decoded(body: str, answer: type[Answer[T]]) -> Answer[T] | None:
    """The body as typed structs; None where it is no JSON, ValidationError where it is other."""
    try:
        return msgspec.json.decode(body, type=answer)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return None


def _bundle(source: Source) -> str | bool:
    """The certificates to trust: a file of the source's own, or the usual ones."""
    if source.ca_bundle is None:
        return True
    if not source.ca_bundle.exists():
        raise ConfigError(f"{source.name}: ca_bundle: no such file: {source.ca_bundle}")
    return str(source.ca_bundle)
