"""Everything that the rollups say for one status report, computed once for all projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.model import Baseline
from pmo_sync.reports.status.dates import Dates, dates_of
from pmo_sync.reports.status.register import register_of
from pmo_sync.reports.words import day as spoken
from pmo_sync.rollups import flow
from pmo_sync.rollups.baselines import recorded_baselines
from pmo_sync.rollups.calendar import end_of_day, period_before, period_ends
from pmo_sync.rollups.efficiency import Efficiency, efficiency
from pmo_sync.rollups.forecast.forecast import Forecast, forecasts
from pmo_sync.rollups.forecast.past import known_then
from pmo_sync.rollups.forecast.trend import Point, backs, forecasts_now, trends
from pmo_sync.rollups.health.assess import Assessment, assess
from pmo_sync.rollups.health.declared import Declaration, declared
from pmo_sync.rollups.health.facts import PERIODS, Facts, facts, needed
from pmo_sync.rollups.left import Left, left
from pmo_sync.rollups.marks import scope_before
from pmo_sync.rollups.measures import PREVIOUS, Counted, Measure, measures
from pmo_sync.rollups.milestones import Gathered, milestones
from pmo_sync.rollups.predictability import Kept, everybody, predictability
from pmo_sync.rollups.projects import Recorded, recorded
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.shared import compared
from pmo_sync.rollups.tally import by_expectation, by_program, by_project, judge
from pmo_sync.rollups.work import only_work

OF_PROGRAMS = ("open", "done", "blocked", "overdue", "delivered", "arrived", "missed")


@dataclass(frozen=True)
class Evidence:
    """The rollups of a report's day, by measure and project; what changed, changed since
    ``previous``, and ``earlier`` is one period before the day."""

    config: Config
    scope: Scope
    previous: date
    earlier: date
    since: date | None
    """``previous``, where somebody asked for it."""
    ends: tuple[date, ...]
    measures: Mapping[str, Measure]
    counted: Mapping[str, Mapping[str, Counted]]
    programs: Mapping[str, Mapping[str, Counted]]
    ageing: Mapping[str, Counted]
    throughput: Mapping[str, Sequence[int]]
    arrivals: Mapping[str, Sequence[int]]
    cumulative: Mapping[str, Mapping[str, Sequence[int]]]
    """Project -> category -> the items in it at the end of each period."""
    cycle: Mapping[str, flow.Spread]
    lead: Mapping[str, flow.Spread]
    age: Mapping[str, flow.Spread]
    open_age: Mapping[str, flow.Spread]
    efficiency: Mapping[str, Efficiency]
    targets: tuple[Recorded, ...]
    updated: Mapping[str, datetime]
    facts: Facts
    health: Mapping[str, Assessment]
    """What is computed of each project at as-of ..."""
    before: Mapping[str, Assessment]
    """... one period earlier ..."""
    then: Mapping[str, Assessment]
    """... and at ``previous``."""
    baselines: tuple[Baseline, ...]
    """All that was ever set or removed by as-of."""
    declared: Mapping[str, Sequence[Declaration]]
    """All that was declared, the oldest first."""
    forecasts: Mapping[str, Forecast]
    trends: Mapping[str, Sequence[Point]]
    kept: Mapping[tuple[str, str], Sequence[Kept]]
    """Planned against delivered, by kind and name; see ``rollups.predictability``."""
    milestones: Mapping[str, Sequence[Gathered]]
    dates: Dates
    left: Mapping[str, Left]
    """What left each project, and all of them, since ``previous``."""

    @property
    def compared_with(self) -> str:
        """What the day is called that is compared with."""
        return _named(self.since)

    def count(self, measure: str, group: str) -> Counted | None:
        """Return what a measure counts in a project (or ``ALL``); None is nothing."""
        return self.counted[measure].get(group)

    def total(self, measure: str, group: str) -> int:
        """Return how many items that is."""
        found = self.count(measure, group)
        return found.total if found else 0

    def sees_starts(self, group: str) -> bool:
        """Say whether the group's trackers tell when work starts: where enough was done and
        nothing ever was in progress, they do not, and 'nothing in progress' would be a guess."""
        few = self.total("done", group) < self.config.policy.minimum_finished
        return few or self.total("started", group) > 0

    def cycle_time(self, project: str) -> flow.Spread | None:
        """Return the cycle times of a project where enough of its items have one."""
        spread = self.cycle.get(project)
        return spread if spread and flow.tells(spread, self.config.policy) else None


def gather(tables: Tables, config: Config, day: date, since: date | None = None) -> Evidence:
    """Compute the evidence for a status report as of ``day``; what changed is told since the end of
    ``since``, by default of the day one period before."""
    portfolio, policy = config.portfolio, config.policy
    before = period_before(day, portfolio.period)
    previous = since or before
    scope, compared_with = compared(tables, config, day, previous)
    targets, baselines = tuple(recorded(tables["history"])), recorded_baselines(tables)
    begin, *ends = period_ends(day, portfolio.period, PERIODS + 1)
    first, *instants = (end_of_day(end, portfolio.timezone) for end in (begin, *ends))
    table = {measure.name: measure for measure in measures(policy, previous, _named(since))}
    work, groups = only_work(tables, scope, policy), flow.of_projects(scope)
    plan = predictability(tables, work)
    scope = replace(scope, members=nw.concat([scope.members, plan.marks()], how="vertical"))
    recent = scope.at - flow.CYCLE_TIME_WINDOW
    cycle = flow.cycle_times(work, recent, groups)
    expectation = flow.expectations(cycle, policy)
    wheres = {name: measure.where for name, measure in table.items()}
    judged, limit = judge(tables, scope, wheres), policy.list_limit
    register = register_of(tables, config, scope, previous)
    known = facts(tables, config, scope, work, baselines, targets)
    weeks = known_then(tables, work, groups, backs(portfolio.period), policy)
    expected = forecasts_now(weeks, scope, policy)

    def assessed(there: Scope) -> Mapping[str, Assessment]:
        there = replace(there, members=tables.hold(there.members))  # which is read often
        worked = only_work(tables, there, policy)
        told = facts(tables, config, there, worked, baselines, targets)
        return assess(config, there, told, targets, forecasts(worked, policy))

    then = assessed(compared_with)
    aged = judged.tallies(by_expectation(tables, scope, expectation), limit, ["aged_wip"])
    return Evidence(
        config=config,
        scope=scope,
        previous=previous,
        earlier=before,
        since=since,
        ends=tuple(ends),
        measures={**table, **register.measures},
        counted={**judged.tallies(by_project(scope), limit), **register.counted},
        programs=judged.tallies(by_program(scope), limit, OF_PROGRAMS),
        ageing=aged["aged_wip"],
        throughput=flow.throughput(work, groups, first, instants),
        arrivals=flow.arrivals(work, groups, first, instants),
        cumulative=flow.cumulative(work, groups, instants),
        cycle=cycle,
        lead=flow.lead_times(work, recent, groups),
        age=flow.ages(work, ["in_progress"], groups),
        open_age=flow.ages(work, ["todo", "in_progress"], groups),
        efficiency=efficiency(tables, work, recent, groups, policy),
        targets=targets,
        updated=_last_touched(scope),
        facts=known,
        health=assess(config, scope, known, targets, expected),
        before=then
        if previous == before
        else assessed(scope_before(tables, config, before, needed(config))),
        then=then,
        baselines=tuple(row for row in baselines if row.day <= day),
        declared=declared(tables, config, scope),
        forecasts=expected,
        trends=trends(config, weeks, scope, targets, expected),
        kept=plan.by(everybody(scope)),
        milestones=milestones(tables, scope),
        dates=dates_of(tables, config, scope, judged),
        left=left(tables, scope, compared_with, policy, limit),
    )


def _named(since: date | None) -> str:
    return spoken(since) if since else PREVIOUS


def _last_touched(scope: Scope) -> Mapping[str, datetime]:
    touched = (
        scope.items.join(scope.membership, on="item_id", how="inner")
        .group_by("project")
        .agg(nw.col("updated").max())
    )
    return {row["project"]: row["updated"] for row in records(touched)}
