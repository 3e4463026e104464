"""The stages joined: the only module that sees all of them. Clocks are read by the caller."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from pmo_sync import registry
from pmo_sync.config import Config, Portfolio, Project, Secret, Select, Source
from pmo_sync.config.write import render_first
from pmo_sync.connectors.base import Connector, Finding, Progress
from pmo_sync.errors import ConfigError, PartialError, PmoSyncError, SourceError, StoreError
from pmo_sync.pipeline.publishing import Published, publish
from pmo_sync.pipeline.reporting import FORMATS, Written, known_reports, reading, report, reports
from pmo_sync.policy import Policy
from pmo_sync.render.rollup import render_rollup
from pmo_sync.render.table import as_csv, as_json, as_table, as_text
from pmo_sync.reports.items import COLUMNS, DEFAULT_COLUMNS, item_rows
from pmo_sync.reports.rollup import rollup_table
from pmo_sync.rollups.projects import observations
from pmo_sync.rollups.table import Question
from pmo_sync.store import RunResult, SourceRun, Store, archive

__all__ = [
    "FORMATS", "First", "Published", "Synced", "Wanted", "Written", "check", "connector",
    "first_config", "item_columns", "items", "known_reports", "publish", "reading", "report",
    "reports", "rollup", "row_text", "store_export", "store_import", "store_info", "sync",
    "sync_sources",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did to each source, and what went wrong with those that failed."""

    results: tuple[RunResult, ...]
    errors: tuple[PmoSyncError, ...]

    @property
    def failed(self) -> tuple[RunResult, ...]:
        """The sources that failed: their own errors, or what the store refused."""
        return tuple(result for result in self.results if result.outcome == "failed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What ``init`` was told; tokens by the name of the variable that holds them."""

    portfolio: str | None = None
    timezone: str | None = None
    jira_url: str | None = None
    jira_email: str | None = None
    jira_token_env: str | None = None
    github_url: str | None = None
    github_organization: str | None = None
    github_token_env: str | None = None


@dataclass(frozen=True, slots=True)
class First:
    """The text of a first configuration, and a line for each thing that the logins see."""

    text: str
    found: tuple[str, ...]


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
    with store.writing(wait):
        store.check_clock(now)
        tried = [_sync_source(store, source, progress, now, full=full) for source in chosen]
        runs = [run for run, _ in tried]
        results = store.publish(runs, observations(config.projects), now=now)
    return Synced(tuple(results), tuple(error for _, error in tried if error))


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


def items(
    config: Config,
    where: str | None,
    day: date,
    since: date | None,
    columns: Sequence[str] = COLUMNS,
) -> list[Mapping[str, object]]:
    """Return the work items that a filter selects as of ``day``, as plain rows of ``columns``."""
    with reading(config) as tables:
        return item_rows(tables, config, where, day, since, columns)


def item_columns(form: str, columns: str | None) -> list[str]:
    """Return the columns that were asked for, else the format's own; raise ConfigError for one
    that is not known."""
    default = DEFAULT_COLUMNS if form == "table" else COLUMNS
    names = [name.strip() for name in columns.split(",")] if columns else list(default)
    for name in names:
        if name not in COLUMNS:
            raise ConfigError(f"--columns: no column {name!r} (known: {', '.join(COLUMNS)})")
    return names


def row_text(rows: Sequence[Mapping[str, object]], form: str, columns: Sequence[str]) -> str:
    """Write rows as a table, CSV or JSON."""
    if form == "csv":
        return as_csv(columns, rows).decode()
    if form == "json":
        return as_json(columns, rows).decode()
    return as_text(as_table(columns, rows))


def rollup(
    config: Config,
    asked: Question,
    day: date,
    compare: date | None,
    *,
    form: str,
    sort: str | None = None,
    limit: int | None = None,
) -> str:
    """Answer a question of ``reports.rollup`` as of ``day``, written in one of its forms."""
    with reading(config) as tables:
        table = rollup_table(tables, config, day, asked, compare, sort, limit)
    return render_rollup(table, form)


def first_config(wanted: Wanted, progress: Progress) -> First:
    """Make a first configuration with a project for each container that the logins see.

    A source that cannot be asked yet (no token set, no network) is written all the same, and
    named with the reason.
    """
    sources = list(_wanted_sources(wanted))
    projects: list[Project] = []
    found: list[str] = []
    for source in sources:
        try:
            seen = connector(source, progress).containers()
        except PmoSyncError as error:
            found.append(f"{source.name}: not listed: {error}")
            continue
        found += [f"{source.name}: {container.key}  {container.name}" for container in seen]
        projects += [
            Project(_unused(container.name, projects), select=(Select(source.name, container.key),))
            for container in seen
        ]
    portfolio = Portfolio(wanted.portfolio or "Portfolio", wanted.timezone or "UTC")
    text = render_first(portfolio=portfolio, sources=sources, projects=projects)
    return First(text, tuple(found))


def _wanted_sources(wanted: Wanted) -> Iterator[Source]:
    def token(variable: str | None) -> Secret:
        return Secret("env", variable or "", "token")

    if wanted.jira_url:
        yield Source("jira", "jira", wanted.jira_url, email=wanted.jira_email or None,
                     token=token(wanted.jira_token_env))  # fmt: skip
    if wanted.github_url and (wanted.github_organization or not wanted.jira_url):
        yield Source("github", "github", wanted.github_url,
                     organization=wanted.github_organization or None,
                     token=token(wanted.github_token_env))  # fmt: skip


def _unused(name: str, projects: Sequence[Project]) -> str:
    taken = {project.name for project in projects}
    numbered = (f"{name} {number}" for number in itertools.count(2))
    return name if name not in taken else next(n for n in numbered if n not in taken)


def store_info(config: Config) -> Iterator[str]:
    """Describe the store: where, how big, how fresh, what is unfinished."""
    store = Store(config.store_path)
    with store.read() as con:
        runs = con.execute(
            "SELECT source, max(started) FILTER (outcome = 'complete'), arg_max(outcome, sync_id),"
            " arg_max(message, sync_id) FROM sync_run GROUP BY source ORDER BY source"
        ).fetchall()
    yield f"store {config.store_path}: snapshot {store.number()}, {store.size() / 1e6:,.1f} MB"
    for source, synced, outcome, message in runs:
        fresh = f"last complete sync {synced:%Y-%m-%d %H:%M} UTC" if synced else "never complete"
        yield f"{source}: {fresh}" + (f"; the last one {outcome}: {message}" if message else "")
    for source in store.unfinished():
        yield f"{source}: a sync was not finished; the next one goes on where it stood"
    for table, rows in store.counts().items():
        yield f"  {table:<12}{rows:>12,} rows"


def store_export(config: Config, target: Path) -> dict[str, int]:
    """Write everything in the store to an archive; return the rows of each table."""
    return archive.export(config.store_path, target)


def store_import(config: Config, source: Path, *, replace: bool) -> dict[str, int]:
    """Restore the store from an archive; what it holds is replaced only if ``replace``."""
    store = Store(config.store_path)
    if store.exists() and not replace:
        raise StoreError(
            f"{config.store_path}: the store is not empty; --replace puts the archive in its place"
        )
    with store.running(), store.writing():
        return archive.restore(config.store_path, source)


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
    return SourceRun(source.name, site, made.requests, source.max_loss), None


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
