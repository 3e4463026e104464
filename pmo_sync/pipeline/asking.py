"""The question which items: rows of them, as of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pmo_sync.config import Config
from pmo_sync.errors import ConfigError
from pmo_sync.pipeline.snapshot import reading
from pmo_sync.render.rows import as_csv, as_json
from pmo_sync.reports.items import COLUMNS, DEFAULT_COLUMNS, Listed, item_rows


def items(
    config: Config,
    where: str | None,
    day: date,
    since: date | None,
    columns: Sequence[str] = COLUMNS,
) -> list[Mapping[str, object]]:
    """Return the work items that a filter selects as of ``day``, as plain rows of ``columns``."""
    return first_items(config, where, day, since, columns, None).rows


def first_items(
    config: Config,
    where: str | None,
    day: date,
    since: date | None,
    columns: Sequence[str],
    limit: int | None,
) -> Listed:
    """Return at most ``limit`` of the ``items``, and how many there are."""
    with reading(config) as tables:
        return item_rows(tables, config, where, day, since, columns, limit)


def item_columns(form: str, columns: str | None) -> list[str]:
    """Return the columns that were asked for, else the format's own; raise ConfigError for one
    that is not known."""
    default = DEFAULT_COLUMNS if form == "table" else COLUMNS
    names = [name.strip() for name in columns.split(",")] if columns else list(default)
    for name in names:
        if name not in COLUMNS:
            raise ConfigError(f"--columns: no column {name!r} (known: {', '.join(COLUMNS)})")
    return names


def row_text(rows: Sequence[Mapping[str, object]], form: str, columns: Sequence[str]) -> str:
    """Write rows as a table, CSV or JSON."""
    if form == "csv":
        return as_csv(columns, rows).decode()
    if form == "json":
        return as_json(columns, rows).decode()
    from pmo_sync.render.table import as_table, as_text  # rich: no program needs it

    return as_text(as_table(columns, rows))
