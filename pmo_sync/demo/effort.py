"""How much work an item is: many of some hours, most of days, a few of weeks."""

from __future__ import annotations

from math import exp, log
from random import Random
from statistics import NormalDist

from pmo_sync.demo.plans import TeamPlan

HUGE = 12.0
"""The most work of an item, in medians: what would be more is cut up before it arrives."""
QUICK = 0.4
"""Work that can be done on the day it is started, in working days."""
QUICK_COSTS = 0.7
"""How long such an item takes up a place, on average."""


def effort(rng: Random, plan: TeamPlan) -> float:
    """Draw the work of an item, in working days of one item."""
    if rng.random() < plan.quick:
        return rng.uniform(0.05, QUICK)
    drawn = rng.lognormvariate(log(plan.work), plan.spread)
    return min(max(QUICK, drawn), HUGE * plan.work)


def median_effort(mean: float, quick: float, spread: float) -> float:
    """Return the median of items that are not quick, so that all take ``mean`` days on average.

    Their mean in medians is that of a lognormal cut off at HUGE.
    """
    normal, edge = NormalDist(), log(HUGE)
    kept = exp(spread**2 / 2) * normal.cdf((edge - spread**2) / spread)
    cut = HUGE * (1 - normal.cdf(edge / spread))
    return (mean - quick * QUICK_COSTS) / (1 - quick) / (kept + cut)
