"""What a token may still ask within the hour, as headers, ``rateLimit`` and REST tell it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from pmo_sync.demo.github_cost import Cost

HOURLY = 5000


class Allowance:
    """Counts points and requests of the running hour, apart for ``core`` and ``graphql``.

    ``strict`` refuses what goes beyond; otherwise the count starts anew at half of it, so that a
    long-lived simulation does not come to a halt: clients wait for the next hour before a query
    that costs more than they were told is left.
    """

    def __init__(self, limit: int = HOURLY) -> None:
        self.limit = limit
        self.strict = False
        self._used = {"core": 0, "graphql": 0}
        self._hour = reset_time()
        self._lock = Lock()

    def take(self, resource: str, points: int = 1) -> bool:
        """Use points up; False where there are none left."""
        with self._lock:
            if reset_time() != self._hour:
                self._hour, self._used = reset_time(), dict.fromkeys(self._used, 0)
            used = self._used[resource]
            if used >= self.limit and self.strict:
                return False
            if used + points > self.limit // 2 and not self.strict:
                used = 0
            self._used[resource] = min(used + points, self.limit)
            return True

    def headers(self, resource: str) -> tuple[tuple[str, str], ...]:
        """Return the headers that every answer has."""
        used = self._used[resource]
        return (
            ("X-RateLimit-Limit", str(self.limit)),
            ("X-RateLimit-Remaining", str(self.limit - used)),
            ("X-RateLimit-Used", str(used)),
            ("X-RateLimit-Reset", str(self._hour)),
            ("X-RateLimit-Resource", resource),
        )

    def node(self, asked: Cost) -> dict[str, Any]:
        """Return GraphQL's ``rateLimit`` for a query."""
        used = self._used["graphql"]
        return {
            "cost": asked.points,
            "limit": self.limit,
            "nodeCount": asked.nodes,
            "remaining": self.limit - used,
            "resetAt": datetime.fromtimestamp(self._hour, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "used": used,
        }

    def rest(self) -> dict[str, Any]:
        """Return what GET /rate_limit says."""
        core, graphql = (self._resource(one) for one in ("core", "graphql"))
        search = {"limit": 30, "used": 0, "remaining": 30, "reset": self._hour}
        return {"resources": {"core": core, "search": search, "graphql": graphql}, "rate": core}

    def _resource(self, resource: str) -> dict[str, int]:
        used = self._used[resource]
        return {"limit": self.limit, "used": used, "remaining": self.limit - used,
                "reset": self._hour}  # fmt: skip


def reset_time() -> int:
    """Return when the running hour ends, in epoch seconds."""
    return (int(time.time()) // 3600 + 1) * 3600
