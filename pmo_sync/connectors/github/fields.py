"""Which of GitHub's fields are ours: of a board, of an organization's issues, or told by labels.

A source's ``fields`` says ``points = "Estimate"`` (a field by its name) or ``points = "size/*"`` (a
label pattern). What it does not say is found by usual names. Where a board of the source has the
field, the board rules, else the field of the issue, else labels.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pmo_sync.connectors.github.board_payloads import BoardField
from pmo_sync.connectors.github.labels import DEFAULTS, LabelFields, label_fields
from pmo_sync.errors import ConfigError
from pmo_sync.model import MAPPED_FIELDS, RISK_FIELDS

USUAL: Mapping[str, tuple[str, ...]] = {
    "points": ("estimate", "story points", "points", "story point estimate", "effort", "size"),
    "priority": ("priority",),
    "start": ("start date", "start"),
    "due": ("target date", "due date", "end date", "target", "due", "deadline"),
    "iteration": (),
}
"""Our field -> what it is usually called, in lower case, the likeliest first."""
KINDS: Mapping[str, str] = {
    "points": "NUMBER",
    "priority": "SINGLE_SELECT",
    "start": "DATE",
    "due": "DATE",
    "iteration": "ITERATION",
}
"""Of which kind a board's field must be that was not named."""
STATUS = "Status"
"""Every board has it, and GitHub keeps its history."""


@dataclass(frozen=True, slots=True)
class FieldNames:
    """What a source says of fields: ``named`` is our field -> the name of GitHub's."""

    labels: LabelFields
    named: Mapping[str, str]
    patterned: frozenset[str] = frozenset()
    """Our fields that a label pattern of the source carries: no other has a say."""

    def of_board(self, fields: Iterable[BoardField]) -> dict[str, str]:
        """Id of a board's field -> ours."""
        known = list(fields)
        found: dict[str, str] = {}
        for ours in (*USUAL, *MAPPED_FIELDS):
            chosen = None if ours in self.patterned else self._of_board(ours, known)
            if chosen:
                found[chosen.id] = ours
        return found

    def of_issues(self, carried: Iterable[str]) -> dict[str, str]:
        """Name of an issue field, in lower case -> ours; but for what boards carry."""
        left = set(USUAL) | set(self.named)
        left -= {"iteration", *carried, *self.patterned}
        found: dict[str, str] = {}
        for ours in sorted(left):
            names = (self.named[ours].casefold(),) if ours in self.named else USUAL[ours]
            for name in names:
                found.setdefault(name, ours)
        return found

    def _of_board(self, ours: str, fields: list[BoardField]) -> BoardField | None:
        if ours in self.named:
            name = self.named[ours].casefold()
            return next((one for one in fields if one.name.casefold() == name), None)
        fitting = [one for one in fields if one.data_type == KINDS.get(ours)]
        if ours == "iteration":
            return next(iter(fitting), None)
        by_name = {one.name.casefold(): one for one in fitting}
        return next((by_name[name] for name in USUAL.get(ours, ()) if name in by_name), None)


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """Who tells what of an issue: ``labels``, ``issue_fields`` (name -> ours), and the columns of
    ``boards`` (node ids, the one that rules first)."""

    labels: LabelFields
    issue_fields: Mapping[str, str] = field(default_factory=dict)
    boards: tuple[str, ...] = ()

    def version(self) -> str:
        """A short name, empty where labels alone tell: with another plan all is read anew."""
        if not self.boards:
            return ""
        told = [self.labels.told(), sorted(self.issue_fields.items()), self.boards]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8]


def field_names(fields: Mapping[str, str]) -> FieldNames:
    """Take the source's names and patterns; raise ConfigError for what we do not have."""
    known = (*USUAL, *MAPPED_FIELDS)
    unknown = sorted(set(fields) - set(known))
    if unknown:
        words = ", ".join(known)
        raise ConfigError(f"fields: GitHub has no {', '.join(unknown)} to map (known: {words})")
    patterns = {ours: text for ours, text in fields.items() if _is_pattern(text)}
    for ours in sorted(set(patterns) - set(DEFAULTS)):
        told = "[policy.risk] label_patterns" if ours in RISK_FIELDS else "a board's field"
        raise ConfigError(f"fields: {ours} is not told by a label pattern here: see {told}")
    named = {ours: text for ours, text in fields.items() if ours not in patterns}
    return FieldNames(label_fields(patterns), named, frozenset(patterns))


def field_plan(names: FieldNames, boards: Mapping[str, Iterable[str]]) -> FieldPlan:
    """Decide who tells what, from what each board (by node id) carries."""
    carried = {ours for fields in boards.values() for ours in fields}
    points, priority = (
        replace(one, patterns=()) if one.name in carried else one
        for one in (names.labels.points, names.labels.priority)
    )
    return FieldPlan(LabelFields(points, priority), names.of_issues(carried), tuple(boards))


def _is_pattern(text: str) -> bool:
    return "*" in text or text.startswith("label:")
