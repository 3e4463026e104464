"""The parts that every report's view-model is made of: what a template or a JSON file shows.

A report is a module with ``build(...) -> its view-model``. To add one, copy ``status/``, add a
line to ``registry.REPORTS`` and a template of the same name to ``report_templates/``. Its
view-model is a ``Page``; what the portfolio's page one shall tell of it is its ``summary``.
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


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that a report assessed (a project, a person, a risk), as page one tells it.

    ``id`` and ``kind`` are its anchor on the report's own page: ``id | anchor(kind)``. ``standing``
    is said in place of ``level`` where it has none (a project on hold), and ``word`` for it where
    what a project's level is called does not fit (a high risk). ``facts`` are named words,
    the same names in the same order for each concern of a summary.
    """

    subject: str
    level: Level | Literal["note"]
    reasons: tuple[Reason, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    id: str = ""
    kind: str = ""
    standing: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody must decide, and the rule's words for why. ``who`` None: nobody is named."""

    subject: str
    ask: str
    because: str
    who: str | None
    id: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the portfolio's page one tells of a report; ``items`` of its parts name lists of the
    report's own page.

    ``exceptions`` are what needs somebody, worst first; ``steady`` is all else that was assessed.
    ``milestones`` are dates that the whole portfolio waits for, as concerns without a level.
    """

    title: str
    headline: str
    figures: tuple[tuple[str, Figure], ...]
    exceptions: tuple[Concern, ...]
    steady: tuple[Concern, ...] = ()
    decisions: tuple[Decision, ...] = ()
    changes: tuple[Change, ...] = ()
    milestones: tuple[Concern, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What every report's view-model begins with: its masthead, its one sentence and its summary.

    ``report`` is its name, as in the registry; ``version`` is that of its JSON form.
    """

    report: str
    version: int
    portfolio: str
    as_of: date
    previous: date
    """The day compared with."""
    timezone: str
    period: str
    policy_version: str
    sources: tuple[SourceRow, ...]
    confidence: str
    """The data-confidence badge: good, limited or poor ..."""
    confidence_reasons: tuple[str, ...]
    """... and what it rests on."""
    headline: str
    """One sentence with numbers."""
    summary: Summary
    """What page one tells of it."""
