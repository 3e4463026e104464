"""The door to the store: one writer at a time, any number of readers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

import duckdb
from filelock import FileLock, Timeout

from pmo_sync.errors import LockedError, SourceError, StoreError
from pmo_sync.model import Baseline, Observation, Spent
from pmo_sync.store import baselining, snapshots
from pmo_sync.store import merge as merging
from pmo_sync.store.database import (
    ADDED,
    SCHEMA,
    SCHEMA_VERSION,
    WRITING,
    connect,
    sql,
    translated,
)
from pmo_sync.store.staging import Staging, remove


@dataclass(frozen=True, slots=True)
class SourceRun:
    """How one source's sync went; ``error`` None says that it is complete."""

    source: str
    site: str | None
    requests: int
    max_loss: float
    error: str | None = None
    spent: Spent | None = None


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a source's sync did to the store."""

    source: str
    outcome: str
    fetched: int
    changed: int
    requests: int
    message: str | None
    spent: Spent | None = None


class Store:
    """A folder: ``snapshots/`` for readers, ``staging/`` for syncs in progress, two locks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._snapshots = folder / "snapshots"

    @contextmanager
    def writing(self, wait: float = 0) -> Iterator[None]:
        """Hold the store for writing; raise LockedError after ``wait`` seconds in vain."""
        with self._held("lock", wait, "another pmo-sync is writing to this store"):
            yield

    @contextmanager
    def running(self, wait: float = 0) -> Iterator[None]:
        """Hold all that a run does, its publishing and its receipts too; raise LockedError after
        ``wait`` seconds in vain. Syncs by hand take ``writing`` alone: they need not wait for what
        is published from a snapshot. Who needs both takes this one first."""
        with self._held("run.lock", wait, "another pmo-sync run is at work or publishing"):
            yield

    @contextmanager
    def _held(self, name: str, wait: float, what: str) -> Iterator[None]:
        with translated(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / name)
            try:
                lock.acquire(timeout=wait)
            except Timeout:
                raise LockedError(f"{self.folder}: {what}; try again later") from None
        try:
            yield
        finally:
            lock.release()

    def exists(self) -> bool:
        """Say whether a sync was ever published."""
        return snapshots.current(self._snapshots) is not None

    def read(self) -> duckdb.DuckDBPyConnection:
        """Open the current snapshot; it stays the same however long it is read."""
        return self._open()[0]

    @contextmanager
    def opened(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, int]]:
        """Open the current snapshot with its number, and close it in the end."""
        con, path = self._open()
        with con:
            yield con, int(path.stem)

    def _open(self) -> tuple[duckdb.DuckDBPyConnection, Path]:
        for _ in range(3):  # two publications between the pointer and the file: read it again
            path = snapshots.current(self._snapshots)
            if path is None:
                raise StoreError(f"{self.folder}: nothing has been synced yet: run pmo-sync sync")
            try:
                con = connect(path, read_only=True)
            except StoreError:
                if path.exists():
                    raise
                continue
            if _check_version(con, self.folder) < SCHEMA_VERSION:  # what is newer is empty there
                for script in ADDED:
                    con.execute(sql(script).replace("CREATE TABLE", "CREATE TEMP TABLE"))
            return con, path
        raise StoreError(f"{self.folder}: the snapshot {path} is missing")

    def has_data(self) -> bool:
        """Say whether any source was ever read completely."""
        if not self.exists():
            return False
        with self.read() as con:
            query = "SELECT count(*) FROM sync_run WHERE outcome = 'complete'"
            return bool(con.execute(query).fetchall()[0][0])

    def check_clock(self, now: datetime) -> None:
        """Raise StoreError where ``now`` lies before the last sync: a value cannot end before it
        began."""
        if not self.exists():
            return
        with self.read() as con:
            last = con.execute("SELECT max(started) FROM sync_run").fetchall()[0][0]
        if last and now.astimezone(UTC).replace(tzinfo=None) < last:
            raise StoreError(
                f"{self.folder}: the last sync was at {last:%Y-%m-%d %H:%M} UTC, and now it is"
                f" {now.astimezone(UTC):%Y-%m-%d %H:%M}: is this machine's clock right?"
            )

    def staging(self, source: str) -> Staging:
        """Open the working folder of a source; only inside ``writing``."""
        return Staging(self._staging_path(source))

    def resume(self, source: str, fingerprint: str) -> dict[str, str]:
        """Return what the source's connector left after its last complete sync, by scope; empty
        where it asks for something else now."""
        if not self.exists():
            return {}
        with self.read() as con:
            rows = con.execute(
                "SELECT scope, state FROM resume WHERE source = ? AND fingerprint = ?",
                [source, fingerprint],
            ).fetchall()
        return dict(rows)

    def publish(
        self, runs: Sequence[SourceRun], observations: Sequence[Observation], *, now: datetime
    ) -> list[RunResult]:
        """Merge the complete syncs and record every run, in one new snapshot."""
        naive = now.astimezone(UTC).replace(tzinfo=None)
        with self._making() as (con, number):
            results = [self._take(con, run, number, naive) for run in runs]
            merging.record(con, observations, sync_id=number, now=naive)
        for run in runs:
            # Also what was refused: going on from it would ask for less than is missing.
            if run.error is None:
                remove(self._staging_path(run.source))
        return results

    @contextmanager
    def _making(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, int]]:
        """Give a private copy of the current snapshot, with the number that it is to have; in the
        end it is the current one."""
        copy, number = snapshots.prepare(self._snapshots)
        with translated(copy):
            is_new = not copy.exists() or not copy.stat().st_size
        with connect(copy, memory=WRITING) as con, translated(copy):
            _create_or_check(con, self.folder, is_new=is_new)
            yield con, number
            con.execute("CHECKPOINT")
        snapshots.publish(copy, number)

    def _take(
        self, con: duckdb.DuckDBPyConnection, run: SourceRun, sync_id: int, now: datetime
    ) -> RunResult:
        merged, message = merging.Merged(0, 0), run.error
        if message is None:
            try:
                merged = merging.merge(
                    con,
                    self._staging_path(run.source),
                    source=run.source,
                    sync_id=sync_id,
                    now=now,
                    max_loss=run.max_loss,
                )
            except SourceError as error:
                message = str(error)
        outcome = "complete" if message is None else "failed"
        con.execute(
            "INSERT INTO sync_run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [sync_id, run.source, run.site, now, outcome, merged.fetched, merged.changed,
             run.requests, message],
        )  # fmt: skip
        return RunResult(
            run.source, outcome, merged.fetched, merged.changed, run.requests, message, run.spent
        )

    def add_baselines(
        self, baselines: Sequence[Baseline], items: Mapping[int, Sequence[tuple[str, float | None]]]
    ) -> None:
        """Append rows to the baselines, with (item, points) by number, in one new snapshot; only
        inside ``writing``."""
        with self._making() as (con, _):
            baselining.append(con, baselines, items)

    def unfinished(self) -> list[str]:
        """Name the sources whose last sync was interrupted."""
        return sorted(unquote(path.stem) for path in (self.folder / "staging").glob("*.sync"))

    def number(self) -> int:
        """Return the number of the current snapshot; 0 before the first."""
        path = snapshots.current(self._snapshots)
        return int(path.stem) if path else 0

    def size(self) -> int:
        """Return the bytes of the current snapshot."""
        path = snapshots.current(self._snapshots)
        return path.stat().st_size if path else 0

    def counts(self) -> Mapping[str, int]:
        """Count the rows of every table of the current snapshot."""
        with self.read() as con:
            tables = con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
            return {
                name: con.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0]  # noqa: S608
                for (name,) in tables
            }

    def _staging_path(self, source: str) -> Path:
        return self.folder / "staging" / f"{quote(source, safe='')}.sync"


def _create_or_check(con: duckdb.DuckDBPyConnection, where: Path, *, is_new: bool) -> None:
    if not is_new:
        _check_version(con, where)
    con.begin()  # a commit waits for the disk: one is enough
    for script in SCHEMA[0 if is_new else 1 :]:
        con.execute(sql(script))
    con.execute("DELETE FROM meta WHERE name = 'schema_version'")
    con.execute("INSERT INTO meta VALUES ('schema_version', ?)", [str(SCHEMA_VERSION)])
    con.commit()


def _check_version(con: duckdb.DuckDBPyConnection, where: Path) -> int:
    row = con.execute("SELECT value FROM meta WHERE name = 'schema_version'").fetchone()
    found = int(row[0]) if row else 0
    if found > SCHEMA_VERSION:
        con.close()
        raise StoreError(
            f"{where}: the store was written by a newer pmo-sync (schema {found}; this one knows"
            f" {SCHEMA_VERSION}): upgrade pmo-sync"
        )
    return found
