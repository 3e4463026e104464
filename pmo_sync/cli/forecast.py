"""``pmo-sync forecast``: when will these items be done?"""

from __future__ import annotations

from datetime import date

import click

from pmo_sync.cli.options import AS_OF, one_format
from pmo_sync.cli.session import Settings, config_of, day_of, expect_rows, write
from pmo_sync.cli.types import Day


@click.command()
@click.option(
    "--where",
    metavar="FILTER",
    help='Which items, e.g. "milestone = 2.0"; see docs/filters.md (default: all).',
)
@click.option(
    "--by",
    metavar="NAME",
    help="A forecast for each project, program, team, milestone, iteration, epic, component,"
    " label, type, ... of them, by what its own weeks brought (default: one for all).",
)
@click.option("--target", type=Day(), metavar="DATE", help="Tell the odds of this day too.")
@AS_OF
@one_format("table", "csv", "json")
@click.pass_obj
def forecast(
    settings: Settings,
    where: str | None,
    by: str | None,
    target: date | None,
    as_of: date | None,
    form: str,
) -> None:
    """Say when work will be done: by which day with 50, 85 and 95 %.

    With the odds of a target, and how good such forecasts have been; see docs/forecast.md.
    """
    expect_rows()
    from pmo_sync.pipeline.forecasting import forecast as told  # numpy is for those who ask

    config = config_of(settings)
    text = told(config, where, by, day_of(config, as_of), target, form)
    write(text, form)
