"""Keeps one login within its limits: so many requests at a time and a minute, points an hour.

GitHub documents 100 requests at a time, 2,000 points a minute (a request that reads is one) and
5,000 an hour or more; what a query costs, each answer says. Safe between threads.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Condition, Lock

from pmo_sync.connectors.github.payloads import RateLimit
from pmo_sync.connectors.github.waits import Response, reset_time

MOST = 100
"""The most requests at a time that GitHub allows one login."""
A_MINUTE = 1900
"""Requests a minute: what is allowed, less a margin for others with the same login."""
MINUTE = timedelta(minutes=1)


class Gate:
    """Lets requests through; who passes has waited for all that had to be waited for."""

    def __init__(
        self, connections: int, sleep: Callable[[float], object], clock: Callable[[], datetime]
    ) -> None:
        self.width = max(1, min(connections, MOST))
        """Requests at a time."""
        self._sleep, self._clock = sleep, clock
        self._free, self._busy = Condition(), 0
        self._until: datetime | None = None
        self._recent: deque[datetime] = deque(maxlen=A_MINUTE)

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Make one request."""
        with self._free:
            self._free.wait_for(lambda: self._busy < self.width)
            self._busy += 1
        try:
            self._wait()
            yield
        finally:
            with self._free:
                self._busy -= 1
                self._free.notify_all()

    def hold(self, seconds: float) -> None:
        """Let nobody through for so long."""
        until = self._clock() + timedelta(seconds=seconds)
        with self._free:
            self._until = max(self._until or until, until)

    def narrow(self) -> None:
        """Let half as many through at a time from now on."""
        with self._free:
            self.width = max(1, self.width // 2)

    def _wait(self) -> None:
        with self._free:
            now, until = self._clock(), self._until
            full = len(self._recent) == A_MINUTE
            wanted = max(until or now, self._recent[0] + MINUTE if full else now)
            self._recent.append(wanted)
        if wanted > now:
            self._sleep((wanted - now).total_seconds())
        with self._free:
            if self._until == until:
                self._until = None


class Meter:
    """The points of the hour: what was spent of them, what is left, and what a query costs."""

    def __init__(self) -> None:
        self.spent = 0
        """By queries that say their cost."""
        self.left: int | None = None
        self.reset: datetime | None = None
        self._costs: dict[str, int] = {}
        self._lock = Lock()

    def note(self, name: str, response: Response, said: RateLimit | None) -> None:
        """Read off an answer what is left."""
        left = response.headers.get("x-ratelimit-remaining", "")
        reset = reset_time(response)
        with self._lock:
            if said is not None:
                self.spent += said.cost
                self._costs[name] = said.cost
            if not left.isdigit() or reset is None:
                return
            if self.reset is None or reset > self.reset or self.left is None:
                self.left, self.reset = int(left), reset
            elif reset == self.reset:
                self.left = min(self.left, int(left))  # answers may overtake each other

    def renew(self) -> None:
        """Forget what is left: once the wait is over there will be more."""
        with self._lock:
            self.left = None

    def cost(self, name: str) -> int:
        """What such a query cost last, one point if that is not known."""
        return self._costs.get(name, 1)

    def lacking(self, name: str, now: datetime) -> float:
        """Seconds until there are points for such a query; 0 where there are, as far as we know."""
        with self._lock:
            if self.left is None or self.reset is None or self.left >= self.cost(name):
                return 0.0
            return max(0.0, (self.reset - now).total_seconds())

    def told(self) -> str:
        """Say what was spent, and what is left."""
        left = "" if self.left is None else f", {self.left:,} left"
        until = f" until {self.reset.astimezone(UTC):%H:%M} UTC" if left and self.reset else ""
        return f"{self.spent:,} points spent{left}{until}"
