"""What masks count: as by looking at each row for each bit."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.rollups.masks import Masks, counted_by_bit

BITS = {"open": 1, "late": 2, "blocked": 4, "last": 1 << 47}
Row = tuple[str, int]

rows = st.lists(
    st.tuples(st.sampled_from(["", "P", "Q", "\x1f"]), st.sampled_from(range(1, 8)))
).map(lambda found: [(group, mask | (mask == 7) << 47) for group, mask in found])


def of(found: list[tuple[str, int, int]]) -> Masks:
    groups, masks, numbers = zip(*found, strict=True) if found else ((), (), ())
    return Masks(np.array(groups, object), np.array(masks, "int64"), np.array(numbers, "int64"))


@given(rows, st.integers(0, 4), st.randoms())
def test_counts_and_first_places_are_those_of_the_rows(
    rows: list[Row], limit: int, luck: Random
) -> None:
    """A row's place is its place in the list; engines give groups and places in any order."""
    totals = [(group, mask, n) for (group, mask), n in Counter(rows).items()]
    places: dict[Row, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        places[row].append(place)
    first = [(*row, place) for row, found in places.items() for place in found[:limit]]
    luck.shuffle(totals)
    luck.shuffle(first)
    told = counted_by_bit(of(totals), of(first), BITS, limit)
    for name, bit in BITS.items():
        mine: dict[str, list[int]] = defaultdict(list)
        for place, (group, mask) in enumerate(rows):
            if mask & bit:
                mine[group].append(place)
        assert told[name] == {group: (len(found), found[:limit]) for group, found in mine.items()}
