"""What queries ask of a million Jira issues, in columns of numbers, found and sorted by them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime
from operator import eq, ne
from typing import Any, Protocol, TypeVar

from pmo_sync.demo.jql_query import (
    EPOCH,
    MILLISECOND,
    Compare,
    Condition,
    Every,
    Order,
    Query,
    key_order,
)

T = TypeVar("T")
BY_ID: Order = (("id", False),)
BY_KEY: Order = (("key", False),)
INDEXED: tuple[Order, ...] = (BY_ID, BY_KEY, (("updated", False),))
"""Orders that every sync asks for."""


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


class Columns:
    """The issues' ids, keys, projects and times, a row each; times are epoch milliseconds.

    An order of all rows is kept as an index, the unusual ones from when they are first asked for:
    rows are added before anything is asked.
    """

    def __init__(self) -> None:
        self.ids, self.numbers = array("q"), array("q")
        self.created, self.updated = array("q"), array("q")
        self.prefixes, self.projects = array("I"), array("I")
        self.key_of: list[str] = []
        self.project_of: list[frozenset[str]] = []
        self._keys: dict[str, int] = {}
        self._projects: dict[frozenset[str], int] = {}
        self._orders: dict[Order, array[int]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, card: Card) -> None:
        """Add the next row."""
        prefix, number = card.key_order
        self.ids.append(card.id)
        self.numbers.append(number)
        self.created.append((card.created - EPOCH) // MILLISECOND)
        self.updated.append((card.updated - EPOCH) // MILLISECOND)
        self.prefixes.append(_coded(prefix, self._keys, self.key_of))
        self.projects.append(_coded(card.project, self._projects, self.project_of))

    def finish(self) -> None:
        """Make the usual orders: all rows are there."""
        for order in INDEXED:
            self.ordered(order)

    def find(self, id_or_key: str) -> int | None:
        """Find a row by its issue's id or key."""
        if id_or_key.isdigit():
            return self._found(BY_ID, self.ids.__getitem__, int(id_or_key))
        return self._found(BY_KEY, self.key_order, key_order(id_or_key))

    def select(self, query: Query) -> array[int]:
        """Return the rows that match, in the query's order; ties by id, newest first."""
        return array("I", self._matching(query.condition, self.ordered(query.order)))

    def page(
        self, rows: array[int], order: Order, after: list[Any], size: int
    ) -> tuple[array[int], list[Any] | None]:
        """Return so many of rows in this order that come after a place (empty: from the start),
        and the place of the last one as JSON keeps it; None where no more come."""
        start = bisect_left(rows, True, key=lambda row: self._beyond(row, order, after))
        shown = rows[start : start + size]
        more = start + size < len(rows)
        return shown, self._place(shown[-1], order) if more else None

    def key_order(self, row: int) -> tuple[str, int]:
        """Return the parts of a row's key."""
        return self.key_of[self.prefixes[row]], self.numbers[row]

    def ordered(self, order: Order) -> array[int]:
        """Return all rows in an order; ties by id, newest first."""
        if order not in self._orders:
            rows = sorted(range(len(self)), key=self.ids.__getitem__, reverse=True)
            for field, descending in reversed(order):
                rows.sort(key=self._value(field), reverse=descending)
            self._orders[order] = array("I", rows)
        return self._orders[order]

    def _place(self, row: int, order: Order) -> list[Any]:
        values = (self._value(field)(row) for field, _ in order)
        return [*(list(one) if isinstance(one, tuple) else one for one in values), self.ids[row]]

    def _beyond(self, row: int, order: Order, place: list[Any]) -> bool:
        for (_, descending), own, held in zip(order, self._place(row, order), place, strict=False):
            if own != held:
                return bool(own < held if descending else own > held)
        return not place or bool(self.ids[row] < place[-1])

    def _matching(self, condition: Condition, rows: Sequence[int]) -> Sequence[int]:
        """Return those of the rows for which a condition holds, in their order."""
        if isinstance(condition, Compare):
            return self._compared(condition, rows)
        if isinstance(condition, Every):
            for part in condition.parts:
                rows = self._matching(part, rows)
            return rows
        found = {row for part in condition.parts for row in self._matching(part, rows)}
        return [row for row in rows if row in found]

    def _compared(self, condition: Compare, rows: Sequence[int]) -> Sequence[int]:
        compare, value = condition.operator, condition.value
        if condition.field == "project":
            named = self._projects_named(value, wanted=compare is eq)
            held = self.projects
            return [row for row in rows if held[row] in named]
        if condition.field == "key":
            return self._keyed(condition, rows)
        column = self._column(condition.field)
        return [row for row in rows if compare(column[row], value)]

    def _projects_named(self, words: frozenset[str], *, wanted: bool) -> set[int]:
        return {
            code for code, names in enumerate(self.project_of) if words.isdisjoint(names) != wanted
        }

    def _keyed(self, condition: Compare, rows: Sequence[int]) -> Sequence[int]:
        """Keys of other projects are neither before nor after a key, but different."""
        prefix, number = condition.value
        code, compare, apart = (
            self._keys.get(prefix, -1),
            condition.operator,
            condition.operator is ne,
        )
        prefixes, numbers = self.prefixes, self.numbers
        return [
            row
            for row in rows
            if (compare(numbers[row], number) if prefixes[row] == code else apart)
        ]

    def _value(self, field: str) -> Callable[[int], Any]:
        """Return what gives a row's value to sort by."""
        return self.key_order if field == "key" else self._column(field).__getitem__

    def _column(self, field: str) -> array[int]:
        return {"id": self.ids, "created": self.created, "updated": self.updated}[field]

    def _found(self, order: Order, key: Callable[[int], Any], wanted: Any) -> int | None:
        rows = self.ordered(order)
        at = bisect_left(rows, wanted, key=key)
        return rows[at] if at < len(rows) and key(rows[at]) == wanted else None


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
        return self._columns.key_order(self.row)

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


def _coded(value: T, codes: dict[T, int], values: list[T]) -> int:
    """Return a value's number; one that is new gets the next."""
    if value not in codes:
        codes[value] = len(values)
        values.append(value)
    return codes[value]
