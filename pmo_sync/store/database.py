"""DuckDB connections, and what their failures mean to a user."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import duckdb

from pmo_sync.errors import StoreError

SCHEMA_VERSION = 2
SCHEMA = ("schema.sql", "evidence.sql")
"""The scripts that make a snapshot's tables: those of version 1, and what version 2 added."""

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


WRITING = "256MB"
"""What a connection that writes may hold in memory: beyond it goes to disk, whatever the size."""


def connect(
    path: Path, *, read_only: bool = False, memory: str | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file; nothing is ever fetched from outside, nor said on the terminal.

    ``memory`` is the most that its tables take, by default most of the machine's.
    """
    settings = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    with translated(path):
        con = duckdb.connect(str(path), read_only=read_only, config=settings)  # type: ignore[arg-type]
    # After two seconds it would write to standard output, into the table that we write there.
    con.execute("SET enable_progress_bar = false")
    if memory:
        con.execute(f"SET memory_limit = '{memory}'")
    return con


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
