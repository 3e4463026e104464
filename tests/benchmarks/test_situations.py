"""Are situations named, and is the healthy left alone?

pytest -m slow -s tests/benchmarks/test_situations.py

PMO_SYNC_SEEDS=1-20 asks the seeds that the rules were tuned on instead.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

import pytest

from pmo_sync.rollups.forecast.record import band
from tests.benchmarks.situations import NAMED, Told, holds, judged
from tests.benchmarks.world_claims import WELL

FIRST, _, LAST = os.environ.get("PMO_SYNC_SEEDS", "101-120").partition("-")
SEEDS = range(int(FIRST), int(LAST or FIRST) + 1)
OFF_TRACK, AT_RISK = 0.05, 0.10
"""The shares of the healthy that may be shown so."""
CLAIMED = 0.95
"""Of the ranges of changes of pace, that they hold the true day."""


@pytest.mark.slow
def test_situations() -> None:
    found: list[Told] = []
    for seed in SEEDS:
        found += judged(seed)
        print(f"seed {seed}: {len(found)} projects", flush=True)
    missed = _named(found)
    slowed = [told for told in found if told.plan.kind == "regime_change"]
    right = _ranges(slowed)
    levels = _alarms([told for told in found if told.plan.kind in WELL])
    total = sum(levels.values())
    _noted([told for told in found if told.plan.kind in WELL])
    assert levels["off_track"] <= OFF_TRACK * total
    assert levels["at_risk"] <= AT_RISK * total
    assert right >= band(len(slowed), CLAIMED)[0]
    assert not missed


def _named(found: Sequence[Told]) -> list[Told]:
    """Print how many of each situation were named, and return those that were not."""
    missed = []
    print("\nsituation         there  named  as")
    for kind, (words, named) in NAMED.items():
        there = [told for told in found if told.plan.kind == kind]
        unnamed = [told for told in there if not named(told)]
        seeds = ", ".join(str(told.seed) for told in unnamed)
        print(f"{kind:<17} {len(there):>5}  {len(there) - len(unnamed):>5}  {words}"
              + (f" (not: {seeds})" if seeds else ""))  # fmt: skip
        missed += unnamed
    silent = [told for told in found if told.silent]
    stale = [told for told in silent if told.status.declared and told.status.declared.stale]
    print(f"{'silent':<17} {len(silent):>5}  {len(stale):>5}  the declaration is stale")
    return missed + [told for told in silent if told not in stale]


def _ranges(slowed: Sequence[Told]) -> int:
    """Print how near the told days of a change of pace are, and how wide their ranges; return how
    many of these hold the true day."""
    right = sum(map(holds, slowed))
    print(f"\nchanges of pace: {right} of {len(slowed)} in the range that is told")
    for told in slowed:
        found, truth = told.status.forecast, told.plan.capacity[-1][0]
        print(f"  seed {told.seed}: {truth}, told {found.since}"
              f" ({found.since_earliest} to {found.since_latest})")  # fmt: skip
    return right


def _alarms(healthy: Sequence[Told]) -> Counter[str]:
    """Print what the healthy by construction are shown as, and why; return how many as what."""
    levels: Counter[str] = Counter(told.status.level for told in healthy)
    print(f"\nhealthy by construction: {len(healthy)}, shown " + ", ".join(
        f"{level} {count} ({count / len(healthy):.1%})" for level, count in levels.most_common()
    ))  # fmt: skip
    for told in healthy:
        if told.troubled:
            reason = told.status.reasons[0]
            print(f"  seed {told.seed}, {told.plan.kind}: {told.status.name} {told.status.level},"
                  f" {reason.rule}: {reason.text}")  # fmt: skip
    return levels


def _noted(healthy: Sequence[Told]) -> None:
    """Print how many of them are said to have changed their pace."""
    changed = sum("flow.pace" in told.rules for told in healthy)
    print(f"\nsaid to have changed their pace: {changed} of {len(healthy)} healthy")
