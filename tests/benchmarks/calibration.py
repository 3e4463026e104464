"""Forecasts of simulated projects at several points of their work, beside when they were done."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil
from pathlib import Path

from pmo_sync.config import Config, Project, Select
from pmo_sync.demo.draw import draw
from pmo_sync.demo.facts import Item, Team, Tracker, World
from pmo_sync.demo.load import load, site_of
from pmo_sync.demo.loads import is_work
from pmo_sync.demo.plans import Kind
from pmo_sync.demo.world import build
from pmo_sync.frames import Tables, from_store
from pmo_sync.rollups.flow import of_projects
from pmo_sync.rollups.forecast.forecast import Asked, Forecast, forecasts_of
from pmo_sync.rollups.scope import scope_at
from pmo_sync.rollups.wanted import NOTHING
from pmo_sync.rollups.work import work_fields
from pmo_sync.store import Store

STABLE: tuple[Kind, ...] = (
    "healthy", "unowned", "one_person", "overdue_version", "moved_target", "finished",
    "watermelon",
)  # fmt: skip
"""Situations in which neither the team nor its work is disturbed: dates and declarations are."""
SHARES = (0.1, 0.3, 0.5, 0.7)
"""Of the work, what is done when a forecast is made."""
END = date(2027, 12, 31)
URLS: Mapping[Tracker, str] = {
    "jira": "https://jira.example", "jira_dc": "https://dc.example",
    "github": "https://github.example",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A forecast made on ``day``, and in how many weeks the project was done."""

    seed: int
    project: str
    share: float
    day: date
    target: date | None
    found: Forecast
    weeks: int
    done: date


def cases(seed: int) -> Iterator[Case]:
    """Forecast every stable project of a seed, at each of ``SHARES``, from the store as of then."""
    kinds = {plan.key: plan.kind for plan in draw(seed).plans}
    world = build(seed, END)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        config = _loaded(store, world)
        con = store.read()
        for team, project in zip(world.teams, config.projects, strict=True):
            ends = _ends(team)
            if kinds[team.key] in STABLE and ends:
                for share in SHARES:
                    day = ends[ceil(share * len(ends)) - 1]
                    found = _forecast(from_store(con), config, world, project, day)
                    yield Case(seed, project.name, share, day, _target(world, project, day), found,
                               ceil((ends[-1] - day).days / 7), ends[-1])  # fmt: skip
        con.close()


def _ends(team: Team) -> list[date]:
    """Return the days on which the work was finished for good; nothing where some never was."""
    closed = {stage.name for stage in team.stages if stage.category == "done"}
    moves = [[e for e in item.events if e.field == "status"] for item in _works(team)]
    if any(not events or events[-1].new not in closed for events in moves):
        return []
    return sorted(events[-1].at.date() for events in moves)


def _works(team: Team) -> list[Item]:
    return [item for item in team.items if is_work(item)]


def _target(world: World, project: Project, day: date) -> date | None:
    return next(p.target for p in world.portfolio_at(day).projects if p.name == project.name)


def _forecast(
    tables: Tables, config: Config, world: World, project: Project, day: date
) -> Forecast:
    fields = work_fields(config.policy) | {"created", "category", "finished", "started", "project"}
    scope = scope_at(tables, config, day, NOTHING.with_fields(fields))
    asked = {project.name: Asked(_target(world, project, day))}
    return forecasts_of(scope, of_projects(scope), asked, config.policy)[project.name]


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
