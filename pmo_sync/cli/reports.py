"""Commands that tell: report, items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import click

from pmo_sync import registry
from pmo_sync.cli.session import Settings, config_of, day_of, say
from pmo_sync.cli.types import Day, Formats

GROUP = "pmo_sync.reports"

REPORTS = {
    "status": "The portfolio's status: what needs attention and why, project by project.",
    "resources": "Who has more work than hours, week by week, and what hangs on one person.",
}
"""What each built-in report tells; one that another package adds tells it by its name."""


class Reports(click.Group):
    """A command for each report that the registry knows; all take the same options."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the reports, then what else can be asked of them."""
        return [*registry.names(GROUP), *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make the command that writes a report."""
        if found := super().get_command(ctx, cmd_name):
            return found
        return _writing(cmd_name) if cmd_name in registry.names(GROUP) else None


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
        help="Where to write (default: reports, beside the configuration).",
    ),
    click.option("--publish", is_flag=True, help="Hand it to the configuration's [[publish]] too."),
)


def _writing(name: str) -> click.Command:
    """Return the command that writes the report called ``name``."""

    @click.command(name, help=REPORTS.get(name, f"The {name} report."))
    @report_options
    @click.pass_obj
    def command(
        settings: Settings,
        as_of: date | None,
        formats: Sequence[Sequence[str]],
        output: Path | None,
        publish: bool,
    ) -> None:
        from pmo_sync import pipeline

        config = config_of(settings)
        chosen = list(dict.fromkeys(form for group in formats for form in group))
        folder = output or config.path.parent / "reports"
        day = day_of(config, as_of)
        written = pipeline.report(config, name, day, chosen, folder)
        for path in written.paths:
            click.echo(str(path))
        for place in pipeline.publish(config, written, day) if publish else ():
            click.echo(f"published: {place}")
        say(settings, written.report.headline)

    return command


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
    found = pipeline.items(config, where, day_of(config, as_of), since)
    shown = found[:limit] if limit else found
    text = pipeline.item_text(shown, form, columns)
    # Files for machines are UTF-8 whatever the terminal is.
    click.echo(text if form == "table" else text.encode(), nl=False)
    if form == "table" or len(shown) < len(found):
        say(settings, f"{len(shown):,} of {several(len(found), 'item')}")
