"""The portfolio on one page: what every report tells of itself, joined; it computes no figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pmo_sync.reports.base import Page, Summary, Term
from pmo_sync.reports.masthead import same_masthead
from pmo_sync.reports.words import several

VERSION = 1
"""Of the JSON form: raised when a field changes its meaning or goes."""

TITLE = "Portfolio"
FEW = 3
"""Where a decision is asked for more often than this on average, it is counted by its kind too."""
NOT_YET = (
    Term("By when to decide, and what waiting costs",
         "No rule dates a decision or prices a delay; what is asked for follows from the rule that"
         " is named with it."),
)  # fmt: skip
"""What a reader of page one may look for and does not find."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A report that the page joins: its name, which its files have too, and its summary."""

    name: str
    summary: Summary


@dataclass(frozen=True, slots=True)
class IndexReport(Page):
    """The whole page, in reading order."""

    entries: tuple[Entry, ...]
    not_yet: tuple[Term, ...]


def join(pages: Sequence[Page]) -> IndexReport:
    """Join reports of one day and one reading of the store, of which there is at least one; the
    first gives the masthead."""
    first = pages[0]
    entries = tuple(Entry(page.report, summary_of(page)) for page in pages)
    headline = _headline(entries)
    return IndexReport(
        **same_masthead(("index", VERSION), first),
        headline=headline,
        entries=entries,
        not_yet=NOT_YET,
        summary=Summary(TITLE, headline, (), ()),
    )


def summary_of(page: Page) -> Summary:
    """Return a report's summary; one that gives none (a plug-in's may not) is told by its headline
    and totals."""
    given: Summary | None = getattr(page, "summary", None)
    title = page.report.replace("_", " ").capitalize()
    return given or Summary(title, page.headline, getattr(page, "totals", ()), ())


def _headline(entries: Sequence[Entry]) -> str:
    asks = [decision.ask for entry in entries for decision in entry.summary.decisions]
    first = entries[0].summary.headline
    if not asks:
        return first
    kinds = len(set(asks))
    of = f" of {several(kinds, 'kind')}" if kinds * FEW < len(asks) else ""
    are = "is" if len(asks) == 1 else "are"
    return f"{several(len(asks), 'decision')}{of} {are} needed. {first}"
