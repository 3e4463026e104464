"""The question how many: one table of metrics by dimensions, as of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pmo_sync.config import Config
from pmo_sync.pipeline.snapshot import reading
from pmo_sync.render.rollup import render_rollup
from pmo_sync.reports.rollup import PERIOD, rollup_table
from pmo_sync.reports.rollup import question as rollup_question
from pmo_sync.reports.rollup_over import over as read_over
from pmo_sync.reports.rollup_over import rollup_over
from pmo_sync.rollups.table import Question
from pmo_sync.rollups.where.syntax import Relative


def question(
    by: Sequence[str],
    wanted: Sequence[str],
    where: str | None,
    period: str | None,
    over: str | None,
) -> tuple[Question, Relative | None]:
    """Read the words of a question, and over which time it is asked; raise ConfigError for what is
    not known."""
    told = read_over(over) if over else None
    step = Relative(-1, told.unit) if told else PERIOD
    return rollup_question(by, wanted, where, period, step), told


def rollup(
    config: Config,
    asked: Question,
    day: date,
    compare: date | None,
    *,
    form: str,
    sort: str | None = None,
    limit: int | None = None,
    over: Relative | None = None,
) -> str:
    """Answer a question of ``reports.rollup`` as of ``day``, or at the ends of the spans up to it
    that ``over`` names, written in one of its forms."""
    with reading(config) as tables:
        if over:
            table = rollup_over(tables, config, day, asked, over, sort, limit)
        else:
            table = rollup_table(tables, config, day, asked, compare, sort, limit)
    return render_rollup(table, form)
