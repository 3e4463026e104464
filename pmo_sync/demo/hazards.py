"""Which risks each project's register holds, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from pmo_sync.demo.calendar import first_working
from pmo_sync.demo.names import RISKS, Subject
from pmo_sync.demo.plans import Kind, RiskPlan

RESPONSES = ("mitigate", "mitigate", "accept", "transfer", "avoid")
TROUBLED: tuple[Kind, ...] = ("grown_scope", "regime_change", "moved_target", "watermelon")
"""Whose register may hold a grave risk that nobody has answered."""
UNASSESSED, UNOWNED = 3, 2
"""How many risks of the portfolio are not assessed, and how many belong to nobody."""


def hazards(
    rng: Random, cast: Sequence[tuple[Subject, Kind]], starts: Mapping[str, date], until: date
) -> dict[str, tuple[RiskPlan, ...]]:
    """Return the risks of every project: three to six a program, one of them grave and without a
    response, in a project that has other troubles."""
    found: dict[str, list[RiskPlan]] = {subject.key: [] for subject, _ in cast}
    places = [key for key in _places(rng, cast) if starts[key] < until - timedelta(days=60)]
    odd = rng.sample(range(len(places)), UNASSESSED + UNOWNED)
    for number, key in enumerate(places):
        risk = _risk(rng, starts[key], until, number in odd[:UNASSESSED], number not in
                     odd[UNASSESSED:])  # fmt: skip
        found[key].append(risk)
    grave = rng.choice([subject.key for subject, kind in cast if kind in TROUBLED])
    found[grave].append(_grave(rng, until))
    finished = {subject.key for subject, kind in cast if kind == "finished"}
    return {
        key: tuple(_closed(risk, until) if key in finished else risk for risk in risks)
        for key, risks in found.items()
    }


def _places(rng: Random, cast: Sequence[tuple[Subject, Kind]]) -> list[str]:
    """Draw the project of each risk, program by program."""
    programs: dict[str, list[str]] = {}
    for subject, _ in cast:
        programs.setdefault(subject.program, []).append(subject.key)
    return [rng.choice(keys) for keys in programs.values() for _ in range(rng.randint(3, 6))]


def _risk(rng: Random, start: date, until: date, unassessed: bool, owned: bool) -> RiskPlan:
    first = first_working(start + timedelta(days=rng.randint(5, (until - start).days - 20)))
    closed = rng.random() < 0.3 and not unassessed and owned
    closes = first_working(first + timedelta(days=rng.randint(60, 200))) if closed else None
    if unassessed:
        return RiskPlan(first, rng.choice(RISKS), (), None, owned, closes)
    probability, impact = rng.randint(1, 3), rng.randint(1, 4)
    assessed = [(first, probability, impact)]
    if rng.random() < 0.4:
        assessed.append((first + timedelta(days=rng.randint(20, 90)), probability + 1, impact))
    response = rng.choice(RESPONSES) if rng.random() < 0.85 else None
    return RiskPlan(first, rng.choice(RISKS), tuple(_mild(assessed)), response, owned, closes)


def _mild(assessed: list[tuple[date, int, int]]) -> list[tuple[date, int, int]]:
    """Keep what is not the grave one below a score of 15."""
    return [(day, p, min(i, 14 // p)) for day, p, i in assessed]


def _grave(rng: Random, until: date) -> RiskPlan:
    first = first_working(until - timedelta(days=rng.randint(60, 120)))
    later = first + timedelta(days=rng.randint(14, 40))
    assessed = ((first, 3, 4), (later, rng.randint(4, 5), rng.randint(4, 5)))
    return RiskPlan(first, rng.choice(RISKS), assessed, None, True, None)


def _closed(risk: RiskPlan, until: date) -> RiskPlan:
    """Close a risk of a finished project, if it is not, before the project was."""
    last = until - timedelta(days=120)
    first = min(risk.day, last - timedelta(days=40))
    assessed = tuple((min(day, last), p, i) for day, p, i in risk.assessed)
    return RiskPlan(first, risk.title, assessed, risk.response, risk.owned, risk.closes or last)
