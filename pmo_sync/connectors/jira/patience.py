"""How long we bear with a slow or failing tracker, and how a wait is made known."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from urllib3 import Retry
from urllib3.exceptions import InvalidHeader, MaxRetryError, ResponseError
from urllib3.response import BaseHTTPResponse

OnWait = Callable[[float, str], None]
"""Waits so many seconds, and says why."""

RATE_LIMIT = "rate limit"
BUSY = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """Time-outs and waits, all in seconds; ``attempts`` is the total budget of one request."""

    connect: float = 10.0
    read: float = 60.0
    attempts: int = 6
    connections: int = 3
    backoff: float = 1.0
    longest: float = 60.0
    """The longest wait of our own choosing."""
    bearable: float = 900.0
    """A tracker that asks for a longer wait than this is given up for today."""
    total: float = 3600.0
    """All waits of one sync together; a tracker that needs more is given up for today."""
    at_once: int = 8
    """Requests under way at most; fewer after a rate limit."""


class OutOfPatienceError(Exception):
    """All the waits that a sync may make are made."""


class PatientRetry(Retry):
    """urllib3's retries with full jitter, a bound on Retry-After, and a word before each wait."""

    on_wait: OnWait
    bearable: float

    @classmethod
    def of(cls, patience: Patience, on_wait: OnWait) -> Self:
        """Every method may be repeated: all that we send is a question, POST included."""
        retry = cls(
            total=patience.attempts - 1,
            other=patience.connections - 1,
            connect=patience.connections - 1,
            redirect=False,
            status_forcelist=BUSY,
            allowed_methods=None,
            backoff_factor=patience.backoff,
            backoff_max=patience.longest,
            raise_on_status=False,
        )
        retry.on_wait, retry.bearable = on_wait, patience.bearable
        return retry

    def new(self, **kw: Any) -> Self:
        """Carry our own settings over to the next attempt's copy."""
        copy = super().new(**kw)
        copy.on_wait, copy.bearable = self.on_wait, self.bearable
        return copy

    def get_backoff_time(self) -> float:
        """Double the wait each time and take a random half to whole of it."""
        doubled = self.backoff_factor * 2.0 ** (len(self.history) - 1)
        return min(self.backoff_max, doubled) * random.uniform(0.5, 1.0)  # noqa: S311 (jitter)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Read seconds or a date; what is neither is no answer, so we choose the wait."""
        try:
            return super().get_retry_after(response)
        except InvalidHeader:
            return None

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        *args: Any,
        **kw: Any,
    ) -> Self:
        """Give up at once where the tracker asks for more patience than we have."""
        if response is not None and (self.get_retry_after(response) or 0) > self.bearable:
            raise MaxRetryError(None, url, ResponseError("asks for too long a wait"))  # type: ignore[arg-type]
        return super().increment(method, url, response, *args, **kw)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Let wait, with the reason."""
        asked = self.get_retry_after(response) if response is not None else None
        if response is None:
            why = "no connection"
        elif response.status == 429:
            why = RATE_LIMIT
        else:
            why = f"the tracker answered {response.status}"
        seconds = asked if asked is not None else self.get_backoff_time()
        self.on_wait(seconds, why)
