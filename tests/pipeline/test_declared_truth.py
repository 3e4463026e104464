"""What the world's leads declared, beside what is computed: recounted from the world in plain
Python, and from the reports of earlier days."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pmo_sync.config.load import load
from pmo_sync.demo.facts import StatusUpdate as Said
from pmo_sync.demo.facts import World
from pmo_sync.demo.world import UNTIL
from pmo_sync.model import Batch, Person, StatusUpdate
from pmo_sync.pipeline import reporting
from pmo_sync.store import SourceRun, Store

WEEK = timedelta(days=7)
DAYS = [UNTIL - WEEK * back for back in (4, 3, 2, 1, 0)]
SITE = "boards.example"
SOURCE = """
[[sources]]
name = "boards"
type = "github"
url = "https://boards.example"
"""
WORSE = ("on_track", "at_risk", "off_track")


@pytest.fixture(scope="module")
def folder(demo_folder: Path, world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo with a board for each project, on which its lead declared what the world says."""
    copy = tmp_path_factory.mktemp("declared") / "demo"
    shutil.copytree(demo_folder, copy)
    path = copy / "pmo-sync.toml"
    spoken = re.compile(r"^declared = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)
    text = spoken.sub("", path.read_text(encoding="utf-8"))  # the demo's own boards aside
    for number, project in enumerate(world.portfolio.projects):
        name = f'name = "{project.name}"\n'
        speaks = f'declared = [{{ source = "boards", board = "acme/{number}" }}]\n'
        text = text.replace(f"[[projects]]\n{name}", f"[[projects]]\n{name}{speaks}")
    path.write_text(text + SOURCE, encoding="utf-8")
    sync(Store(load(path).store_path), world)
    return copy


def sync(store: Store, world: World) -> None:
    boards = {one.name: f"acme/{n}" for n, one in enumerate(world.portfolio.projects)}
    updates = tuple(
        StatusUpdate(f"{SITE}#{n}", SITE, boards[one.project], one.project, one.level, one.text,
                     one.at, f"{SITE}#{one.author}")
        for n, one in enumerate(world.updates)
    )  # fmt: skip
    persons = tuple(Person(f"{SITE}#{one.key}", SITE, one.key, one.name) for one in world.people)
    now = datetime(2026, 6, 30, 20, tzinfo=UTC)
    with store.writing():
        staging = store.staging("boards")
        staging.begin(now, "boards", full=False)
        staging.append(Batch(status_updates=updates, persons=persons))
        staging.complete()
        staging.close()
        store.publish([SourceRun("boards", SITE, 0, 1.0)], [], now=now)


@pytest.fixture(scope="module")
def reports(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[date, Any]:
    config, place = load(folder / "pmo-sync.toml"), tmp_path_factory.mktemp("reports")
    found = {}
    for day in DAYS:
        written = reporting.report(config, "status", day, ["json"], place)
        told = json.loads(written.paths[0].read_bytes())
        found[day] = {project["name"]: project for project in told["projects"]}
    return found


def local(one: Said) -> date:
    return one.at.astimezone(ZoneInfo("Europe/Stockholm")).date()


def said_by(world: World, project: str, day: date) -> Sequence[Said]:
    return [one for one in world.updates if one.project == project and local(one) <= day]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_last_word_of_each_project(world: World, reports: dict[date, Any], day: date) -> None:
    names = {person.key: person.name for person in world.people}
    for name, project in reports[day].items():
        said, told = said_by(world, name, day), project["declared"]
        if not said:
            assert told is None, name
            continue
        last, age = said[-1], (day - local(said[-1])).days
        assert (told["level"], told["text"], told["by"], told["age"], told["stale"]) == (
            last.level, last.text, names[last.author], age, age > 14,
        ), name  # fmt: skip


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_how_it_stands_to_what_is_computed(reports: dict[date, Any], day: date) -> None:
    for name, project in reports[day].items():
        told, computed = project["declared"], project["health"]["computed"]
        known = told and {told["level"], computed} <= {*WORSE} and project["lifecycle"] == "active"
        expected = None
        if known and told["level"] != computed:
            less = WORSE.index(told["level"]) < WORSE.index(computed)
            expected = "better" if less else "worse"
        assert (told or {}).get("differs") == expected, name


def test_the_watermelon_is_called_one_and_asks_for_attention(
    world: World, reports: dict[date, Any]
) -> None:
    project = reports[UNTIL]["Data platform"]
    rules = [reason["rule"] for reason in project["reasons"]]
    assert rules[:2] == ["schedule.forecast", "declared.watermelon"]
    assert project["declared"]["watermelon"]
    assert project["declared"]["days"] >= 21


def test_a_difference_is_told_no_longer_than_the_reports_of_those_days_showed_it(
    reports: dict[date, Any],
) -> None:
    """No day is guessed: since the day that is named, every report said the same."""
    differing = 0
    for name, project in reports[UNTIL].items():
        told = project["declared"]
        if told and told["differs"]:
            differing += 1
            since = date.fromisoformat(told["since"])
            for day in (one for one in DAYS if one >= since):
                assert reports[day][name]["declared"]["differs"] == told["differs"], (name, day)
            if told["after"]:
                then = reports[date.fromisoformat(told["after"])][name]["declared"]
                assert then is None or then["differs"] != told["differs"], name
    assert differing


def test_a_trend_is_what_the_reports_of_those_days_said(reports: dict[date, Any]) -> None:
    compared = 0
    for name, project in reports[UNTIL].items():
        for point in (project["forecast_trend"] or {"points": []})["points"]:
            then = reports[date.fromisoformat(point["day"])][name]["forecast"]
            far = (date.fromisoformat(point["day"]) + timedelta(weeks=104)).isoformat()
            dates = [day if day and day <= far else None for day in (then["p50"], then["p85"])]
            assert [point["p50"], point["p85"]] == dates, (name, point)
            assert (point["reason"] is None) == (then["reason"] is None)
            if point["probability"] is not None:
                assert point["probability"] == pytest.approx(then["probability"], abs=1e-3)
            compared += 1
    assert compared > 40
