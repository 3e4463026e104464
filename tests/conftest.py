"""Shared by all tests: a demo folder, made once."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest
from hypothesis import settings

from pmo_sync.demo import run
from pmo_sync.render.progress import Quiet

# A shell starts what it puts in the background deaf to Ctrl-C, and children inherit that; what the
# tests interrupt must hear it, wherever they are started from.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says something of the machine, not of the program.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


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
