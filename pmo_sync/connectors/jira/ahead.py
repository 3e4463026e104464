"""Pages by position, asked for before the reader comes to them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from pmo_sync.connectors.jira.crew import Crew, Leaving
from pmo_sync.connectors.jira.pacing import Pace

T = TypeVar("T")


class Ahead(Leaving, Generic[T]):
    """What the pages after one will be, as long as nothing moves; where the reader goes elsewhere,
    what was asked for is forgotten. ``following`` names the positions after an answer's own."""

    def __init__(
        self, ask: Callable[[int], T], following: Callable[[int, T], range], pace: Pace
    ) -> None:
        self._ask, self._following, self._most = ask, following, pace.most
        self._crew = Crew(pace)
        self._asked: dict[int, Future[T]] = {}

    def leave(self) -> None:
        """Ask for no more pages."""
        self._crew.leave()

    def page(self, start: int) -> T:
        """Return the page at a position, and ask for those that seem to follow."""
        future = self._asked.pop(start, None)
        if future is None:
            for one in self._asked.values():
                one.cancel()
            self._asked.clear()
        page = self._ask(start) if future is None else future.result()
        for position in self._following(start, page)[: self._most]:
            if position not in self._asked:
                self._asked[position] = self._crew.ask(self._ask, position)
        return page
