"""What the demo's reports say of the default world, recounted from the world's own facts."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pmo_sync.demo.draw import draw
from pmo_sync.demo.facts import RISK, Item, Team, World
from pmo_sync.demo.loads import loads
from pmo_sync.demo.plans import Kind
from pmo_sync.demo.render_github_fields import keeps_fields
from pmo_sync.demo.world import UNTIL
from tests.docs.commands import README

ASSESSED = ("probability", "impact")
HOUR = 3600


@pytest.fixture(scope="module")
def kinds() -> dict[Kind, str]:
    """The project of each situation that there is once."""
    plans = [plan for plan in draw(1).plans if plan.kind != "healthy"]
    return {plan.kind: plan.subject.project for plan in plans}


def page(demo_folder: Path, name: str) -> Any:
    path = demo_folder / "reports" / UNTIL.isoformat() / f"{name}.json"
    return json.loads(path.read_bytes())


@pytest.fixture(scope="module")
def index(demo_folder: Path) -> Any:
    return {entry["name"]: entry["summary"] for entry in page(demo_folder, "index")["entries"]}


@pytest.fixture(scope="module")
def status(demo_folder: Path) -> dict[str, Any]:
    told = page(demo_folder, "status")
    return {each["name"]: each for each in [*told["attention"], *told["steady"]]}


@pytest.fixture(scope="module")
def risk(demo_folder: Path) -> Any:
    return page(demo_folder, "risk")


@pytest.fixture(scope="module")
def resources(demo_folder: Path) -> Any:
    return page(demo_folder, "resources")


def people(report: Any) -> dict[str, Any]:
    return {each["name"]: each for team in report["teams"] for each in team["members"]}


def is_open(team: Team, item: Item) -> bool:
    done = {stage.name for stage in team.stages if stage.category == "done"}
    return item.value("status") not in done


def open_items(world: World) -> Iterator[tuple[Team, Item]]:
    for team in world.teams:
        yield from ((team, item) for item in team.items if is_open(team, item))


def hours_left(team: Team, item: Item) -> float | None:
    left = item.value("remaining") if team.tracker != "github" else None
    return None if left is None else int(left) / HOUR


def is_risk(item: Item) -> bool:
    return item.type == RISK or "risk" in item.values("label")


def reasons(project: Any) -> str:
    return " / ".join(reason["text"] for reason in project["reasons"])


# The person loaded 160 %, and the lone carrier.


def test_the_overloaded_person_is_one_over_two_trackers(
    world: World, resources: Any, index: Any
) -> None:
    heaviest = loads(world)[0]
    accounts = next(one.accounts for one in world.people if one.name == heaviest.person)
    assert {"jira", "jira_dc"} == set(accounts)
    (row,) = [each for each in resources["overloads"] if each["name"] == heaviest.person]
    assert row["ahead"]["value"] == pytest.approx(1.6, abs=0.05)
    assert row["ahead"]["value"] == pytest.approx(heaviest.share, abs=1e-9)
    first = index["resources"]["exceptions"][0]
    assert (first["subject"], first["level"]) == (heaviest.person, "at_risk")
    assert f"{100 * heaviest.share:.0f} %" in dict(first["facts"])["Next 4 weeks"]
    said = " ".join(README.read_text(encoding="utf-8").split())
    assert f"{100 * heaviest.share:.0f} % of four weeks' hours" in said
    others = [each for each in resources["overloads"] if each is not row]
    assert all(each["ahead"]["value"] < 1 for each in others)


def test_the_lone_carriers_project_is_listed_with_that_person(
    kinds: dict[Kind, str], resources: Any, index: Any
) -> None:
    plan = next(plan for plan in draw(1).plans if plan.kind == "one_person")
    name = next(one.name for one in draw(1).people if one.key == plan.lead)
    projects = [each for each in resources["carriers"] if each["kind"] == "project"]
    assert [(each["name"], each["who"]) for each in projects] == [(kinds["one_person"], name)]
    assert projects[0]["done"]["value"] == 1
    (told,) = [each for each in index["resources"]["exceptions"] if each["subject"] == name]
    assert kinds["one_person"] in told["reasons"][0]["text"]


# Hours left.


def test_hours_left_by_person_are_those_of_their_items(world: World, resources: Any) -> None:
    names = {one.key: one.name for one in world.people}
    expected: Counter[str] = Counter()
    for team, item in open_items(world):
        held = names[item.value("assignee") or ""] if item.value("assignee") else "nobody"
        expected[held] += hours_left(team, item) or 0  # type: ignore[assignment]
    told = {
        name: each["work"]["remaining"]["value"] or 0 for name, each in people(resources).items()
    }
    told["nobody"] = resources["nobody"]["remaining"]["value"]
    assert {name: n for name, n in told.items() if n} == pytest.approx(+expected, abs=1e-9)


def placed(weeks: list[float], work: Any) -> float:
    return math.fsum([*weeks, work["later"], work["undated_hours"]])


def test_people_teams_and_nobody_add_up_to_all_open_work(world: World, resources: Any) -> None:
    total = math.fsum(hours_left(team, item) or 0 for team, item in open_items(world))
    nobody = placed(resources["nobody_weeks"], resources["nobody"])
    teams = [placed([c["load"] for c in t["cells"]], t["work"]) for t in resources["teams"]]
    each = [placed([c["load"] for c in p["cells"]], p["work"]) for p in people(resources).values()]
    assert math.isclose(math.fsum([nobody, *teams]), total, abs_tol=1e-9)
    assert math.isclose(math.fsum([nobody, *each]), total, abs_tol=1e-9)
    assert dict(resources["totals"])["Hours left"]["value"] == pytest.approx(total, abs=1e-9)


def test_open_unestimated_and_undated_work(world: World, resources: Any) -> None:
    found = list(open_items(world))
    bare = [item for team, item in found if hours_left(team, item) is None]
    everybody = [*(each["work"] for each in people(resources).values()), resources["nobody"]]
    assert sum(work["open"]["value"] for work in everybody) == len(found)
    assert sum(work["unestimated"]["value"] for work in everybody) == len(bare)
    quality = {each["id"]: each["count"] for each in resources["quality"]}
    assert quality["unestimated"] == len(bare)
    assert quality.get("undated", 0) == sum(work["undated"]["value"] for work in everybody)


def test_who_left_is_in_no_plan_and_who_came_is(world: World, resources: Any) -> None:
    left = {one.name for one in world.people if one.ends and one.ends <= UNTIL}
    came = {one.name for one in world.people if one.starts}
    assert len(left) == len(came) == 3
    assert left.isdisjoint(people(resources))
    assert came <= people(resources).keys()


# Risks.


def score(item: Item) -> tuple[int, int] | None:
    told = [item.value(field) for field in ASSESSED]  # type: ignore[arg-type]
    return None if None in told else (int(told[0] or 0), int(told[1] or 0))


def test_the_register_is_the_worlds(world: World, risk: Any) -> None:
    register = [(team, item) for team, item in open_items(world) if is_risk(item)]
    told = {name: figure["value"] for name, figure in risk["totals"]}
    scores = [score(item) for _, item in register]
    high = [item for _, item in register if (found := score(item)) and math.prod(found) >= 15]
    silent = [item for item in high if not (item.value("assignee") and item.value("response"))]
    assert told["Open risks"] == len(register) > 10
    assert told["High"] == len(high) == 1
    assert told["High, unanswered"] == len(silent) == 1
    assert told["Not assessed"] == scores.count(None) == 3
    cells = {(c["probability"], c["impact"]): c["count"]["value"] or 0
             for row in risk["matrix"] for c in row}  # fmt: skip
    assert {cell: n for cell, n in cells.items() if n} == Counter(filter(None, scores))
    responses = Counter((item.value("response") or "none") for _, item in register)
    assert Counter((row["response"] or "none").lower() for row in risk["register"]) == responses


def test_the_grave_risk_asks_for_a_decision(index: Any, world: World) -> None:
    (grave,) = [item for _, item in open_items(world)
                if (found := score(item)) and math.prod(found) >= 15]  # fmt: skip
    asked = [each["subject"] for each in index["risk"]["decisions"]]
    assert len(asked) == 1
    assert asked[0].endswith(grave.value("title") or grave.title)


def end_of(day: date) -> datetime:
    zone = ZoneInfo("Europe/Stockholm")
    return datetime.combine(day + timedelta(days=1), time(), zone)


def test_work_at_risk_by_project(world: World, risk: Any) -> None:
    rows = {row["name"]: row for row in risk["work"]}
    for project, team in zip(world.portfolio.projects, world.teams, strict=True):
        live = [item for item in team.items if is_open(team, item)]
        late = [item for item in live if tells_due(team) and item.value("due")
                and date.fromisoformat(item.value("due") or "") < UNTIL]  # fmt: skip
        told = {name: figure["value"] for name, figure in rows[project.name]["work"]}
        assert told["Open items"] == len(live), project.name
        assert told["Overdue"] == len(late), project.name
        assert told["Blocked"] == sum(bool(item.value("blocked")) for item in live), project.name
        assert told["Unowned"] == sum(not item.value("assignee") for item in live), project.name


# The situations of the world's truth.


def test_the_project_without_an_owner(kinds: dict[Kind, str], status: Any, index: Any) -> None:
    assert "no owner" in reasons(status[kinds["unowned"]])
    asked = {each["subject"]: each["ask"] for each in index["status"]["decisions"]}
    assert asked[kinds["unowned"]] == "Name an owner"


def test_the_target_that_moved_four_times(
    kinds: dict[Kind, str], status: Any, world: World
) -> None:
    name = kinds["moved_target"]
    held = [next(p.target for p in told.projects if p.name == name)
            for _, told in world.portfolios]  # fmt: skip
    assert len(set(held)) == 5
    assert status[name]["level"] == "off_track"
    assert "target moved" in reasons(status[name])


def test_the_finished_project(kinds: dict[Kind, str], status: Any) -> None:
    project = status[kinds["finished"]]
    assert project["lifecycle"] == "complete"
    assert not [each for each in project["reasons"] if each["level"] in ("off_track", "at_risk")]


def test_programs_list_what_is_not_active_last(demo_folder: Path) -> None:
    programs = page(demo_folder, "status")["programs"]
    for program in programs:
        active = [leaf["lifecycle"] == "active" for leaf in program["leaves"]]
        assert active == sorted(active, reverse=True), program["name"]
    assert any(leaf["lifecycle"] != "active" for each in programs for leaf in each["leaves"])


def test_the_project_that_grew_and_the_one_that_cannot_make_its_date(
    kinds: dict[Kind, str], status: Any
) -> None:
    for kind in ("watermelon", "grown_scope", "blocked_chain"):
        assert status[kinds[kind]]["level"] in ("at_risk", "off_track"), kind
        assert "with odds of" in reasons(status[kinds[kind]]), kind
    assert "came and" in reasons(status[kinds["grown_scope"]])


def test_the_project_that_is_too_young_to_judge(kinds: dict[Kind, str], status: Any) -> None:
    said = reasons(status[kinds["little_data"]])
    assert "the last 5 weeks' mean" in said
    assert "so few weeks say little" in said
    assert "open items (epics and risks aside) by" in said
    assert "too little data for a forecast: 4 whole weeks of history, fewer than 6" in said


def test_what_the_portfolio_waits_for_is_on_page_one(index: Any, demo_folder: Path) -> None:
    (told,) = index["status"]["milestones"]
    (whole,) = page(demo_folder, "status")["milestones"]
    assert told["subject"] == whole["name"] == "Payments go live"
    assert {part["name"] for part in whole["parts"]} == {"PAY", "QLT", "harbourline/gateway"}
    count = whole["open"]["value"] + whole["done"]["value"]
    assert dict(told["facts"])["Open items"] == f"{whole['open']['value']} of {count}"


def test_the_project_whose_pace_changed(kinds: dict[Kind, str], status: Any) -> None:
    said = reasons(status[kinds["regime_change"]])
    assert re.search(r"items a week since about \S+ \S+ \d+ \(between \S+ \S+ \d+ and ", said)


def test_the_version_that_is_past_its_date(
    kinds: dict[Kind, str], demo_folder: Path, world: World, index: Any
) -> None:
    told = page(demo_folder, "status")
    (finding,) = [each for each in told["quality"] if each["id"] == "overdue_milestone"]
    (listed,) = [each for each in told["lists"] if each["id"] == finding["items"]]
    team = world.teams[[p.name for p in world.portfolio.projects].index(kinds["overdue_version"])]
    late = {one.key for one in team.milestones if one.due and one.due < UNTIL and not one.released}
    held = {item.key for item in team.items if is_open(team, item)
            and late.intersection(item.values("milestone"))}  # fmt: skip
    assert len(late) == 1
    assert {row["key"] for row in listed["rows"]} == held
    assert {row["project"] for row in listed["rows"]} == {kinds["overdue_version"]}
    (shown,) = [each for each in told["attention"] if each["name"] == kinds["overdue_version"]]
    (why,) = [each for each in shown["reasons"] if each["rule"] == "milestone.overdue"]
    (opened,) = [each for each in told["lists"] if each["id"] == why["items"]]
    assert {row["key"] for row in opened["rows"]} == held
    assert f"35 working days past, with {len(held)} open items" in why["text"]
    asked = {each["subject"]: each["ask"] for each in index["status"]["decisions"]}
    assert asked[kinds["overdue_version"]].startswith("Re-date the milestone")


def test_page_one_names_every_situation_of_the_status_kind(
    kinds: dict[Kind, str], index: Any
) -> None:
    rules = {
        each["subject"]: {reason["rule"] for reason in each["reasons"]}
        for each in index["status"]["exceptions"]
    }
    named: dict[Kind, str] = {
        "watermelon": "schedule.forecast", "moved_target": "schedule.slip",
        "grown_scope": "scope.growth", "blocked_chain": "work.blocked",
        "unowned": "governance.no_owner", "overdue_version": "milestone.overdue",
        "little_data": "schedule.too_little_data",
    }  # fmt: skip
    for kind, rule in named.items():
        assert rule in rules[kinds[kind]], kind


def test_what_waits_within_a_tracker_is_told_with_both_ends(
    kinds: dict[Kind, str], risk: Any, world: World
) -> None:
    """The chain goes on in another tracker; that link no tracker's API tells in passing."""
    ends = [(row["blocker"]["title"], row["blocked"]["title"]) for row in risk["dependencies"]
            if row["state"] == "open"]  # fmt: skip
    assert (
        "Publish the contract of the new interface",
        "Open the sandbox to the other team",
    ) in ends
    project = next(p for p in risk["work"] if p["name"] == kinds["blocked_chain"])
    assert dict(project["work"])["Blocked"]["value"] >= 2


def tells_due(team: Team) -> bool:
    """Whether a tracker says when an item is due: of GitHub's, where issues have fields of ours."""
    return team.tracker != "github" or keeps_fields(team)
