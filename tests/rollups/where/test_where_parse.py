from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.errors import ConfigError
from pmo_sync.rollups.where.fields import FIELDS
from pmo_sync.rollups.where.parse import MAX_DEPTH, parse
from pmo_sync.rollups.where.syntax import (
    And,
    Compare,
    Empty,
    Expression,
    Not,
    OneOf,
    Or,
    Relative,
    Unit,
)
from pmo_sync.rollups.where.tokens import MAX_LENGTH

BLOCKED = Compare("blocked", "=", True)
OVERDUE = Compare("overdue", "=", True)
DONE = Compare("status", "=", "Done")
KNOWN = ", ".join(FIELDS)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("status = Done", DONE),
        ("STATUS='Done'", DONE),
        ('  status\n="Done"\t', DONE),
        ("status != Done", Compare("status", "!=", "Done")),
        ("key = shop/web#7", Compare("key", "=", "shop/web#7")),
        ("label = c++", Compare("label", "=", "c++")),
        ("label = @home-2.0_x:y", Compare("label", "=", "@home-2.0_x:y")),
        (r"title ~ 'it\'s a \\ \"so\"'", Compare("title", "~", 'it\'s a \\ "so"')),
        ("title !~ 'AND'", Compare("title", "!~", "AND")),
        ("label = true", Compare("label", "=", "true")),
        ("label in (a, 'b c')", OneOf("label", ("a", "b c"))),
        ("Label NOT IN (a)", OneOf("label", ("a",), negated=True)),
        ("due is empty", Empty("due")),
        ("due Is Not Empty", Empty("due", negated=True)),
        ("category = DONE", Compare("category", "=", "done")),
        ("age > 30", Compare("age", ">", 30)),
        ("points<=2.5", Compare("points", "<=", 2.5)),
        ("points >= -1", Compare("points", ">=", -1)),
        ("blocked", BLOCKED),
        ("blocked = TRUE", BLOCKED),
        ("blocked = false", Compare("blocked", "=", False)),
        ("created = 2026-03-01", Compare("created", "=", date(2026, 3, 1))),
        ("created = '2026-03-01'", Compare("created", "=", date(2026, 3, 1))),
        ("due < -90d", Compare("due", "<", Relative(-90, "d"))),
        ("due < +2W", Compare("due", "<", Relative(2, "w"))),
        ("due in (today, 0d)", OneOf("due", (Relative(0, "d"), Relative(0, "d")))),
        ("not blocked", Not(BLOCKED)),
        ("not not blocked", Not(Not(BLOCKED))),
        ("blocked and overdue or status=Done", Or((And((BLOCKED, OVERDUE)), DONE))),
        ("blocked or overdue and status=Done", Or((BLOCKED, And((OVERDUE, DONE))))),
        ("(blocked or overdue)and status=Done", And((Or((BLOCKED, OVERDUE)), DONE))),
        ("blocked and (overdue and status=Done)", And((BLOCKED, OVERDUE, DONE))),
        ("((blocked)) or (overdue or status=Done)", Or((BLOCKED, OVERDUE, DONE))),
        ("not blocked and overdue", And((Not(BLOCKED), OVERDUE))),
        ("not status = Done", Not(DONE)),
        ("not (blocked and overdue)", Not(And((BLOCKED, OVERDUE)))),
    ],
)
def test_parse(text: str, expression: Expression) -> None:
    assert parse(text) == expression


@pytest.mark.parametrize(
    ("today", "relative", "day"),
    [
        (date(2026, 3, 11), Relative(0, "d"), date(2026, 3, 11)),
        (date(2026, 3, 11), Relative(-90, "d"), date(2025, 12, 11)),
        (date(2026, 3, 11), Relative(2, "w"), date(2026, 3, 25)),
        (date(2026, 3, 11), Relative(-3, "m"), date(2025, 12, 11)),
        (date(2026, 3, 31), Relative(-1, "m"), date(2026, 2, 28)),
        (date(2026, 12, 31), Relative(2, "m"), date(2027, 2, 28)),
        (date(2024, 2, 29), Relative(-1, "y"), date(2023, 2, 28)),
        (date(2024, 2, 29), Relative(4, "y"), date(2028, 2, 29)),
    ],
)
def test_relative_day(today: date, relative: Relative, day: date) -> None:
    assert relative.on(today) == day


ERRORS = [
    ("unknown field", "staus = done", "^^^^^",
     "unknown field 'staus' (did you mean 'status'? known: status, "
     + KNOWN.replace("status, ", "") + ")"),
    ("nothing alike", "blocked or zzz", "           ^^^", f"unknown field 'zzz' (known: {KNOWN})"),
    ("unknown category", "category in (open, Don)", "                   ^^^",
     "unknown category 'Don' (did you mean 'done'? known: done, todo, in_progress, dropped, open)"),
    ("empty text", "", "^", "expected a field, found the end"),
    ("blank text", "  ", "^", "expected a field, found the end"),
    ("no field", "blocked and ", "           ^", "expected a field, found the end"),
    ("quoted field", "'status' = x", "^^^^^^^^", "expected a field, found 'status'"),
    ("keyword for field", "in = x", "^^", "expected a field, found 'in'"),
    ("no operator", "status Done", "       ^^^^",
     "expected an operator after status, found 'Done'"
     " (known: =, !=, ~, !~, in, not in, is empty, is not empty)"),
    ("order of texts", "status < Done", "       ^",
     "'<' does not apply to status (known: =, !=, ~, !~, in, not in, is empty, is not empty)"),
    ("part of a number", "age ~ 3", "    ^",
     "'~' does not apply to age"
     " (known: =, !=, <, <=, >, >=, in, not in, is empty, is not empty)"),
    ("list of flags", "blocked not in (true)", "        ^^^^^^",
     "'not in' does not apply to blocked (known: =, !=)"),
    ("no value", "age >", "     ^", "expected a value, found the end"),
    ("two operators", "status == x", "        ^", "expected a value, found '='"),
    ("several words", "status = To Do", "            ^^",
     "expected 'and', 'or' or the end, found 'Do' (a value like this needs quotes: \"To Do\")"),
    ("several words in parentheses", "(status = On hold)", "             ^^^^",
     "expected 'and', 'or' or ')', found 'hold' (a value like this needs quotes: \"On hold\")"),
    ("several words in a list", "label in (a, b c)", "               ^",
     "expected ',' or ')', found 'c' (a value like this needs quotes: \"b c\")"),
    ("keyword for value", "status = In Progress", "         ^^",
     "expected a value, found 'in' (a value like this needs quotes: \"In Progress\")"),
    ("no list", "label in a", "         ^", "expected '(' and a list of values, found 'a'"),
    ("empty list", "label in ()", "          ^", "expected a value, found ')'"),
    ("open list", "label in (a", "           ^", "expected ',' or ')', found the end"),
    ("is what", "due is null", "       ^^^^", "expected 'empty' or 'not empty', found 'null'"),
    ("is not what", "due is not x", "           ^", "expected 'empty', found 'x'"),
    ("no number", "age > 30d", "      ^^^",
     "age takes a number such as 30 or 2.5 (up to 12 digits and 4 decimals), not '30d'"),
    ("no date", "due < 90d", "      ^^^",
     "due takes a date such as 2026-03-01, today, -90d, +2w, -3m or -1y, not '90d'"),
    ("no such day", "due = 2026-02-30", "      ^^^^^^^^^^",
     "due takes a date such as 2026-03-01, today, -90d, +2w, -3m or -1y, not '2026-02-30'"),
    ("too far", "due = -101y", "      ^^^^^",
     "due takes a date such as 2026-03-01, today, -90d, +2w, -3m or -1y, not '-101y'"),
    ("no flag", "blocked = yes", "          ^^^", "blocked takes true or false, not 'yes'"),
    ("empty value", "title = ''", "        ^^",
     "an empty text is no value (write: title is empty)"),
    ("open quote", "title = 'it", "        ^", "this quote is never closed"),
    ("open parenthesis", "(blocked", "        ^", "expected 'and', 'or' or ')', found the end"),
    ("stray parenthesis", "blocked)", "       ^", "expected 'and', 'or' or the end, found ')'"),
    ("other character", "title ~ 100%", "           ^",
     "unexpected character '%' (a value with it needs quotes)"),
    ("wide letters take two columns", "title = '日本' x", "               ^",
     "expected 'and', 'or' or the end, found 'x'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "carets", "what"), [pytest.param(*case[1:], id=case[0]) for case in ERRORS]
)
def test_error_points_at_the_place(text: str, carets: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert str(caught.value) == f"where: {what}\n  {text}\n  {carets}"


def test_error_names_what_holds_the_filter() -> None:
    with pytest.raises(ConfigError, match=r"^--where: unknown field"):
        parse("x = 1", where="--where")


def test_error_shows_no_control_characters_and_one_line_of_text() -> None:
    with pytest.raises(ConfigError) as caught:
        parse("title = '\x1b[31m\u202e' and\n\tx")
    assert str(caught.value).splitlines()[1:] == [
        "  title = '?[31m?' and  x",
        "                        ^",
    ]


def test_error_shows_the_part_of_a_long_text_where_the_place_is() -> None:
    text = "blocked or " * 50 + "x or " + "blocked or " * 50 + "overdue"
    with pytest.raises(ConfigError) as caught:
        parse(text)
    _, shown, carets = str(caught.value).splitlines()
    assert len(shown) < 130
    assert shown[carets.index("^") :].startswith("x or blocked")
    assert shown.startswith("  …")
    assert shown.endswith("…")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("(" * (MAX_DEPTH + 1) + "blocked", "nested deeper than 100 levels"),
        ("not " * (MAX_DEPTH + 1) + "blocked", "nested deeper than 100 levels"),
        ("(" * 9_999, "nested deeper than 100 levels"),
        ("blocked" + " " * MAX_LENGTH, "the filter has 10,007 characters, at most 10,000 are"),
        ("title = '\ud800'", "this is not valid text"),
        ("age = " + "9" * 5000, "age takes a number"),
        ("age = " + "٣", "age takes a number"),
    ],
)
def test_limits(text: str, what: str) -> None:
    with pytest.raises(ConfigError, match=f"^where: {what}"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * MAX_DEPTH + "blocked" + ")" * MAX_DEPTH,
        "not " * MAX_DEPTH + "blocked",
        "(overdue and (blocked or " * (MAX_DEPTH // 2) + "age = 1" + "))" * (MAX_DEPTH // 2),
        " or ".join(["blocked"] * 900),
    ],
)
def test_within_the_limits(text: str) -> None:
    assert parse(str(parse(text))) == parse(text)


PIECES = st.sampled_from(
    [*FIELDS, "AND", "or", "not", "in", "is", "empty", "(", ")", ",", "=", "!=", "<", ">=", "~",
     "!~", "'", '"', "\\", "true", "-90d", "2026-03-01", "2026-13-01", "1.5", "open", "x", "%"]
)  # fmt: skip


@given(st.text() | st.lists(PIECES).map(" ".join))
def test_any_text_parses_or_is_a_config_error(text: str) -> None:
    try:
        expression = parse(text)
    except ConfigError as error:
        message = str(error).splitlines()
        assert message[0].startswith("where: ")
        assert len(message) == 3
        assert message[2].strip(" ^") == ""
    else:
        assert parse(str(expression)) == expression


UNITS: st.SearchStrategy[Unit] = st.sampled_from(["d", "w", "m", "y"])
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31)) | st.builds(
    Relative, st.integers(-100, 100), UNITS
)
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
NUMBERS = st.integers(-(10**12) + 1, 10**12 - 1) | st.decimals(-(10**11), 10**11, places=4).map(
    float
)
LEAVES: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Compare, st.sampled_from(["title", "label"]), st.sampled_from(["=", "!~"]), TEXTS),
    st.builds(Compare, st.sampled_from(["due", "created"]), st.sampled_from(["<", "="]), DAYS),
    st.builds(Compare, st.just("points"), st.sampled_from([">=", "!="]), NUMBERS),
    st.builds(Compare, st.just("blocked"), st.sampled_from(["=", "!="]), st.booleans()),
    st.builds(OneOf, st.just("key"), st.lists(TEXTS, min_size=1).map(tuple), st.booleans()),
    st.builds(Empty, st.sampled_from(["age", "label"]), st.booleans()),
)
TREES = st.recursive(
    LEAVES,
    lambda terms: (
        st.builds(Not, terms)
        | st.builds(And, st.lists(terms, min_size=2, max_size=3).map(tuple))
        | st.builds(Or, st.lists(terms, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


def flat(expression: Expression) -> Expression:
    """Lift an ``and`` out of an ``and``: the text of both is the same."""
    if isinstance(expression, Not):
        return Not(flat(expression.term))
    if not isinstance(expression, And | Or):
        return expression
    kind = type(expression)
    terms = [flat(term) for term in expression.terms]
    return kind(tuple(part for t in terms for part in (t.terms if isinstance(t, kind) else (t,))))


@given(TREES)
def test_what_is_printed_parses_to_the_same(expression: Expression) -> None:
    assert parse(str(expression)) == flat(expression)
