"""Why a project needs attention: the rules of docs/health.md, in words with numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pmo_sync.reports.base import Level, Reason
from pmo_sync.reports.status.subject import Subject
from pmo_sync.reports.words import day, several
from pmo_sync.rollups.schedule import Schedule

WORST: Sequence[Level] = ("off_track", "at_risk", "on_track", "no_data")
TELLING = ("off_track", "at_risk", "no_data", "note", "on_track")
"""The order of reasons: what decides a bad level first, then who must decide, then the rest."""
YOUNG = 6
"""Fewer periods than this make no mean to go by."""
NO_OWNER = "governance.no_owner"
OVER = ("complete", "cancelled")


def reasons_of(subject: Subject, schedule: Schedule) -> tuple[Reason, ...]:
    """Return all that can be said of a project, what decides its level first."""
    if subject.project.lifecycle in OVER:
        return tuple(_after_the_end(subject))
    found = [
        *_schedule(subject, schedule),
        *_governance(subject),
        *_standstill(subject),
        *_exceptions(subject),
    ]
    return tuple(sorted(found, key=_telling))


def _telling(reason: Reason) -> tuple[int, bool]:
    return TELLING.index(reason.level), reason.rule != NO_OWNER


def level_of(subject: Subject, reasons: Sequence[Reason]) -> Level:
    """Return the worst level that a rule gives an active project; others have none."""
    if subject.project.lifecycle != "active":
        return "no_data"
    levels = {reason.level for reason in reasons}
    return next((level for level in WORST if level in levels), "no_data")


def said(value: date | None) -> str:
    """Write a day that may be missing."""
    return day(value) if value else "none"


def _after_the_end(subject: Subject) -> list[Reason]:
    if not subject.open:
        return []
    text = f"{subject.project.lifecycle}, but {several(subject.open, 'item')} still open"
    return [Reason("lifecycle.open_work", "note", text, subject.opens("open"))]


def _schedule(subject: Subject, s: Schedule) -> list[Reason]:
    if s.overdue:
        text = (
            f"target {said(s.target)} is {several(s.overdue, 'working day')} past with"
            f" {several(subject.open, 'open item')}"
        )
        return [Reason(s.rule, s.level, text, subject.opens("open"))]
    return [Reason(s.rule, s.level, _slip(s)), *_pace(subject, s)]


def _slip(s: Schedule) -> str:
    if s.target is None:
        return "no target date"
    if s.slip is None:
        recorded = f", first recorded on {said(s.first_recorded)}" if s.first_recorded else ""
        return f"no baseline yet: target{recorded}"
    if s.slip == 0:
        return f"target not moved since it was first recorded on {said(s.first_recorded)}"
    direction = "later" if s.slip > 0 else "earlier"
    return (
        f"target moved {several(abs(s.slip), 'working day')} {direction} since"
        f" {said(s.first_recorded)}: {said(s.first)} to {said(s.target)}"
    )


def _pace(subject: Subject, s: Schedule) -> list[Reason]:
    """Compare what the target asks for with the mean throughput; no odds, and it says so."""
    config, ends = subject.evidence.config, subject.evidence.ends
    series = _since_start(subject, subject.evidence.throughput.get(subject.name, []))
    if s.target is None or not subject.open or sum(series) < config.policy.minimum_finished:
        return []
    periods = (s.target - ends[-1]).days / (ends[-1] - ends[-2]).days
    needed, mean = subject.open / max(periods, 1), sum(series) / len(series)
    period = config.portfolio.period
    young = "" if len(series) >= YOUNG else "; so few say little"
    text = (
        f"needs {needed:.1f} items a {period} to finish its"
        f" {several(subject.open, 'open item')} by {said(s.target)}; the"
        f" last {len(series)} {period}s' mean is {mean:.1f}{young}"
    )
    level: Level | Literal["note"] = "at_risk" if needed > mean else "note"
    return [Reason("schedule.pace", level, text, subject.opens("open"))]


def _since_start(subject: Subject, series: Sequence[int]) -> Sequence[int]:
    """Leave out the periods before a project began: that nothing was done in them says nothing."""
    start, ends = subject.project.start, subject.evidence.ends
    if start is None:
        return series
    held = sum(end >= start for end in ends[-len(series) :]) if series else 0
    return series[len(series) - held :]


def _governance(subject: Subject) -> list[Reason]:
    return [] if subject.project.owner else [Reason(NO_OWNER, "note", "no owner")]


def _standstill(subject: Subject) -> list[Reason]:
    if not subject.items:
        return [Reason("scope.empty", "note", "its rules select no items")]
    reasons = []
    if not subject.open:
        done, dropped = subject.total("done"), subject.total("dropped")
        text = f"no open work ({done:,} done, {dropped:,} dropped): is it complete?"
        reasons.append(Reason("lifecycle.nothing_open", "note", text))
    last = subject.last_change
    silent = (subject.evidence.scope.day - last).days if last else 0
    if silent > subject.evidence.config.policy.dormant_after:
        text = f"nothing has changed for {several(silent, 'day')}"
        reasons.append(Reason("lifecycle.dormant", "note", text))
    return reasons


def _exceptions(subject: Subject) -> list[Reason]:
    stale = subject.evidence.config.policy.stale_after
    reasons = []
    for measure, words in (
        ("blocked", "blocked"),
        ("overdue", "past the due date"),
        ("stale", f"in progress but untouched for {several(stale, 'day')}"),
    ):
        n = subject.total(measure)
        if n:
            are = "is" if n == 1 else "are"
            text = f"{n} of {several(subject.open, 'open item')} {are} {words}"
            reasons.append(Reason(f"work.{measure}", "note", text, subject.opens(measure)))
    return reasons
