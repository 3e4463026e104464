"""Values of boards' and issues' fields as ours: pure. Of boards' GitHub keeps no history."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from msgspec import Struct

from pmo_sync.connectors.github.issue_payloads import IssueFieldValue
from pmo_sync.connectors.github.labels import RANKS
from pmo_sync.connectors.github.spans import Change, single_rows
from pmo_sync.connectors.github.story import Story
from pmo_sync.model import HistoryRow, Observation, Term


@dataclass(frozen=True, slots=True)
class Said:
    """A value as GitHub says it: one of these."""

    text: str | None = None
    number: float | None = None
    day: date | None = None


def value_of(ours: str, said: Said) -> str | None:
    """The value of our field in the words of a history row; None where it is none of its kind."""
    if ours == "points":
        return _points(said)
    if ours in ("start", "due"):
        return said.day.isoformat() if said.day else None
    words = words_of(said)
    if ours == "priority":
        return words.casefold() if words else None
    if said.number is not None:
        return f"{said.number:g}"
    return said.day.isoformat() if said.day else words


def words_of(said: Said | None) -> str | None:
    """The value as it is written."""
    return (said.text.strip() if said and said.text else None) or None


def _points(said: Said) -> str | None:
    try:
        number = float(said.text) if said.text else said.number
    except ValueError:
        return None
    fits = number is not None and 0 <= number < math.inf
    return repr(float(number)) if fits and number is not None else None


def priority_term(site: str, word: str, name: str, place: int) -> Term:
    """A priority as the site's word; ``place`` counts among the choices, the first is highest."""
    return Term(site, "priority", word, name, rank=RANKS.get(word, place))


class FieldsTold(Struct, frozen=True):
    """What an issue's own fields say: rows where the timeline tells of a field, else what is seen
    now, and what is seen ``empty``. ``fields`` are ours that have, or had, a value; ``priorities``
    are those of today and before, as they are written."""

    rows: tuple[HistoryRow, ...] = ()
    seen: tuple[Observation, ...] = ()
    empty: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()
    priorities: tuple[str, ...] = ()


def issue_fields(story: Story, fields: Mapping[str, str]) -> FieldsTold:
    """Read an issue's own fields (name, in lower case -> ours). A server that does not know them
    tells nothing; one that keeps no history of them is observed."""
    values = story.issue.issue_field_values
    if values is None:
        return FieldsTold()
    if not values.members() and not story.of("field"):  # as most issues
        return FieldsTold(empty=tuple(dict.fromkeys(fields.values())))
    said = _said(values.members(), fields)
    now = {ours: value_of(ours, one) if one else None for ours, one in said.items()}
    rows: list[HistoryRow] = []
    seen: dict[str, str | None] = {}
    for ours, value in now.items():
        names = {name for name, other in fields.items() if other == ours}
        told = _field_rows(story, ours, names, value)
        rows += told
        seen[ours] = None if told else value
    known = {row.field for row in rows} | {ours for ours, value in now.items() if value}
    return FieldsTold(
        tuple(rows),
        observations(story.item_id, {ours: value for ours, value in seen.items() if value}),
        tuple(ours for ours, value in seen.items() if not value),
        frozenset(known),
        tuple(_priorities(story, fields, said.get("priority"))),
    )


def _priorities(story: Story, fields: Mapping[str, str], now: Said | None) -> Iterator[str]:
    if words := words_of(now):
        yield words
    for one in story.of("field"):
        event = one.event
        if event.issue_field and fields.get(event.issue_field.name.casefold()) == "priority":
            texts = (event.previous_value, event.new_value, event.value)
            yield from filter(None, (words_of(Said(text)) for text in texts))


def _said(values: Iterable[IssueFieldValue], fields: Mapping[str, str]) -> dict[str, Said | None]:
    """Our field -> what is said of it: the first that has a meaning there."""
    found: dict[str, Said | None] = dict.fromkeys(fields.values())
    for value in values:
        ours = fields.get(value.field.name.casefold()) if value.field else None
        if ours and found[ours] is None:
            said = Said(value.name or value.text, value.number, _day(value.date))
            found[ours] = said if value_of(ours, said) else None
    return found


def _field_rows(
    story: Story, ours: str, names: Collection[str], now: str | None
) -> list[HistoryRow]:
    """The values that a field has held, as far as the timeline tells of it."""
    told = [
        one
        for one in story.of("field")
        if one.event.issue_field and one.event.issue_field.name.casefold() in names
    ]
    if not told:
        return []
    changes = [story.opened(_worded(ours, told[0].event.previous_value))]
    for one in told:
        value = one.event.new_value or one.event.value
        changes.append(Change(one.at, _worded(ours, value), one.actor))
    return single_rows(story.item_id, ours, story.settled(ours, changes, now))


def _worded(ours: str, text: str | None) -> str | None:
    return value_of(ours, Said(text, None, _day(text)))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def observations(item_id: str, values: Mapping[str, str | None]) -> tuple[Observation, ...]:
    """What was seen now of an item."""
    return tuple([Observation("item", item_id, ours, value) for ours, value in values.items()])
