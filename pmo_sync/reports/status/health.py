"""A project's health as the report tells it: computed, shown, overridden."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pmo_sync.reports.base import LEVEL_WORDS, Reason
from pmo_sync.reports.status.subject import Subject
from pmo_sync.reports.status.view import DimensionHealth, Health, Input, OverrideView
from pmo_sync.reports.status.wording import text_of, to_green
from pmo_sync.reports.words import day
from pmo_sync.rollups.health.assess import Assessment
from pmo_sync.rollups.health.declared import overridden, override_of
from pmo_sync.rollups.health.levels import DIMENSIONS, Finding, Level, is_worse, steadied
from pmo_sync.rollups.health.overall import five_words

SET = "declared.override"


def health_of(subject: Subject) -> Health:
    """Return a project's health; one that is not active has no level, and its dimensions are
    told all the same."""
    evidence, name = subject.evidence, subject.name
    now = evidence.health[name]
    before = evidence.before.get(name)
    active = subject.project.lifecycle == "active"
    was: Level = before.level if before else "no_data"
    override = override_of(subject.project, evidence.scope.day) if active else None
    computed = now.overall.level if active else "no_data"
    shown = overridden(steadied(computed, was), override) if active else "no_data"
    return Health(
        level=shown,
        word=_word(subject, shown, now),
        computed=computed,
        before=was,
        because=now.overall.because if active else None,
        trend=_trend(computed, was),
        dimensions=dimensions(now),
        override=_override(subject) if override else None,
    )


def dimensions(assessed: Assessment) -> tuple[DimensionHealth, ...]:
    """Return all five, in the order of the table."""
    return tuple(
        DimensionHealth(
            name, finding.level, finding.rule, text_of(finding), _plain(finding),
            finding.threshold, to_green(finding),
        )
        for name in DIMENSIONS
        for finding in (assessed.findings[name],)
    )  # fmt: skip


def _plain(finding: Finding) -> dict[str, Input]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in finding.inputs.items()
    }


def overriding(health: Health) -> tuple[Reason, ...]:
    """Tell that a person's level is shown in place of the computed one, and which that is."""
    set_ = health.override
    if set_ is None or health.level != set_.level or health.level == health.computed:
        return ()
    until = f" until {day(set_.expires)}" if set_.expires else ""
    why = f": {set_.reason}" if set_.reason else ""
    word = LEVEL_WORDS[health.computed]
    text = f"set by {set_.by or 'somebody'}{until}{why}; computed {word}"
    return (Reason(SET, "note", text),)


def _trend(now: Level, was: Level) -> Literal["better", "worse", "same", "new"]:
    if is_worse(now, was):
        return "worse"
    if is_worse(was, now):
        return "better"
    return "same" if now == was else "new"


def _word(subject: Subject, level: Level, assessed: Assessment) -> str:
    if subject.evidence.config.policy.level_words == "five":
        return five_words(level, assessed.findings)
    return LEVEL_WORDS[level]


def _override(subject: Subject) -> OverrideView | None:
    people, found = subject.evidence.scope.people, override_of(
        subject.project, subject.evidence.scope.day
    )  # fmt: skip
    if found is None:
        return None
    by = people.spoken(found.by) if found.by else None
    return OverrideView(found.level, by, found.reason, found.since, found.expires)
