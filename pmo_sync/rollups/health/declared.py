"""What people say of a project's health, as of a day; and when it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pmo_sync.config import Config, Override, Project
from pmo_sync.rollups.health.levels import Level, is_worse
from pmo_sync.rollups.scope import Scope


@dataclass(frozen=True, slots=True)
class Declaration:
    """The last word on a project: ``level`` may also be ``complete`` or ``inactive``, and None
    where none was given; ``level_since`` is the day from which on it was always this level."""

    level: str | None
    text: str
    by: str | None
    day: date
    source: str
    level_since: date


def declared(config: Config, scope: Scope) -> Mapping[str, Declaration]:
    """Return by project what was declared last by the end of the scope's day."""
    found = {project.name: _notes(project, scope.day) for project in config.projects}
    return {name: _last(words) for name, words in found.items() if words}


def _notes(project: Project, day: date) -> list[Declaration]:
    return [
        Declaration(note.level, note.text, note.by, note.day, "configuration", note.day)
        for note in project.notes
        if note.day and note.day <= day
    ]


def _last(words: list[Declaration]) -> Declaration:
    """Return the newest word, with the day since which its level was said without a break."""
    ordered = sorted(words, key=lambda one: one.day)
    last = ordered[-1]
    since = last.day
    for one in reversed(ordered):
        if one.level != last.level:
            break
        since = one.day
    return Declaration(last.level, last.text, last.by, last.day, last.source, since)


def override_of(project: Project, day: date) -> Override | None:
    """Return the override that is in force on a day, the last one that began."""
    there = [
        one
        for one in project.overrides
        if one.since and one.since <= day and (one.expires is None or day <= one.expires)
    ]
    return max(there, key=lambda one: one.since or date.min, default=None)


def overridden(level: Level, override: Override | None) -> Level:
    """Return the level to show: a person may say worse freely; better wants a name, a reason and an
    expiry."""
    if override is None or is_worse(override.level, level):
        return override.level if override else level
    return override.level if override.by and override.reason and override.expires else level
