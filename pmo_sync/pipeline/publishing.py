"""Publishing: an edition to every configured place, once; receipts say what was published where."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, is_dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from pmo_sync import __version__, registry
from pmo_sync.config import Config, Publish
from pmo_sync.errors import PmoSyncError
from pmo_sync.pipeline.reporting import INDEX, Written
from pmo_sync.publishers.base import Edition, Part, Publisher
from pmo_sync.render.json import render_json
from pmo_sync.reports.index import summary_of
from pmo_sync.store import Receipt, Receipts, Store

WAIT = 60.0
"""Seconds that publishing by hand waits for a run that is publishing."""


@dataclass(frozen=True, slots=True)
class Published:
    """What became of publishing to one place; ``where`` is the day's own place there."""

    publisher: str
    place: str
    outcome: Literal["published", "unchanged", "failed"]
    where: str
    message: str = ""


def publishers(config: Config) -> list[tuple[Publish, Publisher]]:
    """Make the configured publishers; raise ConfigError where one lacks what it needs."""
    return [
        (target, registry.load("pmo_sync.publishers", target.type)(target))
        for target in config.publish
    ]


def publish(
    config: Config, written: Sequence[Written], day: date, *, now: datetime
) -> list[Published]:
    """Publish reports that were written together to every configured place.

    What a place shows already is left alone. One place's failure does not stop the others.
    """
    if not config.publish:
        return []
    store = Store(config.store_path)
    with store.running(WAIT):
        return publish_held(config, written, day, now=now)


def publish_held(
    config: Config, written: Sequence[Written], day: date, *, now: datetime
) -> list[Published]:
    """Do what ``publish`` does, for one who holds the run's lock already."""
    edition = edition_of(config, written, day)
    receipts = Receipts(config.store_path)
    return [
        _publish(target.type, publisher, edition, receipts, now)
        for target, publisher in publishers(config)
    ]


def edition_of(config: Config, written: Sequence[Written], day: date) -> Edition:
    """Make an edition of reports of one snapshot, the index first where it is among them."""
    ordered = sorted(written, key=lambda each: each.name != INDEX)
    return Edition(
        day=day,
        portfolio=config.portfolio.name,
        headline=ordered[0].report.headline,
        snapshot=ordered[0].snapshot,
        parts=tuple(_part(each) for each in ordered),
    )


def _part(written: Written) -> Part:
    return Part(
        name=written.name,
        title=summary_of(written.report).title,
        headline=written.report.headline,
        digest=digest(written.report),
        files={path.name: data for path, data in zip(written.paths, written.contents, strict=True)},
    )


def digest(report: Any) -> str:
    """Return a digest of what a report says, by this version of the program.

    When its sources were read is left out: the same data read again an hour later is no news.
    """
    timeless = report
    if is_dataclass(report) and hasattr(report, "sources"):
        sources = tuple(replace(source, synced=None, age=None) for source in report.sources)
        timeless = replace(report, sources=sources)  # type: ignore[type-var]
    return hashlib.sha256(__version__.encode() + render_json(timeless)).hexdigest()[:16]


def _publish(
    kind: str, publisher: Publisher, edition: Edition, receipts: Receipts, now: datetime
) -> Published:
    from pmo_sync.render.html import render_editions  # jinja2, which only publishing needs

    place = publisher.place()
    parts = {part.name: part.digest for part in edition.parts}
    known = receipts.find(kind, place, edition.day)
    same = known is not None and parts.items() <= known.parts.items()
    try:
        if same and publisher.holds(edition) is not False:
            return Published(kind, place, "unchanged", place)
        where = publisher.publish(edition, render_editions)
    except PmoSyncError as error:
        return Published(kind, place, "failed", place, str(error))
    if known is not None and known.snapshot == edition.snapshot:
        parts = {**known.parts, **parts}
    receipts.add(Receipt(kind, place, edition.day, edition.snapshot, parts, now))
    return Published(kind, place, "published", where)
