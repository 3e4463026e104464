"""What the status report says of simulated projects, beside what is true of them.

The truth is the seed's blueprint: which situation each project was given, and since when. The
report knows trackers, configuration and what was declared, and nothing of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from pmo_sync.config import Config, Note, Project
from pmo_sync.demo.draw import draw
from pmo_sync.demo.facts import Tracker, World
from pmo_sync.demo.load import load, site_of
from pmo_sync.demo.plans import Kind, TeamPlan
from pmo_sync.demo.render_github import issue_page
from pmo_sync.demo.run import evening
from pmo_sync.demo.run_config import of_world
from pmo_sync.demo.world import UNTIL, build_days
from pmo_sync.frames import from_store
from pmo_sync.reports.status.build import build
from pmo_sync.reports.status.view import ProjectStatus
from pmo_sync.rollups.projects import observations
from pmo_sync.store import Store

DAYS = (UNTIL - timedelta(weeks=24), UNTIL)
"""A sync half a year before, which records the targets of then, and one on the report's day."""
URLS: Mapping[Tracker, str] = {
    "jira": "https://jira.example", "jira_dc": "https://dc.example",
    "github": "https://github.example",
}  # fmt: skip
ABOUT = timedelta(weeks=6)
"""How far from a change of pace a day may be that is called near."""


@dataclass(frozen=True, slots=True)
class Told:
    """A project's situation, and what the report says of it."""

    seed: int
    plan: TeamPlan
    status: ProjectStatus
    silent: bool
    """Whether its declarations stopped two months ago."""

    @property
    def rules(self) -> frozenset[str]:
        """The rules of the reasons that are given."""
        return frozenset(reason.rule for reason in self.status.reasons)

    @property
    def troubled(self) -> bool:
        """Whether it is shown at risk or off track."""
        return self.status.level in ("at_risk", "off_track")


def judged(seed: int) -> Iterator[Told]:
    """Yield every project of a seed's world with what its status report says."""
    blueprint = draw(seed)
    plans = {plan.subject.project: plan for plan in blueprint.plans}
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        for world in build_days(seed, DAYS):
            config = _synced(store, world)
        con = store.read()
        report = build(from_store(con), config, UNTIL)
        con.close()
    for status in (*report.attention, *report.steady):
        plan = plans[status.name]
        yield Told(seed, plan, status, plan.key in blueprint.silent_since)


def _synced(store: Store, world: World) -> Config:
    told = of_world(world)
    sites = {tracker: site_of(tracker, url, "Situations") for tracker, url in URLS.items()}
    pages = {
        item.key: (issue_page(URLS["github"], team, item), f"{team.container}#{item.number}")
        for team in world.teams if team.tracker == "github" for item in team.items
    }  # fmt: skip
    load(
        store, ((team, world.people) for team in world.teams), sites,
        lambda: observations(told.projects), now=evening(world.until), pages=pages,
    )  # fmt: skip
    return Config(
        Path("pmo-sync.toml"), portfolio=told.portfolio, programs=tuple(told.programs),
        people=tuple(told.people),
        projects=tuple(replace(each, notes=_notes(world, each)) for each in told.projects),
    )  # fmt: skip


def _notes(world: World, project: Project) -> tuple[Note, ...]:
    return tuple(
        Note(update.text, update.at.date(), level=update.level)
        for update in world.updates
        if update.project == project.name
        and update.level != "complete"
        and update.level != "inactive"
    )


def _watermelon(told: Told) -> bool:
    differs = bool({"declared.differs", "declared.watermelon"} & told.rules)
    return "schedule.forecast" in told.rules and differs and told.troubled


def _moved(told: Told) -> bool:
    return "schedule.slip" in told.rules and bool(told.status.target.slip) and told.troubled


def _young(told: Told) -> bool:
    return "schedule.too_little_data" in told.rules


def _over(told: Told) -> bool:
    return told.status.lifecycle == "complete" and not told.status.reasons


def _late_version(told: Told) -> bool:
    return "milestone.overdue" in told.rules


def _slowed(told: Told) -> bool:
    since, truth = told.status.forecast.since, told.plan.capacity[-1][0]
    return "flow.pace" in told.rules and since is not None and abs(since - truth) <= ABOUT


def holds(told: Told) -> bool:
    """Say whether the range that is told for a change of pace holds the true day."""
    found, truth = told.status.forecast, told.plan.capacity[-1][0]
    if not found.since_earliest or not found.since_latest:
        return False
    return found.since_earliest <= truth <= found.since_latest


NAMED: Mapping[Kind, tuple[str, Callable[[Told], bool]]] = {
    "watermelon": ("in trouble by its forecast, declared better", _watermelon),
    "moved_target": ("in trouble, and by how much the target moved", _moved),
    "grown_scope": ("scope grew", lambda told: "scope.growth" in told.rules and told.troubled),
    "blocked_chain": ("in trouble, and work is blocked",
                      lambda told: "work.blocked" in told.rules and told.troubled),
    "little_data": ("too few weeks for a forecast", _young),
    "finished": ("complete, and nothing to say", _over),
    "unowned": ("no owner", lambda told: "governance.no_owner" in told.rules),
    "overdue_version": ("a version is past its date and not released", _late_version),
    "regime_change": ("the pace changed, and when, by six weeks", _slowed),
}  # fmt: skip
"""What it takes to have named a situation. That one person does all the work and that another team
waits is told by the reports of resources and dependencies."""
