"""Forecasts of which two years are looked ahead, and nothing is asked but dates and odds: those of
days before a report's own."""

from __future__ import annotations

from datetime import date

from pmo_sync.policy import ForecastPolicy, Policy
from pmo_sync.rollups.flow import of_projects
from pmo_sync.rollups.forecast.expected import expected
from pmo_sync.rollups.forecast.forecast import QUANTILES, Asked, Forecast, known_of
from pmo_sync.rollups.forecast.past import Then
from pmo_sync.rollups.forecast.sample import Sample, sampled
from pmo_sync.rollups.scope import Scope
from pmo_sync.rollups.weekly import WEEK

AHEAD = 104
"""Weeks that are looked ahead: what is not done in two years has no date."""


def near(then: Then, day: date, asked: Asked, policy: ForecastPolicy) -> Forecast:
    """Return by which days of the next two years what was open then will be done with 50, 85 and
    95 %, and the odds of the target; no record, and no path to green."""
    sample = sampled(then.weeks, day, asked.start, policy)
    if sample.lacking:
        return Forecast(then.weeks.open, reason=sample.lacking)
    if _hopeless(sample, day, asked.target):
        return Forecast(then.weeks.open, probability=0.0 if asked.target else None)
    found = expected(sample, day, asked.target, then.last, AHEAD)
    p50, p85, p95 = (soon(found.by(q), day) for q in QUANTILES)
    return Forecast(then.weeks.open, p50, p85, p95, probability=found.probability)


def chances(work: Scope, policy: Policy) -> dict[str, Forecast]:
    """Return such a forecast of every project of a scope of work, as of its day."""
    asked = {each.name: Asked(each.target, each.start) for each in work.projects}
    known = known_of(work, of_projects(work), asked, policy)
    return {name: near(known[name], work.day, one, policy.forecast) for name, one in asked.items()}


def soon(found: date | None, day: date) -> date | None:
    """Return a date that is within two years of ``day``."""
    return found if found and found <= day + WEEK * AHEAD else None


def _hopeless(sample: Sample, day: date, target: date | None) -> bool:
    """Say whether odds need not be computed: by the mean week alone the work takes longer than is
    looked ahead, and were every week until the target the best of them, it would not be done."""
    each = zip(sample.drawn.finished, sample.arrived, strict=True)
    best = max(max(done, done - came) for done, came in each)
    ahead = max((target - day).days // 7 + 1, 0) if target else 0
    return sample.takes > AHEAD and best * ahead < sample.known.open
