"""A report of the fewest words, built in no time: for tests of what happens around reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.reports.base import Figure, Page, SourceRow, Summary
from pmo_sync.rollups.calendar import period_before

PLACE = "tests.pipeline.tiny_report:build"


@dataclass(frozen=True, slots=True)
class TinyReport(Page):
    titles: tuple[str, ...]


def build(tables: Tables, config: Config, day: date) -> TinyReport:
    """Tell the titles of all items, and how many were renamed."""
    titles = sorted(row["title"] for row in records(tables["work_item"].select(nw.col("title"))))
    runs = tables["sync_run"].group_by("source", "outcome").agg(nw.col("started").max())
    rows = records(runs.sort("source", "outcome"))
    renamed = sum("renamed" in title for title in titles)
    headline = f"{renamed} of {len(titles)} items were renamed."
    return TinyReport(
        report="tiny",
        version=1,
        portfolio=config.portfolio.name,
        as_of=day,
        previous=period_before(day, config.portfolio.period),
        timezone=config.portfolio.timezone,
        period=config.portfolio.period,
        policy_version=config.policy.version(),
        sources=tuple(_source(row) for row in rows if row["outcome"] == "complete"),
        confidence="good",
        confidence_reasons=(),
        headline=headline,
        titles=tuple(titles),
        summary=Summary("Tiny", headline, (("Renamed", Figure(renamed, str(renamed))),), ()),
    )


def _source(row: Mapping[str, Any]) -> SourceRow:
    synced = row["started"].replace(tzinfo=UTC)
    return SourceRow(row["source"], "jira", "", synced, 1.0, "fresh", 0, 0)
