"""When will it be done? Odds by exact convolution of resampled throughput.

A sample is what a period finished, periods with nothing included; the periods to come are drawn
from the samples. ``finish_odds`` takes the samples for the whole truth; ``cautious_odds`` also
carries that a dozen periods are a small sample (Rubin's Bayesian bootstrap: the samples' weights
are Dirichlet(1, ..., 1)), which makes late dates likelier. Nothing here is random: both are
computed, not simulated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Backlog = int | Mapping[int, float]
"""How many items are left: a number, or a probability for each number."""
EXACT = 1e-12
"""What sums of exact shares may be off by."""


@dataclass(frozen=True, slots=True)
class Period:
    """What one period brought: items finished, and items that arrived."""

    finished: int
    arrived: int = 0


def finish_odds(samples: Sequence[int], backlog: Backlog, periods: int) -> Floats:
    """Return P(all done by the end of period t) for t = 1 .. ``periods``."""
    return growing_odds([Period(sample) for sample in samples], backlog, periods)


def growing_odds(samples: Sequence[Period], backlog: Backlog, periods: int) -> Floats:
    """Return the same where work arrives too: a period's arrivals and finishes are drawn
    together, and it is done once nothing is left at a period's end."""
    steps: dict[int, float] = {}
    for sample in samples:
        net = sample.finished - sample.arrived
        steps[net] = steps.get(net, 0.0) + 1 / len(samples)
    growth = -min(0, *steps)
    left = _weights(backlog, growth * periods)
    done = np.empty(periods)
    for period in range(periods):
        left = _step(left, steps)
        done[period] = left[0]
    return done


def cautious_odds(samples: Sequence[int], backlog: Backlog, periods: int) -> Floats:
    """Return P(all done by the end of period t) for t = 1 .. ``periods``, averaged over what the
    throughput may really be.

    How often each of n samples is drawn in t periods is then uniform over all
    C(t + n - 1, n - 1) ways: ``ways[t, s]`` counts, as a share of them, those that finish s items.
    """
    chances = _weights(backlog)
    most = len(chances) - 1
    ways = np.zeros((periods + 1, most + 1))
    ways[0, 0] = 1.0
    for number, sample in enumerate(samples):
        for period in range(1, periods + 1):
            # A share of C(t + n, n) ways, of which t / (t + n) draw this sample once more.
            share = period / (period + number)
            ways[period] = (1 - share) * ways[period] + share * _finish(ways[period - 1], sample)
    # at_least[t, b]: P(b or more items are finished in t periods).
    at_least = np.cumsum(ways[:, ::-1], axis=1)[:, ::-1]
    return np.minimum(at_least[1:] @ chances, 1.0)


def delivered(samples: Sequence[int], periods: int) -> Floats:
    """Return P(n items are finished in ``periods``) for n = 0, 1, ..."""
    one = np.bincount(samples) / len(samples)
    total = np.ones(1)
    for _ in range(periods):
        total = np.convolve(total, one)
    return total


def at_least(delivery: Floats, q: float) -> int:
    """Return the largest n with P(at least n) >= ``q``."""
    return int(np.flatnonzero(np.cumsum(delivery[::-1])[::-1] >= q - EXACT)[-1])


def when(odds: Sequence[float] | Floats, q: float) -> int | None:
    """Return the first period t with P(done by t) >= ``q``, None where there is none."""
    reached = np.flatnonzero(np.asarray(odds) >= q - EXACT)
    return int(reached[0]) + 1 if len(reached) else None


def together(*odds: Sequence[float] | Floats) -> Floats:
    """Return the odds that all of several teams are done, as if they had nothing in common:
    shared people make this optimistic."""
    joint: Floats = np.prod(np.asarray(odds), axis=0)
    return joint


def split(backlog: Mapping[int, float], low: float, high: float) -> dict[int, float]:
    """Return a backlog multiplied as a whole by one factor, uniform from ``low`` to ``high``;
    a part of an item is an item."""
    grown: dict[int, float] = {}
    for items, chance in backlog.items():
        for count in range(ceil(items * low), ceil(items * high) + 1):
            bounds = np.clip([(count - 1) / items, count / items], low, high)
            share = float(bounds[1] - bounds[0]) / (high - low)
            grown[count] = grown.get(count, 0.0) + chance * share
    return grown


def split_each(backlog: Mapping[int, float], parts: Mapping[int, float]) -> dict[int, float]:
    """Return a backlog of which every item turns out to be several by itself, by the chances of
    ``parts``: luck evens out, where one factor for all does not."""
    one = np.zeros(max(parts) + 1)
    for count, chance in parts.items():
        one[count] = chance
    grown: dict[int, float] = {}
    several, of = np.ones(1), 0
    for items, chance in sorted(backlog.items()):
        for _ in range(items - of):
            several = np.convolve(several, one)
        of = items
        for count, share in enumerate(several):
            grown[count] = grown.get(count, 0.0) + chance * float(share)
    return grown


def _weights(backlog: Backlog, room: int = 0) -> Floats:
    chances = {backlog: 1.0} if isinstance(backlog, int) else backlog
    weights = np.zeros(max(chances) + room + 1)
    for items, chance in chances.items():
        weights[items] = chance
    return weights


def _step(left: Floats, steps: Mapping[int, float]) -> Floats:
    """Let a period pass: 0 is where nothing is left, and stays."""
    after = np.zeros_like(left)
    after[0] = left[0]
    for net, chance in steps.items():
        if net < 0:
            kept = max(1, len(left) + net)
            after[1 - net :] += chance * left[1:kept]
            after[-1] += chance * left[kept:].sum()
        else:
            off = min(net, len(left) - 1)
            after[0] += chance * left[1 : off + 1].sum()
            after[1 : len(left) - off] += chance * left[off + 1 :]
    return after


def _finish(ways: Floats, sample: int) -> Floats:
    """Add a period's finished items; what is more than all of them is all of them."""
    if sample == 0:
        return ways
    after = np.zeros_like(ways)
    off = min(sample, len(ways) - 1)
    after[off:] = ways[: len(ways) - off]
    after[-1] += ways[len(ways) - off :].sum()
    return after
