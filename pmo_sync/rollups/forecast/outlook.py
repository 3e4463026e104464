"""The odds of a finish where throughput, scope and the end of arrivals are not known.

Four things are not known, and are carried along:

- Which weeks come: they are drawn from past ones, finishes and arrivals together, and convolved
  exactly, by powers of their characteristic function.
- What the throughput really is: some dozen weeks are a small sample; the odds are the average over
  its ``tilted`` weights (who is not cautious takes the weeks as they are).
- How many items the open ones turn out to be: ``odds.split`` has the chances.
- For how long work will arrive as it does: ``arrivals.Lasting`` has the odds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, log, sqrt

import numpy as np
import numpy.typing as npt

from pmo_sync.rollups.forecast.arrivals import Lasting
from pmo_sync.rollups.forecast.odds import EXACT, Floats, Period, at_least, split
from pmo_sync.rollups.forecast.spectra import SILENT, Numbers, Room, Spectrum, waves
from pmo_sync.rollups.forecast.tilting import CHANCES, tilted

Bools = npt.NDArray[np.bool_]
REACH = 8
"""Standard deviations beyond which nothing is looked for: 1e-15 of all."""
STEEP = np.geomspace(0.3, 30, 10)
"""Slopes at which the odds of a week are bounded, times its most items."""
NEVER, TINY = 1e-16, 1e-12
KEPT = 4096
"""Outlooks that are kept: reports of a day and of the days before it ask for the same."""
YEAR, STRIDE = 52, 4
"""Weeks that are computed one by one, and how far apart those after them are."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lies ahead of a team: ``backlog`` items are left of it, which turn out to be up to
    ``growth`` times as many; any of ``samples`` may come each week (who is ``cautious`` knows that
    they are few), and ``arriving`` says for how long work arrives with them. ``weeks`` are looked
    ahead: each of a year, then every fourth, as if arrivals ended at the beginning of four weeks,
    and ``by`` too."""

    samples: tuple[Period, ...]
    backlog: int
    weeks: int
    arriving: Lasting
    by: int | None = None
    growth: float = 1.0
    cautious: bool = True


@lru_cache(KEPT)
def outlook(ahead: Ahead) -> Floats:
    """Return the odds of all done by the end of week t = 1, 2, ...; between the weeks that are
    computed they lie on the line."""
    draws, told = _draws(ahead.samples, ahead.cautious), _told(ahead)
    backlogs = split(ahead.backlog, ahead.growth)
    room = draws.room(ahead.weeks, max(backlogs))
    possible = told >= draws.soonest(min(backlogs))
    passing = _passing(draws, room, told, possible)
    counting = np.outer(_counted(room.counting(passing.numbers), backlogs), draws.chances).ravel()
    odds = [0.0]
    for there, (still, sums) in zip(possible, passing.weeks(told, ahead.arriving), strict=True):
        coming, ended = (sums @ counting[: sums.shape[1]]).real if there else (0.0, 0.0)
        odds.append(still * coming + ended)
    rising = np.clip(np.maximum.accumulate(odds), 0.0, 1.0)
    each: Floats = np.interp(np.arange(1, ahead.weeks + 1), [0, *told], rising)
    each.flags.writeable = False
    return each


def most_by(ahead: Ahead, by: int, q: float) -> int:
    """Return the most items, up to the backlog, that are finished by the week ``by`` (among those
    that are looked ahead), less what arrived, with probability ``q``."""
    draws, told = _draws(ahead.samples, ahead.cautious), _told(ahead)
    room = draws.room(by, max(split(ahead.backlog, ahead.growth)))
    told = told[told <= by]
    passing = _passing(draws, room, told, told == by)
    *_, (still, sums) = passing.weeks(told, ahead.arriving)
    spectrum = (still * sums[0] + sums[1]).reshape(-1, len(draws.chances)) @ draws.chances
    counting = room.counting(passing.numbers[: len(spectrum)])

    def unlikely(items: int) -> float:
        return -float((_counted(counting, split(items, ahead.growth)) @ spectrum).real)

    return bisect_right(range(1, ahead.backlog + 1), EXACT - q, key=unlikely)


def _counted(counting: Callable[[int], Spectrum], backlogs: Mapping[int, float]) -> Spectrum:
    """Return what spectra are multiplied with for the chance of all of a backlog."""
    counted: Spectrum = sum(
        (chance * counting(items) for items, chance in backlogs.items()), np.zeros(1, complex)
    )
    return counted


def _told(ahead: Ahead) -> Numbers:
    """Return the weeks that are computed."""
    near, far = range(1, min(ahead.weeks, YEAR) + 1), range(YEAR + STRIDE, ahead.weeks, STRIDE)
    some = {ahead.by} if ahead.by and 0 < ahead.by <= ahead.weeks else set()
    return np.array(sorted({*near, *far, *some, ahead.weeks}))


@dataclass(frozen=True, slots=True)
class _Draws:
    """What each sample finished, the same less what arrived, and the weights that they may have,
    a row each, with their ``chances``."""

    finished: Floats
    net: Floats
    weights: Floats
    chances: Floats

    def room(self, weeks: int, backlog: int) -> Room:
        """Return room for all sums that so many weeks may bring."""
        finished, net, noise = self.finished, self.net, REACH * sqrt(weeks)
        high = (self.weights @ finished).max() * weeks + noise * finished.std() + finished.max()
        low = min((self.weights @ net).min() * weeks, 0.0) - noise * net.std() + min(net.min(), 0.0)
        high = max(min(high, finished.max() * weeks), backlog) + 1
        low = max(low, min(net.min(), 0.0) * weeks)
        size = ceil(high) - floor(low) + 1
        return Room(floor(low), size + size % 2)

    def soonest(self, backlog: int) -> float:
        """Return the weeks before which so much is as good as never finished: by Chernoff's bound
        E[e^(s x)]^t / e^(s backlog), at any s, of whichever draws and weights finish the most."""
        steep = STEEP / max(self.finished.max(), self.net.max(), 1.0)
        each = np.stack([np.exp(np.outer(steep, kind)) for kind in (self.finished, self.net)])
        most = np.log((each @ self.weights.T).max(axis=(0, 2)))
        return float(((steep * backlog + log(NEVER)) / np.maximum(most, TINY)).max())


@lru_cache(KEPT)
def _draws(samples: tuple[Period, ...], cautious: bool) -> _Draws:
    finished = np.array([each.finished for each in samples], dtype=float)
    arrived, size = np.array([each.arrived for each in samples], dtype=float), len(samples)
    if cautious:
        return _Draws(finished, finished - arrived, tilted(finished), CHANCES)
    return _Draws(finished, finished - arrived, np.full((1, size), 1 / size), np.ones(1))


@dataclass(frozen=True, slots=True)
class _Passing:
    """A week's draw while work arrives, and once it does not (a row each): of each frequency, the
    loudest first, by each of so many ``rows`` of weights. ``heard`` frequencies are needed from
    each week on."""

    numbers: Numbers
    waves: Spectrum
    heard: Sequence[int]
    rows: int

    def weeks(self, told: Numbers, arriving: Lasting) -> Iterator[tuple[float, Spectrum]]:
        """Let weeks pass, and yield of each that is told the odds that work arrives still, and the
        spectra of the sums if it does, and times the odds that it does not."""
        still = arriving.still(np.append(0, told)).tolist()
        sums = np.zeros_like(self.waves)
        sums[0] = 1
        powers: dict[int, Spectrum] = {}
        for number, passed in enumerate(np.diff(told, prepend=0).tolist()):
            heard = self.heard[number] * self.rows
            sums = sums[:, :heard]
            if passed not in powers:
                powers[passed] = self.waves[:, :heard] ** passed
            sums[1] += (still[number] - still[number + 1]) * sums[0]
            sums *= powers[passed][:, :heard]
            yield still[number + 1], sums


def _passing(draws: _Draws, room: Room, told: Numbers, read: Bools) -> _Passing:
    """Return what passes, as far as the weeks that are ``read`` hear of it."""
    both = waves((draws.net, draws.finished), draws.weights, room)
    loud = (both.real**2 + both.imag**2).max(axis=(0, 1))
    next_read = np.append(told[read], told[-1])[np.searchsorted(told[read], told)]
    least = SILENT ** (2 / next_read)
    numbers = np.flatnonzero(loud > least[0])
    numbers = numbers[np.argsort(-loud[numbers])]
    heard = np.searchsorted(-loud[numbers], -least)
    each = both[:, :, numbers].transpose(0, 2, 1).reshape(len(both), -1)
    return _Passing(numbers, each, heard.tolist(), len(draws.chances))


def promised(samples: Sequence[Sequence[int]], periods: int, q: float) -> list[int]:
    """Return, for each of several samples of equal length, how many items are finished in some
    periods with probability ``q``."""
    values = np.asarray(samples, dtype=float)
    most = int(values.max())
    size = most * periods + 1
    shares = tilted(values) @ (values[..., None] == np.arange(most + 1))
    mixed = CHANCES @ np.fft.rfft(shares, size) ** periods
    return [at_least(each, q) for each in np.fft.irfft(mixed, size)]
