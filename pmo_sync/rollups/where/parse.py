"""A filter's text -> its expression, or a ConfigError that points at the place.

Written by hand: the language is ten lines of grammar, and a parser library (lark) would be one
more dependency without saying "did you mean" or "this value needs quotes" for us.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NoReturn, cast

from pmo_sync.rollups.where.fields import CATEGORY_VALUES, FIELDS, Field
from pmo_sync.rollups.where.syntax import (
    Compare,
    Empty,
    Expression,
    Not,
    OneOf,
    Operator,
    Value,
    all_of,
    any_of,
    quote,
)
from pmo_sync.rollups.where.tokens import SHOWN, Source, Token, shown, unknown
from pmo_sync.rollups.where.values import EXPECTED, read

MAX_DEPTH = 100
REMEMBERED = 512
"""Filters that are not read anew: each measure's is asked for with every group's figures."""


@lru_cache(REMEMBERED)
def parse(text: str, where: str = "where") -> Expression:
    """Read a filter; ``where`` names in messages what holds it, e.g. the option."""
    source = Source(text, where)
    parser = _Parser(source, source.tokens())
    expression = parser.alternatives()
    parser.finish()
    return expression


class _Parser:
    """Recursive descent: ``or`` binds loosest, then ``and``, then ``not``."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.bare: int | None = None
        """The token that was the last value, if it was a text without quotes."""

    @property
    def current(self) -> Token:
        return self.tokens[self.at]

    def fail(self, what: str, token: Token | None = None) -> NoReturn:
        place = token or self.current
        raise self.source.problem(what, place.start, place.end)

    def expected(self, what: str, hint: str = "") -> NoReturn:
        found = "the end" if self.current.kind == "end" else shown(self.current.text)
        self.fail(f"expected {what}, found {found}{hint}")

    def accept(self, *texts: str) -> bool:
        """Step over the symbols or keywords, if all of them are next."""
        ahead = self.tokens[self.at : self.at + len(texts)]
        kinds = ("symbol", "keyword")
        if tuple(token.text for token in ahead if token.kind in kinds) != texts:
            return False
        self.at += len(texts)
        return True

    def alternatives(self) -> Expression:
        terms = [self.requirements()]
        while self.accept("or"):
            terms.append(self.requirements())
        return any_of(terms)

    def requirements(self) -> Expression:
        terms = [self.term()]
        while self.accept("and"):
            terms.append(self.term())
        return all_of(terms)

    def term(self) -> Expression:
        opening = self.current
        if self.accept("not"):
            self.deeper(opening)
            inner: Expression = Not(self.term())
        elif self.accept("("):
            self.deeper(opening)
            inner = self.alternatives()
            if not self.accept(")"):
                self.expected("'and', 'or' or ')'", self.several_words())
        else:
            return self.condition()
        self.depth -= 1
        return inner

    def deeper(self, opening: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"nested deeper than {MAX_DEPTH} levels", opening)

    def finish(self) -> None:
        if self.current.kind != "end":
            self.expected("'and', 'or' or the end", self.several_words())

    def several_words(self) -> str:
        """Hint at the likeliest mistake, ``status = To Do``: words that follow a bare text."""
        if self.bare is None or self.bare != self.at - 1 or not self.is_word(self.at):
            return ""
        return self.needs_quotes(self.bare)

    def needs_quotes(self, first: int) -> str:
        last = first
        while self.is_word(last + 1):
            last += 1
        words = self.source.text[self.tokens[first].start : self.tokens[last].end]
        return f" (a value like this needs quotes: {quote(words)})" if len(words) < SHOWN else ""

    def is_word(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].kind == "word"

    def condition(self) -> Expression:
        field = self.field()
        place = self.current
        operator = self.operator()
        if operator is None and field.kind == "flag":
            return Compare(field.name, "=", True)
        known = ", ".join(field.operators).replace("is", "is empty, is not empty")
        if operator is None:
            self.expected(f"an operator after {field.name}", f" (known: {known})")
        if operator not in field.operators:
            what = f"{operator!r} does not apply to {field.name} (known: {known})"
            raise self.source.problem(what, place.start, self.tokens[self.at - 1].end)
        if operator == "is":
            return self.emptiness(field)
        if operator in ("in", "not in"):
            return OneOf(field.name, self.values(field), operator == "not in")
        return Compare(field.name, cast("Operator", operator), self.value(field))

    def field(self) -> Field:
        token = self.current
        if token.kind != "word":
            self.expected("a field")
        field = FIELDS.get(token.text.lower())
        if field is None:
            self.fail(unknown("field", token.text, tuple(FIELDS)))
        self.at += 1
        return field

    def operator(self) -> str | None:
        """Step over an operator; None where there is none."""
        for texts in (("not", "in"), ("in",), ("is",)):
            if self.accept(*texts):
                return " ".join(texts)
        token = self.current
        if token.kind != "symbol" or token.text in "(),":
            return None
        self.at += 1
        return token.text

    def emptiness(self, field: Field) -> Empty:
        negated = self.accept("not")
        if not self.accept("empty"):
            self.expected("'empty' or 'not empty'" if not negated else "'empty'")
        return Empty(field.name, negated)

    def values(self, field: Field) -> tuple[Value, ...]:
        if not self.accept("("):
            self.expected("'(' and a list of values")
        values = [self.value(field)]
        while self.accept(","):
            values.append(self.value(field))
        if not self.accept(")"):
            self.expected("',' or ')'", self.several_words())
        return tuple(values)

    def value(self, field: Field) -> Value:
        token = self.current
        if token.kind not in ("word", "quoted"):
            hint = self.needs_quotes(self.at) if token.kind == "keyword" else ""
            self.expected("a value", hint)
        value = read(field, token.text)
        if value is None:
            self.bad_value(field, token)
        self.bare = self.at if token.kind == "word" and field.kind == "text" else None
        self.at += 1
        return value

    def bad_value(self, field: Field, token: Token) -> NoReturn:
        if field.kind == "category":
            self.fail(unknown("category", token.text, CATEGORY_VALUES))
        if field.kind == "text":
            self.fail(f"an empty text is no value (write: {field.name} is empty)")
        self.fail(f"{field.name} takes {EXPECTED[field.kind]}, not {shown(token.text)}")
