"""What of a status report needs none of its lists: it is computed beside them, in two parts that
need nothing of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pmo_sync.config import Config
from pmo_sync.frames import Tables
from pmo_sync.model import Baseline
from pmo_sync.rollups import flow
from pmo_sync.rollups.efficiency import Efficiency, efficiency
from pmo_sync.rollups.forecast.forecast import Forecast
from pmo_sync.rollups.forecast.past import known_then
from pmo_sync.rollups.forecast.trend import Point, backs, forecasts_now, trends
from pmo_sync.rollups.health.facts import Facts, facts
from pmo_sync.rollups.health.peaks import peaks
from pmo_sync.rollups.health.table import Peak
from pmo_sync.rollups.membership import program_chain
from pmo_sync.rollups.milestone_dates import Place, milestone_forecasts
from pmo_sync.rollups.projects import Recorded
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.upwards import Bands, cumulative_upwards


@dataclass(frozen=True)
class Flow:
    """How the work of each project flows; counts are those of the last periods."""

    throughput: Mapping[str, Sequence[int]]
    arrivals: Mapping[str, Sequence[int]]
    cumulative: Mapping[str, Bands]
    """Project -> category -> the items in it at the end of each period."""
    upwards: Mapping[str, Bands]
    """The same of each program, and of all projects."""
    lead: Mapping[str, flow.Spread]
    age: Mapping[str, flow.Spread]
    open_age: Mapping[str, flow.Spread]
    efficiency: Mapping[str, Efficiency]


@dataclass(frozen=True)
class Measured:
    """How work flows, and what health is judged by."""

    flow: Flow
    facts: Facts
    full: Mapping[str, Peak]


@dataclass(frozen=True)
class Expected:
    """When work will be done, as is known now and as was known before."""

    forecasts: Mapping[str, Forecast]
    trends: Mapping[str, Sequence[Point]]
    milestones: Mapping[Place, Forecast]


@dataclass(frozen=True)
class Known:
    """What all of it is computed from."""

    tables: Tables
    config: Config
    scope: Scope
    work: Scope
    targets: Sequence[Recorded]
    baselines: Sequence[Baseline]
    instants: Sequence[datetime]
    """The ends of the last periods, and first that of the one before them."""

    def measured(self) -> Measured:
        """Measure how work flows and what health is judged by."""
        given = (self.tables, self.config, self.scope)
        return Measured(
            flow=self._flow(),
            facts=facts(*given, self.work, self.baselines, self.targets),
            full=peaks(*given),
        )

    def expected(self) -> Expected:
        """Forecast the work of each project, as of the day and of days before it, and of its
        milestones."""
        policy, days = self.config.policy, backs(self.config.portfolio.period)
        weeks = known_then(self.tables, self.work, flow.of_projects(self.scope), days, policy)
        now = forecasts_now(weeks, self.scope, policy)
        still = {week for known in weeks.values() for week in known[-1].weeks.still}
        return Expected(
            forecasts=now,
            trends=trends(self.config, weeks, self.scope, self.targets, now),
            milestones=milestone_forecasts(self.tables, self.work, still, policy),
        )

    def _flow(self) -> Flow:
        work, groups = self.work, flow.of_projects(self.scope)
        (first, *instants), recent = self.instants, self.scope.at - flow.CYCLE_TIME_WINDOW
        cumulative = flow.cumulative(work, groups, instants)
        chains = program_chain(self.config.programs)
        within = {one.name: chains.get(one.program or "", ()) for one in self.scope.projects}
        return Flow(
            throughput=flow.throughput(work, groups, first, instants),
            arrivals=flow.arrivals(work, groups, first, instants),
            cumulative=cumulative,
            upwards=cumulative_upwards(self.tables, work, cumulative, within, instants),
            lead=flow.lead_times(work, recent, groups),
            age=flow.ages(work, ["in_progress"], groups),
            open_age=flow.ages(work, ["todo", "in_progress"], groups),
            efficiency=efficiency(self.tables, work, recent, groups, self.config.policy),
        )
