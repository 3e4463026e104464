"""The working folder of one source: batches are committed with the connector's resume state.

It is what a killed sync resumes from; readers never look at it. Nothing waits for the disk to have
it: where the machine itself stopped, what is damaged begins anew. Its journal (``journal.py``) says
what counts of the items, which are most of all and lie in files of their own (``records.py``).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pmo_sync.model import Batch, ItemRecord, Marking, PullRecord, Sweep
from pmo_sync.store.database import translated
from pmo_sync.store.journal import ENCODE, Asked, Journal, Told
from pmo_sync.store.records import Records, Written, page

TOGETHER = 10_000
"""Ids in a line: a list of all of them is as long as a site is large."""
Rows = Iterator[tuple[str, object]]
"""Rows, each with the name of its table in ``staging.sql``."""


class Staging:
    """A source's sync in progress, kept in the folder ``path`` until it is merged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._journal, self._records = Journal(path), Records(path)
        self._batch, self._written = 0, Written()
        with translated(path):
            path.mkdir(parents=True, exist_ok=True)
            self._told = self._journal.read()
            if not self._records.has(self._told.written):
                self._told = Told()
            self._start(self._told)

    def close(self) -> None:
        """Write no more; what was committed stays."""
        self._journal.close()

    def begin(self, now: datetime, fingerprint: str, *, full: bool) -> Mapping[str, str]:
        """Return the resume state of an unfinished sync that asked for the same, and go on with
        it; else forget what is here, begin anew, and return no state."""
        asked = Asked(fingerprint, full)
        if self._told.asked == asked:
            return self._told.state
        with translated(self.path):
            self._start(Told())
            self._journal.begin(asked, now)
        return {}

    def append(self, batch: Batch) -> None:
        """Commit a batch and its resume state together: both or neither. Of an item that is in
        it twice the last counts: a tracker may list one twice in a page."""
        self._batch += 1
        records = {record.item.item_id: record for record in batch.items}.values()
        written = page(records, self._batch)
        rows = [*_of_items(records, written.digests), *_beside(batch)]
        with translated(self.path):
            self._written = self._records.add(self._written, written)
            self._journal.add(self._batch, rows, self._written)

    def complete(self) -> None:
        """Mark the sync as whole: from now on it may be merged."""
        with translated(self.path):
            self._journal.complete()

    def _start(self, told: Told) -> None:
        """Go on from what was committed."""
        self._batch, self._written = told.batch, told.written
        self._journal.cut(told.size)
        self._records.cut(told.written)


def remove(path: Path) -> None:
    """Drop a working folder, the journal first: without it nothing of the rest counts; and the
    files that a version without folders kept."""
    with translated(path):
        Journal(path).path.unlink(missing_ok=True)
        for older in (".duckdb", ".duckdb.wal"):
            path.with_suffix(older).unlink(missing_ok=True)
    for folder in (path, path.with_suffix(".records")):
        shutil.rmtree(folder, ignore_errors=True)


def _of_items(records: Iterable[ItemRecord], digests: Iterable[str]) -> Rows:
    """What is said of items beside themselves and their history: what was observed, links, and
    their digests, those together of whom the same fields were seen empty."""
    together: dict[tuple[str, ...], tuple[list[str], list[str]]] = {}
    for record, digest in zip(records, digests, strict=True):
        item_id = record.item.item_id
        alike = together.setdefault(record.empty, ([], []))
        alike[0].append(item_id)
        alike[1].append(digest)
        for seen in record.observations:
            yield "observation", seen
        for link in record.links:
            yield "link", {"owner": item_id, "link": link}
    for empty, alike in together.items():
        yield "fresh", {"item_id": alike[0], "digest": alike[1], "empty": empty}


def _beside(batch: Batch) -> Rows:
    for table, rows in (
        ("observation", batch.observations),
        ("site", batch.sites),
        ("person", batch.persons),
        ("milestone", batch.milestones),
        ("iteration", batch.iterations),
        ("term", batch.terms),
        ("pull_record", map(_packed, batch.pulls)),
        ("delivery", batch.deliveries),
        ("status_update", batch.status_updates),
        ("worklog", batch.worklogs),
        ("rejected", batch.rejected),
        ("departed", batch.departed),
    ):
        yield from ((table, row) for row in rows)
    for removed in batch.removed_worklogs:
        yield "removed_worklog", {"worklog_id": removed}
    for table, lists in (("sweep", batch.sweeps), ("marking", batch.markings)):
        yield from ((table, part) for one in lists for part in _parts(one))
    for scope, state in batch.state.items():
        yield "resume", {"scope": scope, "state": state}


def _parts(listed: Sweep | Marking) -> Iterator[Sweep | Marking]:
    """A list of ids as several; an empty one says something too."""
    for start in range(0, max(1, len(listed.item_ids)), TOGETHER):
        yield replace(listed, item_ids=listed.item_ids[start : start + TOGETHER])


def _packed(record: PullRecord) -> dict[str, str]:
    """Return a pull request and its links as texts."""
    pull = record.pull
    texts = ENCODE(pull).decode(), ENCODE(record.links).decode()
    return {"pull_id": pull.pull_id, "pull": texts[0], "links": texts[1]}
