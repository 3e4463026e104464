"""Work done aside: by a copy of this process on another processor, while this one goes on.

A copy has all that was computed so far and imports nothing again. A thread would share little of
the time: binding frames is Python's work, and one thread at a time does that. Where there can be no
copy, or it dies, the work is done here when its result is asked for: what is told is the same.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import duckdb

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")

THREADS = Path("/proc/self/task")
"""Where Linux lists the threads of this process."""
ENDS = (signal.SIGINT, signal.SIGTERM)
ALONE = {"threads": 1, "async_threads": 0}
"""DuckDB without threads of its own: what a thread has locked stays locked in a copy for ever."""
ROWS_OF_A_THREAD = 2_000_000
"""Rows of the largest table for which a thread more is worth it beside a copy: of fewer it takes
more of the processors, and as long by the clock."""


def aside(con: duckdb.DuckDBPyConnection, work: Callable[[], T]) -> Callable[[], T]:
    """Begin some work over frames of ``con``; return what waits for its result, to be called once.
    The result travels by pickle."""
    if not _can_copy(con):
        return work
    from multiprocessing import get_context  # 20 ms, which a question need not pay

    copies = get_context("fork")
    receiver, sender = copies.Pipe(duplex=False)
    copy = copies.Process(target=_tell, args=(work, sender), daemon=True)
    # A signal that came while it begins would be forgotten: until it can be ended none comes.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    try:
        copy.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    sender.close()
    con.execute(f"SET threads = {_worth(con)}")

    def result() -> T:
        try:
            told: T = receiver.recv()
        except EOFError:
            told = work()  # which raises what stopped the copy, if it was a mistake
        except BaseException:
            copy.terminate()  # nobody waits any more
            raise
        finally:
            receiver.close()
            copy.join()
            _crowd(con)
        return told

    return result


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


def _worth(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many threads are worth it beside a copy."""
    rows = con.execute("SELECT coalesce(max(estimated_size), 0) FROM duckdb_tables()").fetchall()
    return int(min(max(rows[0][0] // ROWS_OF_A_THREAD, 1), len(os.sched_getaffinity(0))))


def _crowd(con: duckdb.DuckDBPyConnection) -> None:
    """Let DuckDB have its threads again."""
    for name in _settings(con):
        con.execute(f"RESET {name}")


def _settings(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Name those of ``ALONE`` that this DuckDB has."""
    known = con.execute("SELECT name FROM duckdb_settings()").fetchall()
    return [name for (name,) in known if name in ALONE]


def _tell(work: Callable[[], object], sender: Connection) -> None:
    """Do the work in the copy, which says nothing but its result: what goes wrong here goes wrong
    again where it can be told."""
    for each in ENDS:
        signal.signal(each, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
    try:
        sender.send(work())
    finally:
        os._exit(0)
