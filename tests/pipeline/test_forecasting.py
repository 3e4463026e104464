"""``pmo-sync forecast`` on the demo's portfolio."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from pmo_sync.cli import main

THESE = 'project = "Payments renewal" or project = "Quality records"'


def told(folder: Path, *words: str) -> Any:
    done = CliRunner().invoke(
        main, ["-c", str(folder / "pmo-sync.toml"), "forecast", "--format", "json", *words]
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_these_items_have_dates_and_odds(demo_folder: Path) -> None:
    (row,) = told(demo_folder, "--where", THESE, "--target", "2027-03-31")

    assert row["open"] > 0 and row["reason"] is None
    days = [date.fromisoformat(row[name]) for name in ("p50", "p85") if row[name]]
    assert days == sorted(days) and 0 <= row["odds"] <= 1
    assert "held (" in row["record"]


def test_the_command_decides_how_cautious_the_odds_are(demo_copy: Path) -> None:
    asked = ("--by", "project", "--where", 'project = "Loyalty club"')
    default, cautious, plain = (
        told(demo_copy, *asked, *words) for words in ((), ("--cautious",), ("--plain",))
    )
    assert default == cautious
    assert plain[0]["p85"] < cautious[0]["p85"]

    path = demo_copy / "pmo-sync.toml"
    path.write_text(path.read_text() + "\n[policy.forecast]\ncautious = false\n")
    assert told(demo_copy, *asked) == plain
    assert told(demo_copy, *asked, "--cautious") == cautious
