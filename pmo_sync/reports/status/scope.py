"""A project's baselines, and what its scope came to since."""

from __future__ import annotations

from dataclasses import replace

from pmo_sync.reports.base import Figure
from pmo_sync.reports.figures import share
from pmo_sync.reports.status.subject import Subject
from pmo_sync.reports.status.view import BaselineView
from pmo_sync.reports.words import several
from pmo_sync.rollups.baselines import standing
from pmo_sync.rollups.calendar import local_day, working_days

Named = tuple[str, Figure]


def baselines_of(subject: Subject) -> tuple[BaselineView, ...]:
    """Return every baseline that was set, those that were removed again too."""
    evidence, target = subject.evidence, subject.evidence.health[subject.name].schedule.target
    portfolio, people = evidence.config.portfolio, evidence.scope.people
    mine = [row for row in evidence.baselines if row.project == subject.name]
    there = {row.number for row in standing(mine)}
    return tuple(
        BaselineView(
            name=row.name,
            day=row.day,
            target=row.target,
            slip=working_days(row.target, target, portfolio) if row.target and target else None,
            items=row.items,
            made=local_day(row.made.replace(tzinfo=None), portfolio.timezone),
            by=people.spoken(row.actor) if row.actor else None,
            reason=row.reason,
            stands=row.number in there,
        )
        for row in sorted(mine, key=lambda row: (row.day, row.number))
        if row.action == "set"
    )


def scope_of(subject: Subject) -> tuple[Named, ...]:
    """Return what was added, what left and what was re-estimated since the last baseline."""
    found = subject.evidence.facts.compared.get(subject.name)
    if found is None:
        return ()
    grown = share(found.added - found.removed, found.base, note=f"of {several(found.base, 'item')}")
    left = found.removed - found.dropped
    gone = f"{left:,} more left the project" if left else ""
    return (
        ("Growth since the baseline", grown),
        ("Added", subject.figure("scope_added")),
        ("Dropped", replace(subject.figure("scope_removed"), note=gone)),
        ("Re-estimated", subject.figure("scope_re_estimated")),
    )
