"""The most memory that this process has had."""

from __future__ import annotations

import sys
from pathlib import Path


def peak() -> int | None:
    """Return bytes; None where the system does not say.

    Where the system says it of the program that runs now, that is taken: what getrusage says is
    never less than what the process had from which this one was started.
    """
    status = Path("/proc/self/status")
    if status.exists():
        told = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return int(told["VmHWM"].split()[0]) * 1024
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
