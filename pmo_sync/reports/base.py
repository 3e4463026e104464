"""The parts that every report's view-model is made of: what a template or a JSON file shows.

A report is a module with ``build(...) -> its view-model``. To add one, copy ``status.py``, add a
line to ``registry.REPORTS`` and a template of the same name to ``report_templates/``.
All are frozen and hold plain Python: no frame leaves ``reports``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Level = Literal["on_track", "at_risk", "off_track", "no_data"]
LEVEL_WORDS: dict[Level, str] = {
    "on_track": "On track",
    "at_risk": "At risk",
    "off_track": "Off track",
    "no_data": "No data",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it rests on.

    ``text`` is how to show it ("no data" where ``value`` is None). ``of`` is the denominator,
    ``note`` the coverage or definition to print beside it, ``items`` the id of the list that
    opens it.
    """

    value: float | int | None
    text: str
    of: int | None = None
    note: str = ""
    items: str | None = None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A work item in a list. Ages are whole days."""

    key: str
    url: str
    title: str
    project: str
    type: str
    status: str
    category: str
    assignees: tuple[str, ...]
    age: int | None
    due: date | None
    updated: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ItemList:
    """The items behind a figure: at most the policy's limit of them, ``total`` in all."""

    id: str
    title: str
    total: int
    rows: tuple[ItemRow, ...]
    command: str
    """The ``pmo-sync items`` command that lists them all."""
    tracker_urls: tuple[tuple[str, str], ...] = ()
    """(label, url) of a search in each tracker that shows (nearly) the same items."""


@dataclass(frozen=True, slots=True)
class Line:
    """One named series of a chart, a value for each x; None is a gap."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A small chart over time; the table beside it shows the same values."""

    id: str
    title: str
    description: str
    x: tuple[date, ...]
    lines: tuple[Line, ...]
    unit: str
    kind: Literal["bar", "line"] = "line"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source's freshness as of the report's day. ``age`` is in hours, negative where the source
    was synced after that day."""

    name: str
    kind: str
    url: str
    synced: datetime | None
    age: float | None
    level: Literal["fresh", "stale", "never"]
    items: int
    rejected: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something needs attention: rule, words with numbers, and the items behind it.

    A ``note`` is worth knowing but decides no level.
    """

    rule: str
    level: Level | Literal["note"]
    text: str
    items: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change since the previous report, with its items."""

    kind: str
    text: str
    count: int
    items: str | None = None
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    """A data-quality finding: how many of how many, why it matters, and which items."""

    id: str
    title: str
    count: int
    of: int | None
    meaning: str
    items: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry: how a figure is defined."""

    name: str
    text: str
