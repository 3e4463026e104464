"""Whether to ask again, and when: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from github.Requester import Requester

from pmo_sync.connectors.github.payloads import GraphqlError

TRANSIENT = (500, 502, 503, 504)
OVERLOADED = ("something went wrong", "timeout", "timed out", "resource limits", "couldn't respond")
OVERLOADED_TYPES = ("RESOURCE_LIMITS_EXCEEDED", "SERVICE_UNAVAILABLE", "TIMEOUT", "INTERNAL")
HOURLY = "RATE_LIMIT"
"""The error type of GraphQL's hourly limit, in a 200."""
LIMIT_TYPES = (HOURLY, "RATE_LIMITED")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to ask again what failed, and the longest wait for a rate limit, in seconds."""

    retries: int = 3
    longest: float = 3660.0
    """GitHub's hourly limit resets within the hour."""
    first: float = 1.0
    """The wait before the first repetition of what failed; it doubles."""
    secondary: float = 60.0
    """GitHub's advice for a secondary limit that gives no time; it doubles too."""


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer with lower-case header names."""

    status: int
    headers: Mapping[str, str]
    body: str

    def limited(self, errors: Sequence[GraphqlError], message: str) -> bool:
        """Say whether this is a rate limit: 429, a 403 that says so, or an error in a 200."""
        if any(
            error.type in LIMIT_TYPES
            or (error.type is None and Requester.isRateLimitError(error.message))
            for error in errors
        ):
            return True
        asked = "retry-after" in self.headers or Requester.isRateLimitError(message)
        return self.status == 429 or (self.status == 403 and asked)


def hourly(response: Response, errors: Sequence[GraphqlError]) -> bool:
    """Say whether it is the hour's points that are spent, and not a secondary limit."""
    spent = response.headers.get("x-ratelimit-remaining") == "0"
    return spent or any(error.type == HOURLY for error in errors)


def overloaded(errors: Sequence[GraphqlError]) -> bool:
    """Say whether the server could not answer in time: a smaller question may do."""
    return any(
        error.type in OVERLOADED_TYPES
        or (error.type is None and any(word in error.message.lower() for word in OVERLOADED))
        for error in errors
    )


def limit_wait(response: Response, now: datetime, attempt: int, patience: Patience) -> float:
    """Seconds until the limit allows the next request, as far as the server says."""
    asked = retry_after(response, now)
    if asked is not None:
        return asked
    reset = reset_time(response)
    if reset is not None and response.headers.get("x-ratelimit-remaining") == "0":
        # One more second: the limit resets at some moment of that second.
        return max(0.0, (reset - now).total_seconds()) + 1
    return patience.secondary * 2.0**attempt


def reset_time(response: Response) -> datetime | None:
    """When the hourly limit starts anew."""
    text = response.headers.get("x-ratelimit-reset", "")
    return datetime.fromtimestamp(int(text), UTC) if text.isdigit() else None


def retry_after(response: Response, now: datetime) -> float | None:
    """Seconds that the server asks us to wait; it may say so as a number or as a date."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
