"""What a publisher is: it takes a report's finished files to where people look.

To add one, copy ``folder.py`` and add a line to ``registry.PUBLISHERS``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from pmo_sync.config import Publish


class Publisher(Protocol):
    """Publishing the same files of the same day again changes nothing."""

    def __call__(self, target: Publish, files: Sequence[Path], day: date) -> str:
        """Publish the files of a report as of ``day``; return where they are now."""
