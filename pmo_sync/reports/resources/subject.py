"""One who has work (a person, a team, nobody) as the report speaks of them."""

from __future__ import annotations

from dataclasses import dataclass

from pmo_sync.reports.base import Figure
from pmo_sync.reports.figures import NO_DATA, counted, share
from pmo_sync.reports.lists import Lists
from pmo_sync.reports.resources.evidence import Evidence
from pmo_sync.reports.resources.view import Cell, Standing, Work
from pmo_sync.reports.words import several
from pmo_sync.rollups.resources.load import EXACT, Load, is_over, ratio
from pmo_sync.rollups.resources.overload import peak
from pmo_sync.rollups.where.parse import parse
from pmo_sync.rollups.where.syntax import Expression, all_of


def hours(value: float, items: str | None = None, note: str = "") -> Figure:
    """Return hours; under half an hour it says so rather than 0."""
    text = "under 1 h" if 0 < value < 0.5 else f"{value:,.0f} h"
    return Figure(value, text, note=note, items=items)


def percent(value: float) -> str:
    """Write a ratio, never rounded across 100 %: that is where being over begins."""
    whole = round(100 * value)
    if whole <= 100 < 100 * value * (1 - EXACT):
        return "over 100 %"
    return "under 1 %" if value and not whole else f"{whole:,} %"


@dataclass(frozen=True)
class Subject:
    """``group`` is that of the evidence, ``id`` begins the ids of its lists."""

    evidence: Evidence
    lists: Lists
    id: str
    title: str
    group: str
    of: Expression | None
    load: Load
    capacity: tuple[float, ...] | None

    @property
    def is_known(self) -> bool:
        """Say whether enough of the open work is in the load to call it the load."""
        open_items, placed = self._total("open"), self._total("placed")
        return placed >= self.evidence.config.policy.minimum_coverage * open_items

    def opens(self, measure: str) -> str | None:
        """Return the id of the list of what a measure counts; None where that is nothing."""
        m = self.evidence.measures[measure]
        where = parse(m.where)
        return self.lists.add(
            f"{self.id}-{measure}",
            f"{self.title}: {m.title}",
            self.evidence.count(measure, self.group),
            str(all_of([self.of, where]) if self.of else where),
        )

    def work(self) -> Work:
        """Return what there is to do."""
        load = self.load
        unplaced = hours(load.undated).text if load.undated else ""
        return Work(
            open=self._count("open"),
            remaining=self._remaining(),
            overdue=self._count("overdue", hours(load.overdue).text if load.overdue else ""),
            undated=self._count("undated", unplaced),
            unestimated=self._count("unestimated"),
            placed=share(self._total("placed"), self._total("open"), self.opens("placed")),
            later=load.later,
            undated_hours=load.undated,
        )

    def cells(self) -> tuple[Cell, ...]:
        """Return the load of each week."""
        return tuple(self._cell(week) for week in range(len(self.load.weeks)))

    def peak(self) -> tuple[int, Figure]:
        """Return the highest of the near weeks, and its load."""
        week = peak(self.load.weeks, self.capacity)
        cell = self._cell(week)
        opens = self.opens("placed")
        if cell.standing == "no_data":
            return week, Figure(None, NO_DATA, note=f"known: {cell.text}", items=opens)
        note = f"{cell.load:,.0f} h" + (
            "" if cell.capacity is None else f" of {cell.capacity:,.0f} h"
        )
        return week, Figure(cell.ratio, cell.text, note=note, items=opens)

    def _remaining(self) -> Figure:
        lacking, opens = self._total("unestimated"), self.opens("open")
        note = f"and {several(lacking, 'item')} without an estimate" if lacking else ""
        if lacking and lacking == self._total("open"):
            return Figure(None, NO_DATA, note=f"{several(lacking, 'item')}, none estimated",
                          items=opens)  # fmt: skip
        return hours(self.load.total, opens, note)

    def _count(self, measure: str, note: str = "") -> Figure:
        return counted(self.evidence.count(measure, self.group), self.opens(measure), note)

    def _total(self, measure: str) -> int:
        return self.evidence.total(measure, self.group)

    def _cell(self, week: int) -> Cell:
        load = self.load.weeks[week]
        capacity = self.capacity[week] if self.capacity else None
        standing = self._standing(load, capacity)
        return Cell(load, capacity, ratio(load, capacity), standing,
                    self._text(load, capacity, standing))  # fmt: skip

    def _standing(self, load: float, capacity: float | None) -> Standing:
        if capacity is None:
            return "unknown"
        if is_over(load, capacity):
            return "over"
        if not capacity:
            return "off"
        if not self.is_known:
            return "no_data"
        return "within" if load else "free"

    def _text(self, load: float, capacity: float | None, standing: Standing) -> str:
        if standing == "unknown":
            return hours(load).text
        if not capacity:
            return "no hours" if load else "off"
        if standing == "no_data" and not load:
            return NO_DATA
        if self.is_known:
            return percent(load / capacity)
        return f"at least {percent(load / capacity)}" if load >= capacity / 100 else NO_DATA
