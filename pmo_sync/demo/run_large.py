"""``pmo-sync demo --items N``: a world of any size straight into a store."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pmo_sync.config import Portfolio, Program, Project, Select
from pmo_sync.connectors.base import Progress
from pmo_sync.demo.facts import Person, Team, Tracker
from pmo_sync.demo.load import load, site_of
from pmo_sync.demo.names import TITLE
from pmo_sync.demo.peak import peak
from pmo_sync.demo.run import Origin, Told, clear, evening, write_down
from pmo_sync.demo.scale import stream
from pmo_sync.demo.world import UNTIL
from pmo_sync.model import Observation
from pmo_sync.rollups.projects import observations
from pmo_sync.store import Store

URLS: Mapping[Tracker, str] = {
    "jira": "https://jira.harbourline.example",
    "jira_dc": "https://tracker.harbourline.example/jira",
    "github": "https://github.harbourline.example",
}
"""Addresses that lead nowhere: nothing is served."""
PROGRAMS: Mapping[Tracker, str] = {
    "jira": "Jira Cloud", "jira_dc": "Jira Data Center", "github": "GitHub",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, and what it took: seconds, bytes of memory at most (None: not known here),
    bytes of the store."""

    items: int
    seconds: float
    peak: int | None
    size: int

    def __str__(self) -> str:
        most = f"{self.peak / 1e6:,.0f} MB of memory" if self.peak else "memory unknown"
        return (
            f"{self.items:,} items in {self.seconds:,.0f} s"
            f" ({self.items / self.seconds:,.0f} a second), at most {most};"
            f" the store has {self.size / 1e6:,.1f} MB"
        )


def make_large(folder: Path, seed: int, items: int, progress: Progress) -> Loaded:
    """Put a world of at least so many items into the folder's store, with a configuration that
    has a project for each team."""
    clear(folder)
    began = time.perf_counter()
    people, teams = stream(seed, items)
    seen: list[Team] = []
    store = Store(folder / "store")

    def observe() -> list[Observation]:
        progress.step("store", "publishing it")
        origin = Origin(seed, UNTIL, items=items)
        config = write_down(folder, origin, URLS, *_told(seen, people))
        return observations(config.projects)

    sites = {tracker: site_of(tracker, url, TITLE) for tracker, url in URLS.items()}
    load(store, _noted(teams, seen, items, progress), people, sites, observe, now=evening(UNTIL))
    count = store.counts()["work_item"]
    return Loaded(count, time.perf_counter() - began, peak(), store.size())


def _noted(
    teams: Iterable[Team], seen: list[Team], items: int, progress: Progress
) -> Iterator[Team]:
    """Yield teams; remember them without their items."""
    done = 0
    for team in teams:
        yield team
        done += len(team.items)
        progress.step("world", "items", done, items)
        seen.append(replace(team, items=(), sprints=(), milestones=()))


def _told(teams: Sequence[Team], people: Sequence[Person]) -> Told:
    owners = [person.name for person in people if not person.bot and person.active]
    return (
        Portfolio(f"{TITLE} at large", "Europe/Stockholm"),
        [Program(name) for name in PROGRAMS.values()],
        [
            Project(
                f"{team.name} ({team.key})",
                PROGRAMS[team.tracker],
                owners[place % len(owners)],
                start=team.started.date(),
                select=(Select(team.tracker, team.container),),
            )
            for place, team in enumerate(teams)
        ],
        [],
        {tracker: tuple(team.container for team in teams if team.tracker == tracker)
         for tracker in URLS},
    )  # fmt: skip
