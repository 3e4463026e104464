"""Sums of draws, told by their characteristic function at as many frequencies as there are sums.

The longer is drawn, the fewer frequencies are left: one of magnitude m has m^t of itself after t
draws. So they are kept with the loudest first, and each draw needs a shorter beginning of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pmo_sync.rollups.forecast.odds import Floats

Spectrum = npt.NDArray[np.complex128]
Numbers = npt.NDArray[np.int64]
HARMONICS = 2048
"""Frequencies that are computed at most. Sums that reach further than twice so many items are told
of with as many steps, smoothed by Lanczos' factors: of thousands of items, a few more or fewer."""
SILENT = 1e-13
"""What a frequency may have left to be forgotten."""


@dataclass(frozen=True, slots=True)
class Room:
    """The sums that are looked for: ``size`` of them, an even number, from ``low`` on."""

    low: int
    size: int

    @property
    def smoothed(self) -> bool:
        """Whether they are more than there are frequencies for."""
        return self.size // 2 > HARMONICS

    @property
    def frequencies(self) -> int:
        """Return how many are computed: half of them, as sums are real."""
        return min(self.size // 2, HARMONICS) + 1

    def turned(self, numbers: Numbers, items: int) -> Spectrum:
        """Return e^(-i w items) of the frequencies of these numbers."""
        return _turned((numbers * items % self.size).astype(float) * (-2 * np.pi / self.size))

    def smoothing(self) -> Floats:
        """Return Lanczos' factors, all 1 where no frequency is left out: a series that is cut off
        would swing around every step."""
        count = self.frequencies
        factors: Floats = np.sinc(np.arange(count) / count) if self.smoothed else np.ones(count)
        return factors

    def counting(self, numbers: Numbers) -> Callable[[int], Spectrum]:
        """Return what, for the chance of a sum of n or more, a spectrum is multiplied with at
        frequencies of these numbers: a geometric series, by n."""
        half = np.pi * np.where(numbers == 0, 1, numbers) / self.size
        twins = np.where(numbers == 0, 0.0, 2.0)
        if not self.smoothed:  # the highest frequency of an even number has no twin
            twins[numbers == self.size // 2] = 1.0
        scale: Floats = twins * self.smoothing()[numbers] / self.size
        series: Spectrum = scale / (2j * np.sin(half) * np.exp(-1j * half))
        never = series * self.turned(numbers, self.low)
        level = (numbers == 0) / self.size

        def at_least(n: int) -> Spectrum:
            rest: Floats = level * (self.low + self.size - n)
            counted: Spectrum = series * self.turned(numbers, n) - never + rest
            return counted

        return at_least


def waves(kinds: Sequence[Floats], weights: Floats, room: Room) -> Spectrum:
    """Return the characteristic functions of values of several kinds (whole numbers), by each row
    of their ``weights``: each value's waves are those of the next lower one, turned on."""
    different, where = np.unique(np.stack(kinds), return_inverse=True)
    shares = np.zeros((len(kinds), len(weights), len(different)))
    for kind, columns in enumerate(where.reshape(len(kinds), -1)):
        np.add.at(shares[kind].T, columns, weights.T)
    turns = np.arange(room.frequencies) * (2 * np.pi / room.size)
    each = np.empty((len(different), len(turns)), np.complex128)
    each[0] = _turned(different[0] * turns)
    steps = np.diff(different)
    turning = {step: _turned(step * turns) for step in {*steps.tolist()}}
    for number, step in enumerate(steps.tolist(), 1):
        np.multiply(each[number - 1], turning[step], out=each[number])
    found: Spectrum = (shares @ each.view(np.float64)).view(np.complex128)
    return found


def _turned(angles: Floats) -> Spectrum:
    """Return e^(i angle): its parts apart take half the time of a complex exponential."""
    turned = np.empty(len(angles), np.complex128)
    turned.real, turned.imag = np.cos(angles), np.sin(angles)
    return turned
