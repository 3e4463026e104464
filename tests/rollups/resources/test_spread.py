"""How remaining effort falls into weeks: worked cases, and that nothing of it is lost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_sync.config import Config, PersonConfig, Portfolio, TeamConfig
from pmo_sync.rollups.resources.calendars import Calendar, calendar_of, holidays_used, nobodys
from pmo_sync.rollups.resources.load import Portion, load_of
from pmo_sync.rollups.resources.spread import weeks_from

SUNDAY = date(2026, 5, 10)
HERE = Config(Path("pmo-sync.toml"), portfolio=Portfolio(country="US"))
"""Memorial Day, Monday 25 May 2026, is its only holiday in May."""
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def person(**values: object) -> Calendar:
    return calendar_of(HERE, PersonConfig("P", **values), SUNDAY)  # type: ignore[arg-type]


def hours(
    seconds: float, planned: date | None, own: Calendar, day: date = SUNDAY
) -> tuple[list[float], float, float]:
    """Return the hours of the first three weeks, later and undated."""
    plain = nobodys(HERE, day)
    load = load_of([Portion("P", planned, seconds, 1, 1)], own, plain, weeks_from(day, plain))
    return [round(h, 9) for h in load.weeks[:3]], round(load.later, 9), load.undated


CASES: list[tuple[str, float, date | None, Calendar, list[float], float, float]] = [
    ("28 hours over three weeks with a holiday: 14 days of 2", 28, date(2026, 5, 29), person(),
     [10, 10, 8], 0, 0),
    ("five of the days off", 27, date(2026, 5, 29),
     person(away=((date(2026, 5, 18), date(2026, 5, 22)),)), [15, 0, 12], 0, 0),
    ("from the second week on", 27, date(2026, 5, 29), person(start=date(2026, 5, 18)),
     [0, 15, 12], 0, 0),
    ("leaves after the first week", 30, date(2026, 5, 29), person(end=date(2026, 5, 15)),
     [30, 0, 0], 0, 0),
    ("away all the time: as if not", 28, date(2026, 5, 29),
     person(away=((date(2026, 5, 1), date(2026, 6, 30)),)), [10, 10, 8], 0, 0),
    ("another country, without that holiday", 30, date(2026, 5, 29),
     person(country="JP"), [10, 10, 10], 0, 0),
    ("due on the first day", 5, date(2026, 5, 11), person(), [5, 0, 0], 0, 0),
    ("due on a Saturday", 5, date(2026, 5, 16), person(), [5, 0, 0], 0, 0),
    ("due in the past", 5, date(2026, 4, 1), person(), [5, 0, 0], 0, 0),
    ("due on the day itself", 5, SUNDAY, person(), [5, 0, 0], 0, 0),
    ("no date", 5, None, person(), [0, 0, 0], 0, 5),
    ("ten weeks with three holidays: the last ten days are later", 47, date(2026, 7, 17), person(),
     [5, 5, 4], 10, 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "planned", "own", "weeks", "later", "undated"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_worked_cases(
    left: float,
    planned: date | None,
    own: Calendar,
    weeks: Sequence[float],
    later: float,
    undated: float,
) -> None:
    assert hours(left * 3600, planned, own) == (weeks, later, undated)


def test_work_due_only_on_days_off_falls_on_the_day_itself() -> None:
    """On a Friday evening work is due on Sunday: nobody works until then."""
    assert hours(3600, date(2026, 5, 10), person(), date(2026, 5, 8))[0] == [1, 0, 0]


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 5, 10), date(2026, 5, 11)),
        (date(2026, 5, 8), date(2026, 5, 11)),
        (date(2026, 5, 6), date(2026, 5, 7)),
    ],
    ids=["Sunday", "Friday", "Wednesday"],
)
def test_the_first_week_is_the_one_in_which_somebody_works_again(day: date, begins: date) -> None:
    weeks = weeks_from(day, nobodys(HERE, day))
    assert weeks.bounds[0] == begins
    assert {b.weekday() for b in weeks.bounds[1:]} == {0}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (person(), (40, 40, 32)), (person(hours=32.0), (32, 32, 25.6)),
        (person(away=((date(2026, 5, 14), date(2026, 5, 18)),)), (24, 32, 32)),
        (person(start=date(2026, 5, 13), end=date(2026, 5, 19)), (24, 16, 0)),
        (person(hours=0.0), (0, 0, 0)),
    ],
    ids=["full time", "part time", "days off", "comes and goes", "no hours"],
)  # fmt: skip
def test_capacity_is_hours_less_holidays_and_days_off(
    own: Calendar, expected: tuple[float, ...]
) -> None:
    found = own.capacity(weeks_from(SUNDAY, nobodys(HERE, SUNDAY)).bounds)
    assert found
    assert found[:3] == pytest.approx(expected)


def test_of_somebody_whom_nobody_configured_no_capacity_is_known() -> None:
    weeks = weeks_from(SUNDAY, nobodys(HERE, SUNDAY))
    assert calendar_of(HERE, None, SUNDAY).capacity(weeks.bounds) is None


def test_a_person_has_their_own_holidays_else_the_teams_else_the_portfolios() -> None:
    people = (
        PersonConfig("A", country="DE", subdivision="BE"),
        PersonConfig("B", team="South"),
        PersonConfig("C", team="North"),
    )
    teams = (TeamConfig("South", "DE", "BY"),)
    config = Config(HERE.path, portfolio=HERE.portfolio, teams=teams, people=people)

    used = holidays_used(config, date(2026, 6, 1), date(2026, 7, 1))

    assert {place: [str(day) for day in days] for place, days in used.items()} == {
        "DE-BE": [], "DE-BY": ["2026-06-04"], "US": ["2026-06-19"],
    }  # fmt: skip


days = st.dates(date(2026, 1, 1), date(2031, 1, 1))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    first, last = sorted((draw(days), draw(days)))
    known = PersonConfig(
        "P",
        start=draw(st.none() | st.just(first)),
        end=draw(st.none() | st.just(last)),
        away=tuple((d, d + timedelta(days=draw(st.integers(0, 40)))) for d in draw(st.lists(days))),
    )
    worked = draw(st.lists(st.sampled_from(EVERY_DAY), min_size=1, unique=True))
    portfolio = Portfolio(working_days=tuple(worked), country="SE")  # type: ignore[arg-type]
    return calendar_of(Config(HERE.path, portfolio=portfolio), known, SUNDAY)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.none() | days, st.integers(0, 10**7), st.integers(1, 3))),
    calendars(),
    days,
)
def test_nothing_is_lost_or_negative(
    work: list[tuple[date | None, int, int]], own: Calendar, day: date
) -> None:
    plain = nobodys(HERE, day)
    portions = [Portion("P", planned, s / n, 1, 1) for planned, s, n in work]
    load = load_of(portions, own, plain, weeks_from(day, plain))
    left = math.fsum(s / n / 3600 for _, s, n in work)
    assert math.isclose(load.total, left, rel_tol=1e-12, abs_tol=1e-9)
    assert min(*load.weeks, load.later, load.undated) >= 0
    past = math.fsum(s / n / 3600 for d, s, n in work if d and d < day)
    assert load.overdue == pytest.approx(past)
    assert load.overdue <= load.weeks[0] + 1e-9
