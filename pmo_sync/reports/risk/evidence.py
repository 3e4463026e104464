"""Everything that the rollups say for one risk report, computed once for all its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import Frame
from pmo_sync.reports.base import Figure
from pmo_sync.reports.figures import NO_DATA, counted
from pmo_sync.reports.lists import Lists, within
from pmo_sync.rollups import flow
from pmo_sync.rollups.calendar import period_before
from pmo_sync.rollups.marks import scope_before, with_marks
from pmo_sync.rollups.measures import ALL, Counted, Measure, beyond, count, grouped, measures
from pmo_sync.rollups.risk import (
    in_register,
    of_register,
    register_filter,
    risk_measures,
    work_measures,
)
from pmo_sync.rollups.scope import Scope, scope_at
from pmo_sync.rollups.tally import tallies
from pmo_sync.rollups.where.syntax import Expression

WORK = ("open", "overdue", "blocked", "unestimated", "stale", "unmapped_status", "unclaimed",
        "todo", "in_progress", "done", "dropped", "started")  # fmt: skip
"""Measures of the status report that this one shows, or trusts its data by."""

OF_REGISTER = "risk_"
"""What the names of the register's measures begin with."""


@dataclass(frozen=True)
class Evidence:
    """The rollups of a report's day, by measure and project; ``register`` None (and ``risks``, its
    rows by group) is no register."""

    tables: Tables
    config: Config
    scope: Scope
    before: Scope
    previous: date
    register: Expression | None
    risks: Frame | None
    measures: Mapping[str, Measure]
    counted: Mapping[str, Mapping[str, Counted]]
    expectation: Mapping[str, int]
    ageing: Mapping[str, Counted]

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
    before = scope_before(tables, config, previous)
    scope = scope_at(tables, config, day)
    scope = replace(scope, members=with_marks(tables, scope, before))
    groups = grouped(tables, scope)
    register = register_filter(policy.risk)
    chosen = [m for m in measures(policy, previous) if m.name in WORK]
    chosen += work_measures()
    counts, _ = tallies(tables, scope, {m.name: m.where for m in chosen}, (), policy.list_limit)
    risks = in_register(tables, scope, groups, register) if register else None
    if register and risks is not None:
        # Asked of the register's own rows: the whole filter is dear where it looks at labels.
        for m in risk_measures(policy.risk, previous):
            counts[m.name] = count(scope, risks, m.where, policy.list_limit)
            chosen.append(replace(m, where=of_register(register, m.where)))
    expectation = flow.expectations(
        flow.cycle_times(scope, scope.at - flow.CYCLE_TIME_WINDOW), policy
    )
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
        expectation=expectation,
        ageing=beyond(tables, scope, expectation, policy.list_limit),
    )
