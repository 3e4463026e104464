"""What a piece of work costs, done in a process of its own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from pmo_sync.demo.peak import peak

SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, processor seconds of all threads, and the process's peak memory."""

    seconds: float
    cpu: float
    peak: int | None

    def __str__(self) -> str:
        most = "     no" if self.peak is None else f"{self.peak / 1e6:7.0f}"
        return f"{self.seconds:8.2f} s {self.cpu:8.2f} s cpu {most} MB"


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
