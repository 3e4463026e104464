"""Simulated futures against exact odds, and what only they can tell."""

from __future__ import annotations

import numpy as np
import pytest

from pmo_sync.rollups.forecast.arrivals import Lasting, Planned, Unplanned
from pmo_sync.rollups.forecast.odds import Period
from pmo_sync.rollups.forecast.outlook import Ahead, outlook
from pmo_sync.rollups.forecast.simulate import Team, simulated
from tests.rollups.forecast.bootstrap import cautious_odds

WEEKS = (1, 3, 5, 3, 7, 8, 0, 5, 3, 1, 8, 2)
ARRIVED = (2, 1, 0, 3, 4, 0, 1, 2, 0, 1, 2, 1)
ALONE = [Period(week) for week in WEEKS]
NONE = Unplanned(1.0)
"""Of what does not arrive it does not matter for how long."""


def test_one_team_has_the_exact_cautious_odds() -> None:
    found = simulated([Team(ALONE, 110, NONE)], 60).each[0]

    assert found == pytest.approx(cautious_odds(WEEKS, 110, 60), abs=0.015)


@pytest.mark.parametrize(
    "arriving", [Unplanned(26), Planned(20, Unplanned(30))], ids=["Gott", "Weibull"]
)
def test_arrivals_end_as_in_the_outlook(arriving: Lasting) -> None:
    samples = [Period(*pair) for pair in zip(WEEKS, ARRIVED, strict=True)]
    found = simulated([Team(samples, 40, arriving)], 52).each[0]

    assert found == pytest.approx(outlook(Ahead(tuple(samples), 40, 52, arriving)), abs=0.02)


def test_teams_that_have_their_weeks_in_common_finish_in_common() -> None:
    """Two teams of which each week is alike are one: multiplied odds would be far lower."""
    found = simulated([Team(ALONE, 60, NONE), Team(ALONE, 60, NONE)], 40)

    assert np.array_equal(found.all, found.each[0])
    assert found.all[19] > found.each[0][19] ** 2 + 0.1


def test_work_stops_arriving_for_all_in_common() -> None:
    """A future in which it ends late for one ends late for the other, if not on the same day: when
    the weeks of both are alike, the one with less left is never the later."""
    samples = [Period(*pair) for pair in zip(WEEKS, ARRIVED, strict=True)]
    arriving = Planned(20, Unplanned(30))
    found = simulated([Team(samples, 40, arriving), Team(samples, 25, arriving)], 52)

    assert np.array_equal(found.all, found.each[0])


def test_teams_with_opposite_weeks_are_done_together_more_seldom_than_each() -> None:
    opposite = [Period(8 - week) for week in WEEKS]
    found = simulated([Team(ALONE, 60, NONE), Team(opposite, 65, NONE)], 40)

    assert found.all[15] < min(each[15] for each in found.each)


def test_a_backlog_that_grows_as_a_whole_has_the_exact_odds() -> None:
    """A hundred weeks are no small sample: then the odds are those of the weeks as they are."""
    samples = [Period(count) for count in (3, 4, 5, 6)] * 25
    found = simulated([Team(samples, 54, NONE, growth=2.0)], 60).each[0]

    exact = outlook(Ahead(tuple(samples), 54, 60, Unplanned(1e-9), growth=2.0, cautious=False))
    assert found == pytest.approx(exact, abs=0.015)


def test_what_grows_grows_by_one_factor_for_all_teams() -> None:
    team = Team(ALONE, 60, NONE, growth=2.0)
    found = simulated([team, team], 60)

    assert np.array_equal(found.all, found.each[0])


def test_the_last_items_come_later() -> None:
    early, late = (simulated([Team(ALONE, 20, NONE, last=last)], 30).each[0] for last in (0, 3))

    assert np.array_equal(early[:-3], late[3:])
    assert not late[:3].any()


def test_the_same_seed_gives_the_same_futures() -> None:
    once, again = (simulated([Team(ALONE, 40, NONE)], 30, trials=500, seed=5) for _ in range(2))
    other = simulated([Team(ALONE, 40, NONE)], 30, trials=500, seed=6)

    assert np.array_equal(once.all, again.all)
    assert not np.array_equal(once.all, other.all)


def test_teams_must_tell_of_the_same_weeks() -> None:
    with pytest.raises(ValueError, match="not of \\[11, 12\\]"):
        simulated([Team(ALONE, 5, NONE), Team(ALONE[1:], 5, NONE)], 4)
