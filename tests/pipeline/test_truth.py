"""What the report says of the simulated world, recounted from the world itself in plain Python."""

from __future__ import annotations

import json
import math
import shlex
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pmo_sync.config.load import load
from pmo_sync.demo.facts import Item, Team, World, WorldProject
from pmo_sync.demo.render_github_fields import keeps_fields
from pmo_sync.demo.world import UNTIL
from pmo_sync.pipeline import asking, reporting
from tests.render.page import read

DAYS = [UNTIL, date(2026, 2, 15), date(2025, 11, 1)]
CATEGORIES = {"To do": "todo", "In progress": "in_progress", "Done": "done", "Dropped": "dropped"}


@pytest.fixture(scope="module", params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> date:
    chosen: date = request.param
    return chosen


@pytest.fixture(scope="module")
def report(demo_folder: Path, day: date, tmp_path_factory: pytest.TempPathFactory) -> Any:
    config = load(demo_folder / "pmo-sync.toml")
    folder = tmp_path_factory.mktemp("reports")
    written = reporting.report(config, "status", day, ["json"], folder)
    return json.loads(written.paths[0].read_bytes())


def end_of(day: date) -> datetime:
    zone = ZoneInfo("Europe/Stockholm")
    return datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(microseconds=1)


def value(item: Item, field: str, at: datetime) -> str | None:
    found = [event.new for event in item.events if event.field == field and event.at <= at]
    return found[-1] if found else None


def category(team: Team, item: Item, at: datetime) -> str:
    stages = {stage.name: stage.category for stage in team.stages}
    now = stages[value(item, "status", at) or ""]
    return "dropped" if now == "done" and value(item, "resolution", at) != "done" else now


def counts(world: World, at: datetime) -> dict[str, Counter[str]]:
    """By container: how many items are in each category."""
    return {
        team.container: Counter(
            category(team, item, at) for item in team.items if item.created <= at
        )
        for team in world.teams
    }


def projects(report: Any) -> dict[str, Any]:
    return {p["name"]: p for p in [*report["attention"], *report["steady"]]}


def test_work_by_category(world: World, report: Any, day: date) -> None:
    truth = counts(world, end_of(day))
    for project in world.portfolio.projects:
        told = {name: figure["value"] for name, figure in projects(report)[project.name]["counts"]}
        (rule,) = project.select
        assert {CATEGORIES[name]: n for name, n in told.items() if n} == dict(
            +truth[rule.container]
        )


def finished_by_week(world: World, team: Team, ends: Sequence[date]) -> list[int]:
    """How much work was done in each week, by what was known at the end of the last one."""
    at = end_of(ends[-1])
    finished = [
        finish(team, item, at)
        for item in works(world, team, at)
        if category(team, item, at) == "done"
    ]
    return [
        sum(end_of(end - timedelta(days=7)) < moment <= end_of(end) for moment in finished)
        for end in ends
    ]


def test_throughput_by_week(world: World, report: Any) -> None:
    for project in world.portfolio.projects:
        team = next(t for t in world.teams if t.container == project.select[0].container)
        chart = projects(report)[project.name]["throughput"]
        ends = [date.fromisoformat(x) for x in chart["x"]]
        expected = finished_by_week(world, team, ends)
        assert chart["lines"][0]["values"] == expected, project.name


def routine(world: World, project: WorldProject, day: date) -> tuple[str, str]:
    """The mean of twelve weeks, and 2.66 times the mean difference of two that follow each other on
    either side of it; what lies beyond is a signal."""
    ends = [day - timedelta(weeks=back) for back in range(11, -1, -1)]
    team = next(t for t in world.teams if t.container == project.select[0].container)
    weeks = finished_by_week(world, team, ends)
    if not any(weeks):
        return "no data", "nothing done"
    mean = Fraction(sum(weeks), 12)
    reach = Fraction(266, 100) * Fraction(sum(abs(b - a) for a, b in pairwise(weeks)), 11)
    low, high = max(mean - reach, Fraction(0)), mean + reach
    signals = [end for end, n in zip(ends, weeks, strict=True) if not low <= n <= high]
    last = f"a signal: {signals[-1].day} {signals[-1]:%b %Y}" if signals else "no signal"
    note = f"natural process limits of 12 weeks; {last}"
    return f"{float(low):.1f} to {float(high):.1f}", note


def test_natural_process_limits_of_throughput(world: World, report: Any, day: date) -> None:
    kinds: Counter[bool] = Counter()
    for project in world.portfolio.projects:
        told = dict(projects(report)[project.name]["flow"])["Done a week, routine"]
        expected = routine(world, project, day)
        assert (told["text"], told["note"]) == expected, project.name
        kinds["a signal" in expected[1]] += 1
    assert kinds[False] and (kinds[True] or day != UNTIL)


def test_the_page_shows_these_limits(world: World, demo_folder: Path) -> None:
    (path,) = demo_folder.glob("reports/*/status.html")
    page = read(path.read_text(encoding="utf-8"))
    parts = [each for each in page.of_class("project") if "program" not in each.classes]
    shown = {each.all("h3")[0].text(): each for each in parts}
    for project in world.portfolio.projects:
        (pair,) = (
            pair
            for pair in shown[project.name].all("div")
            if [name.text() for name in pair.all("dt")] == ["Done a week, routine"]
        )
        assert pair.all("dd")[0].text() == "".join(routine(world, project, UNTIL)), project.name


def finish(team: Team, item: Item, at: datetime) -> datetime:
    stages = {stage.name: stage.category for stage in team.stages}
    moves = [(e.at, stages[e.new or ""]) for e in item.events if e.field == "status" and e.at <= at]
    start = None
    for moment, now in moves:
        if now != "done":
            start = None
        elif start is None:
            start = moment
    assert start is not None
    return start


def works(world: World, team: Team, at: datetime) -> list[Item]:
    """The items that are work: no epics (on GitHub: what has a sub-issue) and no risks."""
    above = {event.new for each in world.items() for event in each.events
             if event.field == "parent"}  # fmt: skip
    return [
        item
        for item in team.items
        if item.created <= at and item.type != "Risk" and "risk" not in item.values("label")
        if not (item.level > 0 and (team.tracker != "github" or item.key in above))
    ]


def test_work_in_progress_at_each_weeks_end(world: World, report: Any, day: date) -> None:
    for project in world.portfolio.projects:
        team = next(t for t in world.teams if t.container == project.select[0].container)
        chart = projects(report)[project.name]["wip"]
        expected = [
            sum(
                category(team, item, end_of(date.fromisoformat(x))) == "in_progress"
                for item in works(world, team, end_of(day))
                if item.created <= end_of(date.fromisoformat(x))
            )
            for x in chart["x"]
        ]
        assert chart["lines"][0]["values"] == expected, project.name


def test_cumulative_flow_of_programs_and_portfolio(world: World, report: Any, day: date) -> None:
    """Recounted item by item: nothing of it is added up from projects."""
    parents = {p.name: p.parent for p in world.portfolio.programs}
    programs = {p.select[0].container: p.program for p in world.portfolio.projects}
    charts = {p["name"]: p["cumulative"] for p in report["programs"]}
    charts["all"] = report["cumulative"]
    expected = {name: Counter[tuple[str, str]]() for name in charts}
    for team in world.teams:
        mine = programs.get(team.container, "")
        names = {mine, parents.get(mine or ""), "all"} if team.container in programs else set()
        for item, x in product(works(world, team, end_of(day)), report["cumulative"]["x"]):
            if item.created <= end_of(date.fromisoformat(x)):
                for name in names & charts.keys():
                    expected[name][x, category(team, item, end_of(date.fromisoformat(x)))] += 1
    for name, chart in charts.items():
        told = {line["name"]: line["values"] for line in chart["lines"]}
        for at, x in enumerate(chart["x"]):
            done, working, waiting = (
                expected[name][x, each] for each in ("done", "in_progress", "todo")
            )
            assert told["Done"][at] == done, name
            assert told["All but dropped"][at] == done + working + waiting, name
            if "Done or in progress" in told:
                assert told["Done or in progress"][at] == done + working, name
    named = {line["name"] for chart in charts.values() for line in chart["lines"]}
    assert "Done or in progress" in named


def test_age_of_work_in_progress_is_that_of_no_epic(world: World, report: Any, day: date) -> None:
    """The age that 85 % do not exceed, of whatever is no epic (on GitHub: has no sub-issue)."""
    at = end_of(day)
    for project in world.portfolio.projects:
        team = next(t for t in world.teams if t.container == project.select[0].container)
        ages = sorted(
            (at - start(team, item, at)).total_seconds() / 86400
            for item in works(world, team, at)
            if category(team, item, at) == "in_progress"
        )
        told = dict(projects(report)[project.name]["flow"])["Age of work in progress, 85 %"]
        expected = ages[math.ceil(len(ages) * 0.85) - 1] if ages else None
        second = pytest.approx(expected or 0, abs=1 / 86400)
        assert told["value"] == (second if expected is not None else None), project.name


def start(team: Team, item: Item, at: datetime) -> datetime:
    stages = {stage.name: stage.category for stage in team.stages}
    return next(
        event.at
        for event in item.events
        if event.field == "status" and event.at <= at and stages[event.new or ""] == "in_progress"
    )


def test_overdue(world: World, report: Any, day: date) -> None:
    at = end_of(day)
    for project in world.portfolio.projects:
        team = next(t for t in world.teams if t.container == project.select[0].container)
        expected = 0
        for item in team.items:
            due = value(item, "due", at) if item.created <= at else None
            if due and tells_due(team) and date.fromisoformat(due) < day:
                expected += category(team, item, at) in ("todo", "in_progress")
        flow = dict(projects(report)[project.name]["flow"])
        assert flow["Overdue"]["value"] == expected, project.name


def test_programs_and_portfolio_count_each_item_once(world: World, report: Any, day: date) -> None:
    truth = counts(world, end_of(day))
    done = {p.select[0].container: (p.program, truth[p.select[0].container]["done"])
            for p in world.portfolio.projects}  # fmt: skip
    for program in report["programs"]:
        below = {program["name"], *(p.name for p in world.portfolio.programs
                                    if p.parent == program["name"])}  # fmt: skip
        expected = sum(n for name, n in done.values() if name in below)
        assert program["done"]["value"] == expected
    assert dict(report["totals"])["Done"]["value"] == sum(n for _, n in done.values())
    assert report["unclaimed"]["value"] == 0


def test_every_list_holds_what_its_command_lists(demo_folder: Path, report: Any) -> None:
    """A figure, its list and ``pmo-sync items`` agree; a cut list says how many there are."""
    config = load(demo_folder / "pmo-sync.toml")
    lists = report["lists"]
    assert len(lists) > 20
    for each in lists[:: max(1, len(lists) // 6)]:
        words = shlex.split(each["command"])
        options = dict(zip(words[2::2], words[3::2], strict=True))
        since = options.get("--since")
        found = asking.items(
            config,
            options["--where"],
            date.fromisoformat(options["--as-of"]),
            date.fromisoformat(since) if since else None,
        )
        assert len(found) == each["total"], each["command"]
        assert len(each["rows"]) == min(each["total"], config.policy.list_limit)
        assert {row["key"] for row in each["rows"]} <= {row["key"] for row in found}


def test_every_figure_that_names_a_list_counts_it(report: Any) -> None:
    totals = {each["id"]: each["total"] for each in report["lists"]}
    for project in projects(report).values():
        for name, figure in [*project["counts"], *project["flow"]]:
            if figure["items"] and "day" not in figure["text"]:
                assert figure["value"] == totals[figure["items"]], (project["name"], name)


def tells_due(team: Team) -> bool:
    """Whether a tracker says when an item is due: of GitHub's, where issues have fields of ours."""
    return team.tracker != "github" or keeps_fields(team)
