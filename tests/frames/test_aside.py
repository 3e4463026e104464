"""Work done aside gives what it gives here, whatever becomes of the copy that does it.

Each case runs in a process of its own: only one without other threads is copied.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

BEGIN = """
import os, signal, sys, threading, time
import duckdb
from pmo_sync.frames.aside import aside

con = duckdb.connect()
con.execute("CREATE TEMP TABLE held AS SELECT unnest(range(10)) AS n")
here = os.getpid()

def total():
    return con.execute("SELECT sum(n) FROM held").fetchone()[0]

def threads():
    return con.execute("SELECT current_setting('threads')").fetchone()[0]
"""

copied = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1,
    reason="a copy needs Linux and a second processor",
)


def said(program: str) -> list[str]:
    """Run a program after ``BEGIN`` and return the lines that it printed; nothing on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@copied
def test_a_copy_reads_what_was_held_and_leaves_the_threads_as_they_were() -> None:
    assert said("""
        before = threads()
        later = aside(con, lambda: (os.getpid() != here, total()))
        con.execute("CREATE TEMP TABLE other AS SELECT 1")
        print(*later(), threads() == before)
    """) == ["True 45 True"]


@copied
def test_a_copy_that_nobody_waits_for_is_ended_and_leaves_nothing() -> None:
    """An error came before its result was asked for."""
    assert said("""
        import multiprocessing, tempfile, warnings
        warnings.simplefilter("error")
        tempfile.tempdir = tempfile.mkdtemp()
        later = aside(con, lambda: time.sleep(30))
        print(len(os.listdir(tempfile.tempdir)), len(multiprocessing.active_children()))
        del later
        print(len(os.listdir(tempfile.tempdir)), len(multiprocessing.active_children()))
        os.rmdir(tempfile.tempdir)
    """) == ["1 1", "0 0"]


@copied
def test_the_work_goes_on_meanwhile() -> None:
    assert said("""
        start = time.perf_counter()
        later = aside(con, lambda: time.sleep(1))
        time.sleep(1)
        later()
        print(time.perf_counter() - start < 1.8)
    """) == ["True"]


@copied
def test_what_is_to_be_done_after_is_told_later() -> None:
    """The first result does not wait for the second."""
    assert said("""
        start = time.perf_counter()
        first, second = aside(con, total, lambda: (time.sleep(2), os.getpid() != here)[1])
        print(first(), time.perf_counter() - start < 1.5, second())
    """) == ["45 True True"]


@copied
def test_a_frame_in_a_result_is_a_table_here() -> None:
    """With its types and what is missing in it; no file of it is left."""
    assert said("""
        import tempfile
        import narwhals as nw
        tempfile.tempdir = tempfile.mkdtemp()
        def work():
            return {"rows": nw.from_native(con.sql('''
                SELECT n, TIMESTAMP '2026-01-01 00:00:00.000001' AS at, 'a' || n AS word,
                    n > 8 AS most, NULL::DOUBLE AS points
                FROM held WHERE n > 7 ORDER BY n
            '''))}
        frame = aside(con, work)()["rows"].to_native()
        print(*frame.types)
        print(*frame.fetchall())
        print(os.listdir(tempfile.tempdir))
    """) == [
        "BIGINT TIMESTAMP VARCHAR BOOLEAN DOUBLE",
        "(8, datetime.datetime(2026, 1, 1, 0, 0, 0, 1), 'a8', False, None) "
        "(9, datetime.datetime(2026, 1, 1, 0, 0, 0, 1), 'a9', True, None)",
        "[]",
    ]


@copied
def test_frames_that_cannot_be_written_are_computed_here() -> None:
    """As when the disk is full."""
    assert said("""
        import shutil, tempfile
        import narwhals as nw
        tempfile.tempdir = tempfile.mkdtemp()
        def work():
            if os.getpid() != here:
                shutil.rmtree(tempfile.tempdir)
            return nw.from_native(con.table("held"))
        print(len(aside(con, work)().to_native().fetchall()))
    """) == ["10"]


@copied
def test_without_a_folder_for_frames_nothing_is_copied() -> None:
    assert said("""
        import tempfile
        tempfile.tempdir = "/nowhere"
        before = threads()
        print(aside(con, lambda: os.getpid() == here)(), threads() == before)
    """) == ["True True"]


@copied
def test_a_copy_that_dies_after_its_first_result_is_done_without() -> None:
    assert said("""
        def work():
            if os.getpid() != here:
                os.kill(os.getpid(), signal.SIGKILL)
            return total()
        before = threads()
        first, second = aside(con, lambda: os.getpid() != here, work)
        print(first(), second(), threads() == before)
    """) == ["True 45 True"]


@copied
def test_a_copy_that_dies_is_done_without() -> None:
    assert said("""
        def work():
            if os.getpid() != here:
                os.kill(os.getpid(), signal.SIGKILL)
            return total()
        print(aside(con, work)())
    """) == ["45"]


def test_a_mistake_is_raised_where_the_result_is_asked_for() -> None:
    assert said("""
        def work():
            raise ValueError("no such field")
        try:
            aside(con, work)()
        except ValueError as error:
            print(error)
    """) == ["no such field"]


def test_a_process_with_other_threads_is_not_copied() -> None:
    assert said("""
        done = threading.Event()
        other = threading.Thread(target=done.wait)
        other.start()
        before = threads()
        print(aside(con, lambda: os.getpid() == here)(), threads() == before)
        done.set()
    """) == ["True True"]


@copied
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_copy_ends_with_what_it_is_a_copy_of(name: str) -> None:
    """Nobody waits for it, and it says nothing."""
    (copy,) = said(f"""
        import multiprocessing
        def stop(*_):
            raise SystemExit
        signal.signal(signal.{name}, stop)
        later = aside(con, lambda: time.sleep(60))
        (copy,) = multiprocessing.active_children()
        print(copy.pid, flush=True)
        os.kill(here, signal.{name})
        later()
    """)
    assert not _runs(int(copy))


@copied
def test_who_stops_waiting_does_not_wait_for_the_copy() -> None:
    """It ends at once, and so does the copy."""
    copy, waited = said("""
        import multiprocessing
        def stop(*_):
            raise SystemExit
        signal.signal(signal.SIGALRM, stop)
        later = aside(con, lambda: time.sleep(60))
        (copy,) = multiprocessing.active_children()
        start = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        try:
            later()
        finally:
            print(copy.pid, time.perf_counter() - start)
    """)[0].split()
    assert float(waited) < 30
    assert not _runs(int(copy))


def _runs(process: int) -> bool:
    done = subprocess.run(["ps", "-p", str(process)], capture_output=True, check=False)
    return done.returncode == 0
