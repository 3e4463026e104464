"""Who works when: working days less public holidays and days off, and the hours of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt

from pmo_sync.config import Config, PersonConfig, Portfolio, TeamConfig
from pmo_sync.rollups.calendar import WEEK

Days = npt.NDArray[np.datetime64]
YEARS = 3
"""Public holidays are looked up for the as-of day's year and those after it; later years have
week-ends alone."""
ONE = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Working days of a person (or of nobody in particular).

    ``hours`` are those of a working day, None where nobody knows them; before ``start`` and after
    ``end`` nobody works.
    """

    mask: tuple[bool, ...]
    off: Days
    hours: float | None = None
    start: date | None = None
    end: date | None = None

    def days(self, first: date, until: Days) -> npt.NDArray[np.int64]:
        """Count the working days from ``first`` to before each of ``until``; never negative."""
        begin = max(first, self.start) if self.start else first
        stop = np.minimum(until, np.datetime64(self.end + ONE)) if self.end else until
        stop = np.maximum(stop, np.datetime64(begin))
        counted = np.busday_count(begin, stop, weekmask=self.mask, holidays=self.off)
        return np.asarray(counted, dtype=np.int64)

    def capacity(self, bounds: Sequence[date]) -> tuple[float, ...] | None:
        """Return the hours between one bound and the next; None where nobody knows them."""
        if self.hours is None:
            return None
        counted = self.days(bounds[0], np.array(bounds, dtype="datetime64[D]"))
        return tuple(float(n) * self.hours for n in np.diff(counted))


def nobodys(config: Config, day: date) -> Calendar:
    """Return the working days of work that nobody has: the portfolio's."""
    return Calendar(_mask(config.portfolio), _off(_place(config, None), day, ()))


def calendar_of(config: Config, person: PersonConfig | None, day: date) -> Calendar:
    """Return the calendar of a person as of ``day``; of somebody whom the configuration does not
    know no hours are known."""
    if person is None:
        return nobodys(config, day)
    hours = config.policy.hours_a_week if person.hours is None else person.hours
    return Calendar(
        mask=_mask(config.portfolio),
        off=_off(_place(config, person), day, person.away),
        hours=hours / len(config.portfolio.working_days),
        start=person.start,
        end=person.end,
    )


def holidays_used(config: Config, first: date, after: date) -> Mapping[str, Mapping[date, str]]:
    """Return the public holidays of each place that the configuration names (``DE-BY``), from
    ``first`` to before ``after``."""
    places = {_place(config, None), *(_place(config, person) for person in config.people)}
    years = range(first.year, after.year + 1)
    return {
        f"{country}-{part}" if part else country: {
            day: name
            for year in years
            for day, name in public_holidays(country, part, year).items()
            if first <= day < after
        }
        for country, part in sorted(places)
        if country
    }


@cache
def public_holidays(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """Return the public holidays of a year with their names, in English where that is known."""
    import holidays  # 60 ms, which a configuration without a country need not pay

    found = holidays.country_holidays(
        country, subdiv=subdivision or None, years=year, language="en_US"
    )
    return dict(sorted(found.items()))


def _place(config: Config, person: PersonConfig | None) -> tuple[str, str]:
    """Return country and subdivision: a person's, else their team's, else the portfolio's."""
    teams = [team for team in config.teams if person and team.name == person.team]
    places: list[PersonConfig | TeamConfig | Portfolio] = [*teams, config.portfolio]
    for place in [person, *places] if person else places:
        if place.country:
            return place.country, place.subdivision or ""
    return "", ""


def _mask(portfolio: Portfolio) -> tuple[bool, ...]:
    return tuple(name in portfolio.working_days for name in WEEK)


def _off(place: tuple[str, str], day: date, away: Sequence[Sequence[date]]) -> Days:
    found: set[date] = set()
    if place[0]:
        for year in range(day.year, day.year + YEARS):
            found |= public_holidays(*place, year).keys()
    for first, last in away:
        found |= {first + n * ONE for n in range((last - first).days + 1)}
    return np.array(sorted(found), dtype="datetime64[D]")
