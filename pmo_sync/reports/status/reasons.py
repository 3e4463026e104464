"""Why a project needs attention: the rules of docs/health.md, in words with numbers."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pmo_sync.reports.base import Level, Reason
from pmo_sync.reports.status.forecast import changed_about
from pmo_sync.reports.status.late import late_reasons
from pmo_sync.reports.status.subject import Subject
from pmo_sync.reports.status.wording import percent, text_of
from pmo_sync.reports.words import day, several
from pmo_sync.rollups.forecast.forecast import Forecast
from pmo_sync.rollups.health.assess import Assessment
from pmo_sync.rollups.health.levels import TROUBLE
from pmo_sync.rollups.health.pace import pace_of
from pmo_sync.rollups.schedule import Schedule

TELLING = ("off_track", "at_risk", "no_data", "note", "on_track")
"""The order of reasons: what decides a bad level first, then who must decide, then the rest."""
NO_OWNER = "governance.no_owner"
TOO_LITTLE = "schedule.too_little_data"
OPENED = {
    "scope.growth": "scope_added", "scope.approved": "scope_added",
    "risk.high": "risk_high", "risk.unanswered": "risk_unanswered",
}  # fmt: skip
"""The rule -> the measure of the items that it speaks of."""
OVER = ("complete", "cancelled")


def reasons_of(subject: Subject, assessed: Assessment) -> tuple[Reason, ...]:
    """Return all that can be said of a project, what decides its level first."""
    if subject.project.lifecycle in OVER:
        return tuple(_after_the_end(subject))
    found = [
        *_dimensions(subject, assessed),
        *_abstained(subject, assessed),
        *late_reasons(subject),
        *_scope(subject),
        *changed_pace(subject.evidence.forecasts[subject.name]),
        *_governance(subject),
        *_standstill(subject),
        *_exceptions(subject),
    ]
    return tuple(sorted(found, key=_telling))


def _telling(reason: Reason) -> tuple[int, bool]:
    return TELLING.index(reason.level), reason.rule != NO_OWNER


def said(value: date | None) -> str:
    """Write a day that may be missing."""
    return day(value) if value else "none"


def _after_the_end(subject: Subject) -> list[Reason]:
    if not subject.open:
        return []
    text = f"{subject.project.lifecycle}, but {several(subject.open, 'item')} still open"
    return [Reason("lifecycle.open_work", "note", text, subject.opens("open"))]


def _dimensions(subject: Subject, assessed: Assessment) -> list[Reason]:
    """Tell of the schedule always, of the other dimensions where they are in trouble."""
    found = _schedule(subject, assessed)
    for name, finding in assessed.findings.items():
        if name != "schedule" and finding.level in TROUBLE:
            measure = OPENED.get(finding.rule)
            opens = subject.opens(measure) if measure else None
            found.append(Reason(finding.rule, finding.level, text_of(finding), opens))
    return found


def _schedule(subject: Subject, assessed: Assessment) -> list[Reason]:
    finding, s = assessed.findings["schedule"], assessed.schedule
    if finding.rule == "schedule.target_past":
        text = (
            f"target {said(s.target)} is {several(s.overdue, 'working day')} past with"
            f" {several(subject.open, 'open item')}"
        )
        return [Reason(finding.rule, finding.level, text, subject.opens("open"))]
    if finding.rule == "schedule.forecast":
        moved = [Reason("schedule.slip", "note", _slip(s))] if s.slip else []
        return [Reason(finding.rule, finding.level, text_of(finding), subject.opens("open")),
                *moved]  # fmt: skip
    if finding.rule == "schedule.pace":
        known: Level = "no_data" if s.slip is None else "on_track"
        rule = "schedule.no_baseline" if s.slip is None else "schedule.slip"
        return [Reason(rule, known, _slip(s)), *_pace(subject, s)]
    return [Reason(finding.rule, finding.level, _slip(s)), *_pace(subject, s)]


def _abstained(subject: Subject, assessed: Assessment) -> list[Reason]:
    """Say that nobody can forecast the open work, and what its schedule is judged by instead."""
    forecast = subject.evidence.forecasts.get(subject.name)
    if forecast is None or forecast.reason is None or not forecast.open:
        return []
    text = f"too little data for a forecast: {forecast.reason}"
    finding = assessed.findings["schedule"]
    if finding.rule == "schedule.no_baseline":
        return [Reason(TOO_LITTLE, "no_data", text)]
    by = {"schedule.slip": "how its target moved", "schedule.pace": "its pace"}
    told = by.get(finding.rule)
    rest = f"; its schedule is judged only by {told}" if told else ""
    return [Reason(TOO_LITTLE, "note", text + rest)]


def _slip(s: Schedule) -> str:
    if s.target is None:
        return "no target date"
    if s.slip is None:
        recorded = f", first recorded on {said(s.first_recorded)}" if s.first_recorded else ""
        return f"no baseline yet: target{recorded}"
    if s.committed != s.first:
        return _against_baseline(s.slip, s)
    if s.slip == 0:
        return f"target not moved since it was first recorded on {said(s.first_recorded)}"
    direction = "later" if s.slip > 0 else "earlier"
    return (
        f"target moved {several(abs(s.slip), 'working day')} {direction} since"
        f" {said(s.first_recorded)}: {said(s.first)} to {said(s.target)}"
    )


def _against_baseline(slip: int, s: Schedule) -> str:
    if slip == 0:
        return f"target as agreed in the last baseline: {said(s.committed)}"
    direction = "later" if slip > 0 else "earlier"
    return (
        f"target moved {several(abs(slip), 'working day')} {direction} than the last baseline:"
        f" {said(s.committed)} to {said(s.target)}"
    )


def _pace(subject: Subject, s: Schedule) -> list[Reason]:
    """Compare what the target asks for with the mean throughput; no odds, and it says so."""
    evidence, forecast = subject.evidence, subject.evidence.forecasts.get(subject.name)
    if forecast and forecast.probability is not None:
        return []
    minimum, period = evidence.config.policy.minimum_finished, evidence.config.portfolio.period
    pace = pace_of(subject.project, s.target, evidence.facts, minimum)
    if pace is None:
        return []
    young = f"; so few {period}s say little" if pace.young else ""
    text = (
        f"needs {pace.needed:.1f} items a {period} to finish its"
        f" {several(pace.open, 'open item')} (epics and risks aside) by {said(s.target)}; the"
        f" last {pace.periods} {period}s' mean is {pace.mean:.1f}{young}"
    )
    level: Level | Literal["note"] = "at_risk" if pace.short else "note"
    return [Reason("schedule.pace", level, text, subject.opens("aged_open"))]


def changed_pace(found: Forecast) -> list[Reason]:
    """Tell of a team that has worked faster or slower for some weeks than ever before."""
    when = changed_about(found)
    if when is None or found.pace is None or not found.pace_before:
        return []
    share = found.pace / found.pace_before - 1
    way = "more" if share > 0 else "less"
    text = (
        f"finishes {found.pace:.1f} items a week since about {when},"
        f" {percent(abs(share))} {way} than the {found.pace_before:.1f} before"
    )
    return [Reason("flow.pace", "note", text)]


def _scope(subject: Subject) -> list[Reason]:
    """Tell of growth where no baseline judges it."""
    grown = subject.evidence.facts.grown.get(subject.name)
    limit = subject.evidence.config.policy.health.growth_amber
    if grown is None or not grown.base or grown.share <= limit:
        return []
    text = (
        f"grew by {percent(grown.share)} since its first target was recorded: {grown.added:,}"
        f" came and {grown.removed:,} were dropped, of {several(grown.base, 'item')}"
    )
    return [Reason("scope.growth", "note", text)]


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
            text = f"{n:,} of {several(subject.open, 'open item')} {are} {words}"
            reasons.append(Reason(f"work.{measure}", "note", text, subject.opens(measure)))
    return reasons
