"""Do dates that are given with 85 % hold? pytest -m slow -s tests/benchmarks/test_calibration.py

PMO_SYNC_SEEDS=1-20 asks the seeds that the forecast was tuned on instead.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from math import exp, sqrt
from random import Random

import pytest

from pmo_sync.rollups.forecast.forecast import SURE
from pmo_sync.rollups.forecast.record import band
from tests.benchmarks.calibration import SHARES, Case, cases, ended, from_frames

FIRST, _, LAST = os.environ.get("PMO_SYNC_SEEDS", "101-120").partition("-")
SEEDS = range(int(FIRST), int(LAST or FIRST) + 1)
BINS = 10
LEVEL = 0.05
"""Of the test for uniformity: refused is what chance alone is so rarely as far off as."""


@pytest.mark.slow
def test_calibration() -> None:
    found: list[Case] = []
    for seed in SEEDS:
        found += cases(ended(seed))
        print(f"seed {seed}: {len(found)} forecasts", flush=True)
    made = [case for case in found if case.found.reason is None]
    _held(found, made)
    transform = _transform(made)
    _brier(made)
    held = sum(_holds(case) for case in made)
    low, high = band(len(made), SURE)
    assert low <= held <= high
    assert transform >= LEVEL


@pytest.mark.slow
def test_frames_forecast_what_the_facts_do() -> None:
    world = ended(SEEDS[0])
    made = list(cases(world))[:12]

    assert from_frames(world, made) == [case.found for case in made]


def _holds(case: Case) -> bool:
    """Say whether the 85 % date held; where it is beyond the horizon, whatever came does."""
    return case.found.p85 is None or case.done <= case.found.p85


def _held(found: Sequence[Case], made: Sequence[Case]) -> None:
    print("\nwork done   forecasts  none made  no 85 % date   held  share  band")
    for share in (*SHARES, None):
        some = [case for case in found if share in (case.share, None)]
        told = [case for case in some if case in made] if share else list(made)
        held, never = sum(map(_holds, told)), sum(case.found.p85 is None for case in told)
        low, high = band(len(told), SURE)
        print(
            f"{f'{share:.0%}' if share else 'all':<11} {len(some):>9} {len(some) - len(told):>10}"
            f" {never:>13} {held:>6}  {held / max(len(told), 1):.3f}  {low}-{high}"
        )


def _transform(made: Sequence[Case]) -> float:
    """Print where in its forecast each finish fell, and return how often chance alone would be as
    far from uniform (Kolmogorov's distribution)."""
    random, values = Random(7), []
    for case in made:
        odds = [0.0, *case.found.odds]
        at = min(case.weeks, len(odds) - 1)
        before = odds[at - 1] if at else 0.0
        top = odds[at] if case.weeks < len(odds) else 1.0
        values.append(before + random.random() * (top - before))
    print(
        "\nprobability integral transform (randomized), a tenth of the forecasts expected in each"
    )
    counts = [sum(int(v * BINS) in (n, BINS if n == BINS - 1 else n) for v in values)
              for n in range(BINS)]  # fmt: skip
    for number, count in enumerate(counts):
        print(f"{_bin(number)} {count:>4} {'#' * round(200 * count / len(made))}")
    ordered, size = sorted(values), len(values)
    distance = max(max((n + 1) / size - v, v - n / size) for n, v in enumerate(ordered))
    chance = _kolmogorov(distance * sqrt(size))
    print(f"largest distance from uniform {distance:.3f}, of chance {chance:.3f}")
    return chance


def _bin(number: int) -> str:
    return f"{number / BINS:.1f}-{(number + 1) / BINS:.1f}"


def _kolmogorov(value: float) -> float:
    terms = (2 * (-1) ** (n - 1) * exp(-2 * n**2 * value**2) for n in range(1, 101))
    return min(1.0, max(0.0, sum(terms))) if value > 0.2 else 1.0


def _brier(made: Sequence[Case]) -> None:
    told = [(case.found.probability, case.done <= case.asked.target) for case in made
            if case.found.probability is not None and case.asked.target]  # fmt: skip
    score = sum((chance - came) ** 2 for chance, came in told) / len(told)
    base = sum(came for _, came in told) / len(told)
    print(f"\nodds of the target: {len(told)}, Brier score {score:.3f}"
          f" (always the base rate {base:.2f}: {base * (1 - base):.3f})")  # fmt: skip
    print("odds said   times  said  came true")
    for number in range(BINS):
        some = [(c, t) for c, t in told if number == min(int(c * BINS), BINS - 1)]
        if some:
            said, came = (sum(v) / len(some) for v in zip(*some, strict=True))
            print(f"{_bin(number)} {len(some):>9}  {said:.2f}  {came:.2f}")
