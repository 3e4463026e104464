"""What a query of Jira's is once it is read: a test, an order, and a place in that order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo


class JqlError(Exception):
    """A query that Jira would answer with 400 and this message."""


class Card(Protocol):
    """What a query can ask of an issue."""

    @property
    def id(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def key_order(self) -> tuple[str, int]: ...
    @property
    def project(self) -> frozenset[str]: ...
    @property
    def created(self) -> datetime: ...
    @property
    def updated(self) -> datetime: ...


Test = Callable[[Card], bool]
SortKey = Callable[[Card], Any]


@dataclass(frozen=True, slots=True)
class Query:
    """A test and an order (field, descending); ``bounded`` is false without any restriction."""

    test: Test
    order: tuple[tuple[SortKey, bool], ...]
    bounded: bool
    text: str = ""

    def place(self, card: Card) -> list[Any]:
        """Name a card's place in the order, as JSON."""
        return [*(_plain(key(card)) for key, _ in self.order), card.id]

    def beyond(self, card: Card, place: list[Any]) -> bool:
        """Say whether a card comes after a place (empty: the start); ties by id, newest first."""
        for (_, descending), own, held in zip(self.order, self.place(card), place, strict=False):
            if own != held:
                return bool(own < held if descending else own > held)
        return not place or bool(card.id < place[-1])


@dataclass(frozen=True, slots=True)
class Names:
    """What values a query may use: projects by key, id and name, and the login's time zone.

    ``default_order`` is the field that a query without ORDER BY is sorted by, newest first.
    """

    projects: frozenset[str]
    zone: ZoneInfo
    now: Callable[[], datetime]
    default_order: str = "created"


def _plain(value: Any) -> Any:
    """Return a sort key as JSON keeps it."""
    if isinstance(value, datetime):
        return value.timestamp()
    return list(value) if isinstance(value, tuple) else value


def key_order(key: str) -> tuple[str, int]:
    """Split a key for sorting: PAY-9 comes before PAY-10."""
    project, _, number = key.rpartition("-")
    return project.upper(), int(number) if number.isdigit() else 0
