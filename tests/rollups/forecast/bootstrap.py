"""The exact odds of the Bayesian bootstrap, without arrivals: what the forecast comes close to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pmo_sync.rollups.forecast.odds import Floats


def cautious_odds(samples: Sequence[int], backlog: int, periods: int) -> Floats:
    """Return P(all done by the end of period t) for t = 1 .. ``periods``, averaged over what the
    throughput may really be, by Rubin's Bayesian bootstrap: the samples' weights are Dirichlet(1).

    How often each of n samples is drawn in t periods is then uniform over all
    C(t + n - 1, n - 1) ways: ``ways[t, s]`` counts, as a share of them, those that finish s items.
    """
    ways = np.zeros((periods + 1, backlog + 1))
    ways[0, 0] = 1.0
    for number, sample in enumerate(samples):
        for period in range(1, periods + 1):
            # A share of C(t + n, n) ways, of which t / (t + n) draw this sample once more.
            share = period / (period + number)
            ways[period] = (1 - share) * ways[period] + share * _finish(ways[period - 1], sample)
    enough: Floats = ways[1:, -1]
    return enough


def _finish(ways: Floats, sample: int) -> Floats:
    """Add a period's finished items; what is more than all of them is all of them."""
    if sample == 0:
        return ways
    after = np.zeros_like(ways)
    off = min(sample, len(ways) - 1)
    after[off:] = ways[: len(ways) - off]
    after[-1] += ways[len(ways) - off :].sum()
    return after
