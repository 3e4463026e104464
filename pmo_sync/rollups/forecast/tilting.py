"""What a mean may really be, of which some dozen samples are known.

The bootstrap's weights are tilted so that their mean takes the values of a normal distribution
with the Bayesian bootstrap's variance, s^2 / (n + 1): at the nodes of Gauss-Hermite's quadrature,
over which odds are averaged.
"""

from __future__ import annotations

import numpy as np

from pmo_sync.rollups.forecast.odds import Floats

NODES, CHANCES = np.polynomial.hermite_e.hermegauss(5)
CHANCES = CHANCES / CHANCES.sum()
MARGIN = 0.05
"""A tilted mean stays inside the samples by this share of the way to their ends."""
STEPS = 8
"""Newton's, after which a tilted mean is what was wanted."""
TINY = 1e-12


def tilted(values: Floats) -> Floats:
    """Return weights of values (in the last axis), a row for each of ``NODES``, by exponential
    tilting."""
    size = values.shape[-1]
    centred = values - values.mean(axis=-1, keepdims=True)
    variance = (centred**2).mean(axis=-1, keepdims=True)
    ends = (1 - MARGIN) * np.stack([centred.min(axis=-1), centred.max(axis=-1)])
    wanted = np.clip(NODES * np.sqrt(variance / (size + 1)), ends[0, ..., None], ends[1, ..., None])
    slope = np.zeros_like(wanted)
    weights: Floats = np.ones_like(values)
    column = centred[..., None]
    for _ in range(STEPS):
        weights = np.exp(slope[..., None] * centred[..., None, :])
        weights /= weights.sum(axis=-1, keepdims=True)
        there = (weights @ column)[..., 0]
        spread = (weights @ column**2)[..., 0] - there**2
        slope = slope + (wanted - there) / np.maximum(spread, variance / 20 + TINY)
    return weights
