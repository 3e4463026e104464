"""Results on their way to another process: pickles, and a file for each frame in them."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import narwhals as nw


def packed(con: duckdb.DuckDBPyConnection, folder: Path, result: object) -> bytes:
    """Compute the frames of a result into files of ``folder``, and pickle the rest."""
    out = io.BytesIO()
    _Packer(out, con, folder).dump(result)
    return out.getvalue()


def unpacked(con: duckdb.DuckDBPyConnection, folder: Path, content: bytes) -> Any:
    """Return what ``packed`` was given: its frames are tables of ``con`` now."""
    return _Unpacker(io.BytesIO(content), con, folder).load()


class _Packer(pickle.Pickler):
    def __init__(self, out: io.BytesIO, con: duckdb.DuckDBPyConnection, folder: Path) -> None:
        super().__init__(out, pickle.HIGHEST_PROTOCOL)
        self._con, self._folder = con, folder

    def persistent_id(self, thing: Any) -> str | None:
        if not isinstance(thing, nw.LazyFrame):
            return None
        name, query = uuid4().hex, thing.to_native().sql_query()
        form = "FORMAT parquet, COMPRESSION uncompressed"  # it is read once, at once
        self._con.execute(f"COPY ({query}) TO '{self._folder / name}' ({form})")
        return name


class _Unpacker(pickle.Unpickler):
    def __init__(self, content: io.BytesIO, con: duckdb.DuckDBPyConnection, folder: Path) -> None:
        super().__init__(content)
        self._con, self._folder = con, folder

    def persistent_load(self, name: str) -> Any:
        file, table = self._folder / name, f"carried_{name}"
        self._con.execute(f"CREATE TEMP TABLE {table} AS FROM read_parquet('{file}')")
        file.unlink()
        return nw.from_native(self._con.table(table))
