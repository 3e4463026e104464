"""How large a page a server manages: half of what it does not, more again where that goes well."""

from __future__ import annotations

from collections import Counter
from threading import Lock

GROWING = 4
"""Pages that have to go well before a larger one is tried."""
TRIALS = 2
"""A size that failed so often is not tried again."""


class Size:
    """The size of one query's pages, for all who walk through such pages. Safe between threads."""

    def __init__(self, largest: int) -> None:
        self._steps = [largest]
        while self._steps[-1] > 1:
            self._steps.append(self._steps[-1] // 2)
        self._at, self._well = 0, 0
        self._failed: Counter[int] = Counter()
        self._lock = Lock()

    @property
    def now(self) -> int:
        """What to ask for."""
        return self._steps[self._at]

    def failed(self, size: int) -> bool:
        """Take note that the server did not manage so many; False where they cannot be fewer."""
        with self._lock:
            if size == 1:
                return False
            if size == self.now:
                self._failed[size] += 1
                self._at, self._well = self._at + 1, 0
            return True

    def managed(self, size: int) -> None:
        """Take note that the server managed so many."""
        with self._lock:
            self._well += size == self.now
            larger = self._steps[max(self._at - 1, 0)]
            if self._well >= GROWING and self._failed[larger] < TRIALS:
                self._at, self._well = max(self._at - 1, 0), 0
