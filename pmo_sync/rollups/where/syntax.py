"""A filter as a tree; ``str`` writes it as text that parses to an equal tree."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "~", "!~"]
Unit = Literal["d", "w", "m", "y"]

KEYWORDS = ("and", "or", "not", "in", "is", "empty")
WORD = re.compile(r"[\w\-./#:@+]+")
"""Text that needs no quotes, unless it is a keyword."""


@dataclass(frozen=True, slots=True)
class Relative:
    """A day counted from the as-of day."""

    amount: int
    unit: Unit

    def on(self, today: date) -> date:
        """Return the day; a month too short for it gives that month's last day."""
        if self.unit in ("d", "w"):
            return today + timedelta(days=self.amount * (7 if self.unit == "w" else 1))
        months = self.amount * (12 if self.unit == "y" else 1)
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))

    def __str__(self) -> str:
        return f"{self.amount:+}{self.unit}" if self.amount else f"0{self.unit}"


Value = str | int | float | bool | date | Relative


@dataclass(frozen=True, slots=True)
class Compare:
    """A field against one value, of the type that the field's kind asks for."""

    field: str
    operator: Operator
    value: Value

    def __str__(self) -> str:
        if self.operator == "=" and self.value is True:
            return self.field
        return f"{self.field} {self.operator} {_literal(self.value)}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """A field that equals any of the values."""

    field: str
    values: tuple[Value, ...]
    negated: bool = False

    def __str__(self) -> str:
        values = ", ".join(_literal(value) for value in self.values)
        return f"{self.field} {'not in' if self.negated else 'in'} ({values})"


@dataclass(frozen=True, slots=True)
class Empty:
    """A field without a value."""

    field: str
    negated: bool = False

    def __str__(self) -> str:
        return f"{self.field} is {'not empty' if self.negated else 'empty'}"


@dataclass(frozen=True, slots=True)
class Not:
    """What does not satisfy ``term``."""

    term: Expression

    def __str__(self) -> str:
        return f"not {_within(self.term, (And, Or))}"


@dataclass(frozen=True, slots=True)
class And:
    """What satisfies every term; at least two, none of them an ``And`` (see ``all_of``)."""

    terms: tuple[Expression, ...]

    def __str__(self) -> str:
        return " and ".join(_within(term, (Or,)) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Or:
    """What satisfies any term; at least two, none of them an ``Or``."""

    terms: tuple[Expression, ...]

    def __str__(self) -> str:
        return " or ".join(str(term) for term in self.terms)


Expression = Compare | OneOf | Empty | Not | And | Or


def fields_of(expression: Expression) -> frozenset[str]:
    """Return the names of the fields that an expression looks at."""
    match expression:
        case And(terms) | Or(terms):
            return frozenset().union(*(fields_of(term) for term in terms))
        case Not(term):
            return fields_of(term)
    return frozenset({expression.field})


def all_of(terms: list[Expression]) -> Expression:
    """Join terms by ``and``, as flat as can be: a single term is itself."""
    flat = tuple(
        part for term in terms for part in (term.terms if isinstance(term, And) else [term])
    )
    return And(flat) if len(flat) > 1 else flat[0]


def any_of(terms: list[Expression]) -> Expression:
    """Join terms by ``or``, as flat as can be: a single term is itself."""
    flat = tuple(
        part for term in terms for part in (term.terms if isinstance(term, Or) else [term])
    )
    return Or(flat) if len(flat) > 1 else flat[0]


def quote(text: str) -> str:
    """Write a text value: bare where that is possible."""
    if WORD.fullmatch(text) and text.lower() not in KEYWORDS:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _literal(value: Value) -> str:
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _within(term: Expression, weaker: tuple[type, ...]) -> str:
    return f"({term})" if isinstance(term, weaker) else str(term)
