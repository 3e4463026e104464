"""``report risk`` on the demo's world, recounted from its items one by one in plain Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pmo_sync.cli import main

DAY = "2026-06-30"
STALE = "2026-06-16"


@pytest.fixture
def config(demo_copy: Path) -> Path:
    """The demo's configuration, in which bugs are risks."""
    path = demo_copy / "pmo-sync.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}\n[policy.risk]\ntypes = ["Bug"]\nlabels = []\n', encoding="utf-8")
    return path


def said(config: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["-q", "-c", str(config), *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_html_and_json_and_a_plain_recount(config: Path, tmp_path: Path) -> None:
    told = said(config, "report", "risk", "--format", "html,json", "-o", str(tmp_path))
    paths = [Path(line) for line in told.splitlines()]
    assert [path.name for path in paths] == ["risk.html", "risk.json"]
    report = json.loads(paths[1].read_bytes())
    rows = json.loads(said(config, "items", "--format", "json"))

    unfinished = [row for row in rows if row["category"] in ("todo", "in_progress")]
    bugs = [row for row in unfinished if row["type"] == "Bug"]
    assert bugs
    assert report["register_total"]["value"] == len(bugs)
    assert report["unassessed"]["value"] == len(bugs)
    assert figures(report["work"][-1]["risks"])["Sum of scores"] is None
    for line in report["work"]:
        everywhere = line["name"] == "Portfolio"
        mine = [row for row in unfinished if everywhere or line["name"] in row["project"]]
        assert {
            name: figure for name, figure in figures(line["work"]).items() if name != "Ageing"
        } == recounted(mine)


def figures(pairs: list[Any]) -> dict[str, Any]:
    return {name: figure["value"] for name, figure in pairs}


def recounted(rows: list[dict[str, Any]]) -> dict[str, int]:
    def count(*wanted: bool) -> int:
        return sum(wanted)

    return {
        "Open items": len(rows),
        "Overdue": count(*(row["due"] is not None and row["due"] < DAY for row in rows)),
        "Blocked": count(*(row["blocked"] for row in rows)),
        "Unowned": count(*(not row["assignee"] and not row["risk_owner"] for row in rows)),
        "Unestimated": count(*(row["points"] is None and row["estimate"] is None for row in rows)),
        "Stale": count(
            *(row["category"] == "in_progress" and row["updated"] < STALE for row in rows)
        ),
    }


def test_a_filter_of_the_policy_that_cannot_be_read(config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    config.write_text(text + 'where = "labl = risk"\n', encoding="utf-8")

    result = CliRunner().invoke(main, ["-c", str(config), "report", "risk"])
    assert result.exit_code == 2
    assert "policy.risk.where: unknown field 'labl' (did you mean 'label'?" in result.output
