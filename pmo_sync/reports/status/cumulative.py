"""Cumulative flow as a chart: of a project, of a program, of the portfolio."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pmo_sync.reports.base import Chart, Line
from pmo_sync.reports.status.evidence import Evidence
from pmo_sync.reports.status.subject import Subject
from pmo_sync.reports.words import several
from pmo_sync.rollups.upwards import NOTHING, Bands

WHAT = "work done, started and there at the end of each day, dropped work aside"


def cumulative_chart(subject: Subject) -> Chart:
    """Return how much of a project's work had come, was started and was done at the end of each
    period: the distance between two lines is what lay between."""
    bands = subject.evidence.flow.cumulative.get(subject.name, NOTHING)
    lines = _lines(bands, subject.evidence.ends, started=subject.sees_starts)
    return _chart(subject.id, subject.name, subject.evidence.ends, lines, "items")


def cumulative_upwards_chart(
    evidence: Evidence, id: str, name: str, group: str, projects: Sequence[str]
) -> Chart:
    """Return the same of all ``projects`` of a ``group`` (a program, or ``ALL``), each item once.
    Where some of them cannot tell what is started, nothing is said of it."""
    blind = sum(not evidence.sees_starts(project) for project in projects)
    lines = _lines(evidence.flow.upwards.get(group, NOTHING), evidence.ends, started=not blind)
    unit = "items, each once"
    if blind:
        unit += f"; {blind:,} of {several(len(projects), 'project')} cannot tell what is started"
    return _chart(id, name, evidence.ends, lines, unit)


def _lines(bands: Bands, ends: Sequence[date], *, started: bool) -> tuple[Line, ...]:
    nothing = [0] * len(ends)
    done, working, waiting = (bands.get(c, nothing) for c in ("done", "in_progress", "todo"))
    begun = [sum(each) for each in zip(done, working, strict=True)]
    there = [sum(each) for each in zip(begun, waiting, strict=True)]
    lines = {"Done": done, "Done or in progress": begun, "All but dropped": there}
    return tuple(
        Line(name, tuple(map(float, values)))
        for name, values in lines.items()
        if started or values is not begun
    )


def _chart(id: str, name: str, ends: Sequence[date], lines: tuple[Line, ...], unit: str) -> Chart:
    return Chart(
        id=f"{id}-cumulative",
        title="Cumulative flow",
        description=f"{name}: {WHAT}",
        x=tuple(ends),
        lines=lines,
        unit=unit,
        kind="line",
    )
