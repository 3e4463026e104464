"""Everything that the rollups say for one risk report, computed once for all its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.reports.base import Figure
from pmo_sync.reports.figures import NO_DATA, counted
from pmo_sync.reports.lists import Lists, within
from pmo_sync.reports.risk.waiting import Waiting, waiting
from pmo_sync.rollups import flow
from pmo_sync.rollups.calendar import period_before
from pmo_sync.rollups.groups import by_expectation, by_project
from pmo_sync.rollups.marks import Before
from pmo_sync.rollups.measures import ALL, Counted, Measure, measures
from pmo_sync.rollups.risk import (
    Cell,
    by_cell,
    cell_of,
    in_register,
    of_register,
    risk_measures,
    work_measures,
)
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.shared import compared
from pmo_sync.rollups.tally import judge
from pmo_sync.rollups.where.syntax import Expression
from pmo_sync.rollups.work import only_work, register_filter

WORK = ("open", "overdue", "blocked", "unestimated", "stale", "unmapped_status", "unclaimed",
        "todo", "in_progress", "aged_wip", "done", "dropped", "started")  # fmt: skip
"""Measures of the status report that this one shows, or trusts its data by."""

OF_REGISTER = "risk_"
"""What the names of the register's measures begin with."""


@dataclass(frozen=True)
class Evidence:
    """The rollups of a report's day, by measure and project; ``register`` None (and ``risks``, the
    scope of its items alone) is no register."""

    tables: Tables
    config: Config
    scope: Scope
    before: Before
    previous: date
    register: Expression | None
    risks: Scope | None
    measures: Mapping[str, Measure]
    counted: Mapping[str, Mapping[str, Counted]]
    cells: Mapping[Cell, Counted]
    """The open, assessed risks by cell, each item once."""
    expectation: Mapping[str, int]
    ageing: Mapping[str, Counted]
    waiting: Waiting

    @property
    def has_register(self) -> bool:
        """Say whether any item is a risk: where none is, 'no risk' would be a guess."""
        return self.total("risk_open") + self.total("risk_ended") > 0

    def total(self, measure: str, group: str = ALL) -> int:
        """Return how many items of a group a measure counts."""
        found = self.counted.get(measure, {}).get(group)
        return found.total if found else 0

    def figure(
        self, lists: Lists, measure: str, group: str = ALL, id: str = "all", note: str = ""
    ) -> Figure:
        """Return a measure as a figure that opens its list."""
        if measure.startswith(OF_REGISTER) and not self.has_register:
            return Figure(None, NO_DATA)
        m, found = self.measures[measure], self.counted[measure].get(group)
        where = m.where if group == ALL else within("project", group, m.where)
        title = f"{'Portfolio' if group == ALL else group}: {m.title}"
        return counted(found, lists.add(f"{id}-{m.name}", title, found, where), note)


def gather(tables: Tables, config: Config, day: date) -> Evidence:
    """Compute the evidence for a risk report as of ``day``."""
    policy = config.policy
    previous = period_before(day, config.portfolio.period)
    scope, before = compared(tables, config, day, previous)
    waits = tables.aside(lambda: waiting(tables, scope))
    register, limit = register_filter(policy.risk), policy.list_limit
    chosen = [m for m in measures(policy, previous) if m.name in WORK]
    chosen += work_measures()
    judged = judge(tables, scope, {m.name: m.where for m in chosen})
    counts, cells = judged.tallies(by_project(scope), limit), {}
    risks = in_register(tables, scope, register) if register else None
    if register and risks is not None:
        # Asked of the register's own items: the whole filter is dear where it looks at labels.
        asked = risk_measures(policy.risk, previous)
        told = judge(tables, risks, {m.name: m.where for m in asked})
        counts |= told.tallies(by_project(risks), limit)
        found = told.tallies(by_cell(risks), limit, ["risk_open"])["risk_open"]
        cells = {cell_of(group): counted for group, counted in found.items()}
        chosen += [replace(m, where=of_register(register, m.where)) for m in asked]
    since, groups = scope.at - flow.CYCLE_TIME_WINDOW, flow.of_projects(scope)
    work = only_work(tables, scope, policy)
    expectation = flow.expectations(flow.cycle_times(work, since, groups), policy)
    aged = judged.tallies(by_expectation(tables, scope, expectation), limit, ["aged_wip"])
    return Evidence(
        tables=tables,
        config=config,
        scope=scope,
        before=before,
        previous=previous,
        register=register,
        risks=risks,
        measures={m.name: m for m in chosen},
        counted=counts,
        cells=cells,
        expectation=expectation,
        ageing=aged["aged_wip"],
        waiting=waits(),
    )
