"""The question how many: one table of metrics by dimensions, as of a day."""

from __future__ import annotations

from datetime import date

from pmo_sync.config import Config
from pmo_sync.pipeline.snapshot import reading
from pmo_sync.render.rollup import render_rollup
from pmo_sync.reports.rollup import rollup_table
from pmo_sync.rollups.table import Question


def rollup(
    config: Config,
    asked: Question,
    day: date,
    compare: date | None,
    *,
    form: str,
    sort: str | None = None,
    limit: int | None = None,
) -> str:
    """Answer a question of ``reports.rollup`` as of ``day``, written in one of its forms."""
    with reading(config) as tables:
        table = rollup_table(tables, config, day, asked, compare, sort, limit)
    return render_rollup(table, form)
