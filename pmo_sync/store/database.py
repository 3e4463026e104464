"""DuckDB connections, and what their failures mean to a user."""

from __future__ import annotations

import errno
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import duckdb

from pmo_sync.errors import StoreError

SCHEMA_VERSION = 2
ADDED = ("evidence.sql", "baselines.sql", "worklogs.sql")
"""The scripts that make the tables which version 2 added."""
SCHEMA = ("schema.sql", *ADDED, "columns.sql")
"""All that make a snapshot's tables; but for the first, each leaves alone what is there."""

ENVIRONMENT = (
    duckdb.IOException,
    duckdb.SerializationException,
    duckdb.FatalException,
    duckdb.TransactionException,  # how a commit says that it could not write
    duckdb.OutOfMemoryException,
)
"""Errors that are the machine's; any other is a mistake of ours and keeps its traceback."""


def sql(name: str) -> str:
    """Return a SQL script of this package."""
    return files("pmo_sync.store").joinpath(name).read_text(encoding="utf-8")


WRITING = "96MB"
"""What a connection that makes a snapshot may hold in memory: beyond it goes to disk, whatever the
size."""


def connect(
    path: Path, *, read_only: bool = False, memory: str | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file; nothing is ever fetched from outside, nor said on the terminal.

    ``memory`` is the most that its tables take, by default most of the machine's. Where it is
    given, one thread does all: each holds 32 MB of the lines of JSON that it reads.
    """
    settings = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    with translated(path):
        con = duckdb.connect(str(path), read_only=read_only, config=settings)  # type: ignore[arg-type]
    # After two seconds it would write to standard output, into the table that we write there.
    con.execute("SET enable_progress_bar = false")
    if memory:
        con.execute(f"SET memory_limit = '{memory}'")
        con.execute("SET threads = 1")
        con.execute("SET TimeZone = 'UTC'")  # what the tables hold of times that have an offset
    return con


def columns(
    con: duckdb.DuckDBPyConnection, table: str, *, without: Collection[str] = ("batch",)
) -> dict[str, str]:
    """Return the types of a table's columns by name, as they are read from JSON: there a time has
    an offset."""
    # Not duckdb_columns(): who asks it first waits until all views of the catalog are made.
    described = con.execute(f"DESCRIBE {table}").fetchall()
    return {
        name: "TIMESTAMPTZ" if kind == "TIMESTAMP" else kind
        for name, kind, *_ in described
        if name not in without
    }


def struct(types: Mapping[str, str]) -> str:
    """Return the type of an object with columns of types."""
    listed = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
    return f"STRUCT({listed})"


def quoted(text: str) -> str:
    """Write a text as SQL does, where no parameter can stand."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn a DuckDB or system error into a StoreError that names the file and what to do."""
    try:
        yield
    except ENVIRONMENT as error:
        raise StoreError(f"{path}: {_advice(str(error))}") from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        what = "cannot be written: is the disk full? " if full else ""
        raise StoreError(f"{path}: {what}({error.strerror or error})") from error


def _advice(message: str) -> str:
    first = message.splitlines()[0] if message else "cannot be used"
    lowered = message.lower()
    if "lock" in lowered:
        return f"another process has it open for writing ({first})"
    if "no space" in lowered or "file too large" in lowered or "could not write" in lowered:
        return f"cannot be written: is the disk full? ({first})"
    if "version" in lowered or "serializ" in lowered:
        return f"was written by another DuckDB version: upgrade pmo-sync's duckdb ({first})"
    return first
