"""What queries ask of a million Jira issues, in columns of numbers."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pmo_sync.demo.jira_index import JiraCard
from pmo_sync.demo.jql_query import key_order

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class Columns:
    """The issues' ids, keys, projects and times, a row each; times are epoch milliseconds."""

    def __init__(self) -> None:
        self.ids, self.numbers = array("q"), array("q")
        self.created, self.updated = array("q"), array("q")
        self.prefixes, self.projects = array("I"), array("I")
        self._keys: dict[str, int] = {}
        self._projects: dict[frozenset[str], int] = {}
        self._by_id = self._by_key = array("I")

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, card: JiraCard) -> None:
        """Add the next row."""
        prefix, number = card.key_order
        self.ids.append(card.id)
        self.numbers.append(number)
        self.created.append((card.created - EPOCH) // MILLISECOND)
        self.updated.append((card.updated - EPOCH) // MILLISECOND)
        self.prefixes.append(self._keys.setdefault(prefix, len(self._keys)))
        self.projects.append(self._projects.setdefault(card.project, len(self._projects)))

    def finish(self) -> None:
        """Make the rows findable: all are there."""
        self.key_of, self.project_of = tuple(self._keys), tuple(self._projects)
        self._by_id = array("I", sorted(range(len(self)), key=self.ids.__getitem__))
        self._by_key = array("I", sorted(range(len(self)), key=self._numbered))

    def find(self, id_or_key: str) -> int | None:
        """Find a row by its issue's id or key."""
        if id_or_key.isdigit():
            return _found(self._by_id, self.ids.__getitem__, int(id_or_key))
        prefix, number = key_order(id_or_key)
        return _found(self._by_key, self._numbered, (self._keys.get(prefix, -1), number))

    def _numbered(self, row: int) -> tuple[int, int]:
        return self.prefixes[row], self.numbers[row]


class Row:
    """One row, as a query sees it."""

    __slots__ = ("_columns", "row")

    def __init__(self, columns: Columns, row: int) -> None:
        self._columns, self.row = columns, row

    @property
    def id(self) -> int:
        """The issue's id."""
        return self._columns.ids[self.row]

    @property
    def key(self) -> str:
        """The issue's key."""
        return "{}-{}".format(*self.key_order)

    @property
    def key_order(self) -> tuple[str, int]:
        """The key's parts."""
        columns = self._columns
        return columns.key_of[columns.prefixes[self.row]], columns.numbers[self.row]

    @property
    def project(self) -> frozenset[str]:
        """What the issue's project is called."""
        return self._columns.project_of[self._columns.projects[self.row]]

    @property
    def created(self) -> datetime:
        """When the issue was made."""
        return EPOCH + self._columns.created[self.row] * MILLISECOND

    @property
    def updated(self) -> datetime:
        """When the issue last changed."""
        return EPOCH + self._columns.updated[self.row] * MILLISECOND


def _found(order: array[int], key: Callable[[int], Any], wanted: Any) -> int | None:
    """Find the row with a key in rows that are in its order."""
    at = bisect_left(order, wanted, key=key)
    return order[at] if at < len(order) and key(order[at]) == wanted else None
