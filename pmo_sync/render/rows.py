"""Rows for a program to read: as CSV, as JSON.

A CSV cell that a spreadsheet would run as a formula (it begins with ``= + - @`` or a tab) gets a
leading apostrophe; numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache

from pmo_sync.render.cells import plain
from pmo_sync.render.json import to_json
from pmo_sync.render.text import clean

FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
"""With the full-width forms, which some spreadsheets read alike."""

KNOWN = 20_000
"""Cells that are remembered as they were written."""

Row = Mapping[str, object]


def as_csv(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Write rows as UTF-8 CSV with a header; several values of a cell are joined by ``; ``."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    # Most cells hold what others held.
    cell = lru_cache(KNOWN, typed=True)(_cell)
    writer.writerows([cell(row[column]) for column in columns] for row in rows)
    return out.getvalue().encode()


def as_json(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Write rows as a JSON array of objects with the columns in their order."""
    return to_json([{column: row[column] for column in columns} for row in rows])


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return plain(value)
    raw = plain(value)
    text = clean(raw)
    return "'" + text if raw.startswith("\t") or text.lstrip().startswith(FORMULA) else text
