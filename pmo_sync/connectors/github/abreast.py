"""Several readers at a time, each in a thread; what they yield comes out as it is ready."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")
PAUSE = 0.1
"""Seconds between two looks at whether to stop."""


def abreast(
    readers: Sequence[Callable[[], Iterable[T]]], width: int, stopped: Event
) -> Iterator[T]:
    """Yield what the readers yield, ``width`` of them at a time, each one's in its order. After
    an error no reader begins anew: what is ready is yielded, then the first error is raised.
    ``stopped`` is set once nobody wants more; little is read ahead of who takes it."""
    if width == 1 or len(readers) <= 1:
        for reader in readers:
            yield from reader()
        return
    work = _Work(readers, width, stopped)
    try:
        yield from work.results()
    except BaseException:
        stopped.set()
        raise


class _Work(Generic[T]):
    """The readers under way. Threads are daemons: an interrupted sync waits for no answer."""

    def __init__(
        self, readers: Sequence[Callable[[], Iterable[T]]], width: int, stopped: Event
    ) -> None:
        self._readers = deque(readers)
        self._ready: Queue[T] = Queue(maxsize=width)
        self._failed: list[BaseException] = []
        self._stopped = stopped
        self._threads = [
            Thread(target=self._read, daemon=True) for _ in range(min(width, len(readers)))
        ]

    def results(self) -> Iterator[T]:
        for thread in self._threads:
            thread.start()
        while True:
            over = not any(thread.is_alive() for thread in self._threads)
            try:
                yield self._ready.get(timeout=0 if over else PAUSE)
            except Empty:
                if over:
                    break
        if self._failed:
            raise self._failed[0]

    def _read(self) -> None:
        """One thread's work: reader after reader."""
        try:
            while self._readers and not self._failed:
                for one in self._next()():
                    if not self._hand_over(one) or self._failed:
                        return
        except BaseException as error:
            self._failed.append(error)

    def _next(self) -> Callable[[], Iterable[T]]:
        try:
            return self._readers.popleft()
        except IndexError:  # another thread was faster
            return tuple

    def _hand_over(self, one: T) -> bool:
        while not self._stopped.is_set():
            try:
                self._ready.put(one, timeout=PAUSE)
            except Full:
                continue
            return True
        return False
