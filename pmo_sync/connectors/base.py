"""What a connector is.

To add a tracker, copy the shape of ``github/``: ``client.py`` asks (bytes in, typed payloads
out), ``payloads.py`` names the wire format, ``mapping.py`` turns payloads into records (pure: no
network, no clock), ``__init__.py`` joins the three as a ``Connector``. Then add one line to
``registry.CONNECTORS``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pmo_sync.model import Batch, Spent


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that ``check`` looked at: ok, warning (reports lack something) or error."""

    level: Literal["ok", "warning", "error"]
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Container:
    """A Jira project or a GitHub repository that the login can see."""

    key: str
    name: str


class Progress(Protocol):
    """Where a connector says how far it is; it must never say a secret."""

    def step(self, source: str, text: str, done: int = 0, total: int | None = None) -> None:
        """Say what is being read, and how much of it has been."""

    def waiting(self, source: str, seconds: float, why: str) -> None:
        """Say that the source asked us to wait."""


class Connector(Protocol):
    """One source, read only."""

    @property
    def requests(self) -> int:
        """HTTP requests made so far, repeats included."""

    @property
    def spent(self) -> Spent:
        """What they were for, and how few there must have been, once a sync is complete."""

    def check(self) -> Sequence[Finding]:
        """Prove the source: reachable, authenticated, permitted, fields mapped. Never raises
        for what a person must mend there: that is a finding."""

    def containers(self) -> Sequence[Container]:
        """List what the login can see, for a first configuration."""

    def fingerprint(self) -> str:
        """Say what is asked for (scope, fields, version of the mapping): when it changes, the
        store forgets the resume state and one full cycle is made."""

    def sync(self, state: Mapping[str, str], *, now: datetime) -> Iterator[Batch]:
        """Yield what changed since ``state`` (empty: everything), oldest change first."""
