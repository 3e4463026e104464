"""Export and restore: a ZIP of Parquet files, one a table, that any DuckDB version reads, and the
receipts of publishing."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import duckdb

from pmo_sync.errors import StoreError
from pmo_sync.store import receipts, snapshots
from pmo_sync.store.database import SCHEMA, SCHEMA_VERSION, connect, sql, translated

MANIFEST = "manifest.json"


def export(folder: Path, target: Path) -> dict[str, int]:
    """Write the current snapshot to the archive ``target``; return the rows of each table."""
    source = snapshots.current(folder / "snapshots")
    if source is None:
        raise StoreError(f"{folder}: nothing has been synced yet: there is nothing to export")
    part = target.with_name(target.name + ".part")
    with translated(target), tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        with connect(source, read_only=True) as con:
            rows = {name: _write(con, name, Path(scratch)) for name in _tables(con)}
        manifest = {"schema_version": SCHEMA_VERSION, "rows": rows}
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(MANIFEST, json.dumps(manifest, indent=2, sort_keys=True))
            for name in rows:
                archive.write(Path(scratch) / f"{name}.parquet", f"{name}.parquet")
            if (folder / receipts.NAME).exists():
                archive.write(folder / receipts.NAME, receipts.NAME)
        part.replace(target)
    return rows


def restore(folder: Path, source: Path) -> dict[str, int]:
    """Make the archive the current snapshot of the store; the one before it stays on disk until
    the next sync, as the way back. Unfinished syncs are forgotten: they went on from what is
    replaced, and would leave out what happened in between."""
    manifest, published = _manifest(source), _receipts(source)
    copy, number = _empty(folder / "snapshots")
    with (
        translated(copy),
        tempfile.TemporaryDirectory(dir=folder) as scratch,
        zipfile.ZipFile(source) as archive,
        connect(copy) as con,
    ):
        for script in SCHEMA:
            con.execute(sql(script))
        rows = {}
        for name in _tables(con):
            if f"{name}.parquet" in archive.namelist():
                _load(con, name, archive, scratch)
            rows[name] = con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]  # noqa: S608
        con.execute(
            "UPDATE meta SET value = ? WHERE name = 'schema_version'", [str(SCHEMA_VERSION)]
        )
        known = {name: count for name, count in rows.items() if name in manifest["rows"] or count}
        if known != manifest["rows"]:
            raise StoreError(f"{source}: the archive is damaged: its tables are not complete")
        con.execute("CHECKPOINT")
    with translated(folder):
        if (folder / "staging").exists():
            shutil.rmtree(folder / "staging")
    snapshots.publish(copy, number)
    receipts.Receipts(folder).replace(published)
    return rows


def _load(
    con: duckdb.DuckDBPyConnection, name: str, archive: zipfile.ZipFile, scratch: str
) -> None:
    try:
        path = archive.extract(f"{name}.parquet", scratch)
        con.execute(
            f"INSERT INTO {name} BY NAME SELECT * FROM read_parquet(?)",  # noqa: S608
            [path],
        )
    except (duckdb.InvalidInputException, duckdb.BinderException, zipfile.BadZipFile) as error:
        first = str(error).splitlines()[0]
        raise StoreError(f"{archive.filename}: the archive is damaged: {first}") from error


def _empty(folder: Path) -> tuple[Path, int]:
    copy, number = snapshots.prepare(folder)
    copy.unlink(missing_ok=True)
    return copy, number


def _manifest(source: Path) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(source) as archive:
            manifest: dict[str, Any] = dict(json.loads(archive.read(MANIFEST)))
        version, _ = int(str(manifest["schema_version"])), manifest["rows"]
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise StoreError(f"{source}: not an export of pmo-sync ({error})") from None
    if version > SCHEMA_VERSION:
        raise StoreError(f"{source}: was exported by a newer pmo-sync: upgrade pmo-sync")
    return manifest


def _receipts(source: Path) -> tuple[receipts.Receipt, ...]:
    with zipfile.ZipFile(source) as archive:
        if receipts.NAME not in archive.namelist():
            return ()
        return receipts.parse(archive.read(receipts.NAME), source)


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        r[0] for r in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    ]


def _write(con: duckdb.DuckDBPyConnection, name: str, folder: Path) -> int:
    path = str(folder / f"{name}.parquet").replace("'", "''")
    con.execute(f"COPY {name} TO '{path}' (FORMAT parquet)")
    return int(con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0])  # noqa: S608
