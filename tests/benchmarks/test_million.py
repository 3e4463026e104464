"""A status report of a million items and 500 projects: ``pytest -m slow -s`` on this file.

``python -m tests.benchmarks.test_million FOLDER`` measures again what ``many_projects`` left.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pmo_sync.cli import main
from tests.benchmarks.many_projects import MILLION, many
from tests.benchmarks.measured import measured

LIMIT_SECONDS, LIMIT_MEGABYTES = 30.0, 4_000
LIMIT_GROWTH = 12.0
"""Of the time, from 100,000 items to 1,000,000."""
FEW = 4
"""Copies of the block: 112,000 items, 56 projects."""
LAYERS = ("rollups/", "reports/", "render/", "frames/", "store/")
SHOWN = 25


@pytest.mark.slow
def test_a_report_of_a_million_items(tmp_path: Path) -> None:
    few, all_of_them = tmp_path / "few", tmp_path / "million"
    many(few, FEW)
    many(all_of_them, MILLION)
    told(few, all_of_them, report=print)


def told(few: Path, all_of_them: Path, report: Callable[[str], None]) -> None:
    """Measure the report of both, and say what takes how much of the larger one."""
    costs = {folder: measured(write, folder) for folder in (few, all_of_them)}
    for folder, cost in costs.items():
        report(f"{folder.name:<12}{cost}")
    grown = costs[all_of_them].seconds / costs[few].seconds
    tenfold = grown * 10 * FEW / MILLION
    report(f"at most {LIMIT_SECONDS:.0f} s and {LIMIT_MEGABYTES} MB; ten times the items take"
           f" {tenfold:.1f} times as long (at most {LIMIT_GROWTH:.0f})")  # fmt: skip
    for line in shares(all_of_them):
        report(line)


def write(folder: Path) -> None:
    """Write the report as a user does."""
    words = ["-q", "-c", str(folder / "pmo-sync.toml"), "report", "status", "--format", "html,json"]
    main(words, standalone_mode=False)


def shares(folder: Path) -> list[str]:
    """Return what each function of a rollup or a page takes, its own calls included."""
    profile = cProfile.Profile()
    profile.runcall(write, folder)
    found = []
    for (file, _, name), (_, calls, _, seconds, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        layer, _, module = file.partition("pmo_sync/")
        if layer and module.startswith(LAYERS):
            found.append((seconds, calls, f"{module}: {name}"))
    return [f"{seconds:8.2f} s {calls:>7} times  {what}"
            for seconds, calls, what in sorted(found, reverse=True)[:SHOWN]]  # fmt: skip


if __name__ == "__main__":
    told(Path(sys.argv[1]) / "few", Path(sys.argv[1]) / "million", report=print)
