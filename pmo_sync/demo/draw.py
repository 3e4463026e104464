"""From a seed to a blueprint: which project meets which situation, and every team's parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from pmo_sync.demo.calendar import working_share
from pmo_sync.demo.effort import median_effort
from pmo_sync.demo.facts import Tracker
from pmo_sync.demo.hazards import hazards
from pmo_sync.demo.names import SUBJECTS, Subject
from pmo_sync.demo.plans import (
    KANBAN,
    LABELLED,
    SCRUM,
    START,
    Blueprint,
    Booking,
    Dates,
    Gate,
    Growth,
    Kind,
    Member,
    Release,
    TeamPlan,
)
from pmo_sync.demo.staff import BOT, OVERLOAD, Staff, bearers, hire

UNTIL = date(2026, 6, 30)
"""The day that a seed's situations are laid out for."""
EFFICIENCY = 0.63
"""Item-days that get done of those that the limit of work in progress has room for."""
FIXED: tuple[tuple[Tracker, Kind], ...] = (("jira", "blocked_chain"), ("github", "blocking"))
ANYWHERE: tuple[Kind, ...] = (
    "watermelon", "moved_target", "grown_scope", "one_person", "little_data", "finished",
    "unowned", "overdue_version", "regime_change", "healthy", "healthy", "healthy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Dates:
    """A project's start, when it would be done on average, and its target as it was moved."""

    start: date
    planned: date
    target: Dates


def draw(seed: int) -> Blueprint:
    """Return the blueprint of a seed."""
    rng = Random(f"{seed}:blueprint")
    cast = _cast(rng)
    staff = hire(rng, cast, UNTIL)
    dates = {subject.key: _dates(Random(f"{seed}:{subject.key}:dates"), kind)
             for subject, kind in cast}  # fmt: skip
    risks = hazards(rng, cast, {key: one.start for key, one in dates.items()}, UNTIL)
    plans = []
    for subject, kind in cast:
        own = Random(f"{seed}:{subject.key}:plan")
        plan = _plan(own, subject, kind, dates[subject.key], staff.members[subject.key])
        plans.append(_booked(replace(plan, risks=risks[subject.key]), staff))
    stale = rng.choice([plan for plan in plans if plan.kind == "healthy"])
    return Blueprint(
        seed, staff.people, dict(staff.leavers), tuple(plans),
        {key: one.target for key, one in dates.items()}, staff.overloaded,
        {stale.key: UNTIL - timedelta(days=rng.randint(60, 90))},
    )  # fmt: skip


def _booked(plan: TeamPlan, staff: Staff) -> TeamPlan:
    """Let the overloaded be planned for ahead, in both of their teams."""
    one = next((one for one in plan.members if one.person == staff.overloaded), None)
    if one is None:
        return plan
    week = next(person.hours for person in staff.people if person.key == one.person)
    booking = Booking(one.person, UNTIL - timedelta(days=4), week * OVERLOAD / 2)
    return replace(plan, booking=booking, hours=0.95, logs=max(plan.logs, 0.25))


def _cast(rng: Random) -> list[tuple[Subject, Kind]]:
    """Give each project its situation; two are bound to a tracker, the chain crosses between, and
    both kinds of Jira have a team in which somebody may carry too much."""
    while True:
        cast = _dealt(rng)
        if bearers(cast, "jira") and bearers(cast, "jira_dc"):
            return cast


def _dealt(rng: Random) -> list[tuple[Subject, Kind]]:
    given: dict[str, Kind] = {}
    for tracker, kind in FIXED:
        subject = rng.choice([one for one in SUBJECTS if one.tracker == tracker])
        given[subject.key] = kind
    rest = [one for one in SUBJECTS if one.key not in given]
    given |= dict(zip([one.key for one in rest], rng.sample(ANYWHERE, len(ANYWHERE)), strict=True))
    return [(subject, given[subject.key]) for subject in SUBJECTS]


def _dates(rng: Random, kind: Kind) -> _Dates:
    def day(first: int, last: int) -> date:
        return UNTIL + timedelta(days=rng.randint(first, last))

    start = START + timedelta(days=rng.randint(0, 90))
    planned = day(60, 130)
    if kind == "little_data":
        start, planned = day(-36, -30), day(120, 160)
    if kind == "finished":
        planned = day(-225, -195)
        return _Dates(start, planned, _fixed(start, planned + timedelta(days=100)))
    if kind == "watermelon":
        return _Dates(start, day(150, 190), _fixed(start, day(35, 55)))
    if kind == "blocked_chain":
        return _Dates(start, planned, _fixed(start, day(25, 40)))
    if kind == "grown_scope":
        return _Dates(start, planned, _fixed(start, planned + timedelta(days=60)))
    if kind == "moved_target":
        return _Dates(start, planned, _moved(rng, start))
    reserve = rng.uniform(0.26, 0.34) * (planned - start).days + 14
    return _Dates(start, planned, _fixed(start, planned + timedelta(days=round(reserve))))


def _fixed(start: date, target: date) -> Dates:
    return ((start, _workday(target)),)


def _moved(rng: Random, start: date) -> Dates:
    """Move a target four times in the last half year, each time by some weeks."""
    target = UNTIL - timedelta(days=rng.randint(95, 110))
    dates = [(start, _workday(target))]
    for days in (150, 115, 78, 36):
        target += timedelta(days=rng.randint(35, 50))
        dates.append((UNTIL - timedelta(days=days - rng.randint(-6, 6)), _workday(target)))
    return tuple(dates)


def _workday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _plan(
    rng: Random, subject: Subject, kind: Kind, dates: _Dates, members: Sequence[Member]
) -> TeamPlan:
    people = sum(one.share for one in members)
    wip = max(2, round(1.5 * people))
    days = working_share(dates.start, dates.planned)
    size = _size(rng, kind)
    grown = 0.375 if kind == "grown_scope" else 0.0
    spread, quick = rng.uniform(1.1, 1.4), rng.uniform(0.15, 0.35)
    if kind == "regime_change":  # seen in its throughput, not drowned in how uneven its work is
        spread, quick = 0.6, 0.1
    mean = wip * EFFICIENCY * days / size
    scrum = subject.tracker != "github" and rng.random() < 0.6
    stages = LABELLED if subject.tracker == "github" else SCRUM if scrum else KANBAN
    jira = subject.tracker != "github"
    plan = TeamPlan(
        subject=subject, kind=kind, start=dates.start, planned=dates.planned,
        lead=next(one.person for one in members
                  if one.joins == date.min and one.leaves == date.max),
        members=tuple(members), stages=stages, releases=_releases(rng, kind, dates),
        queue=round(0.25 * size), arrivals=(), closes=dates.planned, speed=size / days,
        capacity=((date.min, 1.0),), wip=wip, work=median_effort(mean, quick, spread),
        spread=spread, quick=quick, fresh=rng.uniform(0.5, 0.65),
        estimated=rng.choice((0.9, 0.8, 0.7, 0.05)), dated=rng.uniform(0.1, 0.3),
        mood=rng.uniform(0.15, 0.35), block=rng.uniform(0.008, 0.02),
        unblock=rng.uniform(0.15, 0.3), long_blocks=rng.uniform(0.1, 0.25),
        hours=rng.choice((0.95, 0.9, 0.8, 0.3)) if jira else 0.0,
        logs=rng.choice((0.25, 0.15, 0.1, 0.0)) if jira else 0.0,
        tidy=rng.random() < 0.7, starts=rng.random() < 0.6,
        reopen=rng.uniform(0.02, 0.07), drop=rng.uniform(0.0003, 0.0009),
        expedite=rng.uniform(0.05, 0.15), sprint_days=14 if scrum else 0,
        bot=BOT if not jira and rng.random() < 0.6 else None, gates=_gates(rng, kind),
    )  # fmt: skip
    return _with_arrivals(rng, plan, size, grown)


def _size(rng: Random, kind: Kind) -> int:
    """Return how many items a project has in the end."""
    small = {"little_data": (50, 60), "one_person": (180, 220), "grown_scope": (280, 330)}
    return rng.randint(*small.get(kind, (365, 470)))


def _with_arrivals(rng: Random, plan: TeamPlan, size: int, grown: float) -> TeamPlan:
    """Let most work arrive in the first part of the time, and a trickle until shortly before
    the end; a scope that grows does so in the last half year."""
    span = (plan.planned - plan.start).days
    turn = plan.start + timedelta(days=round(rng.uniform(0.5, 0.6) * span))
    closes = plan.start + timedelta(days=round(0.92 * span))
    early, late = working_share(plan.start, turn), working_share(turn, closes)
    arrivals = [(date.min, 0.58 * size / early), (turn, 0.15 * size / late)]
    growth = None
    if grown:
        growth = Growth(UNTIL - timedelta(days=165), UNTIL - timedelta(days=45), grown)
        arrivals.append((growth.first, 0.0))
    capacity, mood = plan.capacity, plan.mood
    if plan.kind == "regime_change":
        change = UNTIL - timedelta(days=rng.randint(110, 140))
        mood = 0.1
        capacity = ((date.min, 1.0), (change, rng.uniform(0.37, 0.43)))
    return replace(plan, arrivals=tuple(arrivals), closes=closes, capacity=capacity,
                   growth=growth, mood=mood)  # fmt: skip


def _releases(rng: Random, kind: Kind, dates: _Dates) -> tuple[Release, ...]:
    """Plan three releases; the last one has the project's date and waits for its work."""
    span = (dates.planned - dates.start).days
    found = []
    for number, share in enumerate((0.4, 0.68), start=1):
        ships = _workday(dates.start + timedelta(days=round(share * span)))
        due: Dates = ((dates.start, ships),)
        if rng.random() < 0.5:
            early = _workday(ships - timedelta(days=rng.randint(14, 40)))
            due = ((dates.start, early), (early - timedelta(days=9), ships))
        found.append(Release(f"{number}.0", due, ships))
    if kind == "overdue_version":
        late = _workday(UNTIL - timedelta(days=rng.randint(35, 60)))
        found[1] = Release("2.0", ((dates.start, late),), None)
    return (*found, Release("3.0", dates.target, None))


def _gates(rng: Random, kind: Kind) -> tuple[Gate, ...]:
    """Two items of one team wait for two of another, of which one waits for the first team's."""
    if kind == "blocking":
        day = UNTIL - timedelta(days=rng.randint(80, 90))
        return (Gate("contract", day, "Publish the contract of the new interface", 110.0),
                Gate("sandbox", day, "Open the sandbox to the other team", 20.0,
                     waits_for="contract"))  # fmt: skip
    if kind == "blocked_chain":
        day = UNTIL - timedelta(days=rng.randint(60, 70))
        return (Gate("adapter", day, "Adapt to the new interface", 15.0, waits_for="contract"),
                Gate("trial", day, "Trial run against the sandbox", 12.0,
                     waits_for="sandbox"))  # fmt: skip
    return ()
