"""``pmo-sync demo --items N``: a world of any size straight into a store."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pmo_sync.config import Portfolio, Program
from pmo_sync.connectors.base import Progress
from pmo_sync.demo.facts import Person, Team, Tracker, WorldProject
from pmo_sync.demo.load import load, site_of
from pmo_sync.demo.names import TITLE
from pmo_sync.demo.peak import peak
from pmo_sync.demo.run import clear, evening
from pmo_sync.demo.run_config import MAPPED, Origin, Told, project_of, write_down
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
    """Put a world of so many items into the folder's store, with a configuration that has a
    project for each team."""
    clear(folder)
    began = time.perf_counter()
    seen: list[tuple[Tracker, WorldProject]] = []
    store = Store(folder / "store")

    def teams() -> Iterator[tuple[Team, Sequence[Person]]]:
        done = 0
        for part in stream(seed, items):
            yield part.team, part.people
            seen.append((part.team.tracker, part.project))
            done += len(part.team.items)
            progress.step("world", "items", done, items)

    def observe() -> list[Observation]:
        progress.step("store", "publishing it")
        config = write_down(folder, Origin(seed, UNTIL, items=items), URLS, _told(seen))
        return observations(config.projects)

    sites = {tracker: site_of(tracker, url, TITLE) for tracker, url in URLS.items()}
    load(store, teams(), sites, observe, now=evening(UNTIL))
    count = store.counts()["work_item"]
    return Loaded(count, time.perf_counter() - began, peak(), store.size())


def _told(seen: Sequence[tuple[Tracker, WorldProject]]) -> Told:
    """Return the configuration: each project under its tracker, in the place of its program."""
    containers: dict[str, tuple[str, ...]] = {
        tracker: tuple(rule.container for own, project in seen if own == tracker
                       for rule in project.select)
        for tracker in URLS
    }  # fmt: skip
    return Told(
        Portfolio(f"{TITLE} at large", "Europe/Stockholm"),
        [Program(name) for name in PROGRAMS.values()],
        [replace(project_of(project), program=PROGRAMS[tracker]) for tracker, project in seen],
        [],
        containers,
        MAPPED,
    )
