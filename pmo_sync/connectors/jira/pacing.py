"""How many requests go to a tracker at once, and when the next one may."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Condition, local

STEADY = 10
"""So many turns of all without a refusal allow one request more at once."""
_QUOTA = re.compile(r"\br=0\b.*?\bt=(\d+)")
"""A quota of points that is used up, and the seconds until it is filled again."""


class EndedError(Exception):
    """The answer that was waited for is not wanted any more."""


class Errand:
    """What threads ask for on behalf of a reader, until it leaves; what they let others ask is part
    of it."""

    _mine = local()

    def __init__(self, whole: Errand | None) -> None:
        self._whole = whole
        self._ended = False

    @classmethod
    def of_this_thread(cls) -> Errand:
        """Make a part of what this thread is there for."""
        return cls(cls.mine())

    @classmethod
    def mine(cls) -> Errand | None:
        """Return what this thread is there for; None where it asks for itself."""
        return getattr(cls._mine, "errand", None)

    def begin(self) -> None:
        """Let this thread be there for it."""
        self._mine.errand = self

    def end(self) -> None:
        """Nobody wants its answers any more."""
        self._ended = True

    @property
    def ended(self) -> bool:
        """Say that nobody wants its answers any more: it ended, or what it is a part of."""
        return self._ended or (self._whole is not None and self._whole.ended)


class Pace:
    """Half as many requests at once after a refusal, one more after a quiet while, and none
    before the moment that the tracker named."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = most
        """How many may be under way now."""
        self.most, self._clock = most, clock
        self._active = self._quiet = 0
        self._until = 0.0
        self._changed = Condition()
        self._waiting: deque[object] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and hold it: who waits longest is first."""
        with self._changed:
            self._queue(object())
            if _unwanted():
                raise EndedError
            self._active += 1
        try:
            yield
        finally:
            with self._changed:
                self._active -= 1
                self._grow()
                self._changed.notify_all()

    def _queue(self, mine: object) -> None:
        self._waiting.append(mine)
        try:
            while not _unwanted() and not (self._waiting[0] is mine and self._is_free()):
                left = self._until - self._clock()
                self._changed.wait(left if left > 0 else None)
        finally:
            self._waiting.remove(mine)
            self._changed.notify_all()

    def _is_free(self) -> bool:
        return self._active < self.limit and self._clock() >= self._until

    def slow(self, seconds: float) -> None:
        """Take a refusal: those that come together, before the wait is over, are one."""
        with self._changed:
            if self._clock() >= self._until:
                self.limit = max(1, self.limit // 2)
            self._quiet = 0
            self._until = max(self._until, self._clock() + seconds)

    def rest(self, seconds: float) -> None:
        """Wait before a repeated request; raise EndedError where nobody wants its answer now."""
        with self._changed:
            if self._changed.wait_for(_unwanted, seconds):
                raise EndedError

    def end(self, errand: Errand) -> None:
        """Let all who wait for an errand go home."""
        with self._changed:
            errand.end()
            self._changed.notify_all()

    def _grow(self) -> None:
        self._quiet += 1
        if self._quiet >= STEADY * self.limit and self.limit < self.most:
            self.limit, self._quiet = self.limit + 1, 0


def _unwanted() -> bool:
    mine = Errand.mine()
    return mine is not None and mine.ended


def rest_asked(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds that an answer asks to wait before the next request: what its limit
    (X-RateLimit-*) or its quota of points says where nothing is left of it; else 0."""
    if used_up := _QUOTA.search(headers.get("Beta-RateLimit", headers.get("RateLimit", ""))):
        return float(used_up[1])
    if headers.get("X-RateLimit-Remaining", "").strip() != "0":
        return 0.0
    try:
        reset = datetime.fromisoformat(headers.get("X-RateLimit-Reset", ""))
    except ValueError:
        return _interval(headers)
    return max(0.0, (reset.replace(tzinfo=reset.tzinfo or UTC) - now).total_seconds())


def _interval(headers: Mapping[str, str]) -> float:
    """Data Center fills a bucket by so many requests each interval."""
    try:
        return max(0.0, float(headers.get("X-RateLimit-Interval-Seconds", "0")))
    except ValueError:
        return 0.0
