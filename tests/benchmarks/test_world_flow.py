"""The world's flow beside that of recorded trackers: pytest -m slow -s tests/benchmarks -k flow."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest

from pmo_sync.demo.facts import Item, Team
from pmo_sync.demo.loads import is_work
from pmo_sync.demo.world import build

SHARED = Path(__file__).parents[3] / "shared" / "data"
FOLDER = Path(os.environ.get("PMO_SYNC_RECORDED_DATA", SHARED))
SECP = FOLDER / "github-secp256k1" / "threads.jsonl.gz"
TIDEV = FOLDER / "jira-server-tidev" / "issues.jsonl.gz"
DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Life:
    """When an item came, when work on it began and when it ended, as far as is known."""

    start: datetime
    end: datetime | None
    begun: datetime | None = None
    reopened: bool | None = None


def place(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def tails(days: Sequence[float]) -> str:
    if not days:
        return f"{'-':>24}"
    p50 = place(days, 0.5)
    return f"{p50:>8.1f}{place(days, 0.85) / p50:>8.1f}{place(days, 0.95) / p50:>8.1f}"


def correlation(ends: Sequence[datetime], last: datetime) -> float:
    """Weekly throughput's correlation with the week before."""
    weeks = [0] * ((last - min(ends)).days // 7 + 1)
    for end in ends:
        weeks[(end - min(ends)).days // 7] += 1
    middle = mean(weeks)
    spread = sum((one - middle) ** 2 for one in weeks)
    return sum((a - middle) * (b - middle) for a, b in pairwise(weeks)) / spread


def row(lives: Sequence[Life]) -> str:
    leads = [(one.end - one.start).total_seconds() / DAY for one in lives if one.end]
    cycles = [(one.end - one.begun).total_seconds() / DAY for one in lives
              if one.end and one.begun]  # fmt: skip
    ends = [one.end for one in lives if one.end]
    last = max(*ends, *(one.start for one in lives))
    ages = [(last - one.start).total_seconds() / DAY for one in lives if not one.end]
    back = [one.reopened for one in lives if one.reopened is not None]
    return (
        f"{len(lives):>6}{tails(leads)}{tails(cycles)}{correlation(ends, last):>7.2f}"
        f"{median(ages) / place(leads, 0.5) if ages else 0:>7.0f}"
        f"{sum(one < 1 for one in leads) / len(leads):>8.0%}{len(ends) / len(lives):>7.0%}"
        + (f"{mean(back):>7.1%}" if back else f"{'-':>7}")
    )


def secp() -> Iterator[tuple[str, Life]]:
    with gzip.open(SECP, "rt", encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            thread = told.get("issue") or told["pull"]
            closed = thread.get("closed_at")
            yield (
                f"secp256k1 {told['type']}",
                Life(
                    datetime.fromisoformat(thread["created_at"]),
                    datetime.fromisoformat(closed) if closed else None,
                    reopened=any(event.get("event") == "reopened" for event in told["events"]),
                ),
            )


def tidev() -> Iterator[tuple[str, Life]]:
    """A done status without the day of its resolution says nothing: those are left out."""
    with gzip.open(TIDEV, "rt", encoding="utf-8") as lines:
        for line in lines:
            issue: Any = json.loads(line)
            fields = issue["fields"]
            done = fields["status"]["statusCategory"]["key"] == "done"
            if done and not fields["resolutiondate"]:
                continue
            start, end = fields["created"], fields["resolutiondate"] if done else None
            life = Life(moment(start), moment(end) if end else None)
            yield "tidev", life
            yield f"tidev {issue['key'].partition('-')[0]}", life


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def life(team: Team, item: Item) -> Life:
    categories = {stage.name: stage.category for stage in team.stages}
    moves = [(one.at, categories[one.new or ""]) for one in item.events if one.field == "status"]
    ended = [n for n, (_, category) in enumerate(moves) if category == "done"]
    return Life(
        item.created,
        moves[-1][0] if moves[-1][1] == "done" else None,
        next((at for at, category in moves if category == "in_progress"), None),
        any(number < len(moves) - 1 for number in ended),
    )


def table() -> dict[str, list[Life]]:
    rows: dict[str, list[Life]] = {}
    for name, one in (*secp(), *tidev()):
        rows.setdefault(name, []).append(one)
    rows = {name: lives for name, lives in rows.items() if len(lives) >= 300}
    for team in build(1).teams:
        lives = [life(team, item) for item in team.items if is_work(item)]
        if len(lives) > 100:
            rows[team.key] = lives
    return rows


@pytest.mark.slow
@pytest.mark.skipif(
    not (SECP.is_file() and TIDEV.is_file()), reason="no recorded data (PMO_SYNC_RECORDED_DATA)"
)
def test_the_table() -> None:
    rows = table()
    print("\n                           lead time, days     cycle time, days"
          "   week   open  within\nwho                  items     p50     p85     p95     p50"
          "     p85     p95     r1    age   a day   done  again")  # fmt: skip
    for name, lives in rows.items():
        print(f"{name:<20}" + row(lives))
    recorded = [tail(lives) for name, lives in rows.items() if " " in name or name == "tidev"]
    world = [tail(lives) for name, lives in rows.items() if " " not in name and name != "tidev"]
    assert min(recorded) <= median(world) <= max(recorded)
    assert min(world) >= 0.5 * min(recorded)


def tail(lives: Sequence[Life]) -> float:
    leads = [(one.end - one.start).total_seconds() for one in lives if one.end]
    return place(leads, 0.95) / place(leads, 0.5)
