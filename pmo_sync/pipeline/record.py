"""``run.json``: what a run did, for machines; written whether the run succeeded or failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import msgspec

from pmo_sync import __version__
from pmo_sync.model import Spent
from pmo_sync.pipeline.publishing import Published
from pmo_sync.pipeline.reporting import Written
from pmo_sync.render.files import write
from pmo_sync.render.json import to_json
from pmo_sync.store import RunResult

NAME = "run.json"
VERSION = 1
"""Raised when a field changes its meaning or goes; docs/scheduling.md describes the fields."""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One source: ``items`` were read, ``changed`` of them are new; where the sync failed
    ``stale_since`` is its last complete one, else ``spent`` tells the requests apart."""

    name: str
    outcome: str
    requests: int
    items: int
    changed: int
    message: str | None
    stale_since: datetime | None = None
    spent: Spent | None = None


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """One report: its files, relative to the folder of ``run.json``."""

    name: str
    headline: str
    files: tuple[str, ...]


@dataclass
class Record:
    """A run, filled in as it goes."""

    started: datetime
    as_of: date
    finished: datetime | None = None
    exit_code: int | None = None
    error: str | None = None
    snapshot: int | None = None
    sources: list[SourceRecord] = field(default_factory=list)
    reports: list[ReportRecord] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)

    def failures(self) -> list[str]:
        """Say what failed of what does not stop a run: sources, places."""
        sources = [each.message or each.name for each in self.sources if each.outcome == "failed"]
        return [*sources, *(each.message for each in self.published if each.outcome == "failed")]

    def add_sources(self, results: Sequence[RunResult]) -> None:
        """Tell what the sync did to each source."""
        self.sources = [
            SourceRecord(
                each.source,
                each.outcome,
                each.requests,
                each.fetched,
                each.changed,
                each.message,
                spent=each.spent,
            )
            for each in results
        ]

    def add_reports(self, written: Sequence[Written], folder: Path) -> None:
        """Tell what was written below ``folder``, and since when a failed source is stale."""
        synced = {row.name: row.synced for row in written[0].report.sources}
        self.sources = [
            replace(each, stale_since=synced.get(each.name)) if each.outcome == "failed" else each
            for each in self.sources
        ]
        self.snapshot = written[0].snapshot
        self.reports = [
            ReportRecord(
                each.name,
                each.report.headline,
                tuple(path.relative_to(folder).as_posix() for path in each.paths),
            )
            for each in written
        ]

    def write(self, folder: Path) -> None:
        """Put it into ``folder``, at once."""
        head = {"schema": VERSION, "program": f"pmo-sync {__version__}"}
        write(folder / NAME, to_json({**head, **msgspec.to_builtins(self)}))
