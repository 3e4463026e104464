"""How few requests could have brought what was read: what a sync made is told beside it."""

from __future__ import annotations

from threading import Lock


class Least:
    """A lower bound, of the rows that came and of how many of them a page may hold; several
    threads add to it."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = Lock()

    def add(self, requests: int = 1) -> None:
        """There must be so many more."""
        with self._lock:
            self.count += requests

    def listed(self, a_page: int) -> Listed:
        """Begin a list that comes in pages of at most so many rows."""
        return Listed(self, a_page)

    def clear(self) -> None:
        """All is read once more."""
        self.count = 0


class Listed:
    """A list of which one thread reads the rows: its pages count as they come."""

    def __init__(self, least: Least, a_page: int) -> None:
        self._least, self._a_page = least, a_page
        self._rows = self._pages = 0

    def came(self, rows: int) -> None:
        """Add rows; also where there are none that was to be asked."""
        self._rows += rows
        pages = max(1, -(-self._rows // self._a_page))
        self._least.add(pages - self._pages)
        self._pages = pages
