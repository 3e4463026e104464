"""The commands that write reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from pmo_sync import registry
from pmo_sync.cli.gate import check_gate, gate_option
from pmo_sync.cli.options import REPORT_DAY, REPORT_FORMATS, output, since_option
from pmo_sync.cli.session import Settings, config_of, day_of, expect_rows, fail, say
from pmo_sync.cli.types import named

GROUP = "pmo_sync.reports"

REPORTS = {
    "status": "The portfolio's status: what needs attention and why, project by project.",
    "risk": "Risks, work at risk and dependencies: what nobody answers, who waits for whom.",
    "resources": "Who has more work than hours, week by week, and what hangs on one person.",
}
"""What each built-in report tells; one that another package adds tells it by its name."""

STATUS = "status"
"""The report whose levels a pipeline may end by, and that compares with any day."""

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


def _writing(name: str, told: str) -> click.Command:
    """Return the command that writes the report called ``name``."""

    @click.command(name, help=told)
    @REPORT_DAY
    @REPORT_FORMATS
    @output("them, in a folder of the day")
    @click.option("--publish", is_flag=True, help="Hand it to the configuration's [[publish]] too.")
    @click.pass_obj
    def command(
        settings: Settings,
        as_of: date | None,
        formats: Sequence[Sequence[str]],
        output: Path | None,
        publish: bool,
        fail_on: str | None = None,
        since: date | None = None,
    ) -> None:
        expect_rows()
        from pmo_sync.pipeline import reporting

        config = config_of(settings)
        folder = output or config.path.parent / "reports"
        day = day_of(config, as_of)
        written = reporting.reports(config, [name], day, named(formats), folder, since)
        for path in (path for each in written for path in each.paths):
            click.echo(str(path))
        if publish:
            _publish(config, written, day)
        say(settings, written[-1].report.headline)
        check_gate(written[-1].report, fail_on)

    return since_option(gate_option(command)) if name == STATUS else command


def _publish(config: Any, written: Sequence[Any], day: date) -> None:
    """Publish, and end with an error where a place failed."""
    from pmo_sync.pipeline import publishing

    found = publishing.publish(config, written, day, now=datetime.now(UTC))
    tell_published(found)
    failed = [each.message for each in found if each.outcome == "failed"]
    if failed:
        fail("; ".join(failed), 1 if len(failed) == len(found) else 3)


def tell_published(found: Iterable[Any]) -> None:
    """Say what became of publishing where it did not fail."""
    for each in found:
        if each.outcome != "failed":
            same = " (it shows just this already)" if each.outcome == "unchanged" else ""
            click.echo(f"{each.outcome}: {each.where}{same}")


report.add_command(_writing("index", INDEX))
