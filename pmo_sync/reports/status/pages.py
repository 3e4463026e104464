"""The status report in many pages: page one, and one for each program and project."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pmo_sync.reports.base import LEVEL_WORDS, Figure, ItemList
from pmo_sync.reports.lists import slug
from pmo_sync.reports.status.page import StatusReport
from pmo_sync.reports.status.program_view import Finish, ProgramStatus
from pmo_sync.reports.status.view import ProjectStatus
from pmo_sync.reports.words import day, several
from pmo_sync.rollups.membership import chain_of

LONGEST = 40
"""Characters of a name in a file's name: with what is around them, any file system takes it."""


@dataclass(frozen=True, slots=True)
class SubPage:
    """A page of its own: its file's name without an ending, what it is about, and what of the
    report is on it: the lists of its own figures, its headline and its totals."""

    stem: str
    kind: Literal["program", "project"]
    subject: ProgramStatus | ProjectStatus
    above: tuple[ProgramStatus, ...]
    """The programs that it is in, the outermost first."""
    report: StatusReport


@dataclass(frozen=True, slots=True)
class Pages:
    """All pages of a report: ``front`` holds what no other does."""

    front: StatusReport
    others: tuple[SubPage, ...]


def split(report: StatusReport) -> Pages:
    """Return the pages of a report, the programs' first, each in the report's order."""
    held = _lists(report)
    programs = {program.name: program for program in report.programs}
    parents = {program.name: program.parent for program in report.programs}

    def above(name: str | None) -> tuple[ProgramStatus, ...]:
        return tuple(programs[each] for each in chain_of(name, parents)[::-1])

    return Pages(
        replace(report, lists=held.get("", ())),
        (
            *(
                SubPage(stem("program", one.name), "program", one, above(one.parent),
                        _about(report, held.get(one.id, ()), _of_program(one), one.figures))
                for one in report.programs
            ),
            *(
                SubPage(stem("project", one.name), "project", one, above(one.program),
                        _about(report, held.get(one.id, ()), _of_project(one), one.counts))
                for one in (*report.attention, *report.steady)
            ),
        ),
    )  # fmt: skip


def stem(kind: str, name: str) -> str:
    """Return the name of a page's file without its ending: letters, digits and hyphens, whatever
    the name holds, the same for a name on every day, and another for another name."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"status-{kind}-{slug(name)[:LONGEST].strip('-')}-{digest}"


def _lists(report: StatusReport) -> Mapping[str, tuple[ItemList, ...]]:
    """Return the lists by whose page they are on: ids of programs and projects, else nothing."""
    owners = {one.id.split("-")[0]: one.id for one in report.programs}
    owners |= {one.id.split("-")[0]: one.id for one in (*report.attention, *report.steady)}
    held: dict[str, list[ItemList]] = {}
    for each in report.lists:
        held.setdefault(owners.get(each.id.split("-")[0], ""), []).append(each)
    return {owner: tuple(lists) for owner, lists in held.items()}


def _about(
    report: StatusReport,
    lists: tuple[ItemList, ...],
    headline: str,
    totals: tuple[tuple[str, Figure], ...],
) -> StatusReport:
    return replace(report, lists=lists, headline=headline, totals=totals)


def _of_project(one: ProjectStatus) -> str:
    """Say where a project stands, and the first reason why."""
    if one.lifecycle != "active":
        return f"{one.lifecycle.replace('_', ' ').capitalize()}."
    word = one.health.word if one.health else LEVEL_WORDS[one.level]
    why = next((r.text for r in one.reasons if r.level == one.level), "")
    return f"{word}: {why}." if why else f"{word}."


def _of_program(one: ProgramStatus) -> str:
    """Say how many of its projects are where, and when the last of them will be done."""
    levels = [f"{count} {LEVEL_WORDS[level].lower()}" for level, count in one.levels if count]
    active = sum(count for _, count in one.levels)
    state = f"{several(active, 'active project')}: {', '.join(levels)}." if active else ""
    return " ".join(filter(None, (state or "No project of it is active.", finish(one.finish))))


def finish(found: Finish | None) -> str:
    """Say when the last project is done, and whose date nobody knows."""
    if found is None:
        return ""
    if not found.known:
        return "No project with open work has a forecast."
    when = f"done by {day(found.p85)}" if found.p85 else "not done in ten years,"
    lacking = len(found.without)
    without = f"; {several(lacking, 'project')} without a forecast not counted" if lacking else ""
    return f"The last of them is {when} with 85 % ({found.of}{without})."


def anchors(report: StatusReport) -> Sequence[tuple[str, str, str]]:
    """Return the stem of a page, and kind and id of what is on it and not on page one."""
    return [
        (page.stem, kind, id)
        for page in split(report).others
        for kind, id in (
            (page.kind, page.subject.id), *(("list", each.id) for each in page.report.lists)
        )
    ]  # fmt: skip
