"""The fields that a filter can name, and what each kind of field is compared with and by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pmo_sync.model import CATEGORIES

Kind = Literal["text", "category", "moment", "day", "number", "flag"]

OPEN = "open"
"""The category that stands for every category of unfinished work."""
UNFINISHED = ("todo", "in_progress")
CATEGORY_VALUES = (*CATEGORIES, OPEN)

_ORDERED = ("=", "!=", "<", "<=", ">", ">=", "in", "not in", "is")
OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    "text": ("=", "!=", "~", "!~", "in", "not in", "is"),
    "category": ("=", "!=", "in", "not in"),
    "moment": _ORDERED,
    "day": _ORDERED,
    "number": _ORDERED,
    "flag": ("=", "!="),
}
"""The operators of each kind; ``is`` stands for ``is empty`` and ``is not empty``."""


@dataclass(frozen=True, slots=True)
class Field:
    """A name that a filter can use.

    A ``moment`` is a time whose day depends on the portfolio's time zone, a ``day`` is a calendar
    day that does not. ``several`` fields are rows of ``members``, the others a column of
    ``items``, called as the field unless ``column`` says otherwise.
    """

    name: str
    kind: Kind
    several: bool
    description: str
    column: str = ""

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators that apply to this field."""
        return OPERATORS[self.kind]


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("project", "text", True, "project of the portfolio that the item belongs to"),
        Field("program", "text", True, "program of such a project"),
        Field("tracker", "text", False, "source in the configuration", column="source"),
        Field("container", "text", False, "Jira project or GitHub repository"),
        Field("key", "text", False, "the tracker's key, e.g. PAY-12 or shop/web#7"),
        Field("title", "text", False, "title"),
        Field("type", "text", False, "type, e.g. Bug or Epic"),
        Field("level", "number", False, "level in the tracker's hierarchy: 0 a story or task, 1 an"
              " epic or a GitHub issue with sub-issues, -1 a sub-task", column="rank"),
        Field("status", "text", False, "status in the tracker's own words"),
        Field("category", "category", False, "what the status means: " + ", ".join(CATEGORIES)
              + "; open is todo or in_progress"),
        Field("priority", "text", False, "priority in the tracker's own words"),
        Field("label", "text", True, "label"),
        Field("assignee", "text", True, "name of a person who is assigned"),
        Field("team", "text", True, "team of such a person, by the configuration"),
        Field("component", "text", True, "component of the Jira project"),
        Field("milestone", "text", True, "Jira fix version or GitHub milestone"),
        Field("portfolio_milestone", "text", True, "milestone of the configuration that gathers the"
              " item"),
        Field("iteration", "text", True, "sprint or Projects iteration"),
        Field("parent", "text", False, "key of the item above"),
        Field("created", "moment", False, "when the item was created"),
        Field("updated", "moment", False, "when the item was last changed"),
        Field("started", "moment", False, "when work on it first started"),
        Field("finished", "moment", False, "when it was last done or dropped"),
        Field("due", "day", False, "due date"),
        Field("target_start", "day", False, "day on which work is to begin, by the tracker's own"
              " plan"),
        Field("target_end", "day", False, "day on which it is to end, by the tracker's own plan"),
        Field("tracker_team", "text", False, "team that the tracker gives the item to"),
        Field("age", "number", False, "age of the item in whole days"),
        Field("points", "number", False, "estimate in points"),
        Field("estimate", "number", False, "original estimate in hours", column="estimate_hours"),
        Field("remaining", "number", False, "remaining effort in hours", column="remaining_hours"),
        Field("spent", "number", False, "effort spent in hours", column="spent_hours"),
        Field("effort", "number", False, "what is left of an open item, in hours: its remaining"
              " effort, else its points by the hours of a point"),
        Field("planned", "day", False, "the day by which an open item is planned to be done: its"
              " due date, else the end of its iteration, its milestone's date or its project's"
              " target"),
        Field("blocked", "flag", False, "something keeps it from going on"),
        Field("overdue", "flag", False, "due before the report's day and not finished"),
        Field("probability", "number", False, "probability of a risk, 1 to 5"),
        Field("impact", "number", False, "impact of a risk, 1 to 5"),
        Field("score", "number", False, "probability x impact of a risk, 1 to 25"),
        Field("response", "text", False, "what is done about a risk"),
        Field("risk_owner", "text", False, "who answers for a risk, where that is said apart"),
        Field("proximity", "text", False, "when a risk may strike, in the tracker's own words"),
        Field("risk_jql", "flag", False, "found by the risk_jql of its source"),
        Field("change", "text", True, "what changed since the previous report or --since, e.g."
              " reopened"),
        Field("quality", "text", True, "what is doubtful in its data, e.g. closed_milestone"),
        Field("baseline", "text", True, "how it differs from the baseline of its project: "
              "added, removed (dropped since) or estimated_anew"),
        Field("commitment", "text", True, "what became of what was planned for the last whole"
              " month: kept, missed or unplanned"),
    )
}  # fmt: skip
"""Every field by its name, in the order in which help and docs list them."""
