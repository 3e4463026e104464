"""The ports that a demo's trackers are at: they must be there again when they are served later."""

from __future__ import annotations

import random
import socket
from collections.abc import Mapping

from pmo_sync.demo.facts import Tracker
from pmo_sync.errors import PmoSyncError

TRACKERS: tuple[Tracker, ...] = ("jira", "github", "jira_dc")
LASTING = range(20_000, 30_000)
"""Systems take the ports of outgoing connections from 32,768 on: below nobody passes by."""
TRIES = 100


def lasting_ports() -> Mapping[str, int]:
    """Return a port for each tracker that is free now, and likely to be so later."""
    found: set[int] = set()
    for port in random.sample(LASTING, TRIES):
        if len(found) < len(TRACKERS) and _is_free(port):
            found.add(port)
    if len(found) < len(TRACKERS):
        raise PmoSyncError(f"no free ports from {LASTING.start} to {LASTING.stop - 1}")
    return dict(zip(TRACKERS, sorted(found), strict=True))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
