"""Immutable snapshots and the pointer to the current one: readers see a whole one or none."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from pmo_sync.errors import StoreError
from pmo_sync.store.database import translated

KEEP = 2
"""A reader that has just read the pointer must still find its file when a run publishes."""

POINTER = "CURRENT"


def current(folder: Path) -> Path | None:
    """Return the newest published snapshot, or None before the first one."""
    pointer = folder / POINTER
    with translated(pointer):
        try:
            name = pointer.read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            return None
    if not re.fullmatch(r"\d+\.duckdb", name):
        raise StoreError(f"{pointer}: names no snapshot; write the newest *.duckdb beside it there")
    return folder / name


def prepare(folder: Path) -> tuple[Path, int]:
    """Make a private copy of the current snapshot to work on (a missing file where there is
    none); return it with the number of the snapshot that it may become."""
    with translated(folder):
        folder.mkdir(parents=True, exist_ok=True)
        base = current(folder)
        number = int(base.stem) + 1 if base else 1
        copy = folder / f"{number:06d}.making"
        for leftover in folder.glob("*.making*"):
            _remove(leftover)
        if base:
            shutil.copyfile(base, copy)
    return copy, number


def publish(copy: Path, number: int) -> Path:
    """Make the finished copy the current snapshot, at once and durably; drop old ones."""
    folder = copy.parent
    target = folder / f"{number:06d}.duckdb"
    with translated(folder):
        _sync_to_disk(copy)
        copy.replace(target)
        pointer = folder / f"{POINTER}.making"
        pointer.write_text(target.name + "\n", encoding="ascii")
        _sync_to_disk(pointer)
        pointer.replace(folder / POINTER)
        _sync_to_disk(folder)
    older = sorted(path for path in folder.glob("*.duckdb") if path.name < target.name)
    for old in older[: 1 - KEEP]:
        with suppress(OSError):  # a reader may hold it (Windows): the next publication tries again
            old.unlink()
    return target


def _remove(path: Path) -> None:
    if path.is_dir():  # where a killed DuckDB had put what did not fit into memory
        shutil.rmtree(path)
    else:
        path.unlink()


def _sync_to_disk(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows has no handle of a folder; its rename is durable without
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
