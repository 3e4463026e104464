"""A rollup's table on a terminal, as CSV, as JSON, as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from pmo_sync.render.rows import as_csv, as_json
from pmo_sync.render.table import as_text
from pmo_sync.render.text import clean
from pmo_sync.reports.rollup import Column, RollupTable, Row

NO_DATA = "no data"
NO_VALUE = "none"
MARKUP = frozenset("\\`*_{}[]<>()#+!|~")


def render_rollup(table: RollupTable, form: str) -> str:
    """Write a table in one of ``FORMS``. For people it ends with the total and has ``none`` for a
    group without a value; for machines such a value is null, or an empty cell."""
    return FORMS[form](table)


def _for_terminal(table: RollupTable) -> str:
    laid = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for name in table.by:
        laid.add_column(Text(name), overflow="fold")
    for column in table.columns:
        laid.add_column(Text(_header(column)), justify="right", overflow="fold")
    for row in (*table.rows, *table.totals):
        laid.add_row(*(Text(clean(cell)) for cell in _cells(table, row)))
    return as_text(laid) + "".join(f"{note}\n" for note in table.notes)


def _as_markdown(table: RollupTable) -> str:
    headers = [*table.by, *(_header(column) for column in table.columns)]
    marks = [":--"] * len(table.by) + ["--:"] * len(table.columns)
    named = len(table.by)
    cells = [_cells(table, row) for row in (*table.rows, *table.totals)]
    rows = [[*(_escaped(name) for name in row[:named]), *row[named:]] for row in cells]
    lines = [_line(headers), _line(marks), *(_line(row) for row in rows)]
    notes = [f"\n{note[0].upper()}{note[1:]}.\n" for note in table.notes]
    return "\n".join([*lines, ""]) + "".join(notes)


def _as_csv(table: RollupTable) -> str:
    headers = {column.name: _header(column) for column in table.columns}
    names = [*table.by, *headers.values()]
    rows = [{headers.get(name, name): value for name, value in row.items()} for row in table.rows]
    return as_csv(names, rows).decode()


def _as_json(table: RollupTable) -> str:
    names = [*table.by, *(column.name for column in table.columns)]
    return as_json(names, table.rows).decode()


FORMS: Mapping[str, Callable[[RollupTable], str]] = {
    "table": _for_terminal,
    "csv": _as_csv,
    "json": _as_json,
    "md": _as_markdown,
}


def _header(column: Column) -> str:
    return f"{column.name} ({column.unit})" if column.unit else column.name


def _cells(table: RollupTable, row: Row) -> list[str]:
    dimensions = [NO_VALUE if row[name] is None else str(row[name]) for name in table.by]
    return [*dimensions, *(_figure(column, row[column.name]) for column in table.columns)]


def _figure(column: Column, value: object) -> str:
    if not isinstance(value, int | float):
        return NO_DATA
    sign = "+" if column.name.endswith("_change") and value > 0 else ""
    return sign + (f"{value:,.1f}" if column.unit else f"{value:,}")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Write a tracker's text so that it is text: no markup, and no end of its cell."""
    return "".join(f"\\{letter}" if letter in MARKUP else letter for letter in clean(text))
