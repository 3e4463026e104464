"""Sources into the store: one's failure does not stop the others."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from pmo_sync import registry
from pmo_sync.config import Config, Source
from pmo_sync.connectors.base import Connector, Finding, Progress
from pmo_sync.errors import ConfigError, PartialError, PmoSyncError, SourceError
from pmo_sync.policy import Policy
from pmo_sync.rollups.defined import milestone_observations
from pmo_sync.rollups.projects import observations
from pmo_sync.store import RunResult, SourceRun, Store

SELDOM = 100_000
"""Objects that come before garbage is looked for."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did to each source, and what went wrong with those that failed."""

    results: tuple[RunResult, ...]
    errors: tuple[PmoSyncError, ...]

    @property
    def failed(self) -> tuple[RunResult, ...]:
        """The sources that failed: their own errors, or what the store refused."""
        return tuple(result for result in self.results if result.outcome == "failed")


def connector(source: Source, progress: Progress) -> Connector:
    """Make the connector of a source; nothing is asked of the tracker yet."""
    made: Connector = registry.load("pmo_sync.connectors", source.type)(source, progress)
    return made


def sync(
    config: Config,
    progress: Progress,
    *,
    now: datetime,
    only: Sequence[str] = (),
    full: bool = False,
    wait: float = 0,
) -> list[RunResult]:
    """Sync the sources into the store and publish the next snapshot.

    One source's failure does not stop the others: theirs is published, its own data stays as it
    was. Raises PartialError where some failed, SourceError where all did.
    """
    synced = sync_sources(config, progress, now=now, only=only, full=full, wait=wait)
    _raise_failures(synced)
    return list(synced.results)


def sync_sources(
    config: Config,
    progress: Progress,
    *,
    now: datetime,
    only: Sequence[str] = (),
    full: bool = False,
    wait: float = 0,
) -> Synced:
    """Do what ``sync`` does; a source that failed is told, not raised."""
    chosen = _chosen(config, only)
    store = Store(config.store_path)
    with store.writing(wait), _collecting_seldom():
        store.check_clock(now)
        tried = [_sync_source(store, source, progress, now, full=full) for source in chosen]
        runs = [run for run, _ in tried]
        told = [*observations(config.projects), *milestone_observations(config.milestones)]
        results = store.publish(runs, told, now=now)
    return Synced(tuple(results), tuple(error for _, error in tried if error))


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Look seldom for garbage that refers to itself: the many records of a sync make none, and to
    look through them is a fifth of its time."""
    usual = gc.get_threshold()
    gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def check(config: Config, progress: Progress) -> Iterator[tuple[str, Finding]]:
    """Prove each source, one finding at a time."""
    for source in config.sources:
        try:
            for finding in connector(source, progress).check():
                yield source.name, _without_name(finding, config.policy)
        except PmoSyncError as error:
            yield source.name, Finding("error", "login", str(error))


def _without_name(finding: Finding, policy: Policy) -> Finding:
    """Say whom a login belongs to only where outputs may name people."""
    if finding.level != "ok" or finding.subject != "login" or policy.people == "names":
        return finding
    return replace(finding, text="accepted")


def _chosen(config: Config, only: Sequence[str]) -> list[Source]:
    known = {source.name: source for source in config.sources}
    for name in only:
        if name not in known:
            raise ConfigError(f"sync: no source {name!r} (known: {', '.join(known) or 'none'})")
    if not known:
        raise ConfigError(f"{config.path}: there are no [[sources]] to sync")
    return [known[name] for name in dict.fromkeys(only)] or list(known.values())


def _sync_source(
    store: Store, source: Source, progress: Progress, now: datetime, *, full: bool
) -> tuple[SourceRun, PmoSyncError | None]:
    made: Connector | None = None
    site = None
    try:
        made = connector(source, progress)
        fingerprint = made.fingerprint()
        staging = store.staging(source.name)
        try:
            state = dict(staging.begin(now, fingerprint, full=full))
            if not full:
                state = {**store.resume(source.name, fingerprint), **state}
            for batch in made.sync(state, now=now):
                staging.append(batch)
                site = next((found.site for found in batch.sites), site)
            staging.complete()
        finally:
            staging.close()
    except (SourceError, ConfigError) as error:
        requests = made.requests if made else 0
        return SourceRun(source.name, site, requests, source.max_loss, error=str(error)), error
    run = SourceRun(source.name, site, made.requests, source.max_loss, spent=made.spent)
    return run, None


def _raise_failures(synced: Synced) -> None:
    failed, errors = synced.failed, synced.errors
    if not failed:
        return
    text = "; ".join(str(result.message) for result in failed)
    if len(failed) == len(synced.results) == len(errors) == 1:
        raise errors[0]  # it knows its own exit code
    if len(failed) == len(synced.results):
        raise SourceError(text)
    raise PartialError(f"{len(failed)} of {len(synced.results)} sources failed: {text}")
