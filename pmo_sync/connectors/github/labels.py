"""Points and priority, which GitHub issues do not have, read from labels.

By default ``size/5``, ``points: 5`` and ``sp: 5`` are points, ``priority: high`` and
``priority/high`` a priority. A source may name its own pattern, where ``*`` is the value:
``fields = { points = "estimate-*", priority = "P:*" }`` (``label:`` before it is allowed).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from pmo_sync.connectors.github.spans import Change
from pmo_sync.errors import ConfigError
from pmo_sync.model import HistoryRow

DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "points": ("size/*", "points: *", "points/*", "sp: *"),
    "priority": ("priority: *", "priority/*"),
}
RANKS: Mapping[str, int] = {
    **dict.fromkeys(("critical", "urgent", "highest", "blocker", "p0", "0"), 0),
    **dict.fromkeys(("high", "p1", "1"), 1),
    **dict.fromkeys(("medium", "normal", "p2", "2"), 2),
    **dict.fromkeys(("low", "p3", "3"), 3),
    **dict.fromkeys(("lowest", "trivial", "p4", "4"), 4),
}
"""The words that we know for a priority, the most urgent first."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelField:
    """One of our fields, the labels that carry it, and what several values mean together. Each is a
    key of its own: to compare expressions, at every label, takes longer than to match them."""

    name: str
    patterns: tuple[re.Pattern[str], ...]
    choose: Callable[[Sequence[str]], str | None]

    def written(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """What such labels among some say, as it is written, each once."""
        return _written(self, labels)

    def of(self, labels: tuple[str, ...]) -> str | None:
        """The value of an item that bears such labels."""
        return _value(self, labels)


@dataclass(frozen=True, slots=True)
class LabelFields:
    """Which labels carry points, and which a priority."""

    points: LabelField
    priority: LabelField

    def told(self) -> dict[str, list[str]]:
        """Our field -> the expressions of its labels: the same words in every process."""
        fields = (self.points, self.priority)
        return {one.name: [pattern.pattern for pattern in one.patterns] for one in fields}


def label_fields(fields: Mapping[str, str]) -> LabelFields:
    """Take the source's patterns, or the defaults; raise ConfigError for what we do not have."""
    unknown = sorted(set(fields) - set(DEFAULTS))
    if unknown:
        known = ", ".join(DEFAULTS)
        raise ConfigError(f"fields: GitHub has no {', '.join(unknown)} to map (known: {known})")
    patterns = {name: (fields[name],) if name in fields else DEFAULTS[name] for name in DEFAULTS}
    return LabelFields(
        LabelField("points", tuple(map(_pattern, patterns["points"])), _most),
        LabelField("priority", tuple(map(_pattern, patterns["priority"])), _most_urgent),
    )


def follow(rows: Sequence[HistoryRow], labels: tuple[str, ...], field: LabelField) -> list[Change]:
    """What an item's labels say of a field, at each time that one came or went which says anything;
    ``labels`` are those of the rows."""
    telling = [rows[place] for place in _telling(field, labels)]
    if not telling:
        return []
    if len(telling) == 1 and telling[0].valid_from != telling[0].valid_to:  # as most: no clash
        return _alone(telling[0], field)
    times = {row.valid_from: row.actor for row in telling}
    for row in telling:
        if row.valid_to:
            times.setdefault(row.valid_to)
    return [Change(at, field.of(_there(telling, at)), actor) for at, actor in sorted(times.items())]


def _alone(row: HistoryRow, field: LabelField) -> list[Change]:
    """What one label says while it is there, and nothing from then on."""
    came = Change(row.valid_from, field.of((row.value or "",)), row.actor)
    return [came] if row.valid_to is None else [came, Change(row.valid_to, None)]


def _there(rows: Iterable[HistoryRow], at: datetime) -> tuple[str, ...]:
    """The labels that an item bore at a time."""
    return tuple(
        row.value
        for row in rows
        if row.value and row.valid_from <= at and (row.valid_to is None or at < row.valid_to)
    )


def _pattern(text: str) -> re.Pattern[str]:
    before, star, after = text.removeprefix("label:").partition("*")
    if not star:
        raise ConfigError(f"fields: the label pattern {text!r} wants a * where the value is")
    spaced = [re.escape(part.strip()) for part in (before, after)]
    return re.compile(rf"{spaced[0]}\s*(\S.*?)\s*{spaced[1]}", re.IGNORECASE)


# Trackers have few labels, and put the same ones together: what they say is worked out once.


@lru_cache(maxsize=10_000)
def _written(field: LabelField, labels: tuple[str, ...]) -> tuple[str, ...]:
    found = (pattern.fullmatch(label) for label in labels for pattern in field.patterns)
    return tuple(dict.fromkeys(match.group(1) for match in found if match))


@lru_cache(maxsize=10_000)
def _value(field: LabelField, labels: tuple[str, ...]) -> str | None:
    return field.choose(_written(field, labels))


@lru_cache(maxsize=10_000)
def _telling(field: LabelField, labels: tuple[str, ...]) -> tuple[int, ...]:
    """The places of those that say something of a field."""
    return tuple(place for place, label in enumerate(labels) if field.of((label,)) is not None)


def _most(values: Sequence[str]) -> str | None:
    """Points as text; of several the most, for an estimate is cut down knowingly."""
    numbers = [number for text in values if (number := _number(text))]
    return repr(max(numbers)) if numbers else None


def _most_urgent(values: Sequence[str]) -> str | None:
    """A priority in lower case; of several the most urgent."""
    words = [text.casefold() for text in values]
    return min(words, key=lambda word: (RANKS.get(word, len(RANKS)), word), default=None)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
