"""Who works in which team: 45 people, 12 of them in two teams on two trackers."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from pmo_sync.demo.facts import Person, Tracker
from pmo_sync.demo.names import PEOPLE, Subject
from pmo_sync.demo.plans import Kind, Member

SMALL: Mapping[Kind, int] = {"one_person": 1, "little_data": 2}
"""How many people these teams have; the others share the rest."""
BEARING: tuple[Kind, ...] = ("healthy", "unowned", "overdue_version")
"""In a team with such work somebody may be loaded with more than a week."""
OVERLOAD = 1.6
"""What the most loaded person carries of a week."""
BOT = "bot"


@dataclass(frozen=True, slots=True)
class Staff:
    """The people, by team the places, and who leaves on which day."""

    people: tuple[Person, ...]
    members: Mapping[str, tuple[Member, ...]]
    leavers: Mapping[str, date]
    overloaded: str


def person_key(name: str) -> str:
    """Return the first name in plain small letters."""
    plain = unicodedata.normalize("NFKD", name.split()[0]).encode("ascii", "ignore")
    return plain.decode().casefold()


def bearers(subjects: Sequence[tuple[Subject, Kind]], tracker: Tracker) -> list[Subject]:
    """Return the teams on a tracker in which somebody may carry too much."""
    return [subject for subject, kind in subjects if subject.tracker == tracker and kind in BEARING]


def hire(rng: Random, subjects: Sequence[tuple[Subject, Kind]], until: date) -> Staff:
    """Give everybody one team, and twelve of them two on different trackers.

    The first of those carries 80 % of a week in each, in a Jira Cloud and a Data Center team.
    """
    names = list(PEOPLE)
    rng.shuffle(names)
    keys = [person_key(name) for name in names]
    hours = {key: rng.choice((40.0, 40.0, 40.0, 40.0, 32.0, 20.0)) for key in keys}
    hours[keys[0]] = 40.0
    cloud, own = (rng.choice(bearers(subjects, one)) for one in ("jira", "jira_dc"))
    members: dict[str, list[Member]] = {subject.key: [] for subject, _ in subjects}
    large = sorted(
        (subject for subject, kind in subjects if kind not in SMALL), key=lambda one: one.tracker
    )
    half = len(large) // 2
    single = iter(keys[12:])
    for subject, kind in subjects:
        for _ in range(SMALL.get(kind, 0)):
            members[subject.key].append(_place(next(single), hours))
    for number, person in enumerate(single):
        members[large[number % len(large)].key].append(_place(person, hours))
    for subject in (cloud, own):
        members[subject.key].append(Member(keys[0], OVERLOAD / 2, hours[keys[0]] / 2))
    for number, person in enumerate(keys[1:12], start=1):
        for subject in (large[number], large[(number + half) % len(large)]):
            members[subject.key].append(_place(person, hours, 0.5))
    steady = [subject for subject, kind in subjects if kind == "regime_change"]
    leavers = _turnover(rng, members, [one for one in large if one not in steady], until)
    trackers = {subject.key: subject.tracker for subject, _ in subjects}
    people = tuple(_person(name, rng, members, trackers, hours) for name in names)
    bot = Person(BOT, "dependency-bot", {"github": "dependency-bot"}, bot=True)
    placed = {key: tuple(found) for key, found in members.items()}
    return Staff((*people, bot), placed, leavers, keys[0])


def _turnover(
    rng: Random, members: dict[str, list[Member]], large: Sequence[Subject], until: date
) -> dict[str, date]:
    """Let three people leave, one on each tracker, and three come, each to another team: not to
    one whose speed changes for another reason."""
    mixed = rng.sample(large, len(large))
    first = {subject.tracker: subject for subject in mixed}
    teams = [*first.values(), *(one for one in mixed if one not in first.values())][:6]
    leavers: dict[str, date] = {}
    for number, subject in enumerate(teams):
        team = members[subject.key]
        place = next(n for n in reversed(range(len(team))) if team[n].share == 1.0)
        one = team[place]
        day = until - timedelta(days=rng.randint(60, 400))
        if number < 3:
            leavers[one.person] = day
            team[place] = replace(one, leaves=day)
        else:
            team[place] = replace(one, joins=day)
    return leavers


def _place(person: str, hours: Mapping[str, float], share: float = 1.0) -> Member:
    return Member(person, share, hours[person] * share)


def _person(
    name: str,
    rng: Random,
    members: Mapping[str, Sequence[Member]],
    trackers: Mapping[str, Tracker],
    hours: Mapping[str, float],
) -> Person:
    key = person_key(name)
    teams = [team for team, found in members.items() if any(one.person == key for one in found)]
    login = f"{key}-{name.split()[-1][0].lower()}{rng.randint(10, 99)}"
    accounts = {trackers[team]: login if trackers[team] == "github" else key for team in teams}
    places = [one for team in teams for one in members[team] if one.person == key]
    starts = min(one.joins for one in places)
    ends = max(one.leaves for one in places)
    return Person(
        key, name, accounts, group=teams[0], hours=hours[key],
        starts=starts if starts > date.min else None,
        ends=ends - timedelta(days=1) if ends < date.max else None,
    )  # fmt: skip
