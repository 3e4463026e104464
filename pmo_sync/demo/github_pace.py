"""GitHub's secondary limits: how much a login may ask in a minute, and at once."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class Pace:
    """The limits, as GitHub documents them; a request that only reads is a point of its API.

    ``concurrent`` holds for both APIs together, ``core`` (REST) and ``graphql`` are points in any
    ``window`` seconds.
    """

    concurrent: int = 100
    core: int = 900
    graphql: int = 2000
    window: float = 60


class Turnstile:
    """Counts requests as they come and go."""

    def __init__(self, pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._clock = clock
        self._inside = 0
        self._came: dict[str, deque[float]] = {"core": deque(), "graphql": deque()}
        self._lock = Lock()

    def enter(self, resource: str) -> int | None:
        """Let a request in (None), to be followed by ``leave``; or say in how many whole seconds
        it may come again, 0 where that depends on other requests."""
        limit = self._pace.graphql if resource == "graphql" else self._pace.core
        with self._lock:
            now, came = self._clock(), self._came[resource]
            while came and came[0] <= now - self._pace.window:
                came.popleft()
            if len(came) >= limit:
                return max(1, math.ceil(came[0] + self._pace.window - now))
            if self._inside >= self._pace.concurrent:
                return 0
            came.append(now)
            self._inside += 1
            return None

    def leave(self) -> None:
        """Take note that a request was answered."""
        with self._lock:
            self._inside -= 1
