"""The folder publisher: dated, with the latest day, and again the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pmo_sync.config import Publish
from pmo_sync.errors import ConfigError
from pmo_sync.publishers.folder import publish


def shown(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def test_a_day_has_its_folder_and_latest_is_the_newest_day(tmp_path: Path) -> None:
    target = Publish("folder", tmp_path / "out")
    for day in (date(2026, 3, 8), date(2026, 3, 15), date(2026, 3, 1), date(2026, 3, 15)):
        file = tmp_path / f"status-{day}.html"
        file.write_text(f"report of {day}")
        publish(target, [file], day)

    assert shown(tmp_path / "out") == {
        "2026-03-01/status.html": "report of 2026-03-01",
        "2026-03-08/status.html": "report of 2026-03-08",
        "2026-03-15/status.html": "report of 2026-03-15",
        "latest/status.html": "report of 2026-03-15",
    }


def test_a_folder_publisher_without_a_path_is_a_mistake_in_the_configuration() -> None:
    with pytest.raises(ConfigError, match="needs a path"):
        publish(Publish("folder"), [], date(2026, 3, 1))
