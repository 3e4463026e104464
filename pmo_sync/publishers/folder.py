"""Publish into a folder, e.g. one that a web server shows: a folder a day, and ``latest``."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pmo_sync.config import Publish
from pmo_sync.errors import ConfigError, PmoSyncError

LATEST = "latest"


def publish(target: Publish, files: Sequence[Path], day: date) -> str:
    """Put each file at ``<path>/<day>/`` and, where no later day is there, at ``latest/``; a
    reader sees the old file or the new one, never half of one."""
    if target.path is None:
        raise ConfigError("publish: a folder needs a path")
    try:
        days = [child.name for child in target.path.glob("????-??-??")]
        folders = [day.isoformat(), *([LATEST] if max(days, default="") <= day.isoformat() else [])]
        for name in folders:
            for file in files:
                _place(file, target.path / name)
    except OSError as error:
        raise PmoSyncError(f"{target.path}: cannot be published to: {error.strerror}") from error
    return str(target.path / day.isoformat())


def _place(file: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    kind = file.name.partition("-")[0]
    name = f"{kind}{file.suffix}"
    part = folder / f".{name}.{os.getpid()}.part"
    shutil.copyfile(file, part)
    part.replace(folder / name)
