"""The store as a thing to look at, back up and restore."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pmo_sync.config import Config
from pmo_sync.errors import StoreError
from pmo_sync.store import Store, archive


def store_info(config: Config) -> Iterator[str]:
    """Describe the store: where, how big, how fresh, what is unfinished."""
    store = Store(config.store_path)
    with store.read() as con:
        runs = con.execute(
            "SELECT source, max(started) FILTER (outcome = 'complete'), arg_max(outcome, sync_id),"
            " arg_max(message, sync_id) FROM sync_run GROUP BY source ORDER BY source"
        ).fetchall()
    yield f"store {config.store_path}: snapshot {store.number()}, {store.size() / 1e6:,.1f} MB"
    for source, synced, outcome, message in runs:
        fresh = f"last complete sync {synced:%Y-%m-%d %H:%M} UTC" if synced else "never complete"
        yield f"{source}: {fresh}" + (f"; the last one {outcome}: {message}" if message else "")
    for source in store.unfinished():
        yield f"{source}: a sync was not finished; the next one goes on where it stood"
    for table, rows in store.counts().items():
        yield f"  {table:<12}{rows:>12,} rows"


def store_export(config: Config, target: Path) -> dict[str, int]:
    """Write everything in the store to an archive; return the rows of each table."""
    return archive.export(config.store_path, target)


def store_import(config: Config, source: Path, *, replace: bool) -> dict[str, int]:
    """Restore the store from an archive; what it holds is replaced only if ``replace``."""
    store = Store(config.store_path)
    if store.exists() and not replace:
        raise StoreError(
            f"{config.store_path}: the store is not empty; --replace puts the archive in its place"
        )
    with store.running(), store.writing():
        return archive.restore(config.store_path, source)
