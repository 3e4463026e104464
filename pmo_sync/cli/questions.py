"""The commands that answer a question in the terminal: items, rollup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from pmo_sync.cli.options import AS_OF, most, one_format
from pmo_sync.cli.session import Settings, config_of, day_of, expect_rows, say, write
from pmo_sync.cli.types import Day, Names, named


@click.command()
@click.option(
    "--where",
    metavar="FILTER",
    help='Which items, e.g. "project = Payments and blocked"; see docs/filters.md.',
)
@AS_OF
@click.option(
    "--since",
    type=Day(),
    metavar="DATE",
    help="What 'change = ...' compares with (default: one period before).",
)
@one_format("table", "csv", "json")
@click.option(
    "--columns",
    metavar="NAMES",
    help="Columns, separated by commas (default for a table: a few; else all).",
)
@most("items")
@click.pass_obj
def items(
    settings: Settings,
    where: str | None,
    as_of: date | None,
    since: date | None,
    form: str,
    columns: str | None,
    limit: int | None,
) -> None:
    """List work items."""
    expect_rows()
    from pmo_sync.pipeline import asking
    from pmo_sync.reports.words import several

    config = config_of(settings)
    names = asking.item_columns(form, columns)
    found = asking.first_items(config, where, day_of(config, as_of), since, names, limit)
    text = asking.row_text(found.rows, form, names)
    write(text, form)
    if form == "table" or len(found.rows) < found.total:
        say(settings, f"{len(found.rows):,} of {several(found.total, 'item')}")


@click.command()
@click.option(
    "--by",
    type=Names(),
    multiple=True,
    metavar="NAMES",
    help="One or two of project, program, team, assignee, type, priority, label, component,"
    " tracker, container, milestone, iteration, category, created, finished (the last two by"
    " month).  [default: project]",
)
@click.option(
    "--metric",
    type=Names(),
    multiple=True,
    metavar="NAMES",
    help="Some of items, open, todo, wip, completed, done, arrived, throughput, cycle_p50,"
    " cycle_p85, lead_p50, lead_p85, age_p85, efficiency, limit_low, limit_high, blocked, overdue,"
    " unassigned, unestimated, remaining, spent;"
    " see docs/rollup.md.  [default: items, open, wip, done, blocked, overdue]",
)
@click.option("--where", metavar="FILTER", help="Of which items; see docs/filters.md.")
@click.option(
    "--period",
    metavar="TIME",
    help="How far back throughput and cycle times look: 90d, 4w, 3m or 1y.  [default: 90d; with"
    " --over its own step]",
)
@AS_OF
@click.option(
    "--over",
    metavar="TIME",
    help="Tell each value at the end of each of the last days, weeks, months or years, e.g. 12w.",
)
@click.option(
    "--compare",
    type=Day(),
    metavar="DATE",
    help="Show each value as of this day too, and the difference.",
)
@one_format("table", "csv", "json", "md")
@click.option(
    "--sort",
    metavar="NAME",
    help="By a metric, the largest first, or by a dimension's names (default: by the first"
    " metric; months and categories in their order).",
)
@most("groups")
@click.pass_obj
def rollup(
    settings: Settings,
    by: Sequence[Sequence[str]],
    metric: Sequence[Sequence[str]],
    where: str | None,
    period: str | None,
    as_of: date | None,
    over: str | None,
    compare: date | None,
    form: str,
    sort: str | None,
    limit: int | None,
) -> None:
    """Answer a question with one table.

    Count work items by project, team, label, month and more. A group without a value is
    shown as "none". In the total each item counts once.
    """
    expect_rows()
    from pmo_sync.pipeline import rolling

    dimensions, metrics = ([name.lower() for name in named(given)] for given in (by, metric))
    if over and compare:
        raise click.UsageError("--over and --compare: only one of them")
    asked, told = rolling.question(dimensions or ["project"], metrics, where, period, over)
    config = config_of(settings)
    day = day_of(config, as_of)
    text = rolling.rollup(config, asked, day, compare, form=form, sort=sort, limit=limit, over=told)
    write(text, form)
