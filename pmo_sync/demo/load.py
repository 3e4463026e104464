"""The world straight into a store, without trackers: for benchmarks of what lies above it.

Teams are taken one at a time and handed on in batches, so that memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from pmo_sync.demo.facts import Person, Team, Tracker
from pmo_sync.demo.load_github import GithubRecords
from pmo_sync.demo.load_jira import NO_PAGES, JiraRecords
from pmo_sync.demo.load_jira_item import Pages
from pmo_sync.model import Batch, Observation, Site, Sweep
from pmo_sync.store import RunResult, SourceRun, Store

ITEMS_A_BATCH = 2000
FINGERPRINT = "straight"


def load(
    store: Store,
    teams: Iterable[tuple[Team, Sequence[Person]]],
    sites: Mapping[Tracker, Site],
    observe: Callable[[], Sequence[Observation]],
    *,
    now: datetime,
    pages: Pages = NO_PAGES,
) -> list[RunResult]:
    """Put teams, each with its people, into the store as one complete sync of each tracker, a
    source by its name, and publish; what the store held of them and is not there any more has left.

    ``pages`` are what Jira items link to in other trackers; without them they link to none.
    ``observe`` says, once all teams are known, what the configuration makes of them.
    """
    records = {tracker: _records(tracker, site, pages) for tracker, site in sites.items()}
    with store.writing():
        writers = {tracker: _Writer(store, tracker, now) for tracker in sites}
        try:
            for tracker, made in records.items():
                writers[tracker].take(made.opening())
            for team, people in teams:
                writers[team.tracker].team(team, people, records[team.tracker])
            for writer in writers.values():
                writer.complete()
        finally:
            for writer in writers.values():
                writer.close()
        runs = [SourceRun(tracker, site.site, 0, 1.0) for tracker, site in sites.items()]
        return store.publish(runs, observe(), now=now)


def site_of(tracker: Tracker, url: str, title: str, identity: str | None = None) -> Site:
    """Return the site of a tracker at an address, named by its host and context path unless it
    has an identity."""
    kind = "github" if tracker == "github" else "jira"
    parts = urlsplit(url)
    return Site(identity or parts.netloc + parts.path, kind, url, title)


def _records(tracker: Tracker, site: Site, pages: Pages) -> JiraRecords | GithubRecords:
    return GithubRecords(site) if tracker == "github" else JiraRecords(site, tracker, pages)


class _Writer:
    """One source's batches on their way into the store."""

    def __init__(self, store: Store, source: str, now: datetime) -> None:
        self._staging = store.staging(source)
        self._staging.begin(now, FINGERPRINT, full=True)
        self._waiting: list[Batch] = []
        self._items = 0

    def take(self, batch: Batch) -> None:
        """Hand a batch over, sooner or later: each transaction waits for the disk."""
        self._waiting.append(batch)
        self._items += len(batch.items)
        if self._items >= ITEMS_A_BATCH:
            self._flush()

    def team(
        self, team: Team, people: Sequence[Person], records: JiraRecords | GithubRecords
    ) -> None:
        """Hand over a team's setting, its items, and that these are all."""
        self.take(records.setting(team))
        for batch in records.items(team, {one.key: one for one in people}):
            self.take(batch)
        ids = tuple(records.id_of(item.key) for item in team.items)
        self.take(Batch(sweeps=(Sweep(records.site.site, team.container, ids),)))

    def complete(self) -> None:
        """Hand over what waits; the sync is whole."""
        self._flush()
        self._staging.complete()

    def close(self) -> None:
        """Close the working file."""
        self._staging.close()

    def _flush(self) -> None:
        self._staging.append(_joined(self._waiting))
        self._waiting, self._items = [], 0


def _joined(batches: Sequence[Batch]) -> Batch:
    """Return one batch of all their records."""
    names = [one.name for one in fields(Batch) if one.name != "state"]
    parts: dict[str, Any] = {
        name: tuple(chain.from_iterable(getattr(one, name) for one in batches)) for name in names
    }
    return Batch(**parts)
