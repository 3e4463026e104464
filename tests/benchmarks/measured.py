"""What a piece of work costs, done in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, processor seconds of all threads, and the process's peak memory."""

    seconds: float
    cpu: float
    peak: int

    def __str__(self) -> str:
        return f"{self.seconds:8.2f} s {self.cpu:8.2f} s cpu {self.peak / 1e6:7.0f} MB"


def measured(work: Callable[..., object], *arguments: Any) -> Cost:
    """Do the work (importable by its name) in another process; raise RuntimeError if it fails."""
    ours, theirs = SPAWN.Pipe(duplex=False)
    process = SPAWN.Process(target=_do, args=(theirs, work, arguments))
    process.start()
    theirs.close()
    try:
        cost: Cost = ours.recv()
    except EOFError:
        raise RuntimeError("the work failed: see what it wrote above") from None
    finally:
        process.join()
        ours.close()
    return cost


def _do(line: Connection, work: Callable[..., object], arguments: tuple[Any, ...]) -> None:
    began, spent = time.perf_counter(), time.process_time()
    work(*arguments)
    seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    line.send(Cost(seconds, cpu, peak()))


def peak() -> int:
    """Return the most memory that this process has had, in bytes.

    Where the system says it of the program that runs now, that is taken: what getrusage says is
    never less than what the process had from which this one was started.
    """
    status = Path("/proc/self/status")
    if status.exists():
        told = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(told["VmHWM"].split()[0]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
