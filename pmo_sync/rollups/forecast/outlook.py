"""The odds of a finish where neither the throughput nor the end of arrivals is known.

Three things are not known, and are carried along:

- Which weeks come: they are drawn from past ones, finishes and arrivals together, and convolved
  exactly, by powers of their characteristic function.
- What the throughput really is: some dozen weeks are a small sample. The bootstrap's weights are
  tilted so that their mean takes the values of a normal distribution with the Bayesian
  bootstrap's variance, s^2 / (n + 1); the odds are the average over them (Gauss-Hermite).
- For how long work will arrive as it does: ``arrivals.Lasting`` has the odds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pmo_sync.rollups.forecast.arrivals import Lasting
from pmo_sync.rollups.forecast.odds import Floats, Period, at_least

Spectrum = npt.NDArray[np.complex128]
NODES, CHANCES = np.polynomial.hermite_e.hermegauss(5)
CHANCES = CHANCES / CHANCES.sum()
REACH = 8
"""Standard deviations beyond which nothing is looked for: 1e-15 of all."""
MARGIN = 0.05
"""A tilted mean stays inside the samples by this share of the way to their ends."""
YEAR, STRIDE = 52, 4
"""Weeks that are computed one by one, and how far apart those after them are."""
HARMONICS = 2048
"""Frequencies that are computed at most. Sums that reach further than twice so many items are told
of with as many steps, smoothed by Lanczos' factors: of thousands of items, a few more or fewer."""
STEPS = 8
"""Newton's, after which a tilted mean is what was wanted."""
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Outlook:
    """``odds`` of all done by the end of week t = 1, 2, ...; ``at_least[n]`` those that the items
    finished by the week ``by``, less what arrived, are n or more; None without such a week."""

    odds: Floats
    at_least: Floats | None


def outlook(
    samples: Sequence[Period], backlog: int, weeks: int, arriving: Lasting, by: int | None = None
) -> Outlook:
    """Return the odds that ``backlog`` items are done in 1 .. ``weeks`` weeks, and what is known
    of the week ``by`` among them. From a year on only every fourth week is computed, as if
    arrivals ended at the beginning of four weeks, and the others lie on the line between."""
    finished = np.array([each.finished for each in samples], dtype=float)
    net = finished - np.array([each.arrived for each in samples], dtype=float)
    weights = tilted(finished)
    low, size = _room(weights, finished, net, weeks, backlog)
    off, on = (weights @ waves for waves in _waves(finished, net, size))
    counting = _counting(backlog - low, low, size)
    coming, ended = np.ones_like(on), np.zeros_like(off)
    told, odds, then, before = [0], [0.0], None, 0
    powers: dict[int, tuple[Spectrum, Spectrum]] = {}
    for week in _told(weeks, by):
        passed = week - before
        if passed not in powers:
            powers[passed] = on**passed, off**passed
        still, was = arriving.still(week), arriving.still(before)
        heard = coming.shape[-1]
        ended = (ended + (was - still) * coming) * powers[passed][1][:, :heard]
        coming = coming * powers[passed][0][:, :heard]
        mixed = CHANCES @ (still * coming + ended)
        told.append(week)
        odds.append(float((mixed @ counting[:heard]).real))
        if week % STRIDE == 0:
            coming, ended = _audible(coming, ended)
        then, before = (mixed if week == by else then), week
    rising = np.clip(np.maximum.accumulate(odds), 0.0, 1.0)
    each = np.interp(np.arange(1, weeks + 1), told, rising)
    return Outlook(each, None if then is None else _at_least(then, low, size))


def _audible(*spectra: Spectrum) -> tuple[Spectrum, ...]:
    """Return spectra without the highest frequencies, once these have died away: the wider a sum
    spreads, the fewer are left."""
    loud = np.flatnonzero(np.max([np.abs(each).max(axis=0) for each in spectra], axis=0) > TINY)
    kept = int(loud[-1]) + 1 if len(loud) else 1
    return tuple(each[:, :kept] for each in spectra)


def _told(weeks: int, by: int | None) -> list[int]:
    """Return the weeks that are computed: every one of a year, then every fourth."""
    near, far = range(1, min(weeks, YEAR) + 1), range(YEAR + STRIDE, weeks, STRIDE)
    some = {by} if by and 0 < by <= weeks else set()
    return sorted({*near, *far, *some, weeks})


def promised(samples: Sequence[Sequence[int]], periods: int, q: float) -> list[int]:
    """Return, for each of several samples of equal length, how many items are finished in some
    periods with probability ``q``."""
    values = np.asarray(samples, dtype=float)
    size = int(values.max()) * periods + 2
    turns = 2j * np.pi * np.arange(size) / size
    waves = np.exp(np.arange(values.max() + 1)[:, None] * turns)[values.astype(int)]
    mixed = np.tensordot((tilted(values) @ waves) ** periods, CHANCES, axes=(1, 0))
    chances = np.fft.fft(mixed).real / size
    return [at_least(each, q) for each in chances]


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


def _room(
    weights: Floats, finished: Floats, net: Floats, weeks: int, backlog: int
) -> tuple[int, int]:
    """Return the lowest sum that is looked for, and how many: an even number."""
    noise = REACH * np.sqrt(weeks)
    high = (weights @ finished).max() * weeks + noise * finished.std() + finished.max()
    low = min((weights @ net).min() * weeks, 0.0) - noise * net.std() + min(net.min(), 0.0)
    high = max(min(high, finished.max() * weeks), backlog) + 1
    low = max(low, min(net.min(), 0.0) * weeks)
    size = int(np.ceil(high)) - int(np.floor(low)) + 1
    return int(np.floor(low)), size + size % 2


def _waves(finished: Floats, net: Floats, size: int) -> tuple[Spectrum, Spectrum]:
    """Return e^(i w x) of each sample x, for half of the frequencies: sums are real."""
    turns = _turns(size)
    return np.exp(np.outer(finished, turns)), np.exp(np.outer(net, turns))


def _counting(first: int, low: int, size: int) -> Spectrum:
    """Return what a spectrum is multiplied with for the chance of a sum of low + first or more."""
    wanted = np.zeros(size)
    wanted[max(first, 0) :] = 1.0
    turns = _turns(size)
    counting: Spectrum = np.fft.rfft(wanted)[: len(turns)] * np.exp(-turns * low) / size
    counting *= 2 * _smoothing(size)
    counting[0] /= 2
    if len(turns) == size // 2 + 1:  # the highest frequency of an even number has no twin
        counting[-1] /= 2
    return counting


def _at_least(spectrum: Spectrum, low: int, size: int) -> Floats:
    """Return the chance of a sum of n or more, for n = 0, 1, ..."""
    heard = len(spectrum)
    smooth: Spectrum = spectrum * (np.exp(-_turns(size) * low) * _smoothing(size))[:heard]
    chances = np.fft.irfft(np.conj(smooth), size)
    tail: Floats = np.clip(np.cumsum(chances[::-1])[::-1], 0.0, 1.0)
    return tail[-low:]


def _turns(size: int) -> Spectrum:
    return np.asarray(2j * np.pi * np.arange(min(size // 2, HARMONICS) + 1) / size, np.complex128)


def _smoothing(size: int) -> Floats:
    """Return Lanczos' factors, all 1 where no frequency is left out: a series that is cut off
    would swing around every step."""
    count = min(size // 2, HARMONICS) + 1
    if size // 2 <= HARMONICS:
        return np.ones(count)
    factors: Floats = np.sinc(np.arange(count) / count)
    return factors
