"""The command line: options in, one call of the pipeline, words and an exit code out.

Nothing heavy is imported before a command runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from pmo_sync import __version__
from pmo_sync.errors import PmoSyncError

INTERRUPTED = 130
FORMATS = ("html", "json")
GITHUB = "https://github.com"
YEARS = (1970, 2100)
"""What a day may be: reports look back from it, and no tracker is older."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The global options."""

    config: Path | None
    verbosity: int
    log_format: str


class Commands(click.Group):
    """A group whose errors are one clear line and a documented exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what a user can act on into words."""
        try:
            return super().invoke(ctx)
        except PmoSyncError as error:
            _fail(str(error), error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            kept = ctx.invoked_subcommand == "sync"
            told = "; what was fetched is kept, the next sync goes on" if kept else ""
            click.echo(err=True)  # the terminal shows ^C in the line that we were in
            _fail(f"interrupted{told}", INTERRUPTED)
        except BrokenPipeError:
            sys.stderr.close()  # the reader of our output has gone: nobody is left to tell
            sys.exit(0)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _fail(f"{where}{error.strerror or error}", 1)


class Day(click.ParamType[date]):
    """A calendar day."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read an ISO date."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day (expected e.g. 2026-03-31)", param, ctx)
        if not YEARS[0] <= day.year <= YEARS[1]:
            self.fail(f"{value!r} is not between {YEARS[0]} and {YEARS[1]}", param, ctx)
        return day


class Zone(click.ParamType[str]):
    """A time zone that is known."""

    name = "zone"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what a configuration would be refused for."""
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # absent, no relative path, a folder
            self.fail(f"unknown time zone {value!r} (write one like Europe/Paris)", param, ctx)
        return value


class Url(click.ParamType[str]):
    """The address of a tracker; empty is no tracker."""

    name = "url"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read an address as people know it, with or without ``https://``."""
        url = value if "://" in value or not value else f"https://{value}"
        try:
            parts = urlsplit(url)
        except ValueError:
            self.fail("is no valid URL", param, ctx)
        if "@" in parts.netloc:
            self.fail("must not hold a user or password", param, ctx)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            self.fail("must be a URL like https://tracker.example.com", param, ctx)
        return url


class Formats(click.ParamType[tuple[str, ...]]):
    """One or more formats, separated by commas."""

    name = "format"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Read names of formats."""
        names = tuple(part.strip() for part in str(value).split(",") if part.strip())
        for name in names:
            if name not in FORMATS:
                self.fail(f"{name!r} is no format (known: {', '.join(FORMATS)})", param, ctx)
        return names


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

    Exit codes: 0 ok, 1 error, 2 usage or configuration, 3 partial, 4 store in use.
    """  # fmt: skip
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a title may hold what the terminal cannot show
    ctx.obj = Settings(config, -1 if quiet else verbose, log_format)


@main.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--full", is_flag=True, help="Read everything again, not only what changed.")
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=0,
    metavar="SECONDS",
    help="How long to wait for another run that holds the store.",
)
@click.pass_obj
def sync(settings: Settings, sources: Sequence[str], full: bool, wait: float) -> None:
    """Bring the store up to date with the trackers.

    All sources are synced, or those that are named.
    """
    from pmo_sync import pipeline
    from pmo_sync.reports.words import several

    config = _config(settings)
    with _progress(settings) as progress:
        results = pipeline.sync(
            config, progress, now=datetime.now(UTC), only=sources, full=full, wait=wait
        )
    for result in results:
        read, asked = several(result.fetched, "item"), several(result.requests, "request")
        _say(settings, f"{result.source}: {read} read, {result.changed:,} changed ({asked})")


@main.group()
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

    config = _config(settings)
    chosen = list(dict.fromkeys(form for group in formats for form in group))
    folder = output or config.path.parent / "reports"
    day = _day(config, as_of)
    written = pipeline.report(config, "status", day, chosen, folder)
    for path in written.paths:
        click.echo(str(path))
    for place in pipeline.publish(config, written, day) if publish else ():
        click.echo(f"published: {place}")
    _say(settings, written.report.headline)


@main.command()
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

    config = _config(settings)
    found = pipeline.items(config, where, _day(config, as_of), since)
    shown = found[:limit] if limit else found
    text = pipeline.item_text(shown, form, columns)
    # Files for machines are UTF-8 whatever the terminal is.
    click.echo(text if form == "table" else text.encode(), nl=False)
    if form == "table" or len(shown) < len(found):
        _say(settings, f"{len(shown):,} of {several(len(found), 'item')}")


@main.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Prove each source, and say what reports would lack.

    A source is proven when it is reachable, permits what is needed, and its fields are mapped.
    """
    from pmo_sync import pipeline

    config = _config(settings)
    failed = 0
    with _progress(settings) as progress:
        for source, finding in pipeline.check(config, progress):
            failed += finding.level == "error"
            told = finding.text.removeprefix(f"{source}: ")
            click.echo(f"{finding.level:<8}{source}: {finding.subject}: {told}")
    if failed:
        _fail(f"{failed} {'check' if failed == 1 else 'checks'} failed", 1)


@main.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    default=Path("pmo-sync.toml"),
    show_default=True,
    help="Where to write it.",
)
@click.option("--name", "portfolio", metavar="TEXT", help="The portfolio's name.")
@click.option("--timezone", type=Zone(), metavar="ZONE", help="Its time zone, e.g. Europe/Berlin.")
@click.option("--jira", "jira_url", type=Url(), metavar="URL", help="A Jira site.")
@click.option("--jira-email", metavar="EMAIL", help="The e-mail of its API token.")
@click.option(
    "--jira-token-env",
    metavar="NAME",
    default="JIRA_TOKEN",
    show_default=True,
    help="The environment variable that holds the token.",
)
@click.option(
    "--github",
    "github_url",
    type=Url(),
    metavar="URL",
    help="A GitHub (default with an organization: https://github.com).",
)
@click.option("--github-organization", metavar="NAME", help="The organization to read.")
@click.option(
    "--github-token-env",
    metavar="NAME",
    default="GITHUB_TOKEN",
    show_default=True,
    help="The environment variable that holds the token.",
)
@click.option("--force", is_flag=True, help="Replace a configuration that is there.")
@click.pass_obj
def init(settings: Settings, /, output: Path, force: bool, **answers: str | None) -> None:
    """Write a first configuration from what the logins see.

    It lists their projects and repositories, and makes a project of each. On a terminal it asks
    for what is not given; elsewhere the options are all it has. A token is never written: the
    configuration names the environment variable that holds it.
    """
    from pmo_sync import pipeline

    if output.exists() and not force:
        _fail(f"{output}: exists already; --force replaces it", 2)
    _set_up(settings)
    wanted = pipeline.Wanted(**_asked(answers))
    if not (wanted.jira_url or wanted.github_url):
        _fail("no tracker to read: name one with --jira or --github-organization", 2)
    with _progress(settings) as progress:
        first = pipeline.first_config(wanted, progress)
    output.write_text(first.text, encoding="utf-8", newline="\n")
    for line in first.found:
        click.echo(line)
    named = "" if output == Path("pmo-sync.toml") else f" -c {shlex.quote(str(output))}"
    _say(settings, f"{output} written; next: pmo-sync{named} check, then pmo-sync{named} sync")
    if any(": not listed: " in line for line in first.found):
        _say(settings, "what is not listed has no projects yet: mend the reason, then run init"
                       " again with --force, or write them in")  # fmt: skip


@main.group(invoke_without_command=True)
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("pmo-demo"),
    show_default=True,
    metavar="DIR",
    help="The folder to leave it in.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Another seed, another portfolio.",
)
@click.option(
    "--recorded",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Serve recorded trackers from this folder instead of a simulated world.",
)
@click.pass_context
def demo(ctx: click.Context, folder: Path, seed: int, recorded: Path | None) -> None:
    """See it work, on simulated trackers.

    They are synced and reported on as real ones would be. It leaves a folder with a
    configuration, the store and the reports; commands that need no tracker work there
    afterwards, as of the demo's day.
    """
    ctx.meta["folder"] = folder
    if ctx.invoked_subcommand:
        return
    from pmo_sync.demo import run

    settings: Settings = ctx.obj
    _set_up(settings)
    with _progress(settings) as progress:
        written = (
            run.make_recorded(folder, recorded, progress, FORMATS)
            if recorded
            else run.make(folder, seed, progress, FORMATS)
        )
    for line in run.summary(folder, written):
        click.echo(line)


@demo.command()
@click.option(
    "--faults",
    metavar="PLAN",
    help='What shall go wrong, e.g. "latency=150ms,429=0.05,5xx=0.05"; see docs/development.md.',
)
@click.option(
    "--fault-seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Another seed, other requests that meet a fault.",
)
@click.pass_context
def serve(ctx: click.Context, faults: str | None, fault_seed: int) -> None:
    """Keep the demo's trackers up, so that sync and check work on its folder too."""
    from pmo_sync.demo import run
    from pmo_sync.demo.faults import parse_faults

    settings: Settings = ctx.obj
    _set_up(settings)
    plan = parse_faults(faults, fault_seed) if faults else None
    folder = ctx.meta["folder"]
    try:
        config, trackers = run.serve(folder)
    except OSError as error:
        why = error.strerror or error
        _fail(f"{folder}: its trackers cannot be served: {why} (are they up already?)", 1)
    if plan:
        trackers.disturb(plan)
    with trackers, suppress(KeyboardInterrupt):
        for source in config.sources:
            click.echo(f"{source.name}: {source.url}")
        click.echo("serving until Ctrl-C; in another terminal:")
        for command in ("check", "sync"):
            click.echo(f"  pmo-sync -c {shlex.quote(str(config.path))} {command}")
        trackers.wait()
    click.echo(err=True)


@main.group()
def store() -> None:
    """Look at the store, back it up, restore it."""


@store.command()
@click.pass_obj
def info(settings: Settings) -> None:
    """Say what is in the store, and how fresh it is."""
    from pmo_sync import pipeline

    for line in pipeline.store_info(_config(settings)):
        click.echo(line)


@store.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def export_(settings: Settings, file: Path) -> None:
    """Write everything in the store to FILE (a ZIP of Parquet tables)."""
    from pmo_sync import pipeline

    rows = pipeline.store_export(_config(settings), file)
    _say(settings, f"{file}: {sum(rows.values()):,} rows of {len(rows)} tables")


@store.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Replace what the store holds now.")
@click.pass_obj
def import_(settings: Settings, file: Path, replace: bool) -> None:
    """Restore the store from FILE, an export."""
    from pmo_sync import pipeline

    rows = pipeline.store_import(_config(settings), file, replace=replace)
    _say(settings, f"{sum(rows.values()):,} rows of {len(rows)} tables restored")


@contextmanager
def _progress(settings: Settings) -> Iterator[Any]:
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


def _asked(answers: dict[str, str | None]) -> dict[str, str | None]:
    """Ask on a terminal for what was not given."""
    if not sys.stdin.isatty():
        public = GITHUB if answers["github_organization"] else None
        return {**answers, "github_url": answers["github_url"] or public}
    questions = (
        ("portfolio", "Name of the portfolio", "Portfolio", None, ""),
        ("timezone", "Time zone", "UTC", Zone(), ""),
        ("jira_url", "Jira site, e.g. https://acme.atlassian.net (empty: none)", "", Url(), ""),
        ("jira_email", "E-mail of the Jira API token", "", None, "jira_url"),
        ("github_organization", "GitHub organization (empty: none)", "", None, ""),
        ("github_url", "GitHub", GITHUB, Url(), "github_organization"),
    )
    for name, question, default, kind, only_with in questions:
        if answers[name] is None and (not only_with or answers[only_with]):
            answers[name] = click.prompt(question, default, type=kind, show_default=bool(default))
    return answers


def _set_up(settings: Settings) -> None:
    from pmo_sync.render.logs import set_up

    set_up(settings.verbosity, "json" if settings.log_format == "json" else "text")


def _config(settings: Settings) -> Any:
    import os

    from pmo_sync.config.load import find, load

    _set_up(settings)
    config = load(find(settings.config, os.environ, Path.cwd()))
    for warning in config.warnings:
        click.echo(f"warning: {warning}", err=True)
    return config


def _day(config: Any, as_of: date | None) -> date:
    today: date = datetime.now(ZoneInfo(config.portfolio.timezone)).date()
    return as_of or config.portfolio.as_of or today


def _say(settings: Settings, text: str) -> None:
    if settings.verbosity >= 0:
        click.echo(text, err=True)


def _fail(text: str, code: int) -> NoReturn:
    click.echo(f"error: {text}", err=True)
    sys.exit(code)
