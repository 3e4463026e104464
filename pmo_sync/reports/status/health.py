"""A project's health as the report tells it: computed, shown, overridden, declared."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pmo_sync.reports.base import LEVEL_WORDS, Reason
from pmo_sync.reports.status.subject import Subject
from pmo_sync.reports.status.view import Declared, DimensionHealth, Health, Input, OverrideView
from pmo_sync.reports.status.wording import text_of, to_green
from pmo_sync.reports.words import day, several
from pmo_sync.rollups.health.assess import Assessment
from pmo_sync.rollups.health.declared import overridden, override_of
from pmo_sync.rollups.health.levels import DIMENSIONS, WORST, Finding, Level, is_worse, steadied
from pmo_sync.rollups.health.overall import five_words

DIFFERS = "declared.differs"
SET = "declared.override"


def health_of(subject: Subject) -> Health:
    """Return a project's health; one that is not active has no level, and its dimensions are
    told all the same."""
    evidence, name = subject.evidence, subject.name
    now = evidence.health[name]
    before = evidence.before.get(name)
    active = subject.project.lifecycle == "active"
    was: Level = before.overall.level if before else "no_data"
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


def declared_of(subject: Subject) -> Declared | None:
    """Return what was said last, and how it stands to what is computed."""
    evidence = subject.evidence
    told = evidence.declared.get(subject.name)
    if told is None:
        return None
    today = evidence.scope.day
    age = (today - told.day).days
    computed = evidence.health[subject.name].overall.level
    differs = _differs(told.level, computed) if subject.project.lifecycle == "active" else None
    before = evidence.before.get(subject.name)
    held = before and _differs(told.level, before.overall.level) == differs
    since = max(told.level_since, evidence.previous if held else today)
    return Declared(
        level=told.level,
        text=told.text,
        by=evidence.scope.people.spoken(told.by) if told.by else None,
        day=told.day,
        age=age,
        stale=age > evidence.config.policy.declared_stale_after,
        source=told.source,
        differs=differs,
        since=since if differs else None,
    )


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


def differing(told: Declared | None) -> tuple[Reason, ...]:
    """Tell that people and figures disagree: green outside and red inside, or the other way."""
    if told is None or told.differs is None:
        return ()
    word = next(w for level, w in LEVEL_WORDS.items() if level == told.level)
    age = f", {several(told.age, 'day')} ago" + (" (stale)" if told.stale else "")
    text = f"declared {word}{age}: {told.differs} than computed, since {_day(told)} or before"
    return (Reason(DIFFERS, "note", text),)


def _day(told: Declared) -> str:
    return day(told.since or told.day)


def _differs(declared: str | None, computed: Level) -> Literal["better", "worse"] | None:
    level = next((level for level in WORST if level == declared), None)
    if level is None:
        return None
    if is_worse(level, computed):
        return "worse"
    return "better" if is_worse(computed, level) else None


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
