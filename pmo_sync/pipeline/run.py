"""``pmo-sync run``: sync, report, publish, as one thing that a scheduler calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from pmo_sync.config import Config
from pmo_sync.connectors.base import Progress
from pmo_sync.errors import PmoSyncError, SourceError, is_interruption
from pmo_sync.pipeline.publishing import publish_held, publishers
from pmo_sync.pipeline.record import Record
from pmo_sync.pipeline.reporting import check_names, reports
from pmo_sync.pipeline.syncing import sync_sources
from pmo_sync.store import Store

PARTIAL = 3
INTERRUPTED = 130

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is to do; ``folder`` takes the reports and ``run.json``, ``wait`` is how many
    seconds it waits for another one."""

    day: date
    folder: Path
    names: Sequence[str]
    formats: Sequence[str]
    only: Sequence[str] = ()
    full: bool = False
    wait: float = 0
    publish: bool = True


def run(config: Config, progress: Progress, order: Order, *, clock: Clock) -> Record:
    """Sync, report and publish under one lock, and write ``run.json`` however it ends.

    A source or a place that fails does not stop the others: the record says so, and its exit code
    is 3. Raises LockedError where another run holds the lock for all of ``order.wait``, and
    SourceError where there is nothing to report on.
    """
    check_names(order.names)
    if order.publish:
        publishers(config)  # a mistake in the configuration shows before anything is asked
    asked = clock()
    with Store(config.store_path).running(order.wait):
        record = Record(clock(), order.day)
        left = order.wait - (record.started - asked).total_seconds()
        try:
            _do(config, progress, replace(order, wait=max(left, 0)), record, clock)
        except BaseException as error:
            record.error, record.exit_code = _told(error)
            record.finished = clock()
            with suppress(PmoSyncError):  # where the disk is full, the first error tells it
                record.write(order.folder)
            raise
        record.exit_code = PARTIAL if record.failures() else 0
        record.finished = clock()
        record.write(order.folder)
    return record


def _do(config: Config, progress: Progress, order: Order, record: Record, clock: Clock) -> None:
    synced = sync_sources(
        config, progress, now=clock(), only=order.only, full=order.full, wait=order.wait
    )
    record.add_sources(synced.results)
    if not Store(config.store_path).has_data():
        raise SourceError("; ".join(record.failures()))
    progress.step("report", "writing")
    written = reports(config, order.names, order.day, order.formats, order.folder)
    record.add_reports(written, order.folder)
    if order.publish:
        record.published = publish_held(config, written, order.day, now=clock())


def _told(error: BaseException) -> tuple[str, int]:
    if isinstance(error, PmoSyncError):
        return str(error), error.exit_code
    if is_interruption(error):
        return "interrupted", INTERRUPTED
    return f"{type(error).__name__}: {error}", 1
