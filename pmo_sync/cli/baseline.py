"""Commands about baselines: what was agreed to."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import click

from pmo_sync.cli.options import one_format
from pmo_sync.cli.session import Settings, config_of, day_of, say, write
from pmo_sync.cli.types import Day

COLUMNS = ("made", "action", "name", "project", "day", "target", "items", "points", "by", "reason",
           "stands")  # fmt: skip


@click.group()
def baseline() -> None:
    """Keep what was agreed to, and measure slip and growth against it.

    A baseline is a project's target and the items in its scope on a day. Reports measure by the
    last one of their day or before. Nothing is ever overwritten: what was set, and what was
    removed, stays listed with who and when.
    """


def _noted(command: Callable[..., None]) -> Callable[..., None]:
    options = (
        click.option("--project", "projects", multiple=True, metavar="NAME",
                     help="Of this project; repeatable (default: all)."),
        click.option("--by", metavar="NAME", help="Who decided it (default: your login)."),
        click.option("--reason", metavar="TEXT", help="Why."),
        click.option("--wait", type=click.FloatRange(min=0), default=0, metavar="SECONDS",
                     help="How long to wait for another run that holds the store."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@baseline.command("set")
@click.argument("name")
@_noted
@click.option("--as-of", type=Day(), metavar="DATE",
              help="Take it from the history at the end of this day (default: today, or [portfolio]"
              " as_of).")  # fmt: skip
@click.pass_obj
def set_(
    settings: Settings, /, name: str, as_of: date | None, by: str | None, **noted: Any
) -> None:
    """Keep the scope and the target of projects as the baseline NAME."""
    from pmo_sync.pipeline import baselining
    from pmo_sync.reports.words import day, several

    config = config_of(settings)
    of = day_of(config, as_of)
    made = baselining.set_baseline(
        config, name, of, now=datetime.now(UTC), by=by or _login(), **noted
    )
    for row in made:
        target = f"target {day(row.target)}" if row.target else "no target"
        click.echo(f"{row.project}: {several(row.items, 'item')}, {target}, as of {day(row.day)}")
    say(settings, f"baseline {name!r} is set for {several(len(made), 'project')}")


@baseline.command("list")
@one_format("table", "csv", "json")
@click.pass_obj
def list_(settings: Settings, form: str) -> None:
    """List all that was ever set or removed, the oldest first."""
    from pmo_sync.pipeline import asking, baselining

    rows = list(baselining.baseline_rows(baselining.baselines(config_of(settings))))
    write(asking.row_text(rows, form, COLUMNS), form)


@baseline.command()
@click.argument("name")
@_noted
@click.pass_obj
def remove(settings: Settings, /, name: str, by: str | None, **noted: Any) -> None:
    """Undo the baseline NAME: reports measure by the one before it, if there is one."""
    from pmo_sync.pipeline import baselining
    from pmo_sync.reports.words import several

    config = config_of(settings)
    undone = baselining.remove_baseline(
        config, name, now=datetime.now(UTC), by=by or _login(), **noted
    )
    say(settings, f"baseline {name!r} is removed from {several(len(undone), 'project')}")


def _login() -> str | None:
    """Return who is at the terminal, where the system knows."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None
