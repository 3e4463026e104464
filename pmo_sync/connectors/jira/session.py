"""Bytes from Jira: the ``jira`` library's session, login and URLs, with our patience.

The library's own objects and retries stay unused: its session has no time-out of its own and
repeats too little, and its errors print request headers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from threading import Lock, local
from typing import Any, Protocol, TypeVar

import msgspec
from jira import JIRA
from requests import Response
from requests.exceptions import ChunkedEncodingError, ContentDecodingError

from pmo_sync.config import Source
from pmo_sync.connectors.base import Progress
from pmo_sync.connectors.decoding import decoder
from pmo_sync.connectors.jira.ahead import Ahead
from pmo_sync.connectors.jira.crew import Begun, Crew, side_by_side
from pmo_sync.connectors.jira.failures import failed_answer, failed_connection, request_path
from pmo_sync.connectors.jira.pacing import Pace, rest_asked
from pmo_sync.connectors.jira.patience import RATE_LIMIT, OutOfPatienceError, Patience, PatientRetry
from pmo_sync.connectors.jira.whole import WholeAdapter
from pmo_sync.connectors.least import Least
from pmo_sync.errors import ConfigError, SourceError

T = TypeVar("T")
Question = TypeVar("Question")
Row = TypeVar("Row", covariant=True)
HIDDEN = "***"
SITE_URL = "{server}/{path}"
DATA = re.compile(r"/rest/api/[^/]+/(?:search|issue|changelog|worklog)(?:/|$)")
"""Addresses of what is kept at a site; the others are of what the site is like."""


class Rows(Protocol[Row]):
    """A page that is asked for by where it starts."""

    @property
    def values(self) -> Sequence[Row]: ...
    @property
    def is_last(self) -> bool: ...


class JiraSession:
    """One login at one site; every answer is decoded into a wire type or raises SourceError."""

    def __init__(
        self, source: Source, progress: Progress, patience: Patience, count: Callable[[bool], None]
    ) -> None:
        """``count`` is called for each HTTP request, also for a repeated one, and told whether it
        is for data."""
        self._count = count
        self.least = Least()
        """Of requests for data, as far as their lists were read."""
        self.name = source.name
        self.api = "3"
        """The version of the REST API that is asked: Data Center has version 2 alone."""
        self._progress = progress
        self._patience = patience
        self._pace = Pace(patience.at_once)
        self._telling = Lock()
        self._asking = local()
        self._waited = 0.0
        secret = source.token or source.password
        self._secret = secret.reveal() if secret else None
        self._jira = self._login(source)
        adapter = WholeAdapter(
            max_retries=PatientRetry.of(patience, self._wait), pool_maxsize=patience.at_once
        )
        session = self._jira._session
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        session.hooks["response"].append(self._examine)

    def get(self, path: str, kind: type[T], *, api: str | None = None, **params: Any) -> T:
        """Ask the REST API."""
        return self._ask("GET", self._api_url(path, api), _decoded(kind), params=params)

    def get_by(self, path: str, decode: Callable[[bytes], T], **params: Any) -> T:
        """Ask the REST API, and decode the answer in a way of its own."""
        return self._ask("GET", self._api_url(path), decode, params=params)

    def get_agile(self, path: str, kind: type[T], **params: Any) -> T:
        """Ask the API of boards and sprints."""
        url = self._jira._get_url(path, base=JIRA.AGILE_BASE_URL)
        return self._ask("GET", url, _decoded(kind), params=params)

    def get_site(self, path: str, kind: type[T]) -> T:
        """Ask an address of the site outside its APIs."""
        url = self._jira._get_url(path, base=SITE_URL)
        return self._ask("GET", url, _decoded(kind))

    def post(self, path: str, kind: type[T], body: Mapping[str, Any]) -> T:
        """Ask a question that is too long for an address."""
        return self.post_by(path, _decoded(kind), body)

    def post_by(self, path: str, decode: Callable[[bytes], T], body: Mapping[str, Any]) -> T:
        """Ask such a question, and decode the answer in a way of its own."""
        data = msgspec.json.encode(body)
        return self._ask("POST", self._api_url(path), decode, data=data)

    def ahead(self, ask: Callable[[int], T], following: Callable[[int, T], range]) -> Ahead[T]:
        """Return pages by position, asked for before they are wanted."""
        return Ahead(ask, following, self._pace)

    def side_by_side(
        self, ask: Callable[[Question], T], questions: Iterable[Question]
    ) -> Iterator[T]:
        """Ask several questions at once; the answers come in the order of the questions."""
        return side_by_side(ask, questions, self._pace)

    def crew(self) -> Crew:
        """Return somebody to ask several things at once."""
        return Crew(self._pace)

    def begun(self, values: Iterable[T]) -> Begun[T]:
        """Begin to make values that are wanted later."""
        return Begun(values, self._pace)

    def rows(
        self, path: str, kind: type[Rows[Row]], size: int, *, agile: bool = False, **params: Any
    ) -> Iterator[Row]:
        """Follow pages by position to the last one, or to an empty one: totals may lie."""
        get: Callable[..., Rows[Row]] = self.get_agile if agile else self.get
        start = 0
        while True:
            page = get(path, kind, startAt=start, maxResults=size, **params)
            yield from page.values
            start += len(page.values)
            if page.is_last or not page.values:
                return

    def _api_url(self, path: str, api: str | None = None) -> str:
        base = f"{{server}}/rest/api/{api or self.api}/{{path}}"
        return self._jira._get_url(path, base=base)

    def _login(self, source: Source) -> JIRA:
        login: dict[str, Any] = {}
        name = source.email or source.user
        if name and self._secret:
            login["basic_auth"] = (name, self._secret)
        elif self._secret:
            login["token_auth"] = self._secret
        elif name:
            need = "an e-mail needs a token" if source.email else "a user needs a password"
            raise ConfigError(f"sources.{source.name}: {need} with it")
        verify = str(source.ca_bundle) if source.ca_bundle else True
        return JIRA(
            options={"server": source.url, "verify": verify},
            get_server_info=False,
            max_retries=0,
            timeout=(self._patience.connect, self._patience.read),
            **login,
        )

    def _ask(self, method: str, url: str, decode: Callable[[bytes], T], **kw: Any) -> T:
        """Send, read and decode; a body that broke off is asked for again."""
        where = f"{self.name}: {method} {_path(url)}"
        self._asking.for_data = bool(DATA.search(url))
        broken = ""
        for attempt in range(self._patience.connections):
            try:
                if attempt:
                    self._pause(attempt)
                # Said anew, a bundle of our own goes before that of the environment.
                session = self._jira._session
                with self._pace.turn():
                    self._tally()
                    response = session.request(
                        method, url, allow_redirects=False, verify=session.verify, **kw
                    )
                return decode(response.content)
            except OutOfPatienceError:
                raise SourceError(
                    f"{where}: waited {self._waited:.0f} seconds in all for a tracker that fails "
                    "or limits its requests; that is all for today: try again later"
                ) from None
            except (ChunkedEncodingError, ContentDecodingError):
                broken = "the answer breaks off"
            except msgspec.ValidationError as error:
                raise SourceError(f"{where}: not the answer that was expected: {error}") from None
            except msgspec.DecodeError:
                media = response.headers.get("Content-Type", "unknown").partition(";")[0]
                broken = f"the answer is not whole JSON but {media}"
            except OSError as error:
                timeout = (self._patience.connect, self._patience.read)
                raise failed_connection(where, error, timeout) from None
        raise SourceError(f"{where}: {broken}, also when asked again")

    def _examine(self, response: Response, **_: Any) -> None:
        """Stop at a refusal before the library makes an error of it that prints headers."""
        where = f"{self.name}: {request_path(response.request)}"
        if error := failed_answer(where, response):
            response.close()
            if self._secret:
                error.args = (str(error).replace(self._secret, HIDDEN),)
            raise error
        seconds = rest_asked(response.headers, datetime.now(UTC))
        if seconds:
            seconds = min(seconds, self._patience.bearable)
            self._say_wait(seconds, "the rate limit is used up for now")
            self._pace.slow(seconds)

    def _tally(self) -> None:
        with self._telling:
            self._count(self._asking.for_data)

    def _wait(self, seconds: float, why: str) -> None:
        """Wait before a repeated request, and say so."""
        self._tally()
        self._say_wait(seconds, why)
        if why == RATE_LIMIT:
            self._pace.slow(seconds)
        self._pace.rest(seconds)

    def _say_wait(self, seconds: float, why: str) -> None:
        with self._telling:
            self._waited += seconds
            if self._waited > self._patience.total:
                raise OutOfPatienceError
            self._progress.waiting(self.name, seconds, why)

    def _pause(self, attempt: int) -> None:
        seconds = min(self._patience.longest, self._patience.backoff * 2.0 ** (attempt - 1))
        self._say_wait(seconds, "a broken answer")
        self._pace.rest(seconds)


def _decoded(kind: type[T]) -> Callable[[bytes], T]:
    return decoder(kind).decode


def _path(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2]
