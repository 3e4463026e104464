"""A world of any size in a store: nothing is asked of a tracker."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmo_sync.config.load import load
from pmo_sync.demo.run import serve
from pmo_sync.demo.run_large import make_large
from pmo_sync.errors import PmoSyncError
from pmo_sync.render.progress import Quiet
from pmo_sync.store import Store


def test_it_is_loaded_straight_into_a_store(tmp_path: Path) -> None:
    loaded = make_large(tmp_path / "large", 1, 1000, Quiet())
    config = load(tmp_path / "large" / "pmo-sync.toml")
    counts = Store(config.store_path).counts()
    assert loaded.items == counts["work_item"] >= 1000
    assert "items in" in str(loaded)
    rules = {rule.container for project in config.projects for rule in project.select}
    with Store(config.store_path).read() as con:
        found = con.execute("SELECT DISTINCT container FROM work_item").fetchall()
    assert rules == {container for (container,) in found}
    with pytest.raises(PmoSyncError, match="without trackers"):
        serve(tmp_path / "large")
