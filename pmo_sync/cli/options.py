"""Options that several commands have, each said once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pmo_sync.cli.types import FORMATS, Day, Names

Command = Callable[..., Any]
Option = Callable[[Command], Command]

AS_OF = click.option("--as-of", type=Day(), metavar="DATE", help="As of the end of this day.")
REPORT_DAY = click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="The day to report on, e.g. 2026-03-31 (default: [portfolio] as_of, else today).",
)
REPORT_FORMATS = click.option(
    "--format",
    "formats",
    type=Names(FORMATS),
    multiple=True,
    default=["html"],
    show_default=True,
    metavar="FORMAT",
    help="html, json; repeatable, or separated by commas.",
)


def output(what: str) -> Option:
    """Return the option that says where to write ``what``."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help=f"Where to write {what} (default: reports, beside the configuration).",
    )


def one_format(*known: str) -> Option:
    """Return the option that chooses one of the formats of a table."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(known),
        default="table",
        show_default=True,
        help="How to write it.",
    )


def most(of: str) -> Option:
    """Return the option that cuts a table."""
    return click.option("--limit", type=click.IntRange(min=1), help=f"Show at most so many {of}.")


def since_option(command: click.Command) -> click.Command:
    """Give a command the option of what its changes are told since."""
    option = click.Option(
        ["--since"],
        type=Day(),
        metavar="DATE",
        help="Tell what changed since the end of this day (default: the previous report's, one"
        " period before).",
    )
    command.params.append(option)
    return command
