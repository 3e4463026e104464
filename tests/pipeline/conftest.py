"""What tests of the pipeline share: recorded trackers, synced and reported on once; the world."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pmo_sync.demo import run
from pmo_sync.demo.facts import World
from pmo_sync.demo.world import build
from pmo_sync.render.progress import Quiet


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of recordings."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("PMO_SYNC_RECORDED_DATA", beside))
    if not folder.is_dir():
        pytest.skip("the recorded tracker data is not here (PMO_SYNC_RECORDED_DATA)")
    return folder


@pytest.fixture(scope="session")
def recorded_demo(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as ``pmo-sync demo --recorded`` leaves it; tests only read it."""
    made = tmp_path_factory.mktemp("recorded") / "demo"
    run.make_recorded(made, data, Quiet(), ["json", "html"])
    return made


@pytest.fixture(scope="package")
def world() -> World:
    """The world that the demo's trackers tell of."""
    return build(1)
