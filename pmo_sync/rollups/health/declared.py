"""What people say of a project's health, as of a day; and when it counts.

It is said on a board (its status updates), on an item that stands for the project (a mapped field),
or in the configuration (a note). All that was ever said is kept in order: the last word counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pmo_sync.config import Config, Override, Project, Voice
from pmo_sync.frames import Tables
from pmo_sync.rollups.calendar import end_of_day, local_day
from pmo_sync.rollups.health.levels import Level, is_worse
from pmo_sync.rollups.health.spoken import Word, words_of_boards, words_of_items
from pmo_sync.rollups.health.voices import voices
from pmo_sync.rollups.scope import Scope

CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True)
class Declaration:
    """One word on a project: ``level`` may also be ``complete`` or ``inactive``, and None where
    none was given, or one (``unknown``) that nobody knows the meaning of. ``by`` is as the policy
    speaks of people, ``source`` who holds it, ``url`` where it can be read."""

    level: str | None
    text: str
    by: str | None
    day: date
    source: str
    unknown: str | None = None
    url: str = ""


def declared(tables: Tables, config: Config, scope: Scope) -> Mapping[str, Sequence[Declaration]]:
    """Return by project all that was declared by the end of the scope's day, the oldest first; a
    project of which nothing was is in it with nothing."""
    spoken = _of_trackers(tables, config, scope)
    return {
        project.name: tuple(
            told for _, told in sorted(
                [*_notes(project, scope), *spoken.get(project.name, ())], key=lambda one: one[0]
            )
        )
        for project in config.projects
    }  # fmt: skip


def said_by(told: Sequence[Declaration], day: date) -> Declaration | None:
    """Return the last of some declarations (the oldest first) on a day or before."""
    return next((one for one in reversed(told) if one.day <= day), None)


def _of_trackers(
    tables: Tables, config: Config, scope: Scope
) -> Mapping[str, Sequence[tuple[datetime, Declaration]]]:
    asked = voices(config)
    there = {voice for each in asked.values() for voice in each}
    if not there:
        return {}
    told: Mapping[Voice, Sequence[Word]] = {
        **words_of_boards(tables, there, scope, config.policy),
        **words_of_items(tables, config, there, scope),
    }
    names = scope.people.names()
    return {
        name: [
            (word.at, _declaration(word, names, scope.timezone.key))
            for voice in each for word in told.get(voice, ())
        ]
        for name, each in asked.items()
    }  # fmt: skip


def _declaration(word: Word, names: Mapping[str, str], timezone: str) -> Declaration:
    by, day = names.get(word.by or ""), local_day(word.at, timezone)
    return Declaration(word.level, word.text, by, day, word.source, word.unknown, word.url)


def _notes(project: Project, scope: Scope) -> list[tuple[datetime, Declaration]]:
    """Return what the configuration says: of a day, the last word on it."""
    say = scope.people.spoken
    return [
        (
            end_of_day(note.day, scope.timezone.key),
            Declaration(note.level, note.text, say(note.by) if note.by else None, note.day,
                        CONFIGURATION),
        )
        for note in project.notes
        if note.day and note.day <= scope.day
    ]  # fmt: skip


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
