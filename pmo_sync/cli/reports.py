"""Commands that tell: report, items, rollup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from pmo_sync import registry
from pmo_sync.cli.session import Settings, config_of, day_of, expect_rows, fail, say
from pmo_sync.cli.types import Day, Formats, Names

GROUP = "pmo_sync.reports"

REPORTS = {
    "status": "The portfolio's status: what needs attention and why, project by project.",
    "risk": "Risks, work at risk and dependencies: what nobody answers, who waits for whom.",
    "resources": "Who has more work than hours, week by week, and what hangs on one person.",
}
"""What each built-in report tells; one that another package adds tells it by its name."""

INDEX = "The portfolio on one page, joined from all reports; they are written beside it."


class Reports(click.Group):
    """A command for each report that the registry knows; all take the same options."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List what else can be asked of them, then the reports."""
        return [*super().list_commands(ctx), *registry.names(GROUP)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make the command that writes a report."""
        if found := super().get_command(ctx, cmd_name):
            return found
        if cmd_name not in registry.names(GROUP):
            return None
        return _writing(cmd_name, REPORTS.get(cmd_name, f"The {cmd_name} report."))


@click.group(cls=Reports)
def report() -> None:
    """Write a report from the store."""


def report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of everything that writes reports."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


OPTIONS = (
    click.option(
        "--as-of",
        type=Day(),
        metavar="DATE",
        help="The day to report on, e.g. 2026-03-31 (default: today, or [portfolio] as_of).",
    ),
    click.option(
        "--format",
        "formats",
        type=Formats(),
        multiple=True,
        default=["html"],
        show_default=True,
        help="html, json; repeatable, or separated by commas.",
    ),
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Where to write, in a folder of the day (default: reports, beside the configuration).",
    ),
    click.option("--publish", is_flag=True, help="Hand it to the configuration's [[publish]] too."),
)


def _writing(name: str, told: str) -> click.Command:
    """Return the command that writes the report called ``name``."""

    @click.command(name, help=told)
    @report_options
    @click.pass_obj
    def command(
        settings: Settings,
        as_of: date | None,
        formats: Sequence[Sequence[str]],
        output: Path | None,
        publish: bool,
    ) -> None:
        expect_rows()
        from pmo_sync import pipeline

        config = config_of(settings)
        chosen = list(dict.fromkeys(form for group in formats for form in group))
        folder = output or config.path.parent / "reports"
        day = day_of(config, as_of)
        written = pipeline.reports(config, [name], day, chosen, folder)
        for path in (path for each in written for path in each.paths):
            click.echo(str(path))
        if publish:
            tell_published(pipeline.publish(config, written, day, now=datetime.now(UTC)))
        say(settings, written[-1].report.headline)

    return command


def tell_published(found: Sequence[Any]) -> None:
    """Say what became of publishing; end with an error where a place failed."""
    for each in found:
        if each.outcome != "failed":
            click.echo(f"{each.outcome}: {each.where}")
    failed = [each.message for each in found if each.outcome == "failed"]
    if failed:
        fail("; ".join(failed), 1 if len(failed) == len(found) else 3)


report.add_command(_writing("index", INDEX))


@click.command()
@click.option(
    "--where",
    metavar="FILTER",
    help='Which items, e.g. "project = Payments and blocked"; see docs/filters.md.',
)
@click.option("--as-of", type=Day(), metavar="DATE", help="As of the end of this day.")
@click.option(
    "--since",
    type=Day(),
    metavar="DATE",
    help="What 'change = ...' compares with (default: one period before).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How to write them.",
)
@click.option(
    "--columns",
    metavar="NAMES",
    help="Columns, separated by commas (default for a table: a few; else all).",
)
@click.option("--limit", type=click.IntRange(min=1), help="Show at most so many.")
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
    from pmo_sync import pipeline
    from pmo_sync.reports.words import several

    config = config_of(settings)
    names = pipeline.item_columns(form, columns)
    found = pipeline.items(config, where, day_of(config, as_of), since, names)
    shown = found[:limit] if limit else found
    text = pipeline.row_text(shown, form, names)
    # Files for machines are UTF-8 whatever the terminal is.
    click.echo(text if form == "table" else text.encode(), nl=False)
    if form == "table" or len(shown) < len(found):
        say(settings, f"{len(shown):,} of {several(len(found), 'item')}")


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
    help="Some of items, open, wip, done, arrived, throughput, cycle_p50, cycle_p85, lead_p50,"
    " lead_p85, age_p85, blocked, overdue, unassigned, unestimated, remaining, spent;"
    " see docs/rollup.md.  [default: items, open, wip, done, blocked, overdue]",
)
@click.option("--where", metavar="FILTER", help="Of which items; see docs/filters.md.")
@click.option(
    "--period",
    metavar="TIME",
    help="How far back throughput and cycle times look: 90d, 4w, 3m or 1y.  [default: 90d]",
)
@click.option("--as-of", type=Day(), metavar="DATE", help="As of the end of this day.")
@click.option(
    "--compare",
    type=Day(),
    metavar="DATE",
    help="Show each value as of this day too, and the difference.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "md"]),
    default="table",
    show_default=True,
    help="How to write it.",
)
@click.option(
    "--sort",
    metavar="NAME",
    help="By a metric, the largest first, or by a dimension's names (default: by the first"
    " metric; months and categories in their order).",
)
@click.option("--limit", type=click.IntRange(min=1), help="Show at most so many groups.")
@click.pass_obj
def rollup(
    settings: Settings,
    by: Sequence[Sequence[str]],
    metric: Sequence[Sequence[str]],
    where: str | None,
    period: str | None,
    as_of: date | None,
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
    from pmo_sync import pipeline
    from pmo_sync.reports.rollup import question

    dimensions = [name for names in by for name in names] or ["project"]
    asked = question(dimensions, [name for names in metric for name in names], where, period)
    config = config_of(settings)
    day = day_of(config, as_of)
    text = pipeline.rollup(config, asked, day, compare, form=form, sort=sort, limit=limit)
    # Files for machines are UTF-8 whatever the terminal is.
    click.echo(text if form == "table" else text.encode(), nl=False)
