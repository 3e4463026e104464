"""Filters on random small worlds, on every engine, against a plain evaluation row by row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from operator import contains, eq, ge, gt, le, lt
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_sync.rollups.where.fields import FIELDS, Field
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import And, Compare, Empty, Expression, Not, OneOf, Or, Relative
from tests.rollups.where.where_engines import ENGINES, Member, Row, item, matching

TODAY = date(2026, 3, 29)
WORDS = ["Done", "done", "In Progress", "BÖB", "böb", "ΣΑΣ", "σας", "a.c", "abc", "", None]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]

COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": eq,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "~": contains,
}

words = st.sampled_from(WORDS)
days = st.integers(-3, 3).map(lambda distance: TODAY + timedelta(days=distance))
moments = st.none() | st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day) + timedelta(minutes=minutes),
    days,
    st.integers(0, 47).map(lambda half_hours: 30 * half_hours) | st.just(1439),
)
rows = st.fixed_dictionaries(
    {
        **dict.fromkeys(("title", "status", "priority"), words),
        "category": st.sampled_from(["todo", "in_progress", "done", "dropped"]),
        "created": moments,
        "finished": moments,
        "due": st.none() | days.map(lambda day: datetime(day.year, day.month, day.day)),
        "age": st.none() | st.integers(-2, 2),
        "points": st.none() | st.sampled_from([-1.5, 0.0, 1.0, 2.5]),
        "blocked": st.booleans(),
    }
)
members = st.lists(
    st.tuples(st.integers(0, 3).map("P-{}".format), st.sampled_from(["label", "assignee"]), words),
    max_size=8,
)


def value_texts(field: Field) -> st.SearchStrategy[str]:
    if field.kind == "text":
        return words.filter(bool).map(lambda word: f"'{word}'")
    if field.kind == "category":
        return st.sampled_from(["todo", "in_progress", "done", "dropped", "open"])
    if field.kind == "number":
        return st.sampled_from(["-1.5", "0", "1", "2.5"])
    if field.kind == "flag":
        return st.sampled_from(["true", "false"])
    return days.map(str) | st.sampled_from(["today", "-1d", "+2d", "-1m", "+1w"])


@st.composite
def conditions(draw: st.DrawFn) -> str:
    names = ["title", "status", "priority", "category", "created", "finished", "due", "age",
             "points", "blocked", "label", "assignee"]  # fmt: skip
    field = FIELDS[draw(st.sampled_from(names))]
    operator = draw(st.sampled_from(field.operators))
    if operator == "is":
        return f"{field.name} is {draw(st.sampled_from(['empty', 'not empty']))}"
    if operator in ("in", "not in"):
        values = draw(st.lists(value_texts(field), min_size=1, max_size=3))
        return f"{field.name} {operator} ({', '.join(values)})"
    return f"{field.name} {operator} {draw(value_texts(field))}"


filters = st.recursive(
    conditions(),
    lambda inner: (
        inner.map("not ({})".format)
        | st.lists(inner, min_size=2, max_size=3).map(lambda terms: f"({' and '.join(terms)})")
        | st.lists(inner, min_size=2, max_size=3).map(lambda terms: f"({' or '.join(terms)})")
    ),
    max_leaves=6,
)


class Oracle:
    """The language as its description says it: over the values that one item holds."""

    def __init__(self, row: Row, members: list[Member], zone: ZoneInfo) -> None:
        self.row = row
        self.members = members
        self.zone = zone

    def holds(self, expression: Expression) -> bool:
        match expression:
            case And(terms):
                return all(self.holds(term) for term in terms)
            case Or(terms):
                return any(self.holds(term) for term in terms)
            case Not(term):
                return not self.holds(term)
            case Empty(name, negated):
                return (self.values(name) == []) != negated
            case OneOf(name, choices, negated):
                return any(self.compare(name, "=", choice) for choice in choices) != negated
            case Compare(name, "!=", value):
                return not self.compare(name, "=", value)
            case Compare(name, "!~", value):
                return not self.compare(name, "~", value)
            case Compare(name, operator, value):
                return self.compare(name, operator, value)

    def values(self, name: str) -> list[Any]:
        field = FIELDS[name]
        if field.several:
            held = [v for i, f, v in self.members if (i, f) == (self.row["item_id"], name)]
        else:
            held = [self.row[name]]
        present: list[Any] = [value for value in held if value is not None and value != ""]
        if field.kind == "moment":
            return [v.replace(tzinfo=UTC).astimezone(self.zone).date() for v in present]
        if field.kind == "day":
            return [value.date() for value in present]
        return [value.casefold() for value in present] if field.kind == "text" else present

    def compare(self, name: str, operator: str, value: Any) -> bool:
        if isinstance(value, Relative):
            value = value.on(TODAY)
        if FIELDS[name].kind == "text":
            value = value.casefold()
        if value == "open":
            return self.row[name] in ("todo", "in_progress")
        return any(COMPARISONS[operator](held, value) for held in self.values(name))


@settings(max_examples=100, deadline=None)
@given(st.lists(rows, max_size=4), members, filters, st.sampled_from(ZONES).map(ZoneInfo))
def test_every_engine_agrees_with_the_oracle(
    values: list[Row], members: list[Member], text: str, zone: ZoneInfo
) -> None:
    items = [item(f"P-{number}", **row) for number, row in enumerate(values)]
    midnight = datetime.combine(TODAY + timedelta(days=1), datetime.min.time(), zone)
    expected = [row["key"] for row in items if Oracle(row, members, zone).holds(parse(text))]
    for engine in ENGINES.values():
        assert matching(engine(items, members), text, midnight.astimezone(UTC), zone) == expected
