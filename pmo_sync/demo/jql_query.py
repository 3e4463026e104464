"""What a query of Jira's is once it is read: conditions and an order, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class JqlError(Exception):
    """A query that Jira would answer with 400 and this message."""


@dataclass(frozen=True, slots=True)
class Compare:
    """A field beside a value, by an operator of Python's.

    ``created`` and ``updated`` are in epoch milliseconds, ``id`` is a number, ``key`` is
    ``key_order``'s, and a ``project``'s value is all words of which one must (eq) or none may (ne)
    be its name.
    """

    field: str
    operator: Callable[[Any, Any], bool]
    value: Any


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold; of none, everything does."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these holds."""

    parts: tuple[Condition, ...]


Condition = Compare | Every | Either
Order = tuple[tuple[str, bool], ...]
"""Fields to sort by, the first one first, and whether the greatest value comes first."""


@dataclass(frozen=True, slots=True)
class Query:
    """A condition and an order; ``bounded`` is false without any restriction."""

    condition: Condition
    order: Order
    bounded: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What values a query may use: projects by key, id and name, and the login's time zone.

    ``default_order`` is the field that a query without ORDER BY is sorted by, newest first.
    """

    projects: frozenset[str]
    zone: ZoneInfo
    now: Callable[[], datetime]
    default_order: str = "created"


def key_order(key: str) -> tuple[str, int]:
    """Split a key for sorting: PAY-9 comes before PAY-10."""
    project, _, number = key.rpartition("-")
    return project.upper(), int(number) if number.isdigit() else 0
