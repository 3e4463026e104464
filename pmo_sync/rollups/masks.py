"""What the bits of a mask count in each group, and where the first of them are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Found = dict[str, tuple[int, Sequence[int]]]
"""Group -> how many, and the places of the first."""


@dataclass(frozen=True, slots=True)
class Masks:
    """A number of each group and mask, as columns: how many rows have them, or the place of one."""

    groups: npt.NDArray[Any]
    masks: Numbers
    numbers: Numbers

    def numbered(self, names: Mapping[str, int]) -> Masks:
        """Return these in the order of groups and numbers, with a number for each group."""
        groups = np.array([names[group] for group in self.groups.tolist()], dtype=np.int64)
        masks, numbers = self.masks.astype(np.int64), self.numbers.astype(np.int64)
        order = np.lexsort((numbers, groups))
        return Masks(groups[order], masks[order], numbers[order])

    def of(self, bit: int) -> Masks:
        """Return those whose mask has a bit."""
        there = self.masks & bit != 0
        return Masks(self.groups[there], self.masks[there], self.numbers[there])


def counted_by_bit(
    totals: Masks, first: Masks, bits: Mapping[str, int], limit: int
) -> dict[str, Found]:
    """Return by bit and group how many rows there are, and the first ``limit`` places, of ``first``
    that has as many of each mask: a bit's first are among the first of each mask."""
    names = sorted(set(totals.groups.tolist()))
    known = {name: number for number, name in enumerate(names)}
    totals, first = totals.numbered(known), first.numbered(known)
    return {
        name: _counted(totals.of(bit), first.of(bit), names, limit) for name, bit in bits.items()
    }


def _counted(totals: Masks, first: Masks, names: Sequence[str], limit: int) -> Found:
    sums = np.bincount(totals.groups, totals.numbers, len(names)).astype(np.int64)
    there = np.flatnonzero(sums)
    begin = np.searchsorted(first.groups, there, "left")
    end = np.minimum(np.searchsorted(first.groups, there, "right"), begin + limit)
    spans = zip(there.tolist(), begin.tolist(), end.tolist(), strict=True)
    return {names[group]: (int(sums[group]), first.numbers[i:j].tolist()) for group, i, j in spans}
