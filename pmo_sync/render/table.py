"""Rows for people to read: a table on a terminal."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from pmo_sync.render.cells import plain
from pmo_sync.render.text import clean

WIDEST = 100_000
GAP = "  "
NARROW = 10
"""Fewer characters a column than this would break every word: a row is then a block of lines."""

Row = Mapping[str, object]


def as_table(columns: Sequence[str], rows: Sequence[Row]) -> Table:
    """Lay rows out for a terminal; no markup or escape sequence in their text has effect."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for column in columns:
        numeric = _numeric([row[column] for row in rows])
        table.add_column(Text(column), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean(plain(row[column]))) for column in columns))
    return table


def as_text(table: Table, width: int | None = None) -> str:
    """Print a table to plain text: folded into ``width`` columns or the terminal's, and as wide as
    it needs to be where the output is no terminal, so that a line stays one row; on a terminal
    that is too narrow for the columns, a block of ``column: value`` lines for each row."""
    if width is None and sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
    if width and width < NARROW * len(table.columns):
        return _blocks(table)
    widths = _widths(table)
    if width is None or _whole(widths) <= width:
        return _lines(table, widths)
    out = io.StringIO()
    console = Console(file=out, width=WIDEST, color_system=None, force_terminal=False)
    console.width = width
    console.print(table)
    return out.getvalue()


def _widths(table: Table) -> list[int]:
    return [
        max(cell_len(str(cell)) for cell in (column.header, *column.cells))
        for column in table.columns
    ]


def _whole(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _lines(table: Table, widths: Sequence[int]) -> str:
    """Lay out as Rich does what needs no folding: at many rows that takes Rich a minute."""
    columns = [
        [_padded(str(cell), width, column) for cell in (column.header, *column.cells)]
        for column, width in zip(table.columns, widths, strict=True)
    ]
    return "".join(f"{GAP.join(cells)}\n" for cells in zip(*columns, strict=True))


def _padded(text: str, width: int, column: Column) -> str:
    blank = " " * (width - cell_len(text))
    return blank + text if column.justify == "right" else text + blank


def _blocks(table: Table) -> str:
    names = [str(column.header) for column in table.columns]
    rows = zip(*(column.cells for column in table.columns), strict=True)
    return "\n".join(
        "".join(f"{name}: {cell}\n" for name, cell in zip(names, row, strict=True) if str(cell))
        for row in rows
    )


def _numeric(values: Sequence[object]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in known
    )
