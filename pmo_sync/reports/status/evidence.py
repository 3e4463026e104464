"""Everything that the rollups say for one status report, computed once for all projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import narwhals as nw

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.frames.tables import records
from pmo_sync.model import Baseline
from pmo_sync.reports.status.aside import Flow, Known
from pmo_sync.reports.status.dates import Dates, dates_of
from pmo_sync.reports.status.register import register_of
from pmo_sync.reports.words import day as spoken
from pmo_sync.rollups import flow
from pmo_sync.rollups.baselines import recorded_baselines
from pmo_sync.rollups.calendar import end_of_day, period_before, period_ends
from pmo_sync.rollups.flow import Spread
from pmo_sync.rollups.forecast.forecast import Forecast
from pmo_sync.rollups.forecast.trend import Point
from pmo_sync.rollups.groups import by_expectation, by_program, by_project
from pmo_sync.rollups.health.assess import Assessment, assess
from pmo_sync.rollups.health.declared import Declaration, declared
from pmo_sync.rollups.health.earlier import Wholes, earlier
from pmo_sync.rollups.health.facts import PERIODS, Facts
from pmo_sync.rollups.health.overall import Overall
from pmo_sync.rollups.left import Left, left
from pmo_sync.rollups.marks import Before
from pmo_sync.rollups.measures import PREVIOUS, Counted, Measure, measures
from pmo_sync.rollups.milestone_dates import Place
from pmo_sync.rollups.milestones import Gathered, milestones
from pmo_sync.rollups.predictability import Kept, everybody, predictability
from pmo_sync.rollups.projects import Recorded, recorded
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.shared import before_on, compared
from pmo_sync.rollups.tally import judge
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
    flow: Flow
    cycle: Mapping[str, Spread]
    targets: tuple[Recorded, ...]
    updated: Mapping[str, datetime]
    facts: Facts
    health: Mapping[str, Assessment]
    """What is computed of each project at as-of ..."""
    before: Mapping[str, Overall]
    """... as a whole one period earlier ..."""
    then: Mapping[str, Overall]
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
    expected: Mapping[Place, Forecast]
    """When the work of a project in one of its milestones will be done."""
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

    def cycle_time(self, project: str) -> Spread | None:
        """Return the cycle times of a project where enough of its items have one."""
        spread = self.cycle.get(project)
        return spread if spread and flow.tells(spread, self.config.policy) else None


def gather(tables: Tables, config: Config, day: date, since: date | None = None) -> Evidence:
    """Compute the evidence for a status report as of ``day``; what changed is told since the end of
    ``since``, by default of the day one period before."""
    portfolio, policy = config.portfolio, config.policy
    before = period_before(day, portfolio.period)
    previous = since or before
    scope, was, judged_then = _both_days(tables, config, day, (before, previous))
    targets, baselines = tuple(recorded(tables["history"])), recorded_baselines(tables)
    ends = period_ends(day, portfolio.period, PERIODS + 1)
    instants = [end_of_day(end, portfolio.timezone) for end in ends]
    work, groups = only_work(tables, scope, policy), flow.of_projects(scope)
    known = Known(tables, config, scope, work, targets, baselines, instants)
    expected, measured = tables.aside(known.expected), tables.aside(known.measured)
    table = {measure.name: measure for measure in measures(policy, previous, _named(since))}
    plan = predictability(tables, work)
    scope = replace(scope, members=nw.concat([scope.members, plan.marks()], how="vertical"))
    recent = scope.at - flow.CYCLE_TIME_WINDOW
    cycle = flow.cycle_times(work, recent, groups)
    expectation = flow.expectations(cycle, policy)
    wheres = {name: measure.where for name, measure in table.items()}
    judged, limit = judge(tables, scope, wheres), policy.list_limit
    register = register_of(tables, config, scope, previous)
    aged = judged.tallies(by_expectation(tables, scope, expectation), limit, ["aged_wip"])
    counted = judged.tallies(by_project(scope), limit)
    programs = judged.tallies(by_program(scope), limit, OF_PROGRAMS)
    kept, gathered = plan.by(everybody(scope)), milestones(tables, scope)
    dates, updated = dates_of(tables, config, scope, judged), _last_touched(scope)
    spoken_of = declared(tables, config, scope)
    gone = left(tables, scope, was, policy, limit)
    found, ahead, wholes = measured(), expected(), judged_then()
    return Evidence(
        config=config,
        scope=scope,
        previous=previous,
        earlier=before,
        since=since,
        ends=tuple(ends[1:]),
        measures={**table, **register.measures},
        counted={**counted, **register.counted},
        programs=programs,
        ageing=aged["aged_wip"],
        flow=found.flow,
        cycle=cycle,
        targets=targets,
        updated=updated,
        facts=found.facts,
        health=assess(config, scope, found.facts, found.full, targets, ahead.forecasts),
        before=wholes[before],
        then=wholes[previous],
        baselines=tuple(row for row in baselines if row.day <= day),
        declared=spoken_of,
        forecasts=ahead.forecasts,
        trends=ahead.trends,
        kept=kept,
        milestones=gathered,
        expected=ahead.milestones,
        dates=dates,
        left=gone,
    )


def _both_days(
    tables: Tables, config: Config, day: date, days: tuple[date, date]
) -> tuple[Scope, Before, Callable[[], Mapping[date, Wholes]]]:
    """Return the portfolio of the day with its marks, what it is compared with at the end of the
    last of ``days``, and what waits for how healthy projects were on each of them."""
    if tables.large:
        scope, was = compared(tables, config, day, days[-1])
        # What is known of the day tells most of the days before it, but not to a copy of before.
        return scope, was, tables.aside(lambda: earlier(tables, config, days, scope))
    then, judged = tables.aside(
        lambda: before_on(tables, config, days[-1]), lambda: earlier(tables, config, days)
    )
    return *compared(tables, config, day, days[-1], then), judged


def _named(since: date | None) -> str:
    return spoken(since) if since else PREVIOUS


def _last_touched(scope: Scope) -> Mapping[str, datetime]:
    touched = (
        scope.items.join(scope.membership, on="item_id", how="inner")
        .group_by("project")
        .agg(nw.col("updated").max())
    )
    return {row["project"]: row["updated"] for row in records(touched)}
