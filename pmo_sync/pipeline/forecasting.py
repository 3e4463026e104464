"""Forecasts from the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pmo_sync.config import Config
from pmo_sync.pipeline.asking import row_text
from pmo_sync.pipeline.snapshot import reading
from pmo_sync.reports.forecast import COLUMNS, DEFAULT_COLUMNS, forecast_rows
from pmo_sync.reports.forecast_milestone import milestone_rows


def forecast(
    config: Config,
    where: str | None,
    by: str | None,
    milestone: str | None,
    day: date,
    target: date | None,
    form: str,
    *,
    cautious: bool | None = None,
) -> str:
    """Write when the items that a filter selects will be done, the groups of them, or the parts of
    a milestone; ``cautious`` decides for the policy, None leaves it to it."""
    if cautious is not None:
        config = _deciding(config, cautious=cautious)
    with reading(config) as tables:
        if milestone:
            rows = milestone_rows(tables, config, milestone, day, target)
        else:
            rows = forecast_rows(tables, config, where, by, day, target)
    return row_text(rows, form, DEFAULT_COLUMNS if form == "table" else COLUMNS)


def _deciding(config: Config, *, cautious: bool) -> Config:
    forecast = replace(config.policy.forecast, cautious=cautious)
    return replace(config, policy=replace(config.policy, forecast=forecast))
