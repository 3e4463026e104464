"""What people say of a project beside what is computed: who, when, and how the two agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pmo_sync.reports.base import LEVEL_WORDS, Change, Reason
from pmo_sync.reports.status.subject import Subject
from pmo_sync.reports.status.view import Declared
from pmo_sync.reports.words import day, several
from pmo_sync.rollups.health.declared import Declaration, said_by
from pmo_sync.rollups.health.divergence import Divergence, Known, by_schedule, divergence
from pmo_sync.rollups.health.levels import Level
from pmo_sync.rollups.health.thresholds import thresholds

DIFFERS = "declared.differs"
WATERMELON = "declared.watermelon"
OVER = "declared.over"
STALE = "declared.stale"
UNKNOWN = "declared.unknown"
LONGEST = 1_000
"""Characters of a declared text that a report shows; a longer one says how many more there are."""


def declared_of(subject: Subject) -> Declared | None:
    """Return what was said last, and how it stands to what is computed."""
    evidence = subject.evidence
    said = evidence.declared.get(subject.name, ())
    if not said:
        return None
    told, today = said[-1], evidence.scope.day
    found = _divergence(subject, said)
    age, computed = (today - told.day).days, _computed(subject)
    return Declared(
        level=told.level,
        text=_cut(told.text),
        by=told.by,
        day=told.day,
        age=age,
        stale=age > evidence.config.policy.declared_stale_after,
        source=told.source,
        differs=found.way if found else None,
        since=found.since if found else None,
        after=found.after if found else None,
        days=(today - found.since).days if found else None,
        watermelon=bool(found) and (told.level, computed) == ("on_track", "off_track"),
        unknown=told.unknown,
        url=told.url,
    )


def declared_reasons(subject: Subject, told: Declared | None) -> Iterator[Reason]:
    """Tell where people and figures disagree, and what of the declaration cannot be relied on."""
    if told is None or subject.project.lifecycle != "active":
        return
    if told.differs:
        rule = WATERMELON if told.watermelon else DIFFERS
        yield Reason(rule, "note", _differing(subject, told))
    if told.level in ("complete", "inactive"):
        left = several(subject.open, "open item")
        text = f"declared {told.level} {_ago(told)}, but it is active, with {left}"
        yield Reason(OVER, "note", text)
    if told.stale:
        limit = subject.evidence.config.policy.declared_stale_after
        text = f"last declared {_ago(told)}: older than {several(limit, 'day')} is stale"
        yield Reason(STALE, "note", text)
    if told.unknown:
        text = f"declared {told.unknown!r}, a word that [policy.declared] does not explain"
        yield Reason(UNKNOWN, "note", text)


def declared_changes(subject: Subject) -> Iterator[Change]:
    """Tell which other level was declared since the day that is compared with."""
    said = subject.evidence.declared.get(subject.name, ())
    before, now = said_by(said, subject.evidence.previous), said[-1] if said else None
    if before is None or now is None or now.level == before.level:
        return
    by = f" by {now.by}" if now.by else ""
    text = f"declared health went from {word(before.level)} to {word(now.level)} on {day(now.day)}"
    yield Change("declared", text + by, 1, good=_good(before, now))


def word(level: str | None) -> str:
    """Return what a declared level is called."""
    known = next((w for each, w in LEVEL_WORDS.items() if each == level), None)
    return known or (level.capitalize() if level else "no level")


def _good(before: Declaration, now: Declaration) -> bool | None:
    order = ("off_track", "at_risk", "on_track")
    if before.level not in order or now.level not in order:
        return None
    return order.index(now.level) > order.index(before.level)


def _computed(subject: Subject) -> Level:
    return subject.evidence.health[subject.name].overall.level


def _divergence(subject: Subject, said: Sequence[Declaration]) -> Divergence | None:
    if subject.project.lifecycle != "active":
        return None
    evidence, config = subject.evidence, subject.evidence.config
    whole = [Known(evidence.scope.day, _computed(subject))]
    if before := evidence.before.get(subject.name):
        whole.append(Known(evidence.earlier, before.level))
    points = evidence.trends.get(subject.name, ())
    older = [point for point in points if point.day < evidence.earlier]
    schedule = by_schedule(older, thresholds(config, subject.project), config.portfolio)
    return divergence(said, [*whole, *schedule])


def _differing(subject: Subject, told: Declared) -> str:
    by = f" by {told.by}" if told.by else ""
    first = "a watermelon: declared" if told.watermelon else "declared"
    computed = LEVEL_WORDS[_computed(subject)]
    how = "computed" if told.watermelon else f"{told.differs} than computed, which is"
    return f"{first} {word(told.level)}{by} {_ago(told)}, {how} {computed}, {_length(told)}"


def _length(told: Declared) -> str:
    """Say for how long they have disagreed, as far as that is known."""
    if told.since is None or told.days is None:
        return "since an unknown day"
    if told.after is None:
        least = f" ({several(told.days, 'day')} or more)" if told.days else ""
        return f"since {day(told.since)} or before{least}"
    most = told.days + (told.since - told.after).days
    return f"for {told.days} to {several(most, 'day')}: not yet on {day(told.after)}"


def _ago(told: Declared) -> str:
    return f"{several(told.age, 'day')} ago" if told.age else "today"


def _cut(text: str) -> str:
    more = len(text) - LONGEST
    return text if more <= 0 else f"{text[:LONGEST]} … ({several(more, 'character')} more)"
