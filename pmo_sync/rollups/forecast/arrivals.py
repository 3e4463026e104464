"""For how long will work go on arriving as it does? Nobody knows: odds of it, by what is known."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Protocol

import numpy as np

from pmo_sync.rollups.forecast.odds import Floats

AGE = 13
"""Weeks, a quarter, added to how long work has arrived: a young project has hardly begun to."""
OLD = 52
"""Weeks of arrivals at most that say for how long they last: a year ago it was other work."""
USUAL = 52
"""Weeks to a target as one usually is set. Of how much nearer or farther a target is, half is
believed (in logarithms): it says how long the work takes, but with an error (Galton 1886)."""
LONGER = 1.6
"""How much longer work arrives than the open share of the scope says, in half of all futures: it
was set, as the three below, by how well dates hold in simulated projects (docs/forecast.md)."""
LEAST = 0.5
"""Share of the weeks that the open work takes, for which work arrives in half of all futures at
least: who misses a target is asked for more all the same."""
AGEING = 1.5
"""Weibull's shape: above 1 the end of arrivals becomes likelier the longer they have lasted."""
ENDLESS = 0.15
"""The share of futures in which a target ends nothing."""


@dataclass(frozen=True, slots=True)
class Lots:
    """What each future draws, uniform from 0 to 1: how ``late`` arrivals end, and, if it is low,
    that they are ``endless``. Who draws the same lots has the same luck."""

    late: Floats
    endless: Floats


class Lasting(Protocol):
    """For how long work arrives."""

    @property
    def half(self) -> float:
        """Return the weeks for which it does in half of the futures that go as planned."""

    def still(self, weeks: Floats) -> Floats:
        """Return the odds that it still does after so many weeks, for each of several."""

    def drawn(self, lots: Lots) -> Floats:
        """Return the weeks for which it does in each future, by its lots."""


@dataclass(frozen=True, slots=True)
class Unplanned:
    """Seen at any moment of its life, what has lasted for ``half`` weeks lasts for another t with
    probability half / (half + t) (Gott 1993)."""

    half: float

    def still(self, weeks: Floats) -> Floats:
        """See ``Lasting``."""
        return self.half / (self.half + weeks)

    def drawn(self, lots: Lots) -> Floats:
        """See ``Lasting``."""
        return self.half * (1 / (1 - lots.late) - 1)


@dataclass(frozen=True, slots=True)
class Planned:
    """Every week in which work arrives makes it likelier that the next one is the last (Weibull
    1951), but for the futures in which it goes on as if it were ``unplanned``."""

    half: float
    unplanned: Unplanned

    def still(self, weeks: Floats) -> Floats:
        """See ``Lasting``."""
        planned = 2.0 ** -((weeks / self.half) ** AGEING)
        return (1 - ENDLESS) * planned + ENDLESS * self.unplanned.still(weeks)

    def drawn(self, lots: Lots) -> Floats:
        """See ``Lasting``."""
        planned = self.half * (-np.log2(1 - lots.late)) ** (1 / AGEING)
        return np.where(lots.endless < ENDLESS, self.unplanned.drawn(lots), planned)


def lasting(held: int, left: float, ahead: float | None, takes: float) -> Lasting:
    """Return what is known after ``held`` weeks of arrivals. With a target ``ahead`` weeks away it
    is a share of the geometric mean of that time and a ``USUAL`` one, the larger the more of the
    known scope is ``left``, and no less than a share of the weeks that the open work ``takes``.
    Without a target, or after it, only for how long work has arrived says something."""
    unplanned = Unplanned(min(held, OLD) + AGE)
    if ahead is None or ahead <= 0:
        return unplanned
    told = sqrt(ahead * USUAL)
    return Planned(max(LONGER * left * told, LEAST * takes), unplanned)
