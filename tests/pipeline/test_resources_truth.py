"""The resources report of the demo, recounted in plain Python from the list of its items."""

from __future__ import annotations

import json
import math
import shlex
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pmo_sync.config import Config, Portfolio
from pmo_sync.config.load import load
from pmo_sync.demo.world import UNTIL
from pmo_sync.pipeline import asking, reporting

WEIGHT = 6.0
DAYS = [UNTIL, date(2026, 2, 15)]


@pytest.fixture(scope="module")
def config(demo_folder: Path) -> Config:
    """The demo, in Sweden, where a point weighs six hours."""
    found = load(demo_folder / "pmo-sync.toml")
    portfolio: Portfolio = replace(found.portfolio, country="SE")
    policy = replace(found.policy, hours_per_point=WEIGHT)
    return replace(found, portfolio=portfolio, policy=policy)


@pytest.fixture(scope="module", params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> date:
    chosen: date = request.param
    return chosen


@pytest.fixture(scope="module")
def written(config: Config, day: date, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("resources")
    return list(reporting.report(config, "resources", day, ["json", "html"], folder).paths)


@pytest.fixture(scope="module")
def report(written: list[Path]) -> Any:
    return json.loads(written[0].read_bytes())


@pytest.fixture(scope="module")
def items(config: Config, day: date) -> list[Any]:
    return asking.items(config, "category = open", day, None)


def effort(row: Any) -> float | None:
    if row["remaining"] is not None:
        return float(row["remaining"])
    return None if row["points"] is None else row["points"] * WEIGHT


def test_what_each_person_has_left(report: Any, items: list[Any]) -> None:
    expected: dict[str, float] = {}
    for row in items:
        for name in row["assignee"] or ["nobody"]:
            each = (effort(row) or 0) / max(len(row["assignee"]), 1)
            expected[name] = expected.get(name, 0) + each
    told = {"nobody": report["nobody"]["remaining"]["value"] or 0}
    for team in report["teams"]:
        told |= {p["name"]: p["work"]["remaining"]["value"] or 0 for p in team["members"]}
    assert {name: hours for name, hours in told.items() if hours} == pytest.approx(
        {name: hours for name, hours in expected.items() if hours}, abs=1e-9
    )


def test_nothing_is_lost_between_items_people_teams_and_weeks(
    report: Any, items: list[Any]
) -> None:
    total = math.fsum(effort(row) or 0 for row in items)
    nobody = placed(report["nobody_weeks"], report["nobody"])
    teams = [placed([c["load"] for c in t["cells"]], t["work"]) for t in report["teams"]]
    people = [
        placed([c["load"] for c in p["cells"]], p["work"])
        for t in report["teams"]
        for p in t["members"]
    ]
    assert total > 100
    assert math.isclose(math.fsum([nobody, *teams]), total, abs_tol=1e-9)
    assert math.isclose(math.fsum([nobody, *people]), total, abs_tol=1e-9)
    assert dict(report["totals"])["Hours left"]["value"] == pytest.approx(total, abs=1e-9)


def placed(weeks: list[float], work: Any) -> float:
    return math.fsum([*weeks, work["later"], work["undated_hours"]])


def test_every_list_holds_what_its_command_lists(config: Config, report: Any) -> None:
    lists = report["lists"]
    assert len(lists) > 20
    for each in lists[:: max(1, len(lists) // 8)]:
        words = shlex.split(each["command"])
        options = dict(zip(words[2::2], words[3::2], strict=True))
        asked = date.fromisoformat(options["--as-of"])
        found = asking.items(config, options["--where"], asked, None)
        assert len(found) == each["total"], each["command"]
        assert {row["key"] for row in each["rows"]} <= {row["key"] for row in found}


def test_the_same_bytes_twice(
    config: Config, day: date, written: list[Path], tmp_path: Path
) -> None:
    again = reporting.report(config, "resources", day, ["json", "html"], tmp_path)
    assert [p.read_bytes() for p in again.paths] == [p.read_bytes() for p in written]


def test_people_are_in_the_order_of_their_names(report: Any) -> None:
    for team in report["teams"]:
        names = [person["name"] for person in team["members"]]
        assert names == sorted(names, key=str.casefold)
    over = [each["name"] for each in report["overloads"]]
    assert over == sorted(over, key=str.casefold)
