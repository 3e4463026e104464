"""Weeks in which all stood still are no group's pace."""

from __future__ import annotations

import numpy as np
import pytest

from pmo_sync.rollups.forecast.lulls import shared
from pmo_sync.rollups.weekly import Weekly


def weeks(*finished: int) -> Weekly:
    nothing = (0,) * len(finished)
    return Weekly(nothing, finished, nothing, open=30)


SLOW = weeks(*(1,) * 15, 0, 1, *(1,) * 15)
BUSY = weeks(*(6,) * 15, 1, 0, *(6,) * 15)
SUMMER = weeks(*(30,) * 12, *(20,) * 8, *(30,) * 12)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"slow": SLOW}, set()),
        ({"slow": SLOW, "busy": BUSY}, {16, 17}),
        ({"slow": SLOW, "busy": weeks(*BUSY.finished[8:])}, {16, 17}),
        ({"slow": SLOW, "busy": weeks(*(6,) * 32)}, set()),
        ({"summer": SUMMER}, set()),
        ({"young": weeks(3, 0, 0)}, set()),
        ({"no week": weeks()}, set()),
    ],
    ids=["alone", "together", "some are younger", "others work on", "summer", "young", "no week"],
)
def test_which_weeks(groups: dict[str, Weekly], expected: set[int]) -> None:
    told = shared(groups)

    assert {name: set(each.still) for name, each in told.items()} == dict.fromkeys(groups, expected)
    assert {name: each.finished for name, each in told.items()} == {
        name: each.finished for name, each in groups.items()
    }


def test_nothing_is_told_of_no_group() -> None:
    assert shared({}) == {}


def test_chance_alone_is_no_lull() -> None:
    """Ten teams of four items a week each, two years, a hundred times."""
    random = np.random.default_rng(3)
    found = [
        shared({str(n): weeks(*random.poisson(4, 104).tolist()) for n in range(10)})["0"].still
        for _ in range(100)
    ]

    assert sum(bool(each) for each in found) <= 2
