"""When will several teams be done together? Simulated futures, where no convolution tells.

In a future the same past week comes for all teams: what they have in common, a holiday or a shared
person, hits them together, which odds multiplied as if they were independent would not see. Work
stops arriving as late for all: it is asked for what they are to deliver together.
Each future draws from past weeks as the Bayesian bootstrap weighs them: week by week either one
of the past, or one that this future has drawn before (Polya's urn: of n past weeks and t drawn
ones each is as likely). A seed makes the futures the same every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pmo_sync.rollups.forecast.arrivals import Lasting, Lots
from pmo_sync.rollups.forecast.odds import Floats, Period

TRIALS = 10_000
SEED = 20_260_101
Drawn = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Team:
    """What a team brought in the same past weeks as all others, the oldest first, and what it has
    left. ``arriving`` says for how long more arrives, ``last`` are the weeks
    that its last items take longer; its backlog turns out larger by one factor, uniform from 1
    to ``growth``, rounded up, and the same share of the way to it for all teams."""

    samples: Sequence[Period]
    backlog: int
    arriving: Lasting
    last: int = 0
    growth: float = 1.0


@dataclass(frozen=True, slots=True)
class Together:
    """The odds of being done by the end of week t = 1, 2, ...: of each team, and of all."""

    each: tuple[Floats, ...]
    all: Floats


def simulated(
    teams: Sequence[Team], weeks: int, trials: int = TRIALS, seed: int = SEED
) -> Together:
    """Simulate the teams' next weeks; ValueError where they do not tell of the same past weeks."""
    lengths = {len(team.samples) for team in teams}
    if len(lengths) != 1:
        raise ValueError(f"teams must tell of the same weeks, not of {sorted(lengths)}")
    random = np.random.default_rng(seed)
    drawn = _drawn(random, lengths.pop(), weeks, trials)
    lots = Lots(random.random(trials), random.random(trials))
    larger = random.random(trials)
    everyone = np.ones((weeks, trials), dtype=bool)
    each = []
    for team in teams:
        done = _done(team, drawn, lots, larger)
        everyone &= done
        each.append(done.mean(axis=1))
    return Together(tuple(each), everyone.mean(axis=1))


def _drawn(random: np.random.Generator, past: int, weeks: int, trials: int) -> Drawn:
    """Return for each week and future which past week comes."""
    urn = np.empty((past + weeks, trials), dtype=np.int16)
    urn[:past] = np.arange(past, dtype=np.int16)[:, None]
    future = np.arange(trials)
    for week in range(past, past + weeks):
        urn[week] = urn[random.integers(0, week, trials), future]
    return urn[past:]


def _done(team: Team, drawn: Drawn, lots: Lots, larger: Floats) -> npt.NDArray[np.bool_]:
    """Return for each week and future whether the team is done by its end."""
    weeks, _ = drawn.shape
    finished = np.array([each.finished for each in team.samples], dtype=np.int32)
    arrived = np.array([each.arrived for each in team.samples], dtype=np.int32)
    backlog = np.ceil(team.backlog * (1 + (team.growth - 1) * larger))
    worked = finished[drawn]
    if arrived.any():
        until = team.arriving.drawn(lots)
        worked -= arrived[drawn] * (np.arange(1, weeks + 1)[:, None] <= until)
    done = np.logical_or.accumulate(np.cumsum(worked, axis=0, dtype=np.int32) >= backlog, axis=0)
    later = np.zeros_like(done)
    later[team.last :] = done[: weeks - team.last]
    return later
