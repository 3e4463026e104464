"""Milestones and versions that are past their day and not closed, as reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

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
SHOWN = 3
"""Of a project: where more are late, the others are told together."""


def late_reasons(subject: Subject) -> Iterator[Reason]:
    """Yield one for each of the first with open work, by their days: its day, how late it is, what
    is open in it; one for all others, and one for those that only nobody closed."""
    evidence = subject.evidence
    mine = evidence.milestones.get(subject.name, ())
    names = Counter(one.name.casefold() for one in mine)
    late = [
        (one, one.due, evidence.dates.late[subject.name, one.id])
        for one in mine if one.due and (subject.name, one.id) in evidence.dates.late
    ]  # fmt: skip
    for number, (one, due, found) in enumerate(late[:SHOWN], 1):
        where = _where(subject, one, found, alone=names[one.name.casefold()] == 1)
        title = f"{subject.name}: open in {one.name}"
        opens = subject.lists.add(f"{subject.id}-late-{number}", title, found.open, where)
        yield Reason(LATE, "note", _told(subject, one.name, due, found), opens)
    if (more := len(late) - SHOWN) > 0:
        told = f"{several(more, 'more milestone')} past {'its' if more == 1 else 'their'} date"
        text = f"{told} with work open: {several(len(late), 'milestone')} in all"
        yield Reason(LATE, "note", text, subject.opens("overdue_milestone"))
    yield from _unclosed(subject, mine)


def _unclosed(subject: Subject, mine: Sequence[Gathered]) -> Iterator[Reason]:
    """Yield a reason for all that are past their day, have nothing open, and are not closed."""
    today = subject.evidence.scope.day
    done = [
        (one, one.due) for one in mine
        if one.due and one.due < today and not (one.closed or one.open)
    ]  # fmt: skip
    if not done:
        return
    one, due = done[-1]
    more = len(done) - 1
    others = f"; so {'is' if more == 1 else 'are'} {several(more, 'earlier one')}" if more else ""
    late = working_days(due, today, subject.evidence.config.portfolio)
    text = (
        f"{one.name} was due on {day(due)} and is not closed, {several(late, 'working day')} later,"
        f" though nothing in it is open ({several(one.done, 'item')} done){others}"
    )
    yield Reason(LATE, "note", text)


def _told(subject: Subject, name: str, due: date, found: Late) -> str:
    evidence = subject.evidence
    late = working_days(due, evidence.scope.day, evidence.config.portfolio)
    kind, open_ = KINDS.get(found.place.kind, "milestone"), several(found.open.total, "open item")
    days = several(late, "working day")
    return f"{kind} {name} was due on {day(due)}: {days} past, with {open_} in it"


def _where(subject: Subject, one: Gathered, found: Late, *, alone: bool) -> str:
    """Return the filter of its open items; of the same name are others in other places."""
    parts: list[Expression] = [
        Compare("project", "=", subject.name), Compare("milestone", "=", one.name),
        Compare("category", "=", "open"),
    ]  # fmt: skip
    if not alone:
        parts.append(Compare("container", "=", found.place.container))
    return str(all_of(parts))
