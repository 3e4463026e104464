"""What the portfolio's page one tells of the status report: projects, and who must decide what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from pmo_sync.reports.base import LEVEL_WORDS, Concern, Decision, Reason
from pmo_sync.reports.status.forecast import odds
from pmo_sync.reports.status.late import LATE
from pmo_sync.reports.status.milestone_view import PortfolioMilestoneView
from pmo_sync.reports.status.reasons import NO_OWNER
from pmo_sync.reports.status.view import ProjectStatus, Target
from pmo_sync.reports.words import day, distance, several

PROJECT = "project"
"""The kind of a project's anchor on the page."""
MILESTONE = "milestone"

ASKS: Mapping[str, str] = {
    "schedule.target_past": "Set a new target, or cut what is open",
    "schedule.pace": "Cut scope, add people or move the target",
    "schedule.forecast": "Cut scope, add people or move the target",
    "schedule.slip": "Agree to the new target as a baseline, or return to the old one",
    "scope.growth": "Approve the growth, or cut scope",
    "schedule.no_target": "Set a target",
    NO_OWNER: "Name an owner",
    LATE: "Re-date the milestone, or take what is open out of it",
    "lifecycle.nothing_open": "Close the project, or say what is left",
    "lifecycle.open_work": "Finish, drop or move what is still open",
}
"""The rule that found it -> what somebody must decide; the other rules ask for no decision."""


def concern(project: ProjectStatus) -> Concern:
    """Tell of a project: its level, why, and what a reader asks for next."""
    return Concern(
        subject=project.name,
        level=project.level,
        reasons=project.reasons,
        facts=(
            ("Target", project.target.text),
            ("Slip", _slip(project.target)),
            ("Trend", _trend(project)),
            ("Owner", project.owner or "No owner"),
            ("Freshness", project.freshness),
        ),
        id=project.id,
        kind=PROJECT,
        standing="" if project.lifecycle == "active" else project.lifecycle,
    )


def awaited(one: PortfolioMilestoneView) -> Concern:
    """Tell of a milestone of the portfolio: its date, with which odds, and what is open."""
    whole = int((one.open.value or 0) + (one.done.value or 0))
    late = f"; {several(one.overdue, 'working day')} past" if one.overdue else ""
    told = "No forecast" if one.reason else f"85 % by {_by(one.p85)} (50 % by {_by(one.p50)})"
    chance = odds(one.probability) if one.probability is not None else "–"
    return Concern(
        subject=one.name,
        level="note",
        facts=(
            ("Date", one.text + late),
            ("Moved", one.moved or "–"),
            ("Odds of it", chance),
            ("Done with", told),
            ("Open items", f"{one.open.text} of {whole:,}"),
        ),
        id=one.id,
        kind=MILESTONE,
    )


def _by(value: date | None) -> str:
    return day(value) if value else "more than ten years from now"


def decisions(projects: Iterable[ProjectStatus]) -> Iterator[Decision]:
    """Yield what the rules of health say that somebody must decide, in the order of ``ASKS`` and
    then by project; pace that suffices is only noted and asks for nothing."""
    found = [
        Decision(
            project.name,
            ASKS[reason.rule],
            _because(project, reason),
            project.owner,
            project.id,
            PROJECT,
        )
        for project in projects
        for reason in project.reasons
        if reason.rule in ASKS and not _only_told(reason)
    ]
    order = list(dict.fromkeys(ASKS.values()))
    yield from sorted(found, key=lambda each: (order.index(each.ask), each.subject))


def _only_told(reason: Reason) -> bool:
    """Say whether a reason that may ask for a decision asks for none this time: what is on track
    or noted asks nobody, but that nobody owns a project does."""
    quiet = reason.level in ("note", "on_track")
    return quiet and reason.rule.partition(".")[0] in ("schedule", "scope", "risk")


def _trend(project: ProjectStatus) -> str:
    health = project.health
    if health is None or project.lifecycle != "active":
        return ""
    was = f" (was {LEVEL_WORDS[health.before].lower()})"
    return {"worse": f"Worse{was}", "better": f"Better{was}", "same": "Unchanged"}.get(
        health.trend, "Not known before"
    )


def _because(project: ProjectStatus, reason: Reason) -> str:
    """Return why, and what would make it green."""
    dimensions = project.health.dimensions if project.health else ()
    path = next((one.to_green for one in dimensions if one.rule == reason.rule), None)
    return f"{reason.text}. On track with {path}" if path else reason.text


def _slip(target: Target) -> str:
    if target.slip:
        since = target.committed or target.first
        return f"{distance(target.slip)} from {day(since)}" if since else ""
    if target.slip == 0:
        return "not moved"
    return "no baseline yet" if target.date else "–"
