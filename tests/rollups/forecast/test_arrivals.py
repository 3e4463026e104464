"""For how long work arrives: medians and odds by hand, and draws that have these odds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.rollups.forecast.arrivals import Lasting, Lots, Planned, Unplanned, lasting


@pytest.mark.parametrize(
    ("held", "left", "ahead", "takes", "median"),
    [
        (10, 0.5, None, 20, 23),
        (200, 0.5, None, 20, 65),
        (10, 0.5, -1, 20, 23),
        (10, 0.8, 52, 20, 66.56),
        (10, 0.8, 13, 20, 33.28),
        (10, 0.2, 52, 8, 16.64),
        (10, 0.2, 13, 40, 20),
    ],
    ids=["young and without a target", "old and without", "target past", "much is open",
         "a target a fourth as far away", "little is open",
         "the target is too near for what is open"],
)  # fmt: skip
def test_half_of_the_futures(
    held: int, left: float, ahead: float | None, takes: float, median: float
) -> None:
    """A quarter, plus as long again as it has lasted; or 1.6 times the open share of a year, half
    as much with a target a fourth as far away, and half of the weeks that the open work takes at
    least."""
    assert lasting(held, left, ahead, takes).half == pytest.approx(median)


def test_what_is_planned_ends_the_likelier_the_longer_it_lasts() -> None:
    """From 2^-1 at the median to 2^-2.83 at twice as long, where it does not, from 1/2 to 1/3;
    and 15 of 100 futures do not go as planned."""
    unplanned = Unplanned(10)
    planned = Planned(10, unplanned)

    weeks = np.array([10.0, 20.0])
    assert unplanned.still(weeks) == pytest.approx([1 / 2, 1 / 3])
    assert planned.still(weeks) == pytest.approx([0.5, 0.85 * 2 ** -(2**1.5) + 0.15 / 3])


@pytest.mark.parametrize("arriving", [Planned(7, Unplanned(30)), Unplanned(7)])
def test_what_is_drawn_has_the_odds(arriving: Lasting) -> None:
    random = np.random.default_rng(3)
    drawn = arriving.drawn(Lots(random.random(40_000), random.random(40_000)))

    weeks = np.array([1.0, 7.0, 14.0, 100.0])
    found = (drawn[:, None] > weeks).mean(axis=0)
    assert found == pytest.approx(arriving.still(weeks), abs=0.01)


@given(st.floats(0.05, 1), st.floats(1, 100), st.floats(1, 100))
def test_a_later_target_lets_work_arrive_for_no_larger_share_of_the_time_to_it(
    left: float, ahead: float, takes: float
) -> None:
    """Else a later target could be less likely to hold than an earlier one."""
    near, far = (lasting(10, left, weeks, takes) for weeks in (ahead, 2 * ahead))

    assert far.still(np.array(2 * ahead)) <= near.still(np.array(ahead)) + 1e-12
