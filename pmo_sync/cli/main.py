"""The command group: global options, and errors as words with an exit code."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from pmo_sync import __version__
from pmo_sync.cli.session import Settings, fail
from pmo_sync.errors import PmoSyncError, is_interruption

INTERRUPTED = 130


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM, by which schedulers stop what they started, end a command as Ctrl-C does."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Commands(click.Group):
    """A group whose errors are one clear line and a documented exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what a user can act on into words."""
        # numpy's own threads spin while they wait, and our matrices are small.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        try:
            with _stoppable():
                return super().invoke(ctx)
        except PmoSyncError as error:
            fail(str(error), error.exit_code)
        except (KeyboardInterrupt, click.Abort, RuntimeError) as error:
            if not (isinstance(error, click.Abort) or is_interruption(error)):
                raise
            kept = ctx.invoked_subcommand in ("sync", "run")
            told = "; what was fetched is kept, the next sync goes on" if kept else ""
            click.echo(err=True)  # the terminal shows ^C in the line that we were in
            fail(f"interrupted{told}", INTERRUPTED)
        except BrokenPipeError:
            sys.stderr.close()  # the reader of our output has gone: nobody is left to tell
            sys.exit(0)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            fail(f"{where}{error.strerror or error}", 1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="pmo-sync %(version)s")
@click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration (default: $PMO_SYNC_CONFIG, else pmo-sync.toml).",
)
@click.option("-v", "--verbose", count=True, help="Say more: -v what is done, -vv everything.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How log lines are written to standard error.",
)
@click.pass_context
def main(
    ctx: click.Context, config: Path | None, verbose: int, quiet: bool, log_format: str
) -> None:
    """Portfolio reports from the trackers that your teams already use.

    Work items are synced from Jira and GitHub into a local store with their history; reports are
    made from it, for any day.

    Exit codes: 0 ok, 1 error, 2 usage or configuration, 3 partial, 4 store in use,
    5 gate breached (--fail-on).
    """  # fmt: skip
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a title may hold what the terminal cannot show
    ctx.obj = Settings(config, -1 if quiet else verbose, log_format)
