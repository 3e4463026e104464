"""The dates of a project and of its milestones on the page are those that the command tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pmo_sync.cli import main


def written(folder: Path) -> Any:
    (path,) = folder.glob("reports/*/status.json")
    return json.loads(path.read_bytes())


def commanded(folder: Path, by: str, project: str) -> dict[str, Any]:
    """What the command tells, which looks at nothing but the project's items."""
    words = ("forecast", "--by", by, "--where", f'project = "{project}"')
    done = CliRunner().invoke(
        main, ["-c", str(folder / "pmo-sync.toml"), *words, "--format", "json"]
    )
    assert done.exit_code == 0, done.output
    return {row["group"]: row for row in json.loads(done.stdout)}


def test_of_a_project_both_say_the_same(demo_folder: Path) -> None:
    for project in written(demo_folder)["projects"][::4]:
        rows = commanded(demo_folder, "project", project["name"])
        for date in ("p50", "p85", "p95"):
            row = rows.get(project["name"], {})
            assert row.get(date) == project["forecast"][date], (project["name"], date)


def test_of_its_milestones_both_say_the_same(demo_folder: Path) -> None:
    """Of each project, as its milestones bear names of their own."""
    seen = 0
    for project in written(demo_folder)["projects"]:
        told = {one["name"]: one["forecast"] for one in project["milestones"] if one["forecast"]}
        rows = commanded(demo_folder, "milestone", project["name"]) if told else {}
        for name, found in told.items():
            row, seen = rows[name], seen + 1
            assert row["reason"] == found["reason"], (project["name"], name)
            for date in ("p50", "p85", "p95"):
                assert row[date] == found[date], (project["name"], name, date)
            if found["probability"] is not None:
                shown = min(max(found["probability"], 0.001), 0.999)
                assert row["odds"] == pytest.approx(shown, abs=1e-3), (project["name"], name)
    assert seen >= 10


def test_what_is_past_its_day_has_a_date_and_no_odds_of_it(demo_folder: Path) -> None:
    (late,) = (
        one
        for project in written(demo_folder)["projects"]
        for one in project["milestones"]
        if one["overdue"] and one["open"]
    )
    assert late["forecast"]["p85"] > late["due"]
    (page,) = demo_folder.glob("reports/*/status.html")
    text = page.read_text(encoding="utf-8")
    assert f'odds of <time datetime="{late["due"]}">' not in text
