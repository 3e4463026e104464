"""What every command starts from and ends with: settings, configuration, progress, words."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import click

NAME = "pmo-sync"
SELDOM = 200_000
"""Objects between two collections of a command that only reads."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The global options."""

    config: Path | None
    verbosity: int
    log_format: str


@contextmanager
def progress_of(settings: Settings) -> Iterator[Any]:
    """Choose how to show progress: live on a terminal, else log lines, nothing when quiet."""
    from rich.console import Console

    from pmo_sync.render.progress import LiveLine, LogLines, Quiet

    console = Console(stderr=True)
    if settings.verbosity < 0:
        chosen: Any = Quiet()
    elif console.is_terminal and settings.log_format == "text" and settings.verbosity == 0:
        chosen = LiveLine(console)
    else:
        chosen = LogLines()
    with chosen as progress:
        yield progress


def set_up(settings: Settings) -> None:
    """Write log lines as the options say."""
    from pmo_sync.render import logs

    logs.set_up(settings.verbosity, "json" if settings.log_format == "json" else "text")


def config_of(settings: Settings) -> Any:
    """Read the configuration that the options name, and say what it warns of."""
    from pmo_sync.config.load import find, load

    set_up(settings)
    config = load(find(settings.config, os.environ, Path.cwd()))
    for warning in config.warnings:
        click.echo(f"warning: {warning}", err=True)
    return config


def expect_rows() -> None:
    """Collect garbage seldom: a command that reads many rows holds them until it ends, and to look
    through them again and again for what could go costs a tenth of its time."""
    gc.set_threshold(SELDOM)


def day_of(config: Any, as_of: date | None) -> date:
    """Return the day to report on: the given one, else the configuration's, else today."""
    today: date = datetime.now(ZoneInfo(config.portfolio.timezone)).date()
    return as_of or config.portfolio.as_of or today


def program() -> list[str]:
    """Return what to type to call us, word by word: the bare name where that finds us."""
    if shutil.which(NAME):
        return [NAME]
    called = sys.argv[0]
    return ["python", "-m", "pmo_sync"] if Path(called).name == "__main__.py" else [called]


def say(settings: Settings, text: str) -> None:
    """Tell a person, unless the options ask for silence."""
    if settings.verbosity >= 0:
        click.echo(text, err=True)


def write(text: str, form: str) -> None:
    """Write a table for people, or a file for machines: that is UTF-8 whatever the terminal is."""
    click.echo(text if form == "table" else text.encode(), nl=False)


def fail(text: str, code: int) -> NoReturn:
    """End with one line of error and an exit code."""
    click.echo(f"error: {text}", err=True)
    sys.exit(code)
