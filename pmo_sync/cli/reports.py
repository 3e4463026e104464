"""Commands that tell: report, items."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from pmo_sync.cli.session import Settings, config_of, day_of, say
from pmo_sync.cli.types import Day, Formats


@click.group()
def report() -> None:
    """Write a report from the store."""


@report.command()
@click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="The day to report on, e.g. 2026-03-31 (default: today, or [portfolio] as_of).",
)
@click.option(
    "--format",
    "formats",
    type=Formats(),
    multiple=True,
    default=["html"],
    show_default=True,
    help="html, json; repeatable, or separated by commas.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where to write (default: reports, beside the configuration).",
)
@click.option("--publish", is_flag=True, help="Hand it to the configuration's [[publish]] too.")
@click.pass_obj
def status(
    settings: Settings,
    as_of: date | None,
    formats: Sequence[Sequence[str]],
    output: Path | None,
    publish: bool,
) -> None:
    """The portfolio's status: what needs attention and why, project by project."""
    from pmo_sync import pipeline

    config = config_of(settings)
    chosen = list(dict.fromkeys(form for group in formats for form in group))
    folder = output or config.path.parent / "reports"
    day = day_of(config, as_of)
    written = pipeline.report(config, "status", day, chosen, folder)
    for path in written.paths:
        click.echo(str(path))
    for place in pipeline.publish(config, written, day) if publish else ():
        click.echo(f"published: {place}")
    say(settings, written.report.headline)


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
