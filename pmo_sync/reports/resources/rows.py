"""Teams and their people, what loads them, and what one of them carries alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pmo_sync.reports.base import Figure
from pmo_sync.reports.figures import NO_DATA
from pmo_sync.reports.lists import Lists
from pmo_sync.reports.resources.evidence import Evidence, carried_group, person, team
from pmo_sync.reports.resources.subject import Subject, percent
from pmo_sync.reports.resources.view import (
    CarrierRow,
    Loading,
    Overload,
    PersonRow,
    TeamRow,
)
from pmo_sync.rollups.people import APPS, NO_TEAM
from pmo_sync.rollups.resources.carriers import DAYS, Carrier
from pmo_sync.rollups.resources.load import NEAR, PersonLoad, added, ratio
from pmo_sync.rollups.resources.overload import is_overloaded
from pmo_sync.rollups.where.syntax import Compare, Expression, all_of

LAST = (APPS, NO_TEAM)
"""What is no team, the last one first."""


def team_rows(evidence: Evidence, lists: Lists) -> tuple[TeamRow, ...]:
    """Return the teams by name, those without a team and apps last, with their people by name; of
    teams alone nobody is a row."""
    by_team: dict[str, list[PersonLoad]] = {}
    for load in evidence.resources.persons:
        by_team.setdefault(load.human.team, []).append(load)
    order = sorted(
        by_team, key=lambda name: (*(name == one for one in LAST), name.casefold(), name)
    )
    return tuple(
        _team(evidence, lists, number, name, by_team[name]) for number, name in enumerate(order, 1)
    )


def _team(
    evidence: Evidence, lists: Lists, number: int, name: str, loads: Sequence[PersonLoad]
) -> TeamRow:
    subject = Subject(
        evidence, lists, f"team-{number}", name, team(name), Compare("team", "=", name),
        added((each.load for each in loads), evidence.resources.weeks), _together(loads),
    )  # fmt: skip
    week, highest = subject.peak()
    cells = subject.cells()
    named = evidence.config.policy.people != "teams"
    members = tuple(_persons(evidence, lists, number, loads)) if named else ()
    return TeamRow(
        id=subject.id,
        name=name,
        people=len(loads),
        cells=cells,
        work=subject.work(),
        overdue=subject.load.overdue,
        standing=cells[week].standing,
        peak=highest,
        peak_week=evidence.resources.weeks.bounds[week],
        members=members,
    )


def _together(loads: Iterable[PersonLoad]) -> tuple[float, ...] | None:
    """Add capacities up; where one is not known, their sum is not either."""
    each = [load.capacity for load in loads]
    known = [capacity for capacity in each if capacity is not None]
    if len(known) < len(each):
        return None
    return tuple(sum(hours) for hours in zip(*known, strict=True))


def _persons(
    evidence: Evidence, lists: Lists, team_number: int, loads: Iterable[PersonLoad]
) -> Iterable[PersonRow]:
    for number, load in enumerate(loads, 1):
        shown = load.human.shown
        subject = Subject(
            evidence, lists, f"person-{team_number}-{number}", shown, person(shown),
            Compare("assignee", "=", shown), load.load, load.capacity,
        )  # fmt: skip
        week, highest = subject.peak()
        cells = subject.cells()
        yield PersonRow(
            id=subject.id,
            name=shown,
            team=load.human.team,
            hours="" if load.hours_a_week is None else f"{load.hours_a_week:g} h a week",
            cells=cells,
            work=subject.work(),
            overdue=load.load.overdue,
            standing=cells[week].standing,
            peak=highest,
            peak_week=evidence.resources.weeks.bounds[week],
        )


def overloads(evidence: Evidence, teams: Sequence[TeamRow]) -> tuple[Overload, ...]:
    """Return who is over capacity in a near week, by name; of teams alone, which team is."""
    if evidence.config.policy.people == "teams":
        by_team = {
            row.name: [one for one in evidence.resources.persons if one.human.team == row.name]
            for row in teams
            if _is_over(row)
        }
        over = [row for row in teams if row.name in by_team]
        return tuple(_overload(evidence, row, by_team[row.name]) for row in over)
    loads = {one.human.shown: one for one in evidence.resources.persons if is_overloaded(one)}
    by_name = {name: evidence.contributions.get(one.human.name, ()) for name, one in loads.items()}
    persons = sorted((p for t in teams for p in t.members), key=lambda p: (p.name.casefold(), p.id))
    return tuple(
        _overload(
            evidence,
            row,
            [loads[row.name]],
            tuple(
                Loading(c.key, c.url, c.title, c.hours, c.planned, c.planned_by)
                for c in by_name[row.name]
            ),
            next((c.of for c in by_name[row.name]), 0),
        )
        for row in persons
        if row.name in by_name
    )


def _is_over(row: TeamRow | PersonRow) -> bool:
    return any(cell.standing == "over" for cell in row.cells[:NEAR])


def _overload(
    evidence: Evidence,
    row: TeamRow | PersonRow,
    loads: Sequence[PersonLoad],
    items: tuple[Loading, ...] = (),
    total: int = 0,
) -> Overload:
    begins = evidence.resources.weeks.bounds
    week = begins.index(row.peak_week)
    cell = row.cells[week]
    return Overload(
        id=row.id,
        name=row.name,
        team=row.team if isinstance(row, PersonRow) else "",
        week=begins[week],
        peak=row.peak,
        load=cell.load,
        capacity=cell.capacity or 0.0,
        ahead=_ahead(loads),
        overdue=0.0 if week else row.overdue,
        weeks=tuple(begins[n] for n in range(NEAR) if row.cells[n].standing == "over"),
        items=items,
        items_total=total,
    )


def _ahead(loads: Sequence[PersonLoad]) -> Figure:
    """Return the load of the next weeks as a whole against the hours in them."""
    load, rooms = sum(one.ahead for one in loads), [one.room for one in loads]
    known = [room for room in rooms if room is not None]
    found = ratio(load, sum(known)) if len(known) == len(rooms) else None
    if found is None:
        return Figure(None, NO_DATA, note=f"{load:,.0f} h")
    return Figure(found, percent(found), note=f"{load:,.0f} of {sum(known):,.0f} h")


def carrier_rows(evidence: Evidence, lists: Lists) -> tuple[CarrierRow, ...]:
    """Return what one person carries alone: projects, then epics, then components."""
    return tuple(
        _carrier(evidence, lists, place, carrier) for place, carrier in enumerate(evidence.carriers)
    )


def _carrier(evidence: Evidence, lists: Lists, place: int, carrier: Carrier) -> CarrierRow:
    human = next(h for h in evidence.scope.people.humans if h.name == carrier.human)
    alone = evidence.config.policy.people == "teams"
    who = f"one person of {human.team}" if alone else human.shown
    name = f"{carrier.name} ({carrier.container})" if carrier.container else carrier.name
    name = f"{carrier.name} {carrier.title}" if carrier.title else name
    of = [*_part(carrier), *([] if alone else [Compare("assignee", "=", human.shown)])]
    since = evidence.scope.day.toordinal() - DAYS
    finished: list[Expression] = [
        Compare("category", "=", "done"),
        Compare("finished", ">", evidence.scope.day.fromordinal(since)),
    ]
    left: list[Expression] = [Compare("category", "=", "open")]

    def figure(value: float | None, whole: int, done: bool) -> Figure:
        opens = lists.add(
            f"carried-{place}-{'done' if done else 'open'}",
            f"{name}, {who}: {'done' if done else 'open'}",
            evidence.carried.get(carried_group(place, done=done)),
            str(all_of([*of, *(finished if done else left)])),
        )
        if value is None:
            return Figure(None, NO_DATA, note=f"{whole} items: too few to tell", items=opens)
        return Figure(value, f"{100 * value:.0f} %", of=whole, items=opens)

    return CarrierRow(
        kind=carrier.kind,
        name=name,
        who=who,
        done=figure(carrier.done, carrier.done_of, done=True),
        open=figure(carrier.open, carrier.open_of, done=False),
    )


def _part(carrier: Carrier) -> list[Expression]:
    if carrier.kind == "epic":
        return [Compare("parent", "=", carrier.name)]
    if carrier.kind == "project":
        return [Compare("project", "=", carrier.name)]
    return [
        Compare("container", "=", carrier.container),
        Compare("component", "=", carrier.name),
    ]
