"""What trackers hold of what was declared: of all boards in one reading, and of all items."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import narwhals as nw

from pmo_sync.config import Config, Voice
from pmo_sync.config.boards import board_key
from pmo_sync.frames import Tables
from pmo_sync.frames.items import MASK
from pmo_sync.frames.tables import records
from pmo_sync.model import DECLARED_FIELDS
from pmo_sync.policy import Policy, declared_level
from pmo_sync.rollups.scope import Scope

Row = Mapping[str, Any]
Spoken = Mapping[Voice, Sequence["Word"]]


@dataclass(frozen=True, slots=True)
class Word:
    """What was said at one moment (naive UTC); ``by`` a person's id, ``unknown`` a word for a level
    that the policy does not know."""

    at: datetime
    level: str | None
    text: str
    by: str | None
    source: str
    url: str = ""
    unknown: str | None = None


def words_of_boards(
    tables: Tables, asked: Collection[Voice], scope: Scope, policy: Policy
) -> Spoken:
    """Return the status updates of boards by the end of the scope's day, the oldest first."""
    boards = [voice for voice in asked if voice.board]
    if not boards:
        return {}
    rows = records(tables["status_update"].filter(nw.col("created") <= scope.at))
    there: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row["created"], row["update_id"])):
        there.setdefault((row["site"], board_key(row["board"] or "")), []).append(row)
    sites = _sites(tables)
    return {
        voice: [
            _of_board(row, policy)
            for site in sites.get(voice.source.casefold(), ())
            for row in there.get((site, board_key(voice.board or "")), ())
        ]
        for voice in boards
    }


def _of_board(row: Row, policy: Policy) -> Word:
    # What was synced before boards told who may see them is taken for private, as boards begin.
    told = row.get("restricted")
    text = _shown(row["text"] or "", policy, restricted=told is None or bool(told))
    source = f"board {row['board']}"
    return Word(row["created"], row["level"], text, row["author"], source, row["url"] or "")


def _shown(text: str, policy: Policy, *, restricted: bool) -> str:
    """Return a text that was declared, or what stands for it where not everybody may see it."""
    return MASK if text and restricted and policy.restricted == "mask" else text


def _sites(tables: Tables) -> Mapping[str, list[str]]:
    """Return by source the sites that it was ever read from."""
    found: dict[str, list[str]] = {}
    rows = tables["sync_run"].group_by("source", "site").agg(nw.len().alias("n"))
    for row in sorted(records(rows.filter(~nw.col("site").is_null())), key=lambda r: r["site"]):
        found.setdefault(row["source"].casefold(), []).append(row["site"])
    return found


def words_of_items(
    tables: Tables, config: Config, asked: Collection[Voice], scope: Scope
) -> Spoken:
    """Return what the mapped fields of items said by the end of the scope's day, the oldest first,
    from when they were filled last on: what was emptied was taken back."""
    items = [voice for voice in asked if voice.item]
    mapped = any({*source.fields} & {*DECLARED_FIELDS} for source in config.sources)
    if not items or not mapped:
        return {}
    ids = _items(tables, items)
    rows = records(
        tables["history"].filter(
            nw.col("entity") == "item",
            nw.col("field").is_in(list(DECLARED_FIELDS)),
            nw.col("valid_from") <= scope.at,
            nw.col("entity_id").is_in(sorted({row["item_id"] for row in ids.values()})),
        ).select("entity_id", "field", "value", "valid_from", "valid_to", "actor")
    )  # fmt: skip
    by_item: dict[str, list[Row]] = {}
    for row in rows:
        by_item.setdefault(row["entity_id"], []).append(row)
    return {
        voice: _of_item(item, by_item.get(item["item_id"], ()), config.policy)
        for voice in items
        if (item := ids.get(_place(voice.source, voice.item or "")))
    }


def _place(source: str, key: str) -> tuple[str, str]:
    return source.casefold(), key.casefold()


def _items(tables: Tables, asked: Iterable[Voice]) -> Mapping[tuple[str, str], Row]:
    """Return by source and key, in lower case, the items that stand for projects."""
    keys = sorted({(voice.item or "").lower() for voice in asked})
    named = tables["work_item"].filter(nw.col("key").str.to_lowercase().is_in(keys)).select(
        "item_id", "key", "url", "restricted"
    )  # fmt: skip
    seen = tables["presence"].select("item_id", "source")
    rows = records(named.join(seen, on="item_id", how="inner"))
    return {_place(row["source"], row["key"]): row for row in rows}


def _of_item(item: Row, rows: Sequence[Row], policy: Policy) -> list[Word]:
    """Return a word for each moment at which a field changed."""
    found: list[Word] = []
    for at in sorted({row["valid_from"] for row in rows}):
        held = {
            row["field"]: row for row in rows
            if row["value"] and row["valid_from"] <= at
            and (row["valid_to"] is None or at < row["valid_to"])
        }  # fmt: skip
        if not held:
            found.clear()
            continue
        actors = [row["actor"] for row in rows if row["valid_from"] == at and row["actor"]]
        found.append(_said(item, at, held, actors[0] if actors else None, policy))
    return found


def _said(item: Row, at: datetime, held: Mapping[str, Row], by: str | None, policy: Policy) -> Word:
    health, text = (held[name]["value"] if name in held else "" for name in DECLARED_FIELDS)
    level = declared_level(health, policy)
    text = _shown(text or "", policy, restricted=bool(item["restricted"]))
    unknown = health if health and level is None else None
    return Word(at, level, text, by, item["key"], item["url"] or "", unknown)
