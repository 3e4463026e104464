"""``--fail-on``: a report that ends a pipeline where a project is in trouble."""

from __future__ import annotations

from typing import Any

import click

from pmo_sync.cli.session import fail

BREACHED = 5
"""The exit code where a gate is breached."""
GATES = {"red": ("off_track",), "off_track": ("off_track",), "at_risk": ("off_track", "at_risk")}
"""What may be asked for -> the levels that fail."""


def gate_option(command: click.Command) -> click.Command:
    """Give a command the option."""
    option = click.Option(
        ["--fail-on"],
        type=click.Choice(list(GATES)),
        help="End with exit code 5 where an active project is shown off track (red), or at risk or"
        " worse; everything is written first.",
    )
    command.params.append(option)
    return command


def check_gate(report: Any, fail_on: str | None) -> None:
    """End with an error that names the projects of a status report that breach the gate."""
    if fail_on is None:
        return
    breaching = [
        f"{project.name} ({project.health.overall.level.replace('_', ' ')})"
        for project in report.projects
        if project.lifecycle == "active" and project.health.overall.level in GATES[fail_on]
    ]
    if breaching:
        fail(f"--fail-on {fail_on}: {', '.join(breaching)}", BREACHED)
