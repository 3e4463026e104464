"""What one repository of the world notes in its organization's issue fields, and since when.

The others note it on boards alone. GitHub keeps no history of a board, but it tells of these fields
on the issues' timelines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pmo_sync.demo.facts import Event, Field, Item, Team
from pmo_sync.demo.github_fields import FieldKind, FieldOption, IssueField
from pmo_sync.demo.github_names import node_id
from pmo_sync.demo.plans import START

KEEPERS = ("data-platform",)
"""The repositories whose issues have these fields."""
COLORS: Mapping[str, str] = {
    "Highest": "RED", "High": "ORANGE", "Medium": "YELLOW", "Low": "BLUE", "Lowest": "GRAY",
}  # fmt: skip
"""The choices of a priority, the most urgent first."""
FIELDS: Mapping[Field, tuple[str, FieldKind]] = {
    "priority": ("Priority", "SINGLE_SELECT"),
    "points": ("Estimate", "NUMBER"),
    "start": ("Start date", "DATE"),
    "due": ("Target date", "DATE"),
    "response": ("Risk response", "TEXT"),
}
"""What the world knows of an item -> the organization's field, and its kind."""


class Told(NamedTuple):
    """An event of a timeline: its type, and what that adds."""

    type: str
    values: Mapping[str, str | None]


def keeps_fields(team: Team) -> bool:
    """Say whether a team's repository uses the organization's fields."""
    return team.container.rpartition("/")[2] in KEEPERS


def issue_fields() -> tuple[IssueField, ...]:
    """Return the organization's fields."""
    choices = tuple(FieldOption(node_id("IFSSO", name), name, color)
                    for name, color in COLORS.items())  # fmt: skip
    return tuple(
        IssueField(_id(name), name, kind, f"{START}T00:00:00Z",
                   choices if kind == "SINGLE_SELECT" else ())
        for name, kind in FIELDS.values()
    )  # fmt: skip


def field_values(item: Item) -> dict[str, str | float]:
    """Return what is noted of an item now, by the field's name."""
    found: dict[str, str | float] = {}
    for field, (name, kind) in FIELDS.items():
        if value := item.value(field):
            found[name] = float(value) if kind == "NUMBER" else value
    return found


def field_event(event: Event) -> Told:
    """Return what a timeline tells of an event of one of the fields."""
    old, new = event.old, event.new
    field = {"issueField": _id(FIELDS[event.field][0])}
    if new is None:
        return Told("IssueFieldRemovedEvent", field)
    if old is None:
        return Told("IssueFieldAddedEvent", {**field, "value": new, "color": COLORS.get(new)})
    return Told("IssueFieldChangedEvent", {
        **field, "previousValue": old, "newValue": new,
        "previousColor": COLORS.get(old), "newColor": COLORS.get(new),
    })  # fmt: skip


def _id(name: str) -> str:
    return node_id("IF", name)
