"""The table of health: for each dimension a function of plain numbers, unrounded.

Whoever changes a rule changes docs/health.md with it, and the table of its test.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil, floor

from pmo_sync.policy import HealthPolicy
from pmo_sync.rollups.health.levels import Finding, Level, Value, worse

EXACT = 1e-9
"""What a share may be off by: ten in a hundred is 10 %, whatever the last bit says."""


@dataclass(frozen=True, slots=True)
class Dates:
    """What the schedule is judged by: ``slip`` and ``duration`` are working days against
    ``baseline``, None where there is none; ``overdue`` how far the target is past with ``open``
    items."""

    target: date | None
    baseline: date | None
    slip: int | None
    duration: int
    overdue: int
    open: int


@dataclass(frozen=True, slots=True)
class Odds:
    """What a forecast says of a target; ``cut`` items fewer make it hold, None where none would."""

    probability: float
    p85: date | None = None
    cut: int | None = None


@dataclass(frozen=True, slots=True)
class Growth:
    """Items in scope at a baseline, and those that came and went since; ``approved`` is the share
    of growth that somebody agreed to."""

    base: int
    added: int
    removed: int
    approved: float | None = None

    @property
    def share(self) -> float:
        """Net growth as a share of the baseline."""
        return (self.added - self.removed) / self.base


@dataclass(frozen=True, slots=True)
class Cost:
    """Hours: ``budget`` for everything, ``earned`` of it by what is done, ``spent``."""

    budget: float
    earned: float
    spent: float


@dataclass(frozen=True, slots=True)
class Peak:
    """The load of a project's people together: hours, in all their projects, and capacity of the
    next four weeks. ``who`` is the fullest of them, ``fullness`` that one's load (None: no
    capacity); ``critical`` says whether other work waits for theirs."""

    who: str
    fullness: float | None
    hours: float
    capacity: float
    critical: bool
    estimated: float
    """Share of the project's open work that is estimated."""


def schedule_finding(dates: Dates, odds: Odds | None, policy: HealthPolicy) -> Finding:
    """Judge by the forecast, else by slip. A target that was moved later than its baseline is
    judged by both: to re-date makes nothing green."""
    if dates.target and dates.overdue > 0:
        told: dict[str, Value] = {"overdue": dates.overdue, "open": dates.open}
        return Finding("off_track", "schedule.target_past", told, {"green": 0}, dates.open)
    if dates.target is None:
        return Finding("no_data", "schedule.no_target")
    slipped = _by_slip(dates, policy)
    if odds is None:
        return slipped
    likely = _by_odds(dates.target, odds, policy)
    return worse(likely, slipped) if dates.slip and dates.slip > 0 else likely


def _by_odds(target: date, odds: Odds, policy: HealthPolicy) -> Finding:
    green, amber = policy.probability_green, policy.probability_amber
    level = _falling(odds.probability, green, amber)
    return Finding(
        level, "schedule.forecast",
        {"probability": odds.probability, "target": target, "p85": odds.p85, "cut": odds.cut},
        {"green": green, "amber": amber}, None if level == "on_track" else odds.p85,
    )  # fmt: skip


def _by_slip(dates: Dates, policy: HealthPolicy) -> Finding:
    if dates.slip is None or dates.baseline is None:
        return Finding("no_data", "schedule.no_baseline")
    allowed = policy.slip_amber * dates.duration
    level = _rising(dates.slip, 0, allowed)
    return Finding(
        level, "schedule.slip",
        {"slip": dates.slip, "duration": dates.duration, "baseline": dates.baseline},
        {"green": 0, "amber": allowed}, None if level == "on_track" else dates.baseline,
    )  # fmt: skip


def scope_finding(growth: Growth | None, policy: HealthPolicy) -> Finding:
    """Judge how much the scope grew, net of what left it."""
    if growth is None:
        return Finding("no_data", "scope.no_baseline")
    if growth.base == 0:
        return Finding("no_data", "scope.empty_baseline")
    grown, level = growth.share, _rising(growth.share, policy.growth_green, policy.growth_amber)
    rule, approved = "scope.growth", growth.approved
    if level == "off_track" and approved is not None and grown <= approved + EXACT:
        level, rule = "at_risk", "scope.approved"
    surplus = growth.added - growth.removed - floor(policy.growth_green * growth.base + EXACT)
    return Finding(
        level, rule,
        {"growth": grown, "base": growth.base, "added": growth.added, "removed": growth.removed,
         "approved": approved},
        {"green": policy.growth_green, "amber": policy.growth_amber},
        None if level == "on_track" else surplus,
    )  # fmt: skip


def cost_finding(cost: Cost | None, policy: HealthPolicy, lacking: str = "no_budget") -> Finding:
    """Judge the cost performance index, earned / spent; ``lacking`` names what is lacking where
    there is no cost: ``no_budget`` or ``unestimated``."""
    if cost is None:
        return Finding("no_data", f"cost.{lacking}")
    if cost.spent <= 0:
        return Finding("no_data", "cost.no_actual")
    index = cost.earned / cost.spent
    level = _falling(index, policy.cpi_green, policy.cpi_amber)
    surplus = ceil(cost.spent - cost.earned / policy.cpi_green - EXACT)
    return Finding(
        level, "cost.cpi",
        {"cpi": index, "earned": cost.earned, "spent": cost.spent, "budget": cost.budget},
        {"green": policy.cpi_green, "amber": policy.cpi_amber},
        None if level == "on_track" else surplus,
    )  # fmt: skip


def resource_finding(peak: Peak | None, policy: HealthPolicy, minimum: float) -> Finding:
    """Judge the load of a project's people over the next four weeks; ``minimum`` is the share of
    the open work that must be estimated."""
    if peak is None or peak.estimated < minimum:
        told: dict[str, Value] = {"estimated": peak.estimated if peak else None}
        return Finding("no_data", "resource.unestimated", told, {"estimated": minimum})
    nothing = float("inf") if peak.hours else 0.0
    load = peak.hours / peak.capacity if peak.capacity else nothing
    level, rule = _rising(load, policy.load_green, policy.load_amber), "resource.load"
    if level == "off_track" and not peak.critical:
        level, rule = "at_risk", "resource.not_critical"
    surplus = ceil(peak.hours - policy.load_green * peak.capacity - EXACT)
    return Finding(
        level, rule,
        {"load": load if peak.capacity else None, "hours": peak.hours, "capacity": peak.capacity,
         "who": peak.who, "critical": peak.critical},
        {"green": policy.load_green, "amber": policy.load_amber},
        None if level == "on_track" else surplus,
    )  # fmt: skip


def risk_finding(register: bool, high: int, unanswered: int, score: int) -> Finding:
    """Judge the open risks scored ``score`` or more: how many, and how many of them without an
    owner or a response. ``register`` says whether there is one at all."""
    if not register:
        return Finding("no_data", "risk.no_register")
    level: Level = "off_track" if unanswered else "at_risk" if high else "on_track"
    rule = "risk.unanswered" if unanswered else "risk.high"
    told: dict[str, Value] = {"high": high, "unanswered": unanswered}
    return Finding(level, rule, told, {"score": score}, high or None)


def _rising(value: float, green: float, amber: float) -> Level:
    """Judge a value that is worse the larger it is."""
    if value <= green + EXACT:
        return "on_track"
    return "at_risk" if value <= amber + EXACT else "off_track"


def _falling(value: float, green: float, amber: float) -> Level:
    """Judge a value that is worse the smaller it is."""
    if value >= green - EXACT:
        return "on_track"
    return "at_risk" if value >= amber - EXACT else "off_track"
