"""Milestones and versions that are past their day with a project's work open, as reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pmo_sync.reports.base import Reason
from pmo_sync.reports.status.dates import Late
from pmo_sync.reports.status.subject import Subject
from pmo_sync.reports.words import day, several
from pmo_sync.rollups.calendar import working_days
from pmo_sync.rollups.milestones import Gathered
from pmo_sync.rollups.where.syntax import Compare, Expression, all_of

LATE = "milestone.overdue"
KINDS = {"jira": "version"}
"""What trackers call it; elsewhere it is a milestone."""


def late_reasons(subject: Subject) -> Iterator[Reason]:
    """Yield one for each, the earliest day first: its day, how late it is, what is open in it."""
    evidence = subject.evidence
    mine = evidence.milestones.get(subject.name, ())
    names = Counter(one.name.casefold() for one in mine)
    for number, one in enumerate(mine, 1):
        found = evidence.dates.late.get((subject.name, one.id))
        if found and one.due:
            where = _where(subject, one, found, alone=names[one.name.casefold()] == 1)
            title = f"{subject.name}: open in {one.name}"
            opens = subject.lists.add(f"{subject.id}-late-{number}", title, found.open, where)
            yield Reason(LATE, "note", _told(subject, one, found), opens)


def _told(subject: Subject, one: Gathered, found: Late) -> str:
    evidence, due = subject.evidence, one.due or subject.evidence.scope.day
    late = working_days(due, evidence.scope.day, evidence.config.portfolio)
    kind, open_ = KINDS.get(found.place.kind, "milestone"), several(found.open.total, "open item")
    days = several(late, "working day")
    return f"{kind} {one.name} was due on {day(due)}: {days} past, with {open_} in it"


def _where(subject: Subject, one: Gathered, found: Late, *, alone: bool) -> str:
    """Return the filter of its open items; of the same name are others in other places."""
    parts: list[Expression] = [
        Compare("project", "=", subject.name), Compare("milestone", "=", one.name),
        Compare("category", "=", "open"),
    ]  # fmt: skip
    if not alone:
        parts.append(Compare("container", "=", found.place.container))
    return str(all_of(parts))
