"""Threads that ask while their reader does something else; when it leaves, they go home."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from types import TracebackType
from typing import Generic, ParamSpec, Self, TypeVar

from pmo_sync.connectors.jira.pacing import Errand, Pace

P = ParamSpec("P")
T = TypeVar("T")
Q = TypeVar("Q")


class Leaving(ABC):
    """Who leaves at the end of a context, with all that is done for it."""

    @abstractmethod
    def leave(self) -> None:
        """Go home."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()


class Crew(Leaving):
    """Asks several things at once, for as long as the context is open."""

    def __init__(self, pace: Pace, most: int | None = None) -> None:
        """At most ``most`` at once, by default as many as may be under way."""
        self._pace, self._errand = pace, Errand.of_this_thread()
        self._pool = ThreadPoolExecutor(most or pace.most, "jira", self._errand.begin)

    def ask(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Let somebody do it."""
        return self._pool.submit(work, *args, **kwargs)

    def leave(self) -> None:
        """Let all who wait go home, and the requests that are under way come to their end."""
        self._pace.end(self._errand)
        self._pool.shutdown(wait=True, cancel_futures=True)


class Begun(Leaving, Generic[T]):
    """The values of an iterable, each made while the reader has the one before: one is held."""

    def __init__(self, values: Iterable[T], pace: Pace) -> None:
        self._values, self._crew = iter(values), Crew(pace, 1)
        self._next = self._crew.ask(next, self._values)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        value = self._next.result()  # which raises StopIteration after the last
        self._next = self._crew.ask(next, self._values)
        return value

    def leave(self) -> None:
        """Make no more values."""
        self._crew.leave()


def side_by_side(ask: Callable[[Q], T], questions: Iterable[Q], pace: Pace) -> Iterator[T]:
    """Ask as many questions at once as may be; yield the answers in the order of the questions, and
    hold few of them: a slow reader is waited for."""
    todo = iter(questions)
    with Crew(pace) as crew:
        waiting = deque(crew.ask(ask, one) for one in islice(todo, 2 * pace.most))
        while waiting:
            answer = waiting.popleft().result()
            waiting.extend(crew.ask(ask, one) for one in islice(todo, 1))
            yield answer
