"""What teams note beside the flow: hours, estimates, risks, and what is declared."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest

from pmo_sync.demo.facts import Event, Field, Item, Person, Sprint, Stage, Team, World
from pmo_sync.demo.loads import loads
from pmo_sync.demo.truth import Truth, truth
from pmo_sync.demo.world import UNTIL, build


@pytest.fixture(scope="module")
def told(world: World) -> Truth:
    return truth(world, futures=1)


def risks(world: World) -> list[Item]:
    return [item for item in world.items() if "risk" in item.values("label")]


def test_nobody_logs_more_hours_than_a_person_has(world: World) -> None:
    """Quarters of an hour, logged on days of work, at most a fifth over what a week has."""
    weeks: dict[tuple[str, int], float] = defaultdict(float)
    for item in world.items():
        for log in item.worklogs:
            assert log.seconds % 900 == 0
            assert item.created <= log.created <= log.updated
            assert log.created.date() <= world.until
            if log.removed is None and log.author:
                weeks[log.author, (world.until - log.created.date()).days // 91] += log.seconds
    hours = {person.key: person.hours for person in world.people}
    assert sum(weeks.values()) > 5_000 * 3600
    for (author, _), seconds in weeks.items():
        assert seconds / 3600 / 13 <= 1.2 * hours[author], author


def test_what_is_left_goes_down_as_time_is_logged_and_never_below_nothing(world: World) -> None:
    lowered = raised = 0
    for item in world.items():
        steps = [event for event in item.events if event.field == "remaining"]
        logged = {log.created for log in item.worklogs if log.removed is None}
        for event in steps:
            assert int(event.new or 0) >= 0
            if event.old and event.at in logged:
                assert int(event.new or 0) < int(event.old)
                lowered += 1
            raised += event.old is not None and int(event.new or 0) > int(event.old)
        if steps:
            assert item.value("estimate")
    assert lowered > 500
    assert raised > 50


def test_only_jira_estimates_in_hours(world: World) -> None:
    estimated = {item.project for item in world.items() if item.value("estimate")}
    assert estimated <= {team.key for team in world.teams if team.tracker != "github"}
    assert len(estimated) >= 5


def test_the_overloaded_has_more_than_half_a_week_too_much(world: World, told: Truth) -> None:
    first, second = told.loads[:2]
    assert first.person == told.overloaded
    assert 1.5 <= first.share <= 1.7
    assert max(first.weeks) >= 1.5
    assert second.share <= 1.2
    trackers = {team.tracker for team in world.teams
                if any(key.startswith(f"{team.key}-") for key in first.items)}  # fmt: skip
    assert trackers == {"jira", "jira_dc"}


@pytest.mark.parametrize(
    ("due", "sprint", "share", "weeks"),
    [
        ("2026-06-12", None, 0.25, (0.5, 0.5, 0.0, 0.0)),
        ("2026-06-05", None, 0.25, (1.0, 0.0, 0.0, 0.0)),
        (None, "T/1", 0.25, (0.5, 0.5, 0.0, 0.0)),
        ("2026-06-05", "T/1", 0.25, (1.0, 0.0, 0.0, 0.0)),
        ("2026-06-29", None, None, ()),
        ("2026-05-31", None, None, ()),
        (None, None, None, ()),
    ],
)
def test_forty_hours_are_spread_over_the_days_until_they_are_due(
    due: str | None, sprint: str | None, share: float | None, weeks: tuple[float, ...]
) -> None:
    found = loads(one_item_world(due, sprint))
    assert [(one.share, one.weeks) for one in found] == ([] if share is None else [(share, weeks)])


def one_item_world(due: str | None, sprint: str | None) -> World:
    """Somebody with 40 hours a week has 40 hours left of one item, on a Sunday."""
    at = datetime(2026, 5, 4, 8, tzinfo=UTC)
    values: tuple[tuple[Field, str | None], ...] = (
        ("status", "Open"), ("assignee", "ann"), ("remaining", "144000"), ("due", due),
        ("sprint", sprint),
    )  # fmt: skip
    events = tuple(Event(at, "ann", name, None, value) for name, value in values if value)
    item = Item("T-1", "T", 1, "Task", 0, "Write it", at, "ann", events)
    team = Team(
        "T", "T", "jira", "T", at, (Stage("Open", "todo"),), (),
        (Sprint("T/1", "One", at, datetime(2026, 6, 12, 15, tzinfo=UTC), None, True),), (), (item,),
    )  # fmt: skip
    ann = Person("ann", "Ann", {"jira": "ann"})
    return World(0, date(2026, 5, 31), "o", "O", (ann,), (team,), ())


def test_a_register_holds_one_grave_risk_that_nobody_answers(world: World) -> None:
    open_ones = [one for one in risks(world) if one.value("resolution") is None]
    scores = {one.key: int(one.value("probability") or 0) * int(one.value("impact") or 0)
              for one in open_ones}  # fmt: skip
    assert [one.value("response") for one in open_ones if scores[one.key] >= 15] == [None]
    assert [one for one in open_ones if not scores[one.key]]
    assert [one for one in open_ones if one.value("assignee") is None]


def test_a_risk_on_github_carries_its_assessment_in_a_label(world: World) -> None:
    github = {team.key for team in world.teams if team.tracker == "github"}
    found = risks(world)
    for one in found:
        assert one.type == ("Task" if one.project in github else "Risk")
        held = [label for label in one.values("label") if label.startswith("risk: ")]
        probability, impact = one.value("probability"), one.value("impact")
        said = [f"risk: p{probability} i{impact}"] if probability else []
        assert held == (said if one.project in github else [])
    assert {one.project for one in found} & github


def test_most_projects_declare_some_are_stale_some_say_nothing(world: World, told: Truth) -> None:
    last = {}
    for update in world.updates:
        last[update.project] = update
    silent = {one.name for one in world.portfolio.projects} - last.keys()
    assert silent == {told.project("unowned").name, told.project("little_data").name}
    running = [one for one in last.values() if one.level != "complete"]
    stale = [one for one in running if one.at.date() < UNTIL - timedelta(days=45)]
    assert len(stale) == 1
    assert last[told.project("finished").name].level == "complete"
    recent = [one for one in world.updates if one.project == told.project("watermelon").name
              and one.at.date() > UNTIL - timedelta(weeks=8)]  # fmt: skip
    assert {one.level for one in recent} == {"on_track"}
    assert len(recent) >= 5


def test_what_was_missed_is_on_record_with_whose_it_was(world: World, told: Truth) -> None:
    written = {one.written for one in told.missed}
    assert {"milestone", "due"} <= written
    owners = {one.name: one.owner for one in world.portfolio.projects}
    for one in told.missed:
        assert one.due < (one.done or world.until)
        if one.written != "due":
            assert one.who == owners[one.project]
    late = told.project("overdue_version")
    assert f"{late.team}/2.0" in {one.what for one in told.missed if one.done is None}


@pytest.mark.parametrize("days", [-40, 400])
def test_a_world_of_another_day_is_whole(days: int) -> None:
    """Before and long after the day that situations are laid out for."""
    world = build(3, UNTIL + timedelta(days=days))
    assert all(event.at.date() <= world.until for item in world.items() for event in item.events)
    assert all(one.at.date() <= world.until for one in world.updates)
    assert sum(1 for _ in world.items()) > 4_000
