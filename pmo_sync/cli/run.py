"""The command for schedulers: run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from pmo_sync.cli.options import REPORT_DAY, REPORT_FORMATS, output
from pmo_sync.cli.reports import tell_published
from pmo_sync.cli.session import Settings, config_of, day_of, fail, progress_of, say
from pmo_sync.cli.synced import synced
from pmo_sync.cli.types import Names, named

WAIT = 60


@click.command()
@click.option(
    "--only",
    type=Names(),
    multiple=True,
    metavar="SOURCE",
    help="Sync this source alone; repeatable, or separated by commas. Reports have all.",
)
@click.option("--full", is_flag=True, help="Read everything again, not only what changed.")
@click.option(
    "--report",
    "names",
    type=Names(),
    multiple=True,
    metavar="NAME",
    help="Write this report; repeatable, or separated by commas (default: all, and the index).",
)
@REPORT_FORMATS
@REPORT_DAY
@output("reports and run.json")
@click.option("--no-publish", is_flag=True, help="Leave the [[publish]] places as they are.")
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=WAIT,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for another run, before giving up with exit code 4.",
)
@click.pass_obj
def run(
    settings: Settings,
    only: Sequence[Sequence[str]],
    full: bool,
    names: Sequence[Sequence[str]],
    formats: Sequence[Sequence[str]],
    as_of: date | None,
    output: Path | None,
    no_publish: bool,
    wait: float,
) -> None:
    """Sync, report and publish: what a scheduler calls.

    A source that fails does not stop the others: the reports are written from its last complete
    sync, say so at their top, and the exit code is 3. What was done is in run.json. The same
    content is published once a day, however often it is run; see docs/scheduling.md.
    """
    from pmo_sync.pipeline.reporting import known_reports
    from pmo_sync.pipeline.run import Order
    from pmo_sync.pipeline.run import run as run_

    config = config_of(settings)
    order = Order(
        day=day_of(config, as_of),
        folder=output or config.path.parent / "reports",
        names=named(names) or known_reports(),
        formats=named(formats),
        only=named(only),
        full=full,
        wait=wait,
        publish=not no_publish,
    )
    with progress_of(settings) as progress:
        record = run_(config, progress, order, clock=lambda: datetime.now(UTC))
    _tell(settings, record, order.folder)


def _tell(settings: Settings, record: Any, folder: Path) -> None:
    for each in record.sources:
        if each.outcome != "failed":
            line = synced(each.name, each.items, each.changed, each.requests, each.spent)
            say(settings, line)
    for path in (name for each in record.reports for name in each.files):
        click.echo(str(folder / path))
    tell_published(record.published)
    say(settings, record.reports[-1].headline)
    if failures := record.failures():
        fail("; ".join(failures), record.exit_code)
