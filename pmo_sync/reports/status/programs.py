"""The programs of the status report, from what was found of their projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from pmo_sync.config import MilestoneConfig, Program
from pmo_sync.reports.base import Figure, Level
from pmo_sync.reports.figures import counted
from pmo_sync.reports.lists import Lists, slug, within
from pmo_sync.reports.status.cumulative import cumulative_upwards_chart
from pmo_sync.reports.status.evidence import OF_PROGRAMS, Evidence
from pmo_sync.reports.status.predictability import predictability_of
from pmo_sync.reports.status.program_view import Finish, Leaf, ProgramStatus
from pmo_sync.reports.status.view import ForecastStatus, ProjectStatus
from pmo_sync.reports.words import several
from pmo_sync.rollups.health.levels import WORST
from pmo_sync.rollups.membership import program_chain
from pmo_sync.rollups.predictability import PROGRAM

OF_OPEN = ("blocked", "overdue")
NEVER = date.max
"""Stands for what is later than in ten years, while dates are compared."""


def programs_of(
    evidence: Evidence, lists: Lists, projects: Sequence[ProjectStatus]
) -> tuple[ProgramStatus, ...]:
    """Return every program in the configuration's order; ``projects`` are the worst first."""
    chains = program_chain(evidence.config.programs)
    return tuple(
        _program(
            evidence, lists, number, program,
            [p for p in projects if program.name in chains.get(p.program, ())],
        )
        for number, program in enumerate(evidence.config.programs, 1)
    )  # fmt: skip


def _program(
    evidence: Evidence, lists: Lists, number: int, program: Program, mine: Sequence[ProjectStatus]
) -> ProgramStatus:
    active = [p for p in mine if p.lifecycle == "active"]
    levels: Counter[Level] = Counter(p.level for p in active)
    figures = {
        measure: _figure(evidence, lists, number, program.name, measure)
        for measure in OF_PROGRAMS
    }  # fmt: skip
    inside = [each.name for each in evidence.config.programs if each.parent == program.name]
    return ProgramStatus(
        name=program.name,
        parent=program.parent,
        projects=len(mine),
        levels=tuple((level, levels[level]) for level in WORST),
        open=figures["open"],
        done=figures["done"],
        id=f"g{number}-{slug(program.name)}",
        programs=tuple(inside),
        figures=tuple(
            (evidence.measures[name].title, each)
            for name, each in figures.items()
            if name != "missed"
        ),
        finish=latest_finish((p.name, p.forecast) for p in active),
        leaves=tuple(_leaf(project) for project in sorted(mine, key=_is_at_rest)),
        milestones=tuple(_milestones(evidence, program.name, {p.name for p in mine})),
        predictability=predictability_of(
            evidence.kept.get((PROGRAM, program.name), ()), figures["missed"]
        ),
        cumulative=cumulative_upwards_chart(
            evidence, f"g{number}-{slug(program.name)}", program.name, program.name,
            [p.name for p in mine],
        ),
    )  # fmt: skip


def _figure(evidence: Evidence, lists: Lists, number: int, name: str, measure: str) -> Figure:
    m, found = evidence.measures[measure], evidence.programs[measure].get(name)
    open_ = evidence.programs["open"].get(name)
    note = f"of {several(open_.total if open_ else 0, 'open item')}" if measure in OF_OPEN else ""
    id = f"g{number}-{m.name}"
    where = within("program", name, m.where)
    return counted(found, lists.add(id, f"{name}: {m.title}", found, where), note)


def latest_finish(leaves: Iterable[tuple[str, ForecastStatus]]) -> Finish | None:
    """Return the latest date at each of the odds, of those with open work that have a forecast."""
    busy = [(name, each) for name, each in leaves if each.open]
    known = [(name, each) for name, each in busy if not each.reason]
    if not busy:
        return None
    last = max(known, key=lambda leaf: leaf[1].p85 or NEVER, default=("", None))[0]
    return Finish(
        _latest(known, lambda each: each.p50),
        _latest(known, lambda each: each.p85),
        _latest(known, lambda each: each.p95),
        of=last,
        known=len(known),
        without=tuple(name for name, each in busy if each.reason),
    )


def _latest(
    known: Sequence[tuple[str, ForecastStatus]], day: Callable[[ForecastStatus], date | None]
) -> date | None:
    last = max((day(each) or NEVER for _, each in known), default=NEVER)
    return None if last == NEVER else last


def _is_at_rest(project: ProjectStatus) -> bool:
    return project.lifecycle != "active"


def _leaf(project: ProjectStatus) -> Leaf:
    telling = [r for r in project.reasons if r.level == project.level]
    found = project.forecast
    return Leaf(
        id=project.id,
        name=project.name,
        program=project.program,
        owner=project.owner,
        lifecycle=project.lifecycle,
        level=project.level,
        word=project.health.word if project.health else "",
        reasons=tuple(telling or project.reasons[:1]),
        target=project.target.text,
        p85=found.p85,
        no_forecast=found.reason,
    )


def _milestones(evidence: Evidence, name: str, projects: set[str]) -> Iterable[str]:
    chains = program_chain(evidence.config.programs)
    configured: Sequence[MilestoneConfig] = evidence.config.milestones
    for one in configured:
        if name in chains.get(one.program or "", ()) or one.project in projects:
            yield one.name
