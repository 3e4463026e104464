"""What changed of a project itself since the previous report: health, dates, baselines, owner."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pmo_sync.reports.base import LEVEL_WORDS, Change
from pmo_sync.reports.status.reasons import said
from pmo_sync.reports.status.subject import Subject
from pmo_sync.rollups.calendar import local_day
from pmo_sync.rollups.health.levels import Level, is_worse

FIELDS = {"owner": "owner", "lifecycle": "lifecycle"}
"""What else the configuration says of a project, and how its change is called."""


def news_of(subject: Subject) -> Iterator[Change]:
    """Yield one change each, the weightiest kind first."""
    yield from _flips(subject)
    yield from _moves(subject)
    yield from _baselines(subject)
    yield from _fields(subject)


def flipped(subject: Subject) -> tuple[Level, Level] | None:
    """Return the computed levels at the day that is compared with and now, where one of them is
    worse."""
    evidence, name = subject.evidence, subject.name
    then, now = evidence.then.get(name), evidence.health[name]
    if then is None or subject.project.lifecycle != "active":
        return None
    pair = then.level, now.overall.level
    return pair if is_worse(*pair) or is_worse(*reversed(pair)) else None


def _flips(subject: Subject) -> Iterator[Change]:
    if levels := flipped(subject):
        was, now = (LEVEL_WORDS[level] for level in levels)
        text = f"computed health went from {was} to {now}"
        yield Change("health", text, 1, good=is_worse(*levels))


def _moves(subject: Subject) -> Iterator[Change]:
    for when, old, new in subject.evidence.health[subject.name].schedule.moves:
        if when > subject.evidence.previous:
            text = f"target moved from {said(old)} to {said(new)} on {said(when)}"
            yield Change("re_dated", text, 1, good=new < old if old and new else None)


def _baselines(subject: Subject) -> Iterator[Change]:
    evidence = subject.evidence
    since, today = evidence.previous, evidence.scope.day
    for row in evidence.baselines:
        made = local_day(row.made.replace(tzinfo=None), evidence.config.portfolio.timezone)
        days = (made, row.day) if row.action == "set" else (made,)
        if row.project != subject.name or not any(since < day <= today for day in days):
            continue
        by = f" by {evidence.scope.people.spoken(row.actor)}" if row.actor else ""
        target = f", target {said(row.target)}" if row.action == "set" else ""
        text = f"baseline {row.name} was {row.action}{by} on {said(made)}{target}"
        yield Change("baseline", text, 1)


def _fields(subject: Subject) -> Iterator[Change]:
    evidence, zone = subject.evidence, subject.evidence.config.portfolio.timezone
    for field, word in FIELDS.items():
        rows = [
            row for row in evidence.targets
            if (row.project, row.field) == (subject.name, field)
            and row.valid_from <= evidence.scope.at
        ]  # fmt: skip
        for old, new in pairwise(rows):
            when = local_day(new.valid_from, zone)
            if old.value != new.value and when > evidence.previous:
                names = [_spoken(subject, field, one.value) for one in (old, new)]
                text = f"{word} changed from {names[0]} to {names[1]} on {said(when)}"
                yield Change(field, text, 1)


def _spoken(subject: Subject, field: str, value: str | None) -> str:
    if value is None:
        return "nobody" if field == "owner" else "none"
    return subject.evidence.scope.people.spoken(value) if field == "owner" else value
