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
@click.option(
    "--milestone",
    metavar="NAME",
    help="A milestone of the configuration: each of its parts, and the last of them; or a"
    " tracker's milestone or version of that name.",
)
@click.option(
    "--target",
    type=Day(),
    metavar="DATE",
    help="Tell the odds of this day too (default: a project's or a milestone's own).",
)
@click.option(
    "--cautious/--plain",
    "cautious",
    default=None,
    help="Take past weeks for a small sample of what weeks may bring, or as they are, which is"
    " over-confident (default: [policy.forecast] cautious).",
)
@AS_OF
@one_format("table", "csv", "json")
@click.pass_obj
def forecast(
    settings: Settings,
    where: str | None,
    by: str | None,
    milestone: str | None,
    target: date | None,
    cautious: bool | None,
    as_of: date | None,
    form: str,
) -> None:
    """Say when work will be done: by which day with 50, 85 and 95 %.

    With the odds of a target, and how good such forecasts have been; see docs/forecast.md.
    """
    if milestone and (where or by):
        raise click.UsageError("--milestone says which items: leave out --where and --by")
    expect_rows()
    from pmo_sync.pipeline.forecasting import forecast as told  # numpy is for those who ask

    config = config_of(settings)
    text = told(
        config, where, by, milestone, day_of(config, as_of), target, form, cautious=cautious
    )
    write(text, form)
