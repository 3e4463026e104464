"""Complete syncs into the next snapshot: set by set, in SQL, on a private copy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pmo_sync.errors import SourceError
from pmo_sync.model import Observation
from pmo_sync.store.database import columns, sql, struct
from pmo_sync.store.journal import Journal, Told
from pmo_sync.store.records import Records, reading

SCRIPTS: Mapping[str, Set[str]] = {
    "merge.sql": frozenset(),
    "merge_evidence.sql": {"delivery", "status_update"},
    "merge_departed.sql": {"departed"},
    "merge_links.sql": frozenset(),
    "merge_worklog.sql": {"worklog", "removed_worklog"},
    "merge_markings.sql": {"marking"},
    "observe.sql": frozenset(),
}
"""What is done once the items are there, in this order; where tables are named, only if one of them
has rows: each statement takes a millisecond or two, however little there is."""
PAST = {
    "batch": "BIGINT", "item_id": "VARCHAR", "created": "TIMESTAMPTZ", "creator": "VARCHAR",
    "field": "VARCHAR[]", "value": "VARCHAR[]", "since": "TIMESTAMPTZ[]",
    "until": "TIMESTAMPTZ[]", "actor": "VARCHAR[]", "origin": "VARCHAR[]",
}  # fmt: skip
"""What a line with an item's history has."""
CHANGED = "JOIN changed AS c ON c.item_id = r.item_id AND c.batch = r.batch"
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
    """Take a complete sync over from its folder; raise SourceError, with nothing done, where a
    sweep would lose more than ``max_loss`` of a scope: that is a failure of the source, unless it
    was asked for something else than last time."""
    told = Journal(staging).read()
    if told.asked is None or not told.complete:
        raise ValueError(f"{staging}: a sync that is not complete is not merged")
    con.execute("ATTACH ':memory:' AS stage")
    try:
        _load(con, Journal(staging).path, told)
        con.begin()
        try:
            asked = told.asked
            _set(con, source=source, sync_id=sync_id, now=now, fingerprint=asked.fingerprint)
            anew = _asks_anew(con)
            _set(con, origin="observed", everything=asked.full, anew=anew)
            link, pull = columns(con, "link", without=("owner",)), columns(con, "pull_request")
            _set(con, link_shape=json.dumps(link), pull_shape=json.dumps(pull))
            con.execute(sql("merge_changed.sql"))
            _take_items(con, staging, told)
            for script, tables in SCRIPTS.items():
                if not tables or tables & told.tables:
                    con.execute(sql(script))
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


def _load(con: duckdb.DuckDBPyConnection, journal: Path, told: Told) -> None:
    """Load the rows that a sync's journal has into the tables of "stage", in one reading."""
    con.execute(sql("staging.sql"))
    types = {table: struct(columns(con, f'stage."{table}"')) for table in sorted(told.tables)}
    lines = reading([journal], told.longest, {"batch": "BIGINT", **types})
    con.execute(f"CREATE TABLE stage.line AS FROM {lines}")
    for table in types:
        con.execute(
            f'INSERT INTO stage."{table}" BY NAME'  # noqa: S608 (our own names)
            f' SELECT batch, "{table}".* FROM stage.line WHERE "{table}" IS NOT NULL'
        )
    con.execute("DROP TABLE stage.line")


def _take_items(con: duckdb.DuckDBPyConnection, staging: Path, told: Told) -> None:
    """Unpack the items that changed and their histories, file by file: those of all at once would
    fill the memory."""
    if not _count(con, "changed"):
        return
    said = {"batch": "BIGINT", **columns(con, "work_item")}
    parts = ("said", said, sql("merge_items.sql")), ("past", PAST, sql("merge_history.sql"))
    chosen = "" if _all_changed(con) else CHANGED
    for files in Records(staging).files(told.written):
        for file, (name, types, insert) in zip(files, parts, strict=True):
            read = reading([file], told.written.longest, types)
            con.execute(f"WITH {name} AS (SELECT r.* FROM {read} AS r {chosen}) {insert}")  # noqa: S608


def _all_changed(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether each line counts, as when all is read for the first time: to look each up would
    be a sixth of the work."""
    rows = con.execute("SELECT sum(len(item_id)) FROM stage.fresh").fetchall()
    return bool(rows[0][0] == _count(con, "changed"))


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
