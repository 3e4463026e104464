"""A store that was synced on two days holds what one holds that saw the last day alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pmo_sync.config.load import load
from pmo_sync.demo.world import build_days
from pmo_sync.pipeline import syncing
from pmo_sync.render.progress import Quiet
from pmo_sync.store import Store
from tests.pipeline.small_site import EARLY, SEED, configured, hurry, small_trackers

LATER = EARLY + timedelta(days=40)
CONTENT = (
    "SELECT * FROM work_item",
    "SELECT * EXCLUDE (sync_id) FROM history WHERE origin <> 'observed'",
    "SELECT owner, from_id, to_id, kind, native, from_key, to_key, valid_from FROM link"
    " WHERE valid_to IS NULL",
    "SELECT * FROM milestone",
    "SELECT * FROM iteration",
    "SELECT * FROM person",
    "SELECT * FROM term",
    "SELECT item_id, source FROM presence WHERE valid_to IS NULL",
    "SELECT entity, entity_id, field, value FROM history"
    " WHERE origin = 'observed' AND valid_to IS NULL",
)
"""Everything but when something was first seen, which is what an observation is."""


def content(path: Path) -> list[list[tuple[object, ...]]]:
    with Store(load(path).store_path).read() as con:
        return [sorted(con.execute(query).fetchall(), key=repr) for query in CONTENT]


def test_two_days_end_as_the_last_one_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch, attempts=2)
    evening = datetime(2026, 6, 30, 18, tzinfo=UTC)
    with small_trackers() as trackers:
        early, late = build_days(SEED, [EARLY, LATER])
        trackers.show(early)
        twice = configured(tmp_path / "twice", trackers)
        syncing.sync(load(twice), Quiet(), now=evening)
        trackers.show(late)
        once = configured(tmp_path / "once", trackers)
        for path in (twice, once):
            syncing.sync(load(path), Quiet(), now=evening + timedelta(days=40))
    for ours, theirs, query in zip(content(twice), content(once), CONTENT, strict=True):
        assert ours == theirs, query
        assert theirs
