"""The world's flow beside that of recorded trackers: pytest -m slow -s tests/benchmarks."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

import pytest

from pmo_sync.demo.world import build

SHARED = Path(__file__).parents[3] / "shared" / "data"
FOLDER = Path(os.environ.get("PMO_SYNC_RECORDED_DATA", SHARED))
THREADS = FOLDER / "github-secp256k1" / "threads.jsonl.gz"
Life = tuple[datetime, datetime | None]


def figures(lives: list[Life]) -> tuple[float, float, float]:
    """Lead time p95/p50, weekly throughput's correlation with the week before, and the median
    age of open work in median lead times."""
    leads = sorted((end - start).total_seconds() for start, end in lives if end)
    p50 = leads[len(leads) // 2]
    ends = [end for _, end in lives if end]
    last = max(max(ends), max(start for start, _ in lives))
    weeks = [0] * ((last - min(ends)).days // 7 + 1)
    for end in ends:
        weeks[(end - min(ends)).days // 7] += 1
    middle = mean(weeks)
    spread = sum((one - middle) ** 2 for one in weeks)
    pairs = pairwise(weeks)
    correlation = sum((a - middle) * (b - middle) for a, b in pairs) / spread
    ages = [(last - start).total_seconds() for start, end in lives if not end]
    return leads[int(0.95 * len(leads))] / p50, correlation, median(ages) / p50 if ages else 0.0


def recorded() -> Iterator[tuple[str, Life]]:
    with gzip.open(THREADS, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            thread = row.get("issue") or row["pull"]
            closed = thread.get("closed_at")
            end = datetime.fromisoformat(closed) if closed else None
            yield row["type"], (datetime.fromisoformat(thread["created_at"]), end)


@pytest.mark.slow
@pytest.mark.skipif(not THREADS.is_file(), reason="no recorded data (PMO_SYNC_RECORDED_DATA)")
def test_the_table() -> None:
    told = list(recorded())
    kinds = sorted({kind for kind, _ in told})
    rows = {f"secp256k1 {kind}": figures([one for name, one in told if name == kind])
            for kind in kinds}  # fmt: skip
    for team in build(1).teams:
        done = {stage.name for stage in team.stages if stage.category == "done"}
        lives = [(item.created, item.updated if item.value("status") in done else None)
                 for item in team.items if item.level == 0]  # fmt: skip
        if len(lives) > 100:
            rows[team.key] = figures(lives)
    print("\nwho                 lead p95/p50  throughput r1  open age/lead")
    for name, (tail, correlation, age) in rows.items():
        print(f"{name:<20}{tail:>12.1f}{correlation:>15.2f}{age:>15.1f}")
    world = [values for name, values in rows.items() if not name.startswith("secp")]
    assert mean(tail for tail, _, _ in world) > 2
