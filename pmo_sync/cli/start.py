"""Commands to begin with: init, demo."""

from __future__ import annotations

import shlex
import sys
from contextlib import suppress
from pathlib import Path

import click

from pmo_sync.cli.session import Settings, fail, program, progress_of, say, set_up
from pmo_sync.cli.types import FORMATS, Url, Zone

GITHUB = "https://github.com"


@click.command()
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
    from pmo_sync.pipeline import beginning

    if output.exists() and not force:
        fail(f"{output}: exists already; --force replaces it", 2)
    set_up(settings)
    wanted = beginning.Wanted(**_asked(answers))
    if not (wanted.jira_url or wanted.github_url):
        fail("no tracker to read: name one with --jira or --github-organization", 2)
    with progress_of(settings) as progress:
        first = beginning.first_config(wanted, progress)
    output.write_text(first.text, encoding="utf-8", newline="\n")
    for line in first.found:
        click.echo(line)
    named = "" if output == Path("pmo-sync.toml") else f" -c {shlex.quote(str(output))}"
    say(settings, f"{output} written; next: pmo-sync{named} check, then pmo-sync{named} sync")
    if any(": not listed: " in line for line in first.found):
        say(settings, "what is not listed has no projects yet: mend the reason, then run init"
                       " again with --force, or write them in")  # fmt: skip


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


@click.group(invoke_without_command=True)
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
@click.option("--items", type=click.IntRange(min=1), hidden=True)
@click.pass_context
def demo(
    ctx: click.Context, folder: Path, seed: int, recorded: Path | None, items: int | None
) -> None:
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
    set_up(settings)
    if items:
        if recorded:
            fail("--items makes a world; --recorded has its own", 2)
        from pmo_sync.demo.run_large import make_large

        with progress_of(settings) as progress:
            loaded = make_large(folder, seed, items, progress)
        click.echo(loaded)
        return
    with progress_of(settings) as progress:
        written = (
            run.make_recorded(folder, recorded, progress, FORMATS)
            if recorded
            else run.make(folder, seed, progress, FORMATS)
        )
    for line in run.summary(folder, written, program()):
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
@click.option(
    "--limits",
    is_flag=True,
    help="Hold clients to GitHub's rate limits: 5,000 points an hour, 2,000 a minute, 100 at once.",
)
@click.pass_context
def serve(ctx: click.Context, faults: str | None, fault_seed: int, limits: bool) -> None:
    """Keep the demo's trackers up, so that sync and check work on its folder too."""
    from pmo_sync.demo import run
    from pmo_sync.demo.faults import parse_faults
    from pmo_sync.demo.run_config import NOTE

    settings: Settings = ctx.obj
    set_up(settings)
    plan = parse_faults(faults, fault_seed) if faults else None
    folder = ctx.meta["folder"]
    if not folder.exists() and Path(NOTE).exists():
        folder = Path()  # we are in it
    try:
        config, trackers = run.serve(folder)
    except OSError as error:
        why = error.strerror or error
        fail(f"{folder}: its trackers cannot be served: {why} (are they up already?)", 1)
    if plan:
        trackers.disturb(plan)
    if limits:
        trackers.github.limit()
    with trackers, suppress(KeyboardInterrupt):
        for source in config.sources:
            click.echo(f"{source.name}: {source.url}")
        click.echo("serving until Ctrl-C; in another terminal:")
        for command in ("check", "sync"):
            click.echo(f"  {shlex.join([*program(), '-c', str(config.path), command])}")
        trackers.wait()
    click.echo(err=True)
