"""An expression -> a filter of work items, the same on every engine that Narwhals runs on.

Input frames, lazy or not, of one engine:

- ``items``, one row an item: ``item_id, source, container, key, title, type, status, category,
  priority, parent`` (text), ``created, updated, started, finished`` (naive UTC timestamps),
  ``due`` (its day as a timestamp at 00:00; an engine's DATE compares alike), ``age, points``
  (numbers), ``blocked, overdue`` (booleans). Null, or an empty text, is a missing value; other
  columns pass through.
- ``members``, one row a member of a several-valued field: ``item_id, field, value``.

No condition is ever unknown: a comparison with a missing value is false, and ``!=``, ``!~`` and
``not in`` are the opposite of ``=``, ``~`` and ``in``, so true for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, or_
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
from narwhals.typing import FrameT

from pmo_sync.rollups.where.fields import FIELDS, OPEN, UNFINISHED, Field
from pmo_sync.rollups.where.syntax import (
    And,
    Compare,
    Empty,
    Expression,
    Not,
    OneOf,
    Operator,
    Or,
    Relative,
)

Leaf = Compare | OneOf | Empty

POSITIVE: Mapping[str, Operator] = {"!=": "=", "!~": "~"}
ORDERED: Mapping[str, Callable[[Any, Any], nw.Expr]] = {
    "=": eq, "<": lt, "<=": le, ">": gt, ">=": ge,
}  # fmt: skip
FOLDS = {"İ": "i", "Σ": "σ", "ς": "σ"}
"""The only letters that engines turn to lower case each in their own way."""


@dataclass(frozen=True, slots=True)
class Filter:
    """``condition`` on a row of items, which has a column for each of ``flags``: 1 where a row of
    members (of one of ``fields``) satisfies it."""

    condition: nw.Expr
    flags: Mapping[str, nw.Expr]
    fields: frozenset[str]

    def __call__(self, items: FrameT, members: FrameT) -> FrameT:
        """Return the items that satisfy the condition, their columns unchanged, in any order."""
        if not self.flags:
            return items.filter(self.condition)
        columns = items.collect_schema().names()
        joined = _with_flags(items, members, self.flags, self.fields)
        return joined.filter(self.condition).select(columns)


def compile(expression: Expression, *, as_of: datetime, timezone: ZoneInfo) -> Filter:
    """Make the filter of ``as_of``, the instant (aware, or naive UTC) at the end of that day."""
    compiler = _Compiler(_day_of(as_of, timezone), timezone)
    condition = compiler.condition(expression)
    return Filter(condition, compiler.flags, frozenset(compiler.fields))


def judged(
    items: FrameT,
    members: FrameT,
    expressions: Mapping[str, Expression],
    *,
    as_of: datetime,
    timezone: ZoneInfo,
) -> FrameT:
    """Return the items with a column of each expression's name: 1 where it holds, else 0. All are
    judged in one pass."""
    if not expressions:
        return items
    compiler = _Compiler(_day_of(as_of, timezone), timezone)
    found = {name: compiler.condition(each) for name, each in expressions.items()}
    if compiler.flags:
        items = _with_flags(items, members, compiler.flags, frozenset(compiler.fields))
    told = items.with_columns(
        *(nw.when(condition).then(1).otherwise(0).alias(name) for name, condition in found.items())
    )
    return told.drop(list(compiler.flags))


def _day_of(as_of: datetime, timezone: ZoneInfo) -> date:
    end = as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
    return (end - timedelta(microseconds=1)).astimezone(timezone).date()


def _with_flags(
    items: FrameT, members: FrameT, flags: Mapping[str, nw.Expr], fields: frozenset[str]
) -> FrameT:
    # Members are many, the words that they say few: each word is judged once.
    said = members.filter(nw.col("field").is_in(sorted(fields)))
    words = said.group_by("field", "value").agg(nw.len().alias("times"))
    told = words.select(
        "field",
        "value",
        **{name: nw.when(flag).then(1).otherwise(0) for name, flag in flags.items()},
    ).filter(nw.sum_horizontal(*flags) > 0)
    flagged = (
        said.join(told, on=["field", "value"], how="inner")
        .group_by("item_id")
        .agg(nw.col(*flags).max())
    )
    return items.join(flagged, on="item_id", how="left")


class _Compiler:
    """Gathers the flags that the conditions on several-valued fields need."""

    def __init__(self, today: date, timezone: ZoneInfo) -> None:
        self.today = today
        self.timezone = timezone
        self.flags: dict[str, nw.Expr] = {}
        self.fields: set[str] = set()
        self.names: dict[Leaf, str] = {}

    def condition(self, expression: Expression) -> nw.Expr:
        match expression:
            case And(terms):
                return _joined(and_, [self.condition(term) for term in terms])
            case Or(terms):
                return _joined(or_, [self.condition(term) for term in terms])
            case Not(term):
                return ~self.condition(term)
            case Compare(_, operator, _) if operator in POSITIVE:
                return ~self.condition(replace(expression, operator=POSITIVE[operator]))
            case OneOf(negated=True):
                return ~self.condition(replace(expression, negated=False))
            case Empty(negated=True):
                return ~self.condition(replace(expression, negated=False))
        return self.leaf(expression)

    def leaf(self, leaf: Leaf) -> nw.Expr:
        field = FIELDS[leaf.field]
        if field.several:
            return self.member(field, leaf)
        column = nw.col(field.column or field.name)
        if isinstance(leaf, Empty):
            return _empty(column) if field.kind == "text" else column.is_null()
        return self.test(field, column, leaf).fill_null(False)

    def member(self, field: Field, leaf: Leaf) -> nw.Expr:
        """Any member satisfies the leaf; ``is empty``: none has a value."""
        name = self.names.setdefault(leaf, f"where_{len(self.names)}")
        value = nw.col("value")
        held = ~_empty(value) if isinstance(leaf, Empty) else _text(value, leaf)
        self.fields.add(field.name)
        self.flags[name] = (nw.col("field") == field.name) & held
        any_member = nw.col(name).fill_null(0) > 0
        return ~any_member if isinstance(leaf, Empty) else any_member

    def test(self, field: Field, column: nw.Expr, leaf: Compare | OneOf) -> nw.Expr:
        if field.kind == "text":
            return _text(column, leaf)
        if field.kind == "category":
            return column.is_in(_categories(leaf))
        if isinstance(leaf, OneOf):
            each = [Compare(field.name, "=", value) for value in leaf.values]
            return _joined(or_, [self.test(field, column, one) for one in each])
        if isinstance(leaf.value, date | Relative):
            return _on_days(column, leaf.operator, *self.day(field, leaf.value))
        return ORDERED[leaf.operator](column, leaf.value)

    def day(self, field: Field, value: date | Relative) -> tuple[datetime, datetime]:
        """Return where the day starts and where the next one does, as the column counts time."""
        day = value.on(self.today) if isinstance(value, Relative) else value
        zone = UTC if field.kind == "day" else self.timezone
        midnights = (
            datetime.combine(start, time(), zone).astimezone(UTC).replace(tzinfo=None)
            for start in (day, day + timedelta(days=1))
        )
        return next(midnights), next(midnights)


def _joined(join: Callable[[nw.Expr, nw.Expr], nw.Expr], terms: list[nw.Expr]) -> nw.Expr:
    """Join pairwise, then the pairs: engines limit how deep an expression may nest."""
    while len(terms) > 1:
        terms = [reduce(join, terms[at : at + 2]) for at in range(0, len(terms), 2)]
    return terms[0]


def _empty(column: nw.Expr) -> nw.Expr:
    return column.fill_null("") == ""


def _folded(text: str) -> str:
    return reduce(lambda folded, letter: folded.replace(letter, FOLDS[letter]), FOLDS, text).lower()


def folded(column: nw.Expr) -> nw.Expr:
    """Return a text as filters compare it: whatever its case; a missing one is empty."""
    column = column.fill_null("")
    for letter, plain in FOLDS.items():
        column = column.str.replace_all(letter, plain, literal=True)
    return column.str.to_lowercase()


def _text(column: nw.Expr, leaf: Compare | OneOf) -> nw.Expr:
    """Never null: a missing text is an empty one, and no value is empty."""
    column = folded(column)
    if isinstance(leaf, OneOf):
        return column.is_in([_folded(str(value)) for value in leaf.values])
    value = _folded(str(leaf.value))
    return column == value if leaf.operator == "=" else column.str.contains(value, literal=True)


def _categories(leaf: Compare | OneOf) -> list[str]:
    values = leaf.values if isinstance(leaf, OneOf) else (leaf.value,)
    return [
        category for value in values for category in (UNFINISHED if value == OPEN else [str(value)])
    ]


def _on_days(column: nw.Expr, operator: Operator, start: datetime, after: datetime) -> nw.Expr:
    match operator:
        case "<":
            return column < start
        case "<=":
            return column < after
        case ">":
            return column >= after
        case ">=":
            return column >= start
    return (column >= start) & (column < after)
