"""Work done aside: by a copy of this process on another processor, while this one goes on.

A copy has all that was computed so far and imports nothing again. A thread would share little of
the time: binding frames is Python's work, and one thread at a time does that. Where there can be no
copy, or it dies, the work is done here when its result is asked for: what is told is the same.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, overload
from weakref import finalize

import duckdb

from pmo_sync.frames.carried import packed, unpacked

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
U = TypeVar("U")
Work = Callable[[], Any]

THREADS = Path("/proc/self/task")
"""Where Linux lists the threads of this process."""
ENDS = (signal.SIGINT, signal.SIGTERM)
ALONE = {"threads": 1, "async_threads": 0}
"""DuckDB without threads of its own: what a thread has locked stays locked in a copy for ever."""
ROWS_OF_A_THREAD = 2_000_000
"""Rows of the largest table for which a thread more is worth it beside a copy: of fewer it takes
more of the processors, and as long by the clock."""


class Aside(Protocol):
    """Begins some work, and what is to be done after it; returns of each what waits for its result,
    to be called once. A result may hold frames, and what pickle knows."""

    @overload
    def __call__(self, work: Callable[[], T], /) -> Callable[[], T]: ...
    @overload
    def __call__(
        self, work: Callable[[], T], then: Callable[[], U], /
    ) -> tuple[Callable[[], T], Callable[[], U]]: ...


def aside(con: duckdb.DuckDBPyConnection, *works: Work) -> Any:
    """Begin some work over frames of ``con``; see ``Aside``."""
    if not _can_copy(con):
        return in_place(*works)
    try:
        return in_place(*_Copy(con, works).waits())
    except OSError:  # no process more is to be had, or no folder for its frames
        _crowd(con)
        return in_place(*works)


def in_place(*works: Work) -> Any:
    """Do work when its result is asked for; see ``Aside``."""
    return works if len(works) > 1 else works[0]


class _Copy:
    """A copy of this process, and what it has told so far."""

    def __init__(self, con: duckdb.DuckDBPyConnection, works: Sequence[Work]) -> None:
        from multiprocessing import get_context  # 20 ms, which a question need not pay

        self._con, self._works = con, works
        self._told: list[bytes] = []
        self._frames = TemporaryDirectory(prefix="pmo-sync-")
        copies = get_context("fork")
        self._receiver, sender = copies.Pipe(duplex=False)
        given = (works, partial(packed, con, Path(self._frames.name)), sender)
        self._process = copies.Process(target=_tell, args=given, daemon=True)
        # A signal that came while it begins would be forgotten: until it can be ended none comes.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        sender.close()
        self._left = finalize(self, _leave, os.getpid(), self._process, self._frames)
        con.execute(f"SET threads = {_worth(con)}")

    def waits(self) -> tuple[Work, ...]:
        """Return of each work what waits for its result."""
        return tuple(partial(self._result, place) for place in range(len(self._works)))

    def _result(self, place: int) -> Any:
        try:
            while len(self._told) <= place:
                self._told.append(self._receiver.recv_bytes())
            result = unpacked(self._con, Path(self._frames.name), self._told[place])
        except (EOFError, OSError):  # it is dead: what is asked for later will find the same
            self._end()
            return self._works[place]()  # which raises what stopped the copy, if it was a mistake
        except BaseException:
            self._process.terminate()  # nobody waits any more
            self._end()
            raise
        if place == len(self._works) - 1:
            self._end()
        return result

    def _end(self) -> None:
        self._left.detach()
        self._receiver.close()
        self._process.join()
        self._frames.cleanup()
        _crowd(self._con)


def _leave(owner: int, process: BaseProcess, frames: TemporaryDirectory[str]) -> None:
    """End a copy whose results nobody waits for any more, as an error came first."""
    if os.getpid() == owner:
        process.terminate()
        process.join()
        frames.cleanup()


def _can_copy(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether there is a second processor and nothing but us in this process, once DuckDB has
    no threads of its own."""
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1:
        return False
    for name in _settings(con):
        con.execute(f"SET {name} = {ALONE[name]}")
    alone = len(list(THREADS.iterdir())) == 1
    if not alone:
        _crowd(con)
    return alone


def is_large(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether more than one thread is worth it."""
    return _rows(con) >= 2 * ROWS_OF_A_THREAD


def _worth(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many threads are worth it beside a copy."""
    return min(max(_rows(con) // ROWS_OF_A_THREAD, 1), len(os.sched_getaffinity(0)))


def _rows(con: duckdb.DuckDBPyConnection) -> int:
    """Count the rows of the largest table."""
    found = con.execute("SELECT coalesce(max(estimated_size), 0) FROM duckdb_tables()").fetchall()
    return int(found[0][0])


def _crowd(con: duckdb.DuckDBPyConnection) -> None:
    """Let DuckDB have its threads again."""
    for name in _settings(con):
        con.execute(f"RESET {name}")


def _settings(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Name those of ``ALONE`` that this DuckDB has."""
    known = con.execute("SELECT name FROM duckdb_settings()").fetchall()
    return [name for (name,) in known if name in ALONE]


def _tell(works: Sequence[Work], pack: Callable[[object], bytes], sender: Connection) -> None:
    """Do the work in the copy, which says nothing but its results: what goes wrong here goes wrong
    again where it can be told."""
    for each in ENDS:
        signal.signal(each, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
    try:
        for work in works:
            sender.send_bytes(pack(work()))
    finally:
        os._exit(0)
