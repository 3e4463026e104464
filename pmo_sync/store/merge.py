"""Working files into the next snapshot: set by set, in SQL, on a private copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pmo_sync.errors import SourceError
from pmo_sync.model import Observation
from pmo_sync.store.database import quoted, shape, sql, struct
from pmo_sync.store.records import Records, reading
from pmo_sync.store.staging import records_of, written

SMALL_LOSS = 5
"""A scope may always lose this many items: a share of a handful says nothing."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a source's sync did to the snapshot: items that came, and that differed or left."""

    fetched: int
    changed: int


def merge(
    con: duckdb.DuckDBPyConnection,
    staging: Path,
    *,
    source: str,
    sync_id: int,
    now: datetime,
    max_loss: float,
) -> Merged:
    """Take a complete working file over; raise SourceError, with nothing done, where a sweep
    would lose more than ``max_loss`` of a scope: that is a failure of the source, unless it was
    asked for something else than last time."""
    con.execute(f"ATTACH {quoted(str(staging))} AS stage (READ_ONLY)")
    try:
        con.begin()
        try:
            fingerprint = con.execute("SELECT fingerprint FROM stage.run").fetchall()[0][0]
            _set(con, source=source, sync_id=sync_id, now=now, fingerprint=fingerprint)
            anew = _asks_anew(con)
            _set(con, origin="observed", anew=anew)
            _set(con, link_shape=shape(con, "link"), pull_shape=shape(con, "pull_request"))
            said = _Said(con, staging)
            said.show(said.files)
            con.execute(sql("merge.sql"))
            _take_histories(con, said)
            con.execute(sql("merge_evidence.sql"))
            con.execute(sql("merge_worklog.sql"))
            con.execute(sql("merge_markings.sql"))
            con.execute(sql("observe.sql"))
            if not anew:
                _refuse_mass_loss(con, source, max_loss)
            merged = Merged(_count(con, "fresh"), _count(con, "changed") + _count(con, "gone"))
        except BaseException:
            con.rollback()
            raise
        con.commit()
    finally:
        con.execute("DETACH stage")
    return merged


class _Said:
    """What came with a working file, as the view "said": of all its files, or of one."""

    def __init__(self, con: duckdb.DuckDBPyConnection, staging: Path) -> None:
        self._con, self._written = con, written(con, "stage")
        self.files = Records(records_of(staging)).files(self._written)
        self._shape = {
            "batch": "BIGINT", "digest": "VARCHAR", "item": struct(con, "work_item"),
            "creator": "VARCHAR", "history": "VARCHAR[][]", "links": f"{struct(con, 'link')}[]",
        }  # fmt: skip

    def show(self, files: Sequence[Path]) -> None:
        """Let the view have the items of some files."""
        said = reading(files, self._written, self._shape)
        self._con.execute(f"CREATE OR REPLACE TEMP VIEW said AS SELECT * FROM {said}")  # noqa: S608


def _take_histories(con: duckdb.DuckDBPyConnection, said: _Said) -> None:
    insert = sql("merge_history.sql")
    for file in said.files:
        said.show([file])
        con.execute(insert)


def record(
    con: duckdb.DuckDBPyConnection,
    observations: Iterable[Observation],
    *,
    sync_id: int,
    now: datetime,
) -> None:
    """Record what the configuration says now (targets, owners, rules): a change of it is history
    like any other."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE seen"
        "(entity VARCHAR, entity_id VARCHAR, field VARCHAR, value VARCHAR)"
    )
    rows = [[o.entity, o.entity_id, o.field, o.value] for o in observations]
    if rows:
        con.executemany("INSERT INTO seen VALUES (?, ?, ?, ?)", rows)
    _set(con, source="", sync_id=sync_id, now=now, origin="config")
    con.execute(sql("observe.sql"))


def _asks_anew(con: duckdb.DuckDBPyConnection) -> bool:
    rows = con.execute(
        "SELECT 1 FROM resume WHERE source = getvariable('source')"
        " AND fingerprint <> getvariable('fingerprint') LIMIT 1"
    ).fetchall()
    return bool(rows)


def _refuse_mass_loss(con: duckdb.DuckDBPyConnection, source: str, max_loss: float) -> None:
    rows = con.execute(
        """
        SELECT g.container, count(*), (
            SELECT count(*) FROM presence AS p JOIN work_item AS w ON w.item_id = p.item_id
            WHERE p.source = getvariable('source') AND w.container = g.container
            AND (p.valid_to IS NULL OR p.valid_to = getvariable('now'))
        ) AS before
        FROM gone AS g GROUP BY g.container ORDER BY g.container
        """
    ).fetchall()
    for container, lost, before in rows:
        if lost > SMALL_LOSS and lost > max_loss * before:
            raise SourceError(
                f"{source}: {lost} of {before} items of {container} are missing from its listing;"
                f" more than {max_loss:.0%} at once is taken for a failure of the source, and"
                " nothing was changed (if they are really gone, raise max_loss for one sync)"
            )


def _set(con: duckdb.DuckDBPyConnection, **variables: object) -> None:
    for name, value in variables.items():
        kind = "::TIMESTAMP" if isinstance(value, datetime) else ""
        con.execute(f"SET VARIABLE {name} = ?{kind}", [value])


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 (our own names)
    return int(row[0]) if row else 0
