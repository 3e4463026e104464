"""Shared by all tests: a demo folder, made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pmo_sync.demo import run
from pmo_sync.render.progress import Quiet


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as ``pmo-sync demo`` leaves it; tests only read it."""
    folder = tmp_path_factory.mktemp("demo") / "pmo-demo"
    run.make(folder, 1, Quiet(), ["html", "json"])
    return folder


@pytest.fixture
def demo_copy(demo_folder: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    copy = tmp_path / "pmo-demo"
    shutil.copytree(demo_folder, copy)
    return copy
