"""Commands about the data: sync, check, store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from pmo_sync.cli.session import Settings, config_of, fail, progress_of, say
from pmo_sync.cli.synced import synced


@click.command()
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
    from pmo_sync.pipeline import syncing

    config = config_of(settings)
    with progress_of(settings) as progress:
        results = syncing.sync(
            config, progress, now=datetime.now(UTC), only=sources, full=full, wait=wait
        )
    for one in results:
        line = synced(one.source, one.fetched, one.changed, one.requests, one.spent)
        say(settings, line)


@click.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Prove each source, and say what reports would lack.

    A source is proven when it is reachable, permits what is needed, and its fields are mapped.
    """
    from pmo_sync.pipeline import syncing

    config = config_of(settings)
    failed = 0
    with progress_of(settings) as progress:
        for source, finding in syncing.check(config, progress):
            failed += finding.level == "error"
            told = finding.text.removeprefix(f"{source}: ")
            click.echo(f"{finding.level:<8}{source}: {finding.subject}: {told}")
    if failed:
        fail(f"{failed} {'check' if failed == 1 else 'checks'} failed", 1)


@click.group()
def store() -> None:
    """Look at the store, back it up, restore it."""


@store.command()
@click.pass_obj
def info(settings: Settings) -> None:
    """Say what is in the store, and how fresh it is."""
    from pmo_sync.pipeline import keeping

    for line in keeping.store_info(config_of(settings)):
        click.echo(line)


@store.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def export_(settings: Settings, file: Path) -> None:
    """Write everything in the store to FILE (a ZIP of Parquet tables)."""
    from pmo_sync.pipeline import keeping

    rows = keeping.store_export(config_of(settings), file)
    say(settings, f"{file}: {sum(rows.values()):,} rows of {len(rows)} tables")


@store.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Replace what the store holds now.")
@click.pass_obj
def import_(settings: Settings, file: Path, replace: bool) -> None:
    """Restore the store from FILE, an export."""
    from pmo_sync.pipeline import keeping

    rows = keeping.store_import(config_of(settings), file, replace=replace)
    say(settings, f"{sum(rows.values()):,} rows of {len(rows)} tables restored")
