"""The rows of a page are shared out: never more than there is room for, what matters first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.reports.room import Tiers, shared_out

SIZES = {"open": 25, "late": 3, "done": 25, "old": 10}


@pytest.mark.parametrize(
    ("room", "tiers", "kept"),
    [
        (None, (), {"open": 25, "late": 3, "done": 25, "old": 10}),
        (63, (), {"open": 25, "late": 3, "done": 25, "old": 10}),
        (43, (), {"open": 15, "late": 3, "done": 15, "old": 10}),
        (20, (), {"open": 5, "late": 3, "done": 5, "old": 5}),
        (40, ({"late"}, {"open", None}), {"late": 3, "open": 25, "done": 6, "old": 6}),
        (10, ({"open"}, {"late"}), {"open": 7, "late": 1, "done": 1, "old": 1}),
        (3, ({"late"},), {"open": 0, "late": 3, "done": 0, "old": 0}),
    ],
)
def test_lists_of_a_tier_are_cut_to_one_length(
    room: int | None, tiers: Tiers, kept: dict[str, int]
) -> None:
    assert shared_out(SIZES, room, tiers) == kept


sizes = st.dictionaries(st.text(max_size=3), st.integers(0, 30), max_size=12)


@given(sizes, st.integers(1, 200), st.sets(st.text(max_size=3)))
def test_room_is_used_up_and_never_exceeded(
    sizes: dict[str, int], room: int, first: set[str]
) -> None:
    kept = shared_out(sizes, room, (first,))
    assert kept.keys() == sizes.keys()
    assert all(0 <= kept[id] <= size for id, size in sizes.items())
    assert sum(kept.values()) <= room
    cut = [id for id, size in sizes.items() if kept[id] < size]
    assert not cut or room - sum(kept.values()) < len(cut)


@given(sizes, st.integers(1, 200), st.sets(st.text(max_size=3)))
def test_nothing_later_is_shown_while_something_earlier_is_cut(
    sizes: dict[str, int], room: int, first: set[str]
) -> None:
    kept = shared_out(sizes, room, (first,))
    cut = any(id in first and kept[id] < size for id, size in sizes.items())
    assert not cut or not any(count > 1 for id, count in kept.items() if id not in first)
