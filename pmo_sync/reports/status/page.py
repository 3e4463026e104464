"""What the portfolio status report says: its view-model, in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pmo_sync.reports.base import Change, Chart, Figure, ItemList, Page, Quality, Term
from pmo_sync.reports.status.document import ProjectDocument
from pmo_sync.reports.status.milestone_view import PortfolioMilestoneView, Trend
from pmo_sync.reports.status.over_time import PredictabilityView
from pmo_sync.reports.status.program_view import ProgramStatus
from pmo_sync.reports.status.view import ProjectStatus


@dataclass(frozen=True, slots=True)
class StatusReport(Page):
    """The whole page, in reading order."""

    totals: tuple[tuple[str, Figure], ...]
    attention: tuple[ProjectStatus, ...]
    """Projects that need somebody, worst first; the rest are in ``steady``."""
    steady: tuple[ProjectStatus, ...]
    programs: tuple[ProgramStatus, ...]
    changes: tuple[Change, ...]
    overlaps: Figure
    unclaimed: Figure
    """Items that no project selects."""
    quality: tuple[Quality, ...]
    policy: tuple[tuple[str, str], ...]
    glossary: tuple[Term, ...]
    lists: tuple[ItemList, ...]
    predictability: PredictabilityView | None = None
    """Of the whole portfolio, each item counted once."""
    cumulative: Chart | None = None
    """Of all projects, each item once."""
    projects: tuple[ProjectDocument, ...] = ()
    """Every project once more, in the configuration's order, as machines read it."""
    milestones: tuple[PortfolioMilestoneView, ...] = ()
    trend: Trend | None = None
    pages: Literal["one", "many"] = "one"
    """Whether programs and projects have pages of their own."""
