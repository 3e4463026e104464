"""What forecasts of 500 projects cost: pytest -m slow -s tests/benchmarks/test_forecast_speed.py

Processor seconds of one thread; the best of three.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from time import process_time

import numpy as np
import pytest

from pmo_sync.config import Project, Select
from pmo_sync.policy import ForecastPolicy
from pmo_sync.rollups.forecast.arrivals import Unplanned
from pmo_sync.rollups.forecast.forecast import AHEAD, SURE, Asked, forecast
from pmo_sync.rollups.forecast.near import near
from pmo_sync.rollups.forecast.odds import Period
from pmo_sync.rollups.forecast.outlook import outlook, promised
from pmo_sync.rollups.forecast.past import Then
from pmo_sync.rollups.forecast.record import backtest
from pmo_sync.rollups.forecast.simulate import TRIALS, Team, simulated
from pmo_sync.rollups.forecast.trend import point
from pmo_sync.rollups.weekly import WEEK, WEEKS, Weekly

PROJECTS = 500
DAY = date(2026, 6, 30)
ASKED = Asked(DAY + timedelta(weeks=26))
POLICY = ForecastPolicy()


def best(work: Callable[[], object]) -> float:
    def once() -> float:
        began = process_time()
        work()
        return process_time() - began

    return min(once() for _ in range(3))


@dataclass(frozen=True, slots=True)
class Size:
    """Projects that finish between two figures a week, with so many times as much arriving."""

    name: str
    pace: tuple[float, float]
    arriving: float
    open: tuple[int, int]


USUAL = Size("of usual teams", (2, 9), 0.4, (20, 120))
LARGE = Size("of 2,000 items each, more arriving than done", (9, 13), 1.5, (600, 700))


def days(size: Size, seed: int) -> list[Weekly]:
    """What was known of a project at the ends of five weeks."""
    random = np.random.default_rng(seed)
    pace = random.uniform(*size.pace)
    arriving = pace * (1.0 if seed % 5 == 0 else size.arriving)
    arrived, finished = (
        tuple(int(n) for n in random.poisson(mean, WEEKS + 4)) for mean in (arriving, pace)
    )
    open_ = int(random.integers(*size.open))
    return [
        Weekly(arrived[back : back + WEEKS], finished[back : back + WEEKS], (0,) * WEEKS,
               open_ + sum(finished[back + WEEKS :]) - sum(arrived[back + WEEKS :]), 100)
        for back in range(5)
    ]  # fmt: skip


def told(projects: Sequence[Sequence[Weekly]]) -> None:
    """Forecast what a status report does: of today, of a week ago, and the four earlier points of
    the trend, the last of which is a week ago too."""
    outlook.cache_clear()
    plan = Project("P", select=(Select("jira"),), target=ASKED.target)
    for weeks in projects:
        forecast(weeks[-1], DAY, ASKED, POLICY)
        near(Then(weeks[-2], 0), DAY - WEEK, ASKED, POLICY)
        for back, then in enumerate(weeks[:-1], -4):
            point(Then(then, 0), DAY + back * WEEK, plan, POLICY)


@pytest.mark.slow
def test_the_forecasts_of_a_large_portfolio() -> None:
    usual, large = ([days(size, seed) for seed in range(PROJECTS)] for size in (USUAL, LARGE))
    now = [weeks[-1] for weeks in usual]
    teams = [
        Team([Period(f, a) for f, a in zip(one.finished[-26:], one.arrived[-26:], strict=True)],
             one.open, Unplanned(WEEKS))
        for one in now
    ]  # fmt: skip
    rows = (
        (f"six forecasts each, {USUAL.name}", 10.0, best(lambda: told(usual))),
        (f"six forecasts each, {LARGE.name}", 10.0, best(lambda: told(large))),
        ("of these the records of today", None,
         best(lambda: [backtest(one.finished, SURE, 26, AHEAD, promised) for one in now])),
        (f"{TRIALS:,} futures of a year, together", 5.0, best(lambda: simulated(teams, 52))),
    )  # fmt: skip
    print(f"\n{f'{PROJECTS} projects':<55} processor s   limit")
    for name, limit, seconds in rows:
        print(f"{name:<55} {seconds:>11.2f} {limit or '':>7}")
    assert all(seconds <= limit for _, limit, seconds in rows if limit)
