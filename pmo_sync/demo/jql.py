"""The part of Jira's query language that a sync sends; everything else is refused as Jira would.

Grammar: ``clause (AND|OR clause)* [ORDER BY field [ASC|DESC], ...]`` where a clause is
``field operator value``, ``field in (value, ...)`` or a clause in parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from pmo_sync.demo.jql_query import (
    EPOCH,
    MILLISECOND,
    Compare,
    Condition,
    Either,
    Every,
    JqlError,
    Names,
    Order,
    Query,
    key_order,
)

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<mark><=|>=|!=|[=<>(),])
      | (?P<word>[^\s=<>!(),"']+)
    )""",
    re.VERBOSE,
)
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": eq, "!=": ne, ">": gt, ">=": ge, "<": lt, "<=": le,
}  # fmt: skip
_ALIASES = {"issuekey": "key", "issue": "key", "updateddate": "updated", "createddate": "created"}
_SORTABLE = ("key", "id", "created", "updated")
_DATE_FORMATS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
_RELATIVE = re.compile(r"^([+-]?\d+)([wdhm])$")
_UNITS = {"w": 7 * 24 * 60, "d": 24 * 60, "h": 60, "m": 1}


def parse(text: str, names: Names) -> Query:
    """Read a query; raise JqlError with Jira's message for what cannot be read."""
    return _Parser(text, names).query()


def _tokens(text: str) -> list[tuple[str, str]]:
    """Split a query into (kind, text); a quoted value has lost its quotes."""
    tokens, position = [], 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise JqlError(
                f"Error in the JQL Query: The character '{text[position]}' is a reserved JQL "
                f"character. (line 1, character {position + 1})"
            )
        kind = str(match.lastgroup)
        value = match.group(kind)
        if kind == "quoted":
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        tokens.append((kind, value))
        position = match.end()
    return tokens


class _Parser:
    """Recursive descent over the tokens of one query."""

    def __init__(self, text: str, names: Names) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._at = 0
        self._names = names

    def query(self) -> Query:
        bounded = bool(self._tokens) and not self._is_word("order")
        condition = self._any() if bounded else Every(())
        order = self._order()
        if self._at < len(self._tokens):
            self._fail("Expecting either 'OR' or 'AND'")
        return Query(condition, order, bounded, self._text)

    def _any(self) -> Condition:
        parts = [self._all()]
        while self._take_word("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _all(self) -> Condition:
        parts = [self._clause()]
        while self._take_word("and"):
            parts.append(self._clause())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _clause(self) -> Condition:
        if self._take_mark("("):
            condition = self._any()
            self._need_mark(")")
            return condition
        name = self._next("a field name")
        field = _ALIASES.get(name.casefold(), name.casefold())
        if field not in ("project", "key", "id", "created", "updated"):
            raise JqlError(
                f"Field '{name}' does not exist or you do not have permission to view it."
            )
        if self._take_word("in"):
            return self._in(field, name)
        operator = self._next("an operator")
        if operator not in _COMPARE:
            self._fail(f"Expecting operator but got '{operator}'", back=1)
        return self._compare(field, name, operator, self._next("a value"))

    def _in(self, field: str, name: str) -> Condition:
        self._need_mark("(")
        values = [self._next("a value")]
        while self._take_mark(","):
            values.append(self._next("a value"))
        self._need_mark(")")
        if field in ("created", "updated"):
            raise JqlError(f"The operator 'in' is not supported by the '{name}' field.")
        if field == "project":  # a whole site may be named here
            return Compare(
                field, eq, frozenset(self._known_project(name, value) for value in values)
            )
        return Either(tuple(_identity(field, eq, value) for value in values))

    def _compare(self, field: str, name: str, operator: str, value: str) -> Condition:
        compare = _COMPARE[operator]
        if field in ("created", "updated"):
            return Compare(field, compare, (self._moment(name, value) - EPOCH) / MILLISECOND)
        if field != "project":
            return _identity(field, compare, value)
        if compare not in (eq, ne):
            raise JqlError(f"The operator '{operator}' is not supported by the '{name}' field.")
        return Compare(field, compare, frozenset({self._known_project(name, value)}))

    def _known_project(self, name: str, value: str) -> str:
        wanted = value.casefold()
        if wanted not in self._names.projects:
            raise JqlError(f"The value '{value}' does not exist for the field '{name}'.")
        return wanted

    def _moment(self, name: str, value: str) -> datetime:
        if relative := _RELATIVE.match(value):
            minutes = int(relative[1]) * _UNITS[relative[2]]
            return self._names.now() + timedelta(minutes=minutes)
        if re.fullmatch(r"-?\d+", value):
            return datetime.fromtimestamp(int(value) / 1000, self._names.zone)
        for form in _DATE_FORMATS:
            try:
                return datetime.strptime(value, form).replace(tzinfo=self._names.zone)
            except ValueError:
                continue
        raise JqlError(
            f"Date value '{value}' for field '{name}' is invalid. Valid formats include: "
            "'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period "
            "format e.g. '-5d', '4w 2d'."
        )

    def _order(self) -> Order:
        order: list[tuple[str, bool]] = []
        if not self._take_word("order"):
            return ((self._names.default_order, True),)
        if not self._take_word("by"):
            self._fail("Expecting 'BY'")
        while True:
            name = self._next("a field name")
            field = _ALIASES.get(name.casefold(), name.casefold())
            if field not in _SORTABLE:
                raise JqlError(f"Not able to sort using field '{name}'.")
            descending = self._take_word("desc")
            if not descending:
                self._take_word("asc")
            order.append((field, descending))
            if not self._take_mark(","):
                return tuple(order)

    def _is_word(self, word: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at] in (
            ("word", word),
            ("word", word.upper()),
        )

    def _take_word(self, word: str) -> bool:
        found = self._is_word(word)
        self._at += found
        return found

    def _take_mark(self, mark: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at] == ("mark", mark)
        self._at += found
        return found

    def _need_mark(self, mark: str) -> None:
        if not self._take_mark(mark):
            self._fail(f"Expecting '{mark}'")

    def _next(self, wanted: str) -> str:
        if self._at >= len(self._tokens):
            self._fail(f"Expecting {wanted} before the end of the query")
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _fail(self, what: str, back: int = 0) -> None:
        at = self._at - back
        near = f" near '{self._tokens[at][1]}'" if at < len(self._tokens) else ""
        raise JqlError(f"Error in the JQL Query: {what}{near}.")


def _identity(field: str, compare: Callable[[Any, Any], bool], value: str) -> Condition:
    """Compare a key or an id; Jira takes either where one is asked."""
    if value.isdigit():
        return Compare("id", compare, int(value))
    if field == "id" and compare not in (eq, ne):
        raise JqlError(f"A value with ID '{value}' does not exist for the field 'id'.")
    return Compare("key", compare, key_order(value))
