"""Every cell of the table of docs/health.md, each boundary from both sides, and what never is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.policy import HealthPolicy
from pmo_sync.rollups.health.levels import Finding, Level, is_worse
from pmo_sync.rollups.health.table import (
    Cost,
    Dates,
    Growth,
    Odds,
    Peak,
    cost_finding,
    resource_finding,
    risk_finding,
    schedule_finding,
    scope_finding,
)

POLICY = HealthPolicy()
TARGET, BASELINE = date(2026, 9, 30), date(2026, 9, 16)
ON_TIME = Dates(TARGET, TARGET, slip=0, duration=100, overdue=0, open=5)
HAIR = 1e-6
"""More than what sums of shares are off by, less than anybody shows."""


def dates(slip: int | None, baseline: date | None = BASELINE) -> Dates:
    return replace(ON_TIME, slip=slip, baseline=baseline)


SCHEDULE = [
    ("green by forecast", ON_TIME, Odds(0.85), "on_track", "schedule.forecast"),
    ("a hair below green", ON_TIME, Odds(0.85 - HAIR), "at_risk", "schedule.forecast"),
    ("amber by forecast", ON_TIME, Odds(0.50), "at_risk", "schedule.forecast"),
    ("a hair below amber", ON_TIME, Odds(0.50 - HAIR), "off_track", "schedule.forecast"),
    ("hopeless", ON_TIME, Odds(0.0), "off_track", "schedule.forecast"),
    ("certain", ON_TIME, Odds(1.0), "on_track", "schedule.forecast"),
    ("past with work open", replace(ON_TIME, overdue=1), Odds(1.0), "off_track",
     "schedule.target_past"),
    ("past with work open, no forecast", replace(ON_TIME, overdue=1), None, "off_track",
     "schedule.target_past"),
    ("no target", Dates(None, None, None, 0, 0, 5), Odds(1.0), "no_data", "schedule.no_target"),
    ("no target and no forecast", Dates(None, None, None, 0, 0, 5), None, "no_data",
     "schedule.no_target"),
    ("no forecast and no baseline", dates(None, None), None, "no_data", "schedule.no_baseline"),
    ("a forecast needs no baseline", dates(None, None), Odds(0.9), "on_track",
     "schedule.forecast"),
    ("not slipped", dates(0), None, "on_track", "schedule.slip"),
    ("earlier", dates(-3), None, "on_track", "schedule.slip"),
    ("slipped by a day", dates(1), None, "at_risk", "schedule.slip"),
    ("slipped by 10 %", dates(10), None, "at_risk", "schedule.slip"),
    ("slipped by more", dates(11), None, "off_track", "schedule.slip"),
    ("re-dated, and likely now", dates(5), Odds(0.99), "at_risk", "schedule.slip"),
    ("re-dated far, and likely now", dates(50), Odds(0.99), "off_track", "schedule.slip"),
    ("re-dated, and still unlikely", dates(5), Odds(0.1), "off_track", "schedule.forecast"),
    ("moved earlier, and likely", dates(-5), Odds(0.9), "on_track", "schedule.forecast"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("given_dates", "odds", "level", "rule"), [row[1:] for row in SCHEDULE],
    ids=[row[0] for row in SCHEDULE],
)  # fmt: skip
def test_schedule(given_dates: Dates, odds: Odds | None, level: Level, rule: str) -> None:
    found = schedule_finding(given_dates, odds, POLICY)
    assert (found.level, found.rule) == (level, rule)


SCOPE = [
    ("no baseline", None, "no_data", "scope.no_baseline"),
    ("an empty baseline", Growth(0, 9, 0), "no_data", "scope.empty_baseline"),
    ("nothing changed", Growth(100, 0, 0), "on_track", "scope.growth"),
    ("shrunk", Growth(100, 0, 40), "on_track", "scope.growth"),
    ("10 %", Growth(100, 10, 0), "on_track", "scope.growth"),
    ("more than 10 %", Growth(1000, 101, 0), "at_risk", "scope.growth"),
    ("10 % net of what left", Growth(100, 30, 20), "on_track", "scope.growth"),
    ("25 %", Growth(100, 25, 0), "at_risk", "scope.growth"),
    ("more than 25 %", Growth(1000, 251, 0), "off_track", "scope.growth"),
    ("more than 25 %, approved", Growth(100, 40, 0, 0.4), "at_risk", "scope.approved"),
    ("more than was approved", Growth(100, 41, 0, 0.4), "off_track", "scope.growth"),
    ("10 %, approval unused", Growth(100, 10, 0, 0.4), "on_track", "scope.growth"),
]


@pytest.mark.parametrize(
    ("growth", "level", "rule"), [row[1:] for row in SCOPE], ids=[row[0] for row in SCOPE]
)
def test_scope(growth: Growth | None, level: Level, rule: str) -> None:
    found = scope_finding(growth, POLICY)
    assert (found.level, found.rule) == (level, rule)


COST = [
    ("no budget", None, "no_data", "cost.no_budget"),
    ("nothing spent", Cost(500, 0, 0), "no_data", "cost.no_actual"),
    ("0.95", Cost(500, 95, 100), "on_track", "cost.cpi"),
    ("below 0.95", Cost(500, 94.9, 100), "at_risk", "cost.cpi"),
    ("0.90", Cost(500, 90, 100), "at_risk", "cost.cpi"),
    ("below 0.90", Cost(500, 89.9, 100), "off_track", "cost.cpi"),
    ("cheaper than planned", Cost(500, 120, 100), "on_track", "cost.cpi"),
]


@pytest.mark.parametrize(
    ("cost", "level", "rule"), [row[1:] for row in COST], ids=[row[0] for row in COST]
)
def test_cost(cost: Cost | None, level: Level, rule: str) -> None:
    found = cost_finding(cost, POLICY)
    assert (found.level, found.rule) == (level, rule)


def peak(hours: float, critical: bool = True, estimated: float = 1.0) -> Peak:
    return Peak("Ada", 1.0, hours, 100, critical, estimated)


RESOURCE = [
    ("nobody and nothing", None, "no_data", "resource.unestimated"),
    ("59 % estimated", peak(50, estimated=0.59), "no_data", "resource.unestimated"),
    ("60 % estimated", peak(50, estimated=0.6), "on_track", "resource.load"),
    ("exactly full", peak(100), "on_track", "resource.load"),
    ("above full", peak(100.1), "at_risk", "resource.load"),
    ("120 %", peak(120), "at_risk", "resource.load"),
    ("above 120 %, critical", peak(120.1), "off_track", "resource.load"),
    ("above 120 %, not critical", peak(300, critical=False), "at_risk", "resource.not_critical"),
    ("away, with critical work", Peak("Ada", None, 8, 0, True, 1.0), "off_track", "resource.load"),
    ("away, without work", Peak("Ada", None, 0, 0, True, 1.0), "on_track", "resource.load"),
]


@pytest.mark.parametrize(
    ("load", "level", "rule"), [row[1:] for row in RESOURCE], ids=[row[0] for row in RESOURCE]
)
def test_resource(load: Peak | None, level: Level, rule: str) -> None:
    found = resource_finding(load, POLICY, minimum=0.6)
    assert (found.level, found.rule) == (level, rule)


@pytest.mark.parametrize(
    ("register", "high", "unanswered", "level", "rule"),
    [
        (False, 0, 0, "no_data", "risk.no_register"),
        (True, 0, 0, "on_track", "risk.high"),
        (True, 1, 0, "at_risk", "risk.high"),
        (True, 3, 1, "off_track", "risk.unanswered"),
    ],
)
def test_risk(register: bool, high: int, unanswered: int, level: Level, rule: str) -> None:
    found = risk_finding(register, high, unanswered, 15)
    assert (found.level, found.rule) == (level, rule)


CHANGES = [
    (scope_finding(Growth(100, 30, 2), POLICY), 18),
    (cost_finding(Cost(500, 90, 100), POLICY), 6),
    (resource_finding(peak(130), POLICY, 0.6), 30),
    (risk_finding(True, 3, 1, 15), 3),
    (schedule_finding(dates(11), None, POLICY), BASELINE),
    (schedule_finding(ON_TIME, Odds(0.6, date(2026, 11, 2)), POLICY), date(2026, 11, 2)),
    (schedule_finding(replace(ON_TIME, overdue=4), None, POLICY), 5),
]


@pytest.mark.parametrize(("found", "change"), CHANGES, ids=lambda each: getattr(each, "rule", ""))
def test_what_would_make_it_green_is_said(found: Finding, change: object) -> None:
    assert found.change == change


def test_what_would_make_it_green_does_and_one_less_does_not() -> None:
    assert scope_finding(Growth(100, 30, 20), POLICY).level == "on_track"
    assert scope_finding(Growth(100, 30, 19), POLICY).level == "at_risk"


counts = st.integers(0, 500)
shares = st.floats(0, 1)


@given(base=counts, added=counts, removed=counts, more=counts)
def test_more_scope_never_improves(base: int, added: int, removed: int, more: int) -> None:
    before, after = (
        scope_finding(Growth(base, n, removed), POLICY).level for n in (added, added + more)
    )
    assert not is_worse(before, after)


@given(hours=st.floats(0, 1e4), more=st.floats(0, 1e4), critical=st.booleans())
def test_more_load_never_improves(hours: float, more: float, critical: bool) -> None:
    before, after = (
        resource_finding(peak(n, critical), POLICY, 0.6).level for n in (hours, hours + more)
    )
    assert not is_worse(before, after)


@given(slip=st.integers(-50, 50), later=st.integers(0, 200), odds=shares, then=shares)
def test_to_re_date_later_makes_nothing_green(
    slip: int, later: int, odds: float, then: float
) -> None:
    """However likely the new target is: what was not green before is not after."""
    moved = replace(ON_TIME, target=TARGET + timedelta(days=later), slip=slip + later)
    before = schedule_finding(replace(ON_TIME, slip=slip), Odds(odds), POLICY).level
    after = schedule_finding(moved, Odds(then), POLICY).level
    if slip >= 0 and later and before != "on_track":
        assert after in ("at_risk", "off_track")


def test_no_data_is_never_green() -> None:
    unknown = (
        schedule_finding(dates(None, None), None, POLICY), scope_finding(None, POLICY),
        cost_finding(None, POLICY), resource_finding(None, POLICY, 0.6),
        risk_finding(False, 0, 0, 15),
    )  # fmt: skip
    assert {found.level for found in unknown} == {"no_data"}


def test_thresholds_are_the_policys() -> None:
    strict = replace(POLICY, growth_green=0.0, growth_amber=0.05)
    assert scope_finding(Growth(100, 6, 0), strict).level == "off_track"
