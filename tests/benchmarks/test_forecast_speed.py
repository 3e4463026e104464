"""What forecasts of 500 projects cost: pytest -m slow -s tests/benchmarks/test_forecast_speed.py

Processor seconds of one thread; the best of three.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from time import process_time

import numpy as np
import pytest

from pmo_sync.policy import ForecastPolicy
from pmo_sync.rollups.forecast.arrivals import Unplanned
from pmo_sync.rollups.forecast.forecast import AHEAD, SURE, Asked, forecast
from pmo_sync.rollups.forecast.odds import Period
from pmo_sync.rollups.forecast.outlook import promised
from pmo_sync.rollups.forecast.record import backtest
from pmo_sync.rollups.forecast.simulate import TRIALS, Team, simulated
from pmo_sync.rollups.weekly import WEEKS, Weekly

PROJECTS = 500
DAY = date(2026, 6, 30)
ASKED = Asked(DAY + timedelta(weeks=26))


def weeks(seed: int) -> Weekly:
    """Two years of a team of usual size; every fifth project gains work as fast as it loses it."""
    random = np.random.default_rng(seed)
    pace = random.uniform(2, 9)
    arriving = pace * (1.0 if seed % 5 == 0 else 0.4)
    arrived, finished = (
        tuple(int(n) for n in random.poisson(mean, WEEKS)) for mean in (arriving, pace)
    )
    return Weekly(arrived, finished, (0,) * WEEKS, int(random.integers(20, 120)), 100)


def best(work: Callable[[], object]) -> float:
    def once() -> float:
        began = process_time()
        work()
        return process_time() - began

    return min(once() for _ in range(3))


@pytest.mark.slow
def test_the_forecasts_of_a_large_portfolio() -> None:
    told = [weeks(seed) for seed in range(PROJECTS)]
    policy = ForecastPolicy()
    teams = [
        Team([Period(f, a) for f, a in zip(one.finished[-26:], one.arrived[-26:], strict=True)],
             one.open, Unplanned(WEEKS))
        for one in told
    ]  # fmt: skip
    rows = (
        ("forecasts with their records", 10.0,
         best(lambda: [forecast(one, DAY, ASKED, policy) for one in told])),
        ("of these the records", None,
         best(lambda: [backtest(one.finished, SURE, 26, AHEAD, promised) for one in told])),
        (f"{TRIALS:,} futures of a year, together", 5.0, best(lambda: simulated(teams, 52))),
    )  # fmt: skip
    print(f"\n{PROJECTS} projects                         processor s   limit")
    for name, limit, seconds in rows:
        print(f"{name:<37} {seconds:>13.2f} {limit or '':>7}")
    assert all(seconds <= limit for _, limit, seconds in rows if limit)
