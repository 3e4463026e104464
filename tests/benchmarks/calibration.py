"""Forecasts of simulated projects at several points of their work, beside when they were done.

Weeks are counted from the world's facts, in plain Python: ``from_frames`` forecasts the same from
a store, and a test holds one to the other.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from pathlib import Path

from pmo_sync.config import Config, Project, Select
from pmo_sync.demo.draw import draw
from pmo_sync.demo.facts import Item, Team, Tracker, World
from pmo_sync.demo.load import load, site_of
from pmo_sync.demo.loads import is_work
from pmo_sync.demo.plans import Kind
from pmo_sync.demo.world import build
from pmo_sync.frames import from_store
from pmo_sync.policy import Policy
from pmo_sync.rollups.flow import Spread, of_projects, percentile
from pmo_sync.rollups.forecast.forecast import Asked, Forecast, forecast, forecasts_of, last_items
from pmo_sync.rollups.forecast.lulls import shared
from pmo_sync.rollups.scope import scope_at
from pmo_sync.rollups.wanted import NOTHING
from pmo_sync.rollups.weekly import RECENT, WEEKS, Weekly
from pmo_sync.rollups.work import only_work, work_fields
from pmo_sync.store import Store

STABLE: tuple[Kind, ...] = (
    "healthy", "unowned", "one_person", "overdue_version", "moved_target", "finished",
    "watermelon",
)  # fmt: skip
"""Situations in which neither the team nor its work is disturbed: dates and declarations are."""
SHARES = (0.1, 0.3, 0.5, 0.7)
"""Of the work, what is done when a forecast is made."""
END = date(2027, 12, 31)
POLICY = Policy()
URLS: Mapping[Tracker, str] = {
    "jira": "https://jira.example", "jira_dc": "https://dc.example",
    "github": "https://github.example",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A forecast made on ``day``, and in how many weeks the project was done."""

    project: str
    share: float
    day: date
    asked: Asked
    found: Forecast
    weeks: int
    done: date


def cases(world: World) -> Iterator[Case]:
    """Forecast every stable project of a world that ends with ``END``, at each of ``SHARES``."""
    kinds = {plan.key: plan.kind for plan in draw(world.seed).plans}
    for team, project in zip(world.teams, world.portfolio.projects, strict=True):
        ends = ends_of(team)
        if kinds[team.key] in STABLE and ends:
            for share in SHARES:
                day = ends[ceil(share * len(ends)) - 1]
                asked = Asked(target_of(world, project.name, day))
                found = of_lives(lives(team, day), day, asked, stood_still(world, day))
                yield Case(
                    project.name, share, day, asked, found,
                    ceil((ends[-1] - day).days / 7), ends[-1],
                )  # fmt: skip


def ended(seed: int) -> World:
    """Return a world in which all is over."""
    return build(seed, END)


def from_frames(world: World, made: list[Case]) -> list[Forecast]:
    """Forecast the same as ``cases`` from a store as of each day."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        config = _loaded(store, world)
        con = store.read()
        fields = work_fields(POLICY) | {"created", "category", "finished", "started", "project"}
        found = []
        for case in made:
            tables = from_store(con)
            scope = scope_at(tables, config, case.day, NOTHING.with_fields(fields))
            work = only_work(tables, scope, POLICY)
            told = forecasts_of(work, of_projects(work), {case.project: case.asked}, POLICY)
            found.append(told[case.project])
        con.close()
    return found


def stood_still(world: World, day: date) -> frozenset[int]:
    """Return how many weeks before a day all teams together stood still."""
    at = datetime.combine(day, time.max, UTC)
    return shared({t.key: _weeks(lives(t, day), at) for t in world.teams})[world.teams[0].key].still


def of_lives(
    known: list[Life], day: date, asked: Asked, still: frozenset[int] = frozenset()
) -> Forecast:
    """Forecast items by what had become of them by the end of a day."""
    if not known:
        return Forecast(0, reason="nothing there yet")
    at = datetime.combine(day, time.max, UTC)
    weeks = replace(_weeks(known, at), still=still)
    last = last_items(_cycle(known, at), POLICY)
    return forecast(weeks, day, asked, POLICY.forecast, last)


def lives(team: Team, day: date) -> list[Life]:
    """Return what had become of a team's work by the end of a day."""
    at = datetime.combine(day, time.max, UTC)
    return [_life(team, item, at) for item in _works(team) if item.created <= at]


@dataclass(frozen=True, slots=True)
class Life:
    """``left_as`` None: it is open."""

    key: str
    created: datetime
    started: datetime | None
    finished: datetime | None
    left_as: str | None


def _life(team: Team, item: Item, at: datetime) -> Life:
    category = {stage.name: stage.category for stage in team.stages}
    started = finished = resolution = None
    for event in item.events:
        if event.at <= at and event.field == "resolution":
            resolution = event.new
        if event.at <= at and event.field == "status":
            now = category[event.new or ""]
            started = started or (event.at if now == "in_progress" else None)
            finished = (finished or event.at) if now == "done" else None
    dropped = resolution in ("dropped", "duplicate")
    left_as = None if finished is None else "dropped" if dropped else "done"
    return Life(item.key, item.created, started, finished, left_as)


def _weeks(lives: list[Life], at: datetime) -> Weekly:
    arrived, finished, dropped = ([0] * (WEEKS + 1) for _ in range(3))
    days = set()
    for life in lives:
        arrived[_week(life.created, at)] += 1
        if life.finished:
            (finished if life.left_as == "done" else dropped)[_week(life.finished, at)] += 1
            if life.left_as == "done" and at - life.finished < timedelta(weeks=RECENT):
                days.add(life.finished.date())
    first = next((week for week, n in enumerate(arrived) if n), WEEKS) + 1
    left = sum(life.left_as is None for life in lives)
    return Weekly(
        tuple(arrived[first:]), tuple(finished[first:]), tuple(dropped[first:]), left, len(days)
    )


def _week(moment: datetime, at: datetime) -> int:
    return max(WEEKS - (at - moment) // timedelta(weeks=1), 0)


def _cycle(lives: list[Life], at: datetime) -> Spread | None:
    done = [
        life for life in lives
        if life.left_as == "done" and life.finished and life.finished > at - timedelta(days=90)
    ]  # fmt: skip
    times = [(life.finished - life.started).total_seconds() / 86_400
             for life in done if life.started and life.finished]  # fmt: skip
    if not times:
        return None
    p50, p85, p95 = (percentile(times, q) for q in (0.5, 0.85, 0.95))
    return Spread(len(times), len(done), p50, p85, p95, max(times))


def ends_of(team: Team) -> list[date]:
    """Return the days on which the work was finished for good; nothing where some never was."""
    closed = {stage.name for stage in team.stages if stage.category == "done"}
    moves = [[e for e in item.events if e.field == "status"] for item in _works(team)]
    if any(not events or events[-1].new not in closed for events in moves):
        return []
    return sorted(events[-1].at.date() for events in moves)


def _works(team: Team) -> list[Item]:
    return [item for item in team.items if is_work(item)]


def target_of(world: World, name: str, day: date) -> date | None:
    return next(p.target for p in world.portfolio_at(day).projects if p.name == name)


def _loaded(store: Store, world: World) -> Config:
    teams = ((team, world.people) for team in world.teams)
    sites = {tracker: site_of(tracker, url, "Calibration") for tracker, url in URLS.items()}
    load(store, teams, sites, list, now=datetime.combine(END, datetime.max.time(), UTC))
    return Config(
        Path("pmo-sync.toml"),
        projects=tuple(
            Project(each.name, select=tuple(Select(s.tracker, s.container) for s in each.select))
            for each in world.portfolio.projects
        ),
    )
