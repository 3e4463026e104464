"""Which claims hold on the acceptance seeds: pytest -m slow -s tests/benchmarks -k claims.

PMO_SYNC_SEEDS=1-20 asks the seeds that the world was tuned on instead.
"""

from __future__ import annotations

import os

import pytest

from pmo_sync.demo.truth import truth
from pmo_sync.demo.world import build
from tests.benchmarks.world_claims import CLAIMS, FUTURES

FIRST, _, LAST = os.environ.get("PMO_SYNC_SEEDS", "101-120").partition("-")
SEEDS = range(int(FIRST), int(LAST or FIRST) + 1)


@pytest.mark.slow
def test_the_claims() -> None:
    print(f"\n{FUTURES} futures; * does not hold\nseed " + "".join(f"{one:>13}" for one in CLAIMS))
    held = dict.fromkeys(CLAIMS, 0)
    for seed in SEEDS:
        world = build(seed)
        told = truth(world, FUTURES)
        cells = []
        for name, claim in CLAIMS.items():
            holds, figure = claim(world, told)
            held[name] += holds
            cells.append(f"{figure if holds else figure + ' *':>13}")
        print(f"{seed:<5}" + "".join(cells), flush=True)
    print("holds" + "".join(f"{count:>13}" for count in held.values()))
    assert all(count == len(SEEDS) for count in held.values()), held
