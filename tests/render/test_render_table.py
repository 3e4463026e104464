"""Rows of items for a terminal, a spreadsheet and a program."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pmo_sync.render.rows import as_csv, as_json
from pmo_sync.render.table import as_table, as_text

COLUMNS = ["key", "title", "age", "due", "updated", "assignees", "flagged"]
ROW = {
    "key": "PAY-1",
    "title": "Refund fails",
    "age": 12,
    "due": date(2026, 4, 1),
    "updated": datetime(2026, 3, 14, 8, 0, tzinfo=timezone(timedelta(hours=2))),
    "assignees": ("one", "two"),
    "flagged": False,
    "not asked for": "x",
}
EMPTY = dict.fromkeys(COLUMNS)


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def shown(columns: list[str], rows: list[dict[str, Any]], width: int | None = 120) -> str:
    return as_text(as_table(columns, rows), width)


TEXTS = st.sampled_from(
    ["", "a", "two words", "日本", "e\u0301", "🇸🇪", "[b]x[/b]", "a\tb", " lead", "trail ", "x" * 40]
)


@given(st.lists(st.tuples(TEXTS, TEXTS | st.none() | st.integers()), max_size=6))
def test_what_needs_no_folding_looks_as_rich_lays_it_out(rows: list[tuple[str, Any]]) -> None:
    table = as_table(["a", "b"], [dict(zip(("a", "b"), row, strict=True)) for row in rows])
    out = io.StringIO()
    console = Console(file=out, width=1_000, color_system=None, force_terminal=False)
    console.width = console.measure(table).maximum
    console.print(table)
    assert as_text(table) == as_text(table, 1_000) == out.getvalue()


def test_csv() -> None:
    assert cells(as_csv(COLUMNS, [ROW, EMPTY])) == [
        COLUMNS,
        ["PAY-1", "Refund fails", "12", "2026-04-01", "2026-03-14T06:00:00Z", "one; two", "false"],
        ["", "", "", "", "", "", ""],
    ]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "' x"),
        (" =1", "' =1"),
        ("\u200b=1", "'=1"),
        ("＝1", "'＝1"),
        (("=1", "b"), "'=1; b"),
        (-3, "-3"),
        (-2.5, "-2.5"),
        ("a=1", "a=1"),
    ],
)
def test_a_cell_is_never_a_formula(value: object, cell: str) -> None:
    assert cells(as_csv(["x"], [{"x": value}])) == [["x"], [cell]]


@given(st.text())
def test_no_text_becomes_a_formula_or_breaks_a_row(text: str) -> None:
    (_, *rows) = cells(as_csv(["x", "y"], [{"x": text, "y": "end"}]))
    ((cell, end),) = rows
    assert end == "end"
    assert not cell.startswith(("=", "+", "-", "@", "\t"))


def test_json() -> None:
    (first, second) = json.loads(as_json(COLUMNS, [ROW, EMPTY]))
    assert list(first) == COLUMNS
    assert first["age"] == 12
    assert first["due"] == "2026-04-01"
    assert first["assignees"] == ["one", "two"]
    assert set(second.values()) == {None}


def test_json_and_csv_tell_a_time_alike() -> None:
    row = {"updated": datetime(2026, 3, 14, 6, 0, tzinfo=UTC)}
    assert json.loads(as_json(["updated"], [row])) == [{"updated": "2026-03-14T06:00:00Z"}]
    assert cells(as_csv(["updated"], [row]))[1] == ["2026-03-14T06:00:00Z"]


def test_terminal_shows_text_as_it_is_without_markup_or_escapes() -> None:
    out = shown(["key", "title"], [{"key": "A-1", "title": "[red]x[/red] \x1b[2Jy \u202ez"}])
    assert "[red]x[/red] [2Jy z" in out
    assert "\x1b[2J" not in out


def test_terminal_aligns_numbers_to_the_right() -> None:
    out = shown(["age", "key"], [{"age": 5, "key": "A"}, {"age": 1234, "key": "B"}])
    assert [line.rstrip() for line in out.splitlines()[1:]] == ["   5  A", "1234  B"]


def test_a_narrow_terminal_folds_and_loses_nothing() -> None:
    out = shown(["title"], [{"title": "W" * 100}], width=40)
    assert out.count("W") == 100


def test_a_terminal_too_narrow_for_the_columns_shows_blocks() -> None:
    row = {"key": "A-1", "title": "Pay again", "due": None, "age": 5}
    out = shown(list(row), [row, {**row, "key": "A-2"}], width=39)
    assert out == "key: A-1\ntitle: Pay again\nage: 5\n\nkey: A-2\ntitle: Pay again\nage: 5\n"
    assert "key  title" in shown(list(row), [row], width=40)


def test_without_a_terminal_a_row_is_one_line() -> None:
    out = shown(["key", "title"], [{"key": "A-1", "title": "W" * 300}], width=None)
    assert out.splitlines()[1] == f"A-1  {'W' * 300}"


def test_no_rows() -> None:
    assert as_csv(["key"], []) == b"key\n"
    assert as_json(["key"], []) == b"[]\n"
    assert "key" in shown(["key"], [])
