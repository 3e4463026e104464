"""A project as the report speaks of it: the evidence about it, and the lists that open it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pmo_sync.config import Project
from pmo_sync.reports.base import Figure
from pmo_sync.reports.figures import counted
from pmo_sync.reports.lists import Lists, within
from pmo_sync.reports.status.evidence import Evidence
from pmo_sync.rollups.calendar import local_day

CATEGORIES = ("todo", "in_progress", "done", "dropped")


@dataclass(frozen=True)
class Subject:
    """One project; ``id`` is its anchor, unique whatever its name is."""

    evidence: Evidence
    lists: Lists
    id: str
    project: Project

    @property
    def name(self) -> str:
        """The project's name."""
        return self.project.name

    @property
    def open(self) -> int:
        """How many of its items are open."""
        return self.total("open")

    @property
    def items(self) -> int:
        """How many items it has."""
        return sum(self.total(category) for category in CATEGORIES)

    @property
    def sees_starts(self) -> bool:
        """Whether its trackers tell when work starts."""
        return self.evidence.sees_starts(self.name)

    @property
    def last_change(self) -> date | None:
        """The day on which one of its items last changed."""
        updated = self.evidence.updated.get(self.name)
        return local_day(updated, self.evidence.config.portfolio.timezone) if updated else None

    def total(self, measure: str) -> int:
        """Count what a measure counts."""
        return self.evidence.total(measure, self.name)

    def figure(self, measure: str, note: str = "") -> Figure:
        """Return a measure as a figure that opens its list."""
        return counted(self.evidence.count(measure, self.name), self.opens(measure), note)

    def opens(self, measure: str) -> str | None:
        """Return the id of the list of what a measure counts; None where that is nothing."""
        m = self.evidence.measures[measure]
        found = self.evidence.count(measure, self.name)
        title = f"{self.name}: {m.title}"
        return self.lists.add(f"{self.id}-{m.name}", title, found, self.within(m.where))

    def within(self, where: str) -> str:
        """Return a filter of the project's own items."""
        return within("project", self.name, where)
