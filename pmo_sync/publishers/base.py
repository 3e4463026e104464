"""What a publisher is: it takes a day's finished reports to where people look.

To add one, copy ``folder.py`` and add a line to ``registry.PUBLISHERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from pmo_sync.reports.editions import Listed


@dataclass(frozen=True, slots=True)
class Part:
    """One report of an edition: its files by name, and the digest of what it says."""

    name: str
    title: str
    headline: str
    digest: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Edition:
    """What is published of one day: reports of one snapshot of the store."""

    day: date
    portfolio: str
    headline: str
    snapshot: int
    parts: tuple[Part, ...]


Listing = Callable[[str, Sequence[Listed]], bytes]
"""Writes the page that lists a portfolio's editions, in the order given."""


class Publisher(Protocol):
    """A place of the configuration. Publishing the same edition again changes nothing there."""

    def place(self) -> str:
        """Name the place, the same in each run: receipts go by it."""

    def holds(self, edition: Edition) -> bool | None:
        """Say whether the place shows the edition; None where it cannot be looked at: then the
        receipt of its publishing decides."""

    def publish(self, edition: Edition, listing: Listing) -> str:
        """Replace the day's edition; return where it is now. Raise PmoSyncError."""
