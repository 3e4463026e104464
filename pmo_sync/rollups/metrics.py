"""What a rollup says of a group of items: counts, sums of effort, percentiles of time, routine.

Each counts what a filter selects, the same one as in the reports, so ``pmo-sync items`` lists it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pmo_sync.policy import Policy
from pmo_sync.rollups.measures import measures
from pmo_sync.rollups.work import of_work


@dataclass(frozen=True, slots=True)
class Metric:
    """``where`` (empty: all) selects what is counted, or what has the values: ``column`` holds the
    seconds that are summed, ``quantile`` is that of a percentile. A share is of time that was not
    waited, a limit one of the natural process limits of what was done a week."""

    name: str
    title: str
    kind: Literal["count", "sum", "cycle", "lead", "age", "share", "limit"]
    where: str = ""
    column: str = ""
    quantile: float = 0

    @property
    def timed(self) -> bool:
        """Whether it is told by the times of items, one by one."""
        return self.kind in ("cycle", "lead", "age", "share", "limit")

    @property
    def unit(self) -> str:
        """What its values are: items have no unit."""
        units = {"count": "", "sum": "hours", "share": "%", "limit": "items a week"}
        return units.get(self.kind, "days")


NAMES = (
    "items", "open", "todo", "wip", "completed", "done", "arrived", "throughput", "cycle_p50",
    "cycle_p85", "lead_p50", "lead_p85", "age_p85", "efficiency", "limit_low", "limit_high",
    "blocked", "overdue", "unassigned", "unestimated", "remaining", "spent",
)  # fmt: skip


def metrics(policy: Policy, day: date, begin: date) -> Mapping[str, Metric]:
    """Return every metric by its name; what flowed is what was finished after ``begin``."""
    named = {measure.name: measure for measure in measures(policy, day)}

    def measured(name: str, measure: str) -> Metric:
        return Metric(name, named[measure].title, "count", named[measure].where)

    since = begin.isoformat()
    done = of_work(policy, f"category = done and finished > {since}")
    of_done = f"of work done after {since}"
    found = (
        Metric("items", "Items", "count"),
        measured("open", "open"),
        Metric("todo", "Work to do", "count", of_work(policy, "category = todo")),
        measured("wip", "aged_wip"),
        Metric("completed", "Work done", "count", of_work(policy, "category = done")),
        measured("done", "done"),
        Metric("arrived", f"Work created after {since}", "count",
               of_work(policy, f"created > {since}")),
        Metric("throughput", f"Work done after {since}", "count", done),
        Metric("cycle_p50", f"Cycle time, median, {of_done}", "cycle", done, quantile=0.5),
        Metric("cycle_p85", f"Cycle time, 85 %, {of_done}", "cycle", done, quantile=0.85),
        Metric("lead_p50", f"Lead time, median, {of_done}", "lead", done, quantile=0.5),
        Metric("lead_p85", f"Lead time, 85 %, {of_done}", "lead", done, quantile=0.85),
        Metric("age_p85", "Age of work in progress, 85 %", "age",
               named["aged_wip"].where, quantile=0.85),
        Metric("efficiency", f"Flow efficiency {of_done}", "share", done),
        Metric("limit_low", f"Lower natural process limit of weekly {of_done}", "limit", done),
        Metric("limit_high", f"Upper natural process limit of weekly {of_done}", "limit", done),
        measured("blocked", "blocked"),
        measured("overdue", "overdue"),
        measured("unassigned", "unassigned"),
        measured("unestimated", "unestimated"),
        Metric("remaining", "Remaining effort of open items", "sum",
               "category = open and remaining is not empty", "remaining"),
        Metric("spent", "Effort spent", "sum", "spent is not empty", "spent"),
    )  # fmt: skip
    return {metric.name: metric for metric in found}
