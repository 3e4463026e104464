"""A portfolio of many projects: the large one's items, each as often as there are copies of it.

``python -m tests.benchmarks.many_projects FOLDER [COPIES]`` leaves a folder to try commands in: 36
copies are 504 projects with a million items. People, milestones and iterations are those of one.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from tests.benchmarks.large_portfolio import configuration, make

BLOCK = 28_000
"""Items of the block that is copied: 2,000 a project."""
MILLION = 36
"""Copies that make a million items."""
_COPIED = {
    "work_item": ("item_id", "key", "container", "parent"),
    "history": ("entity_id", "value"),
    "presence": ("item_id",),
    "link": ("from_id", "to_id", "from_key", "to_key"),
}
"""What differs from copy to copy; of the history a value only where it names an item."""


def many(folder: Path, copies: int) -> Path:
    """Fill ``folder`` with a store of so many copies of the block; return its configuration."""
    path = make(folder, BLOCK)
    (snapshot,) = (folder / "store" / "snapshots").glob("*.duckdb")
    with duckdb.connect(str(snapshot)) as con:
        for table, fields in _COPIED.items():
            names = [row[0] for row in con.execute(f"DESCRIBE {table}").fetchall()]
            columns = ", ".join(_copied(name) if name in fields else name for name in names)
            con.execute(
                f"INSERT INTO {table} SELECT {columns} FROM {table}, range(1, {copies}) AS c(copy)"
            )
        con.execute("CHECKPOINT")
    path.write_text(configuration(copies), encoding="utf-8")
    return path


def _copied(name: str) -> str:
    if name == "value":
        return "CASE WHEN field = 'parent' THEN value || 'x' || copy ELSE value END"
    return f"{name} || 'x' || copy"


if __name__ == "__main__":
    print(many(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else MILLION))
